/**
 * The bodies of the Authentication API, as leniently as its SDKs differ: options may be null, "" or absent, and no Content-Type is
 * asked for (contracts/hanko.md).
 */
import { z } from "zod";
import { describeIssues } from "../../invalid.js";
import { NAME_MAX_LENGTH } from "../assumptions.js";
import { characters } from "../limits.js";
import { attestation, requirement } from "../settings.js";
import { problem } from "./problem.js";

/** null and "" are Go's and Java's words for absent. */
const lenient = <T>(schema: z.ZodType<T>) =>
  z.preprocess((value) => (value === null || value === "" ? undefined : value), schema.optional());

const attachments = ["platform", "cross-platform"] as const;
const attachment = z.enum(attachments, `must be ${attachments.join(" or ")}`);
const text = z.string("must be text");
const userId = text.min(1, "must not be empty");

export const registrationBody = z.object({
  user: z.object(
    { id: userId, name: text.min(1, "must not be empty"), displayName: lenient(text) },
    "must be an object",
  ),
  options: lenient(
    z.object({
      authenticatorSelection: lenient(
        z.object({
          authenticatorAttachment: lenient(attachment),
          requireResidentKey: lenient(z.boolean("must be true or false")),
          userVerification: lenient(requirement),
        }),
      ),
      attestation: lenient(attestation),
    }),
  ),
});
export type RegistrationBody = z.output<typeof registrationBody>;

export const authenticationBody = z.object({
  user: lenient(z.object({ id: lenient(userId) })),
  options: lenient(z.object({ userVerification: lenient(requirement), authenticatorAttachment: lenient(attachment) })),
});
export type AuthenticationBody = z.output<typeof authenticationBody>;

export const transactionBody = authenticationBody.extend({ transaction: text.min(1, "must not be empty") });

export const renameBody = z.object({
  name: text.refine((name) => characters(name) <= NAME_MAX_LENGTH, `must have at most ${NAME_MAX_LENGTH} characters`),
});

const whole = z.coerce.number("must be a number").int("must be a whole number").min(0, "must not be negative");
export const listQuery = z.object({
  user_id: z.string().default(""),
  page: whole.default(0),
  page_size: whole.default(0),
});

export type Reading<T> = { readonly value: T } | { readonly refused: Response };

export async function readBody<T>(request: { text(): Promise<string> }, schema: z.ZodType<T>): Promise<Reading<T>> {
  const json = await request.text();
  try {
    return checked(json === "" ? {} : JSON.parse(json), schema);
  } catch {
    return { refused: problem(400, "The body must be JSON") };
  }
}

export function checked<T>(value: unknown, schema: z.ZodType<T>): Reading<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return { refused: problem(400, "The request is not valid", describeIssues(parsed.error)) };
}
