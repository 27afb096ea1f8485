/**
 * The world around a ring, in exact time: places with versions, a cache in front of them, an authserver, and clocks that differ.
 * What runs of the ring reach of it is a `RingIo`; all that it ever showed is kept, so that `_audit.ts` can judge it afterwards.
 */
import { createHash } from "node:crypto";
import type { Declared } from "../../../../providers/baikal/intent.js";
import type { RingIo } from "../../../../providers/baikal/io.js";
import { conflict, type Place, parseDocument, type Standing } from "../../../../providers/baikal/places/place.js";
import { policyOf } from "../../../../providers/baikal/ring/policy.js";
import { AuthnError } from "../../../../providers/errors.js";
import { HttpError, type Outcome } from "../../../../providers/http/errors.js";

/** What stood at a place from an instant on; no text: nothing. */
export interface Version {
  readonly atMs: number;
  readonly text: string | undefined;
}

/** How a place answers: with versions to compare, without any, or not at all. */
export type Showing = "versions" | "no versions" | "nothing";

export type Fault = "none" | "read" | "write" | "lost write" | "live" | "grant";

/** The circumstances of one run. */
export interface Circumstances {
  /** How far its clock goes before the exact time. */
  readonly offsetMs: number;
  /** How long each call takes. */
  readonly callMs: number;
  readonly fault: Fault;
  /** The process dies before its n-th call, or before its state is saved where it makes fewer. */
  readonly killedAt: number | undefined;
  /** How old the copies are that it fetches, 0..1 of the publisher's cache; and the authserver's, of both caches. */
  readonly age: number;
  /** Waits until it may make its next call. */
  readonly turn?: () => Promise<void>;
}

/** No failure of a call: the process is gone. */
export class Killed extends Error {}

export class World {
  nowMs = Date.parse("2026-01-05T00:00:00Z");
  readonly places = new Map<string, Version[]>();
  readonly warnings: string[] = [];
  readonly #showing: Showing;
  readonly #serverOffsetMs: number;
  #keys = 0;

  constructor(showing: Showing, serverOffsetMs: number) {
    this.#showing = showing;
    this.#serverOffsetMs = serverOffsetMs;
  }

  versionsAt(name: string): Version[] {
    const versions = this.places.get(name) ?? [];
    this.places.set(name, versions);
    return versions;
  }

  textAt(name: string, atMs: number): string | undefined {
    return this.versionsAt(name).findLast((version) => version.atMs <= atMs)?.text;
  }

  /** What a run with these circumstances reaches. */
  io({ offsetMs, callMs, fault, killedAt, age, turn }: Circumstances): RingIo {
    let calls = 0;
    const enter = async (failing?: Fault) => {
      await turn?.();
      calls += 1;
      if (killedAt !== undefined && calls >= killedAt) throw new Killed("the process is gone");
      this.nowMs += callMs;
      if (failing !== undefined && failing === fault) throw failed("refused");
    };
    const place = ({ publish }: Declared): Place | undefined => {
      if (publish === undefined || !("file" in publish)) return undefined;
      const name = publish.file;
      const versions = this.versionsAt(name);
      return {
        name,
        read: async (): Promise<Standing> => {
          await enter("read");
          const text = versions.at(-1)?.text;
          if (this.#showing === "nothing") return { kind: "hidden" };
          if (text === undefined) return { kind: "absent" };
          const version = this.#showing === "versions" ? String(versions.length) : undefined;
          return { kind: "document", document: parseDocument(text, name), version };
        },
        write: async (text, standing) => {
          await enter("write");
          const version = standing.kind === "document" ? standing.version : undefined;
          const isAbsent = versions.at(-1)?.text === undefined;
          if (standing.kind === "absent" ? !isAbsent : version !== undefined && version !== String(versions.length))
            throw conflict(name);
          versions.push({ atMs: this.nowMs, text });
          if (fault === "lost write") throw failed("unknown");
        },
        remove: async () => {
          await enter("write");
          versions.push({ atMs: this.nowMs, text: undefined });
        },
      };
    };
    return {
      nowMs: () => this.nowMs + offsetMs,
      issuer: ({ issuer }) => issuer,
      place,
      live: (declared) => {
        const name = place(declared)?.name;
        if (name === undefined) return undefined;
        return {
          name,
          fetch: async () => {
            await enter("live");
            const text = this.textAt(name, this.nowMs - age * policyOf(declared).publisherCacheMs);
            const dateMs = Math.floor((this.nowMs + this.#serverOffsetMs) / 1_000) * 1_000;
            return { document: text === undefined ? undefined : parseDocument(text, name), dateMs };
          },
        };
      },
      grant: async (declared, { kid }) => {
        if (declared.verify?.grant === undefined) return;
        await enter("grant");
        const { publisherCacheMs, verifierCacheMs } = policyOf(declared);
        const fetchedMs = this.nowMs - age * (publisherCacheMs + verifierCacheMs) + (age === 0 ? 0 : 1);
        const text = this.textAt(place(declared)?.name ?? "", fetchedMs);
        if (text === undefined || !parseDocument(text, "").keys.some((key) => key["kid"] === kid)) throw unknownKey();
      },
      newKey: async () => {
        await enter();
        this.#keys += 1;
        return fakeKey(this.#keys);
      },
      givenKey: () => Promise.reject(new Error("no key is given here")),
      warn: (line) => void this.warnings.push(line),
    };
  }
}

/** A key pair that nobody can sign with: what the ring does with it is the same. */
export function fakeKey(number: number) {
  const kid = createHash("sha256").update(`key ${number}`).digest("base64url");
  const jwk = { alg: "ES256", kty: "EC", crv: "P-256", x: kid, y: `y-${number}`, kid, use: "sig" };
  return { kid, jwk, pem: `PRIVATE ${kid}` };
}

function failed(outcome: Outcome): HttpError {
  const texts = { what: "The call failed", where: "place", remedy: "Run the command again", operation: "call" };
  return new HttpError({ ...texts, outcome, requestId: "request" });
}

function unknownKey(): AuthnError {
  return Object.assign(
    new AuthnError({ code: "ERR_AUTHN_PROOF_FAILED", what: "The authserver doesn't know the key", remedy: "Wait" }),
    { kind: "invalid-grant" },
  );
}
