/**
 * The inputs that every resource has beside its system's own: who declared it, and what happens to what already stands.
 * Schemas and types only: a Pulumi program loads this file (design: "One lifecycle contract").
 */
import { z } from "zod";

/**
 * Who declares a resource: all that the stock host keeps from a provider (it passes no URN, name or stack). `diff` ignores it.
 * `declaredIn` tells a person where to look ("ada in fixtures/demo/people.yaml").
 */
export const owner = z.strictObject({
  project: z.string(),
  stack: z.string(),
  type: z.string(),
  name: z.string(),
  /** The names of the components that it stands under, outermost first, with slashes between: two of one name are told apart. */
  parent: z.string().optional(),
  declaredIn: z.string().optional(),
  /** The inputs whose values the program holds as secrets: the host passes them in plain, and no text may show them. */
  concealed: z.array(z.string()).optional(),
});
export type Owner = z.infer<typeof owner>;

/** What create does with something that already stands in the service; "owned" takes over only what is proven to be ours. */
export const adopt = z.enum(["never", "owned", "always"]);

/** What delete does: remove it from the service, or leave it there and only forget it. */
export const onDelete = z.enum(["delete", "retain"]);
export type OnDelete = z.infer<typeof onDelete>;

/** Raised by one to replace a key that leaked: it enters the derivation of every key made from the seed. */
export const generation = z
  .int("must be a whole number")
  .min(1, "must be 1 or more")
  .max(1_000_000, "must be at most 1000000");

/** Assumed: nobody states a limit; common user tables hold 255 characters. */
const USERNAME_MAX_CHARACTERS = 255;

// A lone surrogate has no UTF-8 form: the service would store another name than the one declared.
const isWellFormed = (text: string) =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const hasControlCharacter = (text: string) => /[\u0000-\u001f\u007f-\u009f]/.test(text);

/** The name a service knows a user by: 1 to 255 characters, no control characters; `/ ? # %` and non-ASCII are fine. */
export const username = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(USERNAME_MAX_CHARACTERS, `must have at most ${USERNAME_MAX_CHARACTERS} characters`)
  .refine((text) => !hasControlCharacter(text), "must not hold control characters (line breaks, tabs, NUL …)")
  .refine(isWellFormed, "must be valid Unicode, this one has half a surrogate pair");
