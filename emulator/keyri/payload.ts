/** The bodies of Keyri's calls, and how they come in: JSON, or for a login also a form with one field (contracts/keyri.md). */
import { z } from "zod";
import { describeIssues } from "../invalid.js";
import { DATA, USERNAME_MAX_LENGTH } from "./assumptions.js";

const text = z.string("must be text");
const username = text
  .min(1, "must not be empty")
  .max(USERNAME_MAX_LENGTH, `must have at most ${USERNAME_MAX_LENGTH} characters`)
  // Half a surrogate pair has no UTF-8 form: what is stored would be another name.
  .refine((name) => !/\p{Surrogate}/u.test(name), "must be well-formed Unicode");

const keyPayload = z.object({ pubKey: text.min(1, "must not be empty"), username });
const loginPayload = keyPayload.extend({
  data: text.regex(DATA, 'must be 13 digits of Unix milliseconds, "_" and a decimal number'),
  signature: text.min(1, "must not be empty"),
});
export const listQuery = z.object({ username });

export type KeyPayload = z.infer<typeof keyPayload>;
export type LoginPayload = z.infer<typeof loginPayload>;

export type Reading<T> = { readonly value: T } | { readonly refused: string };

export async function readKeyPayload(request: Request): Promise<Reading<KeyPayload>> {
  if (mediaType(request) !== "application/json") return { refused: "Content-Type must be application/json" };
  return checked(keyPayload, parseJson(await request.text()));
}

/** A login's four fields: plain, or as a JSON string in the one field `keyriPayload`, which may also come in a form. */
export async function readLoginPayload(request: Request): Promise<Reading<LoginPayload>> {
  const body = await readLoginBody(request);
  if (body === undefined)
    return { refused: "Content-Type must be application/json or application/x-www-form-urlencoded" };
  const wrapped = wrappedLogin.safeParse(body);
  if (!wrapped.success) return checked(loginPayload, body);
  const { keyriPayload } = wrapped.data;
  if (typeof keyriPayload !== "string") return { refused: "keyriPayload: must be text that holds JSON" };
  return checked(loginPayload, parseJson(keyriPayload));
}

export function checked<T>(schema: z.ZodType<T>, value: unknown): Reading<T> {
  const parsed = schema.safeParse(value, {
    error: (issue) => (issue.path?.length ? undefined : "The body must be a JSON object"),
  });
  return parsed.success ? { value: parsed.data } : { refused: describeIssues(parsed.error) };
}

const wrappedLogin = z.object({ keyriPayload: z.unknown().refine((value) => value !== undefined) });

async function readLoginBody(request: Request): Promise<unknown> {
  const type = mediaType(request);
  if (type === "application/json") return parseJson(await request.text()) ?? null;
  if (type === "application/x-www-form-urlencoded")
    return Object.fromEntries(new URLSearchParams(await request.text()));
  return undefined;
}

function mediaType(request: Request): string | undefined {
  return request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
