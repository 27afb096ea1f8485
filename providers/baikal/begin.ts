/** How a ring begins: with the key that signs today or a new one, beside what the published document has of others. */
import { AuthnError } from "../errors.js";
import type { Beginning } from "../host/lifecycle.js";
import { strangersIn } from "./foreignKeys.js";
import type { BaikalClientKeysInputs } from "./inputs.js";
import { algorithmOf } from "./intent.js";
import type { RingIo } from "./io.js";
import { stateOf } from "./outputs.js";
import type { Standing } from "./places/place.js";
import { type ForeignDocument, isSameKey, ringTag } from "./ring/document.js";
import { policyOf } from "./ring/policy.js";
import type { PublicJwk } from "./ring/ring.js";
import { createdRing, kept, type NewKey, prepared } from "./ring/transitions.js";
import { anothersDocument } from "./run/publishing.js";
import { clockFault, shown } from "./run/shown.js";
import { warn, warnOfLargeKeys } from "./run/warn.js";
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
  // What a place doesn't show, and what another resource publishes, stands where verifiers find it.
  const isShown = place !== undefined && standing.kind !== "hidden";
  const at = (isShown ? place : io.live(declared))?.name ?? "";
  const live = await shown(io, declared);
  const document = isShown ? documentIn(standing) : live?.document;
  const tag = ringTag(owner);
  if (document !== undefined) assertOurs(document, { at, tag, adopt, first: first.jwk });

  const nowMs = io.nowMs();
  const policy = policyOf(declared);
  const anchoredAtMs = epoch === undefined ? nowMs : Date.parse(epoch);
  const { pem, ...key } = first;
  const created = createdRing(key, { anchoredAtMs, nowMs, imported: initialKey !== undefined, overlap: policy });
  const fault = clockFault(io, created, declared, live);
  if (fault !== undefined) throw fault;
  const grown =
    document === undefined
      ? created
      : kept(
          created,
          await strangersIn({ ring: created, document, algorithm: algorithmOf(declared), revoked, place: at }),
          policy,
          nowMs,
        );
  warnOfLargeKeys(io, declared, initialKey);
  const standby = await io.newKey(declared);
  const ring = prepared(grown, { kid: standby.kid, jwk: standby.jwk }, io.nowMs());
  if (document !== undefined && !isNamed(document, key)) {
    const until = new Date(nowMs + policy.leadMs).toISOString();
    warn(
      io,
      declared,
      `its first key signs at once; verifiers that hold the document of before may refuse it until ${until}`,
    );
  }
  const [issuer, liveAt] = [io.issuer(declared), io.live(declared)?.name];
  const where = {
    issuer,
    place: place?.name,
    liveAt,
    publishedDigest: undefined,
    drifted: undefined,
    tag,
  };
  const privateKeys = { [key.kid]: pem, [standby.kid]: standby.pem };
  return { id, state: stateOf(ring, privateKeys, where, declared), from: "publish" };
}

function documentIn(standing: Standing): ForeignDocument | undefined {
  return standing.kind === "document" ? standing.document : undefined;
}

/** Tokens name the key by its thumbprint: a verifier that holds it under another kid won't find it. */
function isNamed({ keys }: ForeignDocument, { kid, jwk }: NewKey): boolean {
  const named = ({ kid: given = kid }: Readonly<Record<string, unknown>>) => given === kid;
  return keys.some((entry) => isSameKey(entry, jwk) && named(entry));
}

/** A document may be taken over that this ring published once, or that has the key which was given as the one that signs. */
function assertOurs(
  { ring, keys }: ForeignDocument,
  { at, tag, adopt, first }: { at: string; tag: string; adopt: "never" | "owned" | "always"; first: PublicJwk },
): void {
  if (adopt === "always" || keys.length === 0) return;
  if (ring !== undefined && ring !== tag) throw anothersDocument(at);
  if (adopt === "owned" && (ring === tag || keys.some((entry) => isSameKey(entry, first)))) return;
  throw new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `A document with ${keys.length} key(s) stands at ${at}, and nothing proves that it is this stack's (adopt: ${adopt})`,
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
