/**
 * What is known of an authserver: its discovery and its keys, fetched one after the other and kept for 900 s as the Python SDK does
 * (contracts/baikal.md, "Discovery"). Unlike there, a failing refresh fails no call for an hour: what was known is used on, and told.
 */
import { createLocalJWKSet } from "jose";
import type { Dependencies } from "../host/lifecycle.js";
import type { BaikalApi } from "./api.js";
import type { BaikalDiscovery } from "./discovery.js";

export type ServerKeys = ReturnType<typeof createLocalJWKSet>;

export interface KnownServer {
  readonly discovery: BaikalDiscovery;
  readonly keys: ServerKeys;
}

export interface BaikalServer {
  /** @throws HttpError where nothing is known, or nothing young enough */
  known(): Promise<KnownServer>;
  /** Anew, for a token of a key that isn't among those known; undefined where that was tried just now. @throws HttpError */
  renewed(): Promise<KnownServer | undefined>;
}

const FRESH_MS = 900_000;
/** What may still be used where it can't be fetched anew. */
const USABLE_MS = FRESH_MS + 3_600_000;
/** Between two attempts while there is something to use: a server in need is left alone, and forged key ids can't press it. */
const ATTEMPT_INTERVAL_MS = 30_000;

export function knownServer(api: BaikalApi, { clock, warn }: Pick<Dependencies, "clock" | "warn">): BaikalServer {
  let kept: (KnownServer & { readonly fetchedAtMs: number }) | undefined;
  let attemptedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<KnownServer> | undefined;

  const fetchNow = async () => {
    const fetchedAtMs = clock.now();
    attemptedAtMs = fetchedAtMs;
    const discovery = await api.discovery();
    const keys = createLocalJWKSet(await api.jwks(discovery));
    kept = { discovery, keys, fetchedAtMs };
    return kept;
  };
  /** Calls that come at once share one. */
  const fetchOnce = () => {
    fetching ??= fetchNow().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  /** A clock that was set back makes nothing young again. */
  const within = (sinceMs: number, ms: number) => clock.now() >= sinceMs && clock.now() - sinceMs < ms;

  return {
    async known() {
      if (kept === undefined) return fetchOnce();
      const usable = kept;
      if (within(usable.fetchedAtMs, FRESH_MS)) return usable;
      if (!within(usable.fetchedAtMs, USABLE_MS)) return fetchOnce();
      if (fetching === undefined && within(attemptedAtMs, ATTEMPT_INTERVAL_MS)) return usable;
      const first = fetching === undefined;
      try {
        return await fetchOnce();
      } catch (error) {
        if (first)
          warn(`Baikal: what is known of the authserver is used on, since it can't be fetched anew: ${String(error)}`);
        return usable;
      }
    },

    async renewed() {
      if (fetching === undefined && within(attemptedAtMs, ATTEMPT_INTERVAL_MS)) return undefined;
      return fetchOnce();
    },
  };
}
