/** The bodies of the Passkey API: how they come in, and what they must hold. What its database refuses is not their business. */
import { z } from "zod";
import { describeIssues } from "../../invalid.js";
import { urlOf } from "../../url.js";
import { characters } from "../limits.js";
import { problem } from "./answers.js";

const NAME_MAX_LENGTH = 128;

const text = z
  .string("must be text")
  // Half a surrogate pair comes out of Go's decoder as U+FFFD, and out of this too.
  .transform((value) => Buffer.from(value, "utf8").toString("utf8"));
const required = text.refine((value) => value !== "", "must not be empty");
const upTo128 = (value: string) => characters(value) <= NAME_MAX_LENGTH;
const tooLong = `must have at most ${NAME_MAX_LENGTH} characters`;

export const registrationBody = z.object({
  user_id: required,
  username: required.refine(upTo128, tooLong),
  display_name: text.refine(upTo128, tooLong).nullish(),
  icon: text.refine((value) => value === "" || urlOf(value) !== undefined, "must be a URL").nullish(),
});

export const loginBody = z.object({ user_id: required.nullish() });

export const transactionBody = z.object({
  user_id: required,
  transaction_id: required.refine(upTo128, tooLong),
  transaction_data: z.json().refine((value) => value !== null, "must not be null"),
});

/** `CredentialId` outside the path is the real server's trap: it names another credential, in any case. */
export const renameBody = z.looseObject({ name: required });

export type Reading<T> = { readonly value: T } | { readonly refused: Response };

/** The body of an initialize or a PATCH: without an announced length it counts as `{}`, whatever comes. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<Reading<T>> {
  if (Number(request.headers.get("content-length") ?? 0) === 0) return checked({}, schema);
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") return { refused: problem(400, "Content-Type must be application/json") };
  return readResponse(request, schema);
}

/** The body of a finalize, which needs neither length nor type. */
export async function readResponse<T>(request: Request, schema: z.ZodType<T>): Promise<Reading<T>> {
  try {
    return checked(JSON.parse(await request.text()) ?? {}, schema);
  } catch {
    return { refused: problem(400, "The body must be JSON") };
  }
}

export function checked<T>(value: unknown, schema: z.ZodType<T>): Reading<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return { refused: problem(400, "The request is not valid", describeIssues(parsed.error)) };
}
