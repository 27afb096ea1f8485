/** What the components refuse before AWS would: each argument by a schema, in one form of words. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { AuthnError } from "../../providers/errors.js";

/** A component's name is the beginning of every name that it gives in AWS, and buckets take the fewest characters. */
const componentName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, "must be at most 32 lower-case letters, digits and hyphens");

/**
 * @param of whose argument it is: `JwksBucket billing`
 * @returns a check for `checked`, which gives what the schema makes of the value
 * @throws AuthnError `ERR_AUTHN_INPUT` that says what the argument must be, and never what it is: it may be a key
 */
export function by<S extends z.ZodType>(schema: S, argument: string, of: string): (value: unknown) => z.output<S> {
  return (value) => {
    const { success, data, error } = schema.safeParse(value, { error: wording });
    if (success) return data;
    throw refusal(error.issues.map(({ path, message }) => `${placeText(argument, path)} ${message}`).join("; "), of);
  };
}

/** An argument that doesn't fit; nothing of its value may stand in the text. */
export function refusal(what: string, of: string): AuthnError {
  return new AuthnError({ code: "ERR_AUTHN_INPUT", what, where: of, remedy: "Correct it in the program" });
}

/** For what the schemas leave to zod; where a name is at fault, its own issue says why. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type")
    return `must be ${issue.expected === "string" ? "text" : `of type ${issue.expected}`}`;
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join(", ");
  return undefined;
}

function placeText(argument: string, path: readonly PropertyKey[]): string {
  return [argument, ...path.map(String)].filter((part) => part !== "").join(".");
}

/** A plain value is checked at once, before anything is registered; one with parts that are yet to come, when they come. */
export function checked<R>(given: unknown, check: (value: unknown) => R): pulumi.Input<R> {
  return isPlain(given) ? check(given) : pulumi.output({ given }).apply((ready) => check(ready.given));
}

function isPlain(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
}

/** @throws AuthnError `ERR_AUTHN_INPUT` for a name that AWS wouldn't take in all the places where it stands */
export function checkName(type: string, name: string): void {
  by(componentName, "name", type)(name);
}
