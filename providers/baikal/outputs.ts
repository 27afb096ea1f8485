/** From a ring to the state and back: the outputs are made anew from the ring wherever it changes. Pure. */
import { createHash } from "node:crypto";
import { type Declared, intentOf } from "./intent.js";
import { documentOf, ringTag } from "./ring/document.js";
import { documentText } from "./ring/documentText.js";
import { planOf } from "./ring/plan.js";
import { activeKey, at, type Ring, timeOf } from "./ring/ring.js";
import type { BaikalClientKeysState } from "./state.js";

type PrivateKeys = Readonly<Record<string, string>>;

/** Where the ring stands outside, and what its client is called there. */
export interface Published
  extends Pick<BaikalClientKeysState, "issuer" | "place" | "liveAt" | "publishedDigest" | "drifted" | "waits"> {
  /** Whose document it is: as the ring was made, whatever its stack or resource is called since. */
  readonly tag: string;
}

export function ringOf({ anchoredAt, keys, former, history, judgedAt, overlap, held }: BaikalClientKeysState): Ring {
  return { anchoredAt, keys, former, history, judgedAt, overlap, ...(held === undefined ? {} : { held }) };
}

export function publishedOf(state: BaikalClientKeysState): Published {
  const { issuer, place, liveAt, publishedDigest, drifted, waits } = state;
  return { issuer, place, liveAt, publishedDigest, drifted, waits, tag: tagOf(state) };
}

export function tagOf({ jwks, owner }: Pick<BaikalClientKeysState, "jwks" | "owner">): string {
  return jwks.ring ?? ringTag(owner);
}

export function declaredOf(state: BaikalClientKeysState): Declared {
  const {
    declaredIssuer: issuer,
    algorithm,
    modulusLength,
    period,
    epoch,
    window,
    verifierCache,
    publisherCache,
    tokenLife,
  } = state;
  const { clockSkew, rollout, lead, retireAfter, publish, verify, onFailedProof, revoked, pinned } = state;
  const { withdraw, adopt, owner } = state;
  return {
    ...{ issuer, algorithm, modulusLength, period, epoch, window, verifierCache, publisherCache, tokenLife },
    ...{ clockSkew, rollout, lead, retireAfter, publish, verify, onFailedProof, revoked, pinned },
    ...{ withdraw, adopt, owner },
  };
}

/** The state of a ring as it is declared. Private keys that the ring has no more are forgotten. */
export function stateOf(
  ring: Ring,
  privateKeys: PrivateKeys,
  { tag, ...published }: Published,
  declared: Declared,
): BaikalClientKeysState {
  const kept = Object.fromEntries(
    Object.entries(privateKeys).filter(([kid]) => ring.keys.some((key) => key.kid === kid)),
  );
  const { kid: activeKid } = activeKey(ring);
  const activePrivateKey = kept[activeKid];
  if (activePrivateKey === undefined) throw new TypeError("the active key is one of this ring's own");
  const intent = intentOf(declared);
  const next = planOf(ring, intent, at(ring.judgedAt))[0];
  return {
    ...declared,
    declaredIssuer: declared.issuer,
    ...ring,
    held: ring.held,
    privateKeys: kept,
    ...published,
    jwks: documentOf(ring, tag),
    activeKid,
    activePrivateKey,
    nextStep: next?.step ?? "wait",
    nextStepAt: next === undefined ? undefined : timeOf(next.atMs),
    policy: { ...intent.policy },
  };
}

/** The same state with another ring. */
export function withRing(
  state: BaikalClientKeysState,
  ring: Ring,
  privateKeys = state.privateKeys,
): BaikalClientKeysState {
  return stateOf(ring, privateKeys, publishedOf(state), declaredOf(state));
}

/** What is to be published, and its digest. */
export function wantedOf(ring: Ring, tag: string) {
  const document = documentOf(ring, tag);
  const text = documentText(document);
  return { document, text, digest: createHash("sha256").update(text).digest("base64url") };
}
