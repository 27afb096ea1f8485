/** Usernames and external user ids, wherever they come in: one rule for all three services. */
import { z } from "zod";
import { describeIssues } from "../invalid.js";
import { USERNAME_MAX_LENGTH } from "./assumptions.js";

export const nameSchema = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(USERNAME_MAX_LENGTH, `must have at most ${USERNAME_MAX_LENGTH} characters`)
  // Half a surrogate pair has no UTF-8 form: what is stored would be another name.
  .refine((name) => !/\p{Surrogate}/u.test(name), "must be well-formed Unicode");

const named = z.object({ username: nameSchema });

/** The username of a path, or why it can't be one. */
export function readName(username: string | undefined): { readonly value: string } | { readonly refused: string } {
  const parsed = named.safeParse({ username });
  return parsed.success ? { value: parsed.data.username } : { refused: describeIssues(parsed.error) };
}
