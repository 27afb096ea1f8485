/**
 * Who a tenant is, and the tokens of its services: made once, kept in the store, so that both outlive a restart and what a
 * client was told yesterday is right today. A reset of the services leaves them as they are.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "./store/store.js";

export interface TenantIdentity {
  /** A UUID that names this tenant. Not a secret. */
  readonly id: string;
  /** 32 random bytes in standard base64: what a demonstration derives its keys from. A secret. */
  readonly seed: string;
}

/** Gives `length` random bytes. */
export type RandomBytes = (length: number) => Buffer;

/** The secrets by which services know their callers. */
export interface Tokens {
  /** The token of that name, base64url of 32 random bytes, made when it is first asked for. */
  of(name: string): string;
}

const SEED_BYTES = 32;
const TOKEN_BYTES = 32;
const identityRow = z.object({ id: z.uuid(), seed: z.base64() });

export async function openIdentity(store: Store, random: RandomBytes): Promise<TenantIdentity> {
  const table = await store.table("identity", identityRow);
  const known = table.get("tenant");
  if (known !== undefined) return known;
  const made = { id: randomUUID(), seed: random(SEED_BYTES).toString("base64") };
  table.set("tenant", made);
  return made;
}

export async function openTokens(store: Store, random: RandomBytes): Promise<Tokens> {
  const table = await store.table("tokens", z.string().min(1));
  return {
    of(name) {
      const known = table.get(name);
      if (known !== undefined) return known;
      const made = random(TOKEN_BYTES).toString("base64url");
      table.set(name, made);
      return made;
    },
  };
}
