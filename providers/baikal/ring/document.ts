/**
 * The JWKS that a ring publishes (RFC 7517 §5; contracts/baikal.md, "Client keys"): public halves in a stable order, and a member
 * that says whose it is, so that two rings at one place are told apart.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Owner } from "../../host/inputs.js";
import { publicJwk, type Ring, type RingKey } from "./ring.js";

export const jwksDocument = z.object({ keys: z.array(publicJwk), ring: z.string().optional() });
export type JwksDocument = z.infer<typeof jwksDocument>;

/** A document as anybody may have written it: keys with members of any kind. */
export const foreignDocument = z.object({
  keys: z.array(z.record(z.string(), z.unknown())),
  ring: z.string().optional().catch(undefined),
});
export type ForeignDocument = z.infer<typeof foreignDocument>;

const ORDER: readonly RingKey["state"][] = ["active", "prepared", "retiring"];

/** Active, prepared, retiring; within a state by age. */
export function documentOf({ keys }: Pick<Ring, "keys">, tag: string): JwksDocument {
  const sorted = ORDER.flatMap((state) => keys.filter((key) => key.state === state));
  return { keys: sorted.map(({ jwk }) => jwk), ring: tag };
}

/** base64url of a SHA-256 over who declares the ring: two stacks never share one, and it tells nobody their names. */
export function ringTag({ project, stack, name }: Pick<Owner, "project" | "stack" | "name">): string {
  return createHash("sha256")
    .update(JSON.stringify(["ring", project, stack, name]))
    .digest("base64url");
}

const MATERIAL = ["kty", "crv", "x", "y", "n", "e"] as const;

/** Whether two JWKs are the same key, whatever they are called. */
export function isSameKey(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  return MATERIAL.every((member) => one[member] === other[member]);
}

/** The kids of the ring's keys that a document has, each with the very key. */
export function kidsIn({ keys }: Pick<Ring, "keys">, document: ForeignDocument): ReadonlySet<string> {
  const found = keys.filter(({ jwk }) =>
    document.keys.some((entry) => entry["kid"] === jwk["kid"] && isSameKey(entry, jwk)),
  );
  return new Set(found.map(({ kid }) => kid));
}

/** The kids under which a document has another key than the ring. */
export function impostorsIn({ keys }: Pick<Ring, "keys">, document: ForeignDocument): readonly string[] {
  return keys
    .filter(({ jwk }) => document.keys.some((entry) => entry["kid"] === jwk["kid"] && !isSameKey(entry, jwk)))
    .map(({ kid }) => kid);
}

/** Whether a document says just what the ring's does. */
export function isSameDocument(document: ForeignDocument, wanted: JwksDocument): boolean {
  if (document.ring !== wanted.ring || document.keys.length !== wanted.keys.length) return false;
  return wanted.keys.every((key) =>
    document.keys.some((entry) => {
      const names = Object.keys(key);
      return names.length === Object.keys(entry).length && names.every((name) => entry[name] === key[name]);
    }),
  );
}
