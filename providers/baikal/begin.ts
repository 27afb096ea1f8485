/** How a ring begins: with the key that signs today or a new one, beside what the published document has of others. */
import { AuthnError } from "../errors.js";
import type { Beginning } from "../host/lifecycle.js";
import { strangersIn } from "./foreignKeys.js";
import type { BaikalClientKeysInputs } from "./inputs.js";
import { algorithmOf } from "./intent.js";
import type { RingIo } from "./io.js";
import { stateOf } from "./outputs.js";
import type { Place, Standing } from "./places/place.js";
import { isSameKey, ringTag } from "./ring/document.js";
import { policyOf } from "./ring/policy.js";
import { at, type PublicJwk } from "./ring/ring.js";
import { createdRing, kept, type NewKey, prepared } from "./ring/transitions.js";
import { anothersDocument, clockFault, warn } from "./run.js";
import type { BaikalClientKeysState } from "./state.js";

/** @param id the resource's, new */
export async function beginRing(
  io: RingIo,
  { initialKey, ...declared }: BaikalClientKeysInputs,
  id: string,
): Promise<Beginning<BaikalClientKeysState>> {
  const { adopt = "owned", epoch, revoked = [], pinned, owner } = declared;
  const place = io.place(declared);
  const standing: Standing = (await place?.read()) ?? { kind: "absent" };
  const first = initialKey === undefined ? await io.newKey(declared) : await io.givenKey(initialKey);
  if (revoked.includes(first.kid)) throw revokedInitialKey(first.kid);
  if (pinned !== undefined && pinned !== first.kid) throw pinnedUnknown(pinned);
  if (place !== undefined) assertOurs(standing, { place, tag: ringTag(owner), adopt, first: first.jwk });

  const nowMs = io.nowMs();
  const policy = policyOf(declared);
  const anchoredAtMs = epoch === undefined ? nowMs : at(epoch);
  const { pem, ...key } = first;
  const created = createdRing(key, { anchoredAtMs, nowMs, imported: initialKey !== undefined, overlap: policy });
  const fault = await clockFault(io, created, declared);
  if (fault !== undefined) throw fault;
  const grown =
    standing.kind === "document" && place !== undefined
      ? kept(
          created,
          await strangersIn({
            ring: created,
            document: standing.document,
            algorithm: algorithmOf(declared),
            revoked,
            place: place.name,
          }),
          policy,
          nowMs,
        )
      : created;
  const standby = await io.newKey(declared);
  const ring = prepared(grown, { kid: standby.kid, jwk: standby.jwk }, io.nowMs());
  if (standing.kind === "document" && !isNamed(standing, key)) {
    const until = new Date(nowMs + policy.leadMs).toISOString();
    warn(
      io,
      declared,
      `its first key signs at once; verifiers that hold the document of before may refuse it until ${until}`,
    );
  }
  const [issuer, liveAt] = [io.issuer(declared), io.live(declared)?.name];
  const where = { issuer, place: place?.name, liveAt, publishedDigest: undefined, drifted: undefined };
  const privateKeys = { [key.kid]: pem, [standby.kid]: standby.pem };
  return { id, state: stateOf(ring, privateKeys, where, declared), from: "publish" };
}

function isKnown(standing: Standing, jwk: PublicJwk): boolean {
  return standing.kind === "document" && standing.document.keys.some((entry) => isSameKey(entry, jwk));
}

/** Tokens name the key by its thumbprint: a verifier that holds it under another kid won't find it. */
function isNamed(standing: Standing, { kid, jwk }: NewKey): boolean {
  if (standing.kind !== "document") return false;
  const named = ({ kid: given = kid }: Readonly<Record<string, unknown>>) => given === kid;
  return standing.document.keys.some((entry) => isSameKey(entry, jwk) && named(entry));
}

/** A document may be taken over that this ring published once, or that has the key which was given as the one that signs. */
function assertOurs(
  standing: Standing,
  { place, tag, adopt, first }: { place: Place; tag: string; adopt: "never" | "owned" | "always"; first: PublicJwk },
): void {
  if (standing.kind !== "document" || adopt === "always") return;
  const { ring, keys } = standing.document;
  if (keys.length === 0) return;
  if (ring !== undefined && ring !== tag) throw anothersDocument(place.name);
  if (adopt === "owned" && (ring === tag || isKnown(standing, first))) return;
  throw new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `A document with ${keys.length} key(s) stands at ${place.name}, and nothing proves that it is this stack's (adopt: ${adopt})`,
    remedy:
      'Give the key that signs today as initialKey; or `adopt: "always"` keeps the keys there until their tokens have run out',
  });
}

function revokedInitialKey(kid: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `The initialKey is among the revoked keys: ${kid}`,
    remedy: "Remove initialKey: the ring then begins with a new key",
  });
}

function pinnedUnknown(pinned: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `pinned names no key of this ring, which is only made now: ${pinned}`,
    remedy: "Remove pinned, or give that key as initialKey",
  });
}
