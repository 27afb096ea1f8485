/**
 * Deterministic secrets for test tenants: HKDF-SHA-256 (RFC 5869) over `authn:seed`. A lost state or a new machine yields the
 * same credentials again, and two stacks never share one, since the info binds all that names a resource (design: "Secrets").
 */
import { hkdfSync } from "node:crypto";
import { z } from "zod";
import type { Owner } from "./inputs.js";

/** 32 random bytes in standard base64. */
export const seed = z
  .string()
  .transform((text) => ({ text, bytes: Buffer.from(text, "base64") }))
  .refine(({ text, bytes }) => bytes.length === 32 && bytes.toString("base64") === text, {
    message:
      "must be 32 random bytes in base64 (44 characters): pulumi config set --secret authn:seed $(openssl rand -base64 32)",
  })
  .transform(({ bytes }) => bytes);

/** Bytes for one purpose of one resource; the same for ever for the same arguments. */
export type Derivation = (purpose: string, owner: Owner, generation: number, length: number) => Buffer;

// Part of what is derived: a change here changes every derived key of every user.
const DERIVATION_VERSION = "pulumi-authn/1";

/**
 * @param rootSeed 32 bytes
 * @param serviceIdentity the service's URL, or what stands for it where the address may move (the embedded tenant's id)
 */
export function derivationFrom(rootSeed: Buffer, serviceIdentity: string): Derivation {
  return (purpose, { project, stack, type, name }, generation, length) => {
    // A JSON array keeps the parts apart: no two lists of names have one text.
    const info = JSON.stringify([
      DERIVATION_VERSION,
      purpose,
      project,
      stack,
      serviceIdentity,
      type,
      name,
      String(generation),
    ]);
    return Buffer.from(hkdfSync("sha256", rootSeed, Buffer.alloc(0), Buffer.from(info, "utf8"), length));
  };
}
