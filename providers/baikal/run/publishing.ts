/**
 * The document is brought to what the ring is; what others put there is kept for as long as a token of it may be shown.
 */
import { AuthnError } from "../../errors.js";
import { strangersIn } from "../foreignKeys.js";
import { algorithmOf } from "../intent.js";
import type { RingIo } from "../io.js";
import { declaredOf, publishedOf, ringOf, stateOf, tagOf, wantedOf } from "../outputs.js";
import type { Standing } from "../places/place.js";
import { isSameDocument, kidsIn } from "../ring/document.js";
import { overlapOf } from "../ring/overlap.js";
import { policyOf } from "../ring/policy.js";
import type { Ring } from "../ring/ring.js";
import * as transition from "../ring/transitions.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { warn } from "./warn.js";

/** Brings the document to what the ring is. What others put there is kept for as long as a token of it may be shown. */
export async function publish(io: RingIo, before: State): Promise<State> {
  const declared = declaredOf(before);
  const place = io.place(declared);
  if (place === undefined) return settled(before, ringOf(before), io);
  const standing = await place.read();
  const ring = await joined(io, before, standing, place.name);
  const { document, text } = wantedOf(ring, tagOf(before));
  const stands = standing.kind === "document" && isSameDocument(standing.document, document);
  if (!stands) await place.write(text, standing);
  return settled(before, ring, io);
}

function settled(before: State, ring: Ring, io: RingIo): State {
  const published = transition.published(ring, io.nowMs());
  const { digest } = wantedOf(published, tagOf(before));
  const where = { ...publishedOf(before), publishedDigest: digest, drifted: undefined };
  return stateOf(published, before.privateKeys, where, declaredOf(before));
}

async function joined(io: RingIo, state: State, standing: Standing, place: string): Promise<Ring> {
  if (standing.kind === "hidden") return ringOf(state);
  if (standing.kind === "absent") return transition.missed(ringOf(state), new Set());
  const { document } = standing;
  const ring = transition.missed(ringOf(state), kidsIn(ringOf(state), document));
  const { jwks, adopt, revoked = [] } = state;
  if (document.ring !== undefined && document.ring !== jwks.ring && adopt !== "always") throw anothersDocument(place);
  const strangers = await strangersIn({ ring, document, algorithm: algorithmOf(state), revoked, place });
  const nowMs = io.nowMs();
  const grown = transition.kept(ring, strangers, overlapOf(ring, policyOf(state), nowMs), nowMs);
  const added = grown.keys.length - ring.keys.length;
  if (added > 0)
    warn(io, state, `keeps ${added} key(s) that others put into ${place} until no token of theirs can live`);
  return grown;
}

/** Where a key isn't live because its place lost it, it is published again, and its lead begins anew. */
export async function republished(io: RingIo, state: State, kid: string): Promise<State | undefined> {
  const again = await publish(io, state);
  if (again.keys.find((key) => key.kid === kid)?.publishedAt === state.keys.find((key) => key.kid === kid)?.publishedAt)
    return undefined;
  warn(io, state, "its document lacked a key that had been published, and has it again; its lead begins anew");
  return again;
}

export function anothersDocument(place: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `The document at ${place} belongs to another ring`,
    remedy:
      'Publish to a place of its own; `adopt: "always"` takes it over and keeps its keys until their tokens have run out',
  });
}
