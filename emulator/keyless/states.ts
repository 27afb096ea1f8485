/**
 * The client state and the server state that an enrolment makes: JSON documents whose content is random, bound to their
 * keylessId by an HMAC-SHA-256 under a secret of the tenant. Whoever brings one back must bring it byte for byte.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { RandomBytes } from "../identity.js";
import { AGENT_VERSION, CLIENT_STATE_CONTENT_BYTES, SERVER_STATE_CONTENT_BYTES } from "./assumptions.js";

export type StateKind = "client" | "server";

export interface Enrolled {
  /** 32 bytes in upper-case hexadecimal. */
  readonly keylessId: string;
  readonly clientState: string;
  readonly serverState: string;
}

/** 32 bytes in upper-case hexadecimal. */
export const keylessIdSchema = z.string().regex(/^[0-9A-F]{64}$/);
const stateSchema = z.object({ keylessId: keylessIdSchema, content: z.base64() });
const contentBytes = { client: CLIENT_STATE_CONTENT_BYTES, server: SERVER_STATE_CONTENT_BYTES } as const;

export class States {
  readonly #secret: string;
  readonly #random: RandomBytes;

  constructor(secret: string, random: RandomBytes) {
    this.#secret = secret;
    this.#random = random;
  }

  enroll(): Enrolled {
    const keylessId = this.#random(32).toString("hex").toUpperCase();
    const make = (kind: StateKind) =>
      this.#sealed(kind, keylessId, this.#random(contentBytes[kind]).toString("base64"));
    return { keylessId, clientState: make("client"), serverState: make("server") };
  }

  /** Another client state of that user, as a backup of it holds. */
  clientStateOf(keylessId: string): string {
    return this.#sealed("client", keylessId, this.#random(contentBytes.client).toString("base64"));
  }

  /** The keylessId that this state was made for; `undefined` for anything that isn't byte for byte a state of this tenant. */
  keylessIdOf(kind: StateKind, bytes: Uint8Array): string | undefined {
    const state = stateSchema.safeParse(parseJson(bytes)).data;
    if (state === undefined) return undefined;
    const made = Buffer.from(this.#sealed(kind, state.keylessId, state.content));
    return made.length === bytes.length && timingSafeEqual(made, bytes) ? state.keylessId : undefined;
  }

  /** Written by hand: spaces, `1.0` and `é` are what a client that parses and serialises, or doesn't send UTF-8, gets wrong. */
  #sealed(kind: StateKind, keylessId: string, content: string): string {
    const seal = createHmac("sha256", this.#secret).update(`${kind}\n${keylessId}\n${content}`).digest("base64");
    return `{"kind": "${kind}", "version": 1.0, "keylessId": "${keylessId}", "agent": "agent-embarqué ${AGENT_VERSION}", "content": "${content}", "seal": "${seal}"}`;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
