/** Key rings as the state holds them, made by the ring's own transitions at times that a test names. */
import { newKeyPair } from "../../providers/baikal/keyPair.js";
import { policyOf } from "../../providers/baikal/ring/policy.js";
import { activeKey, preparedKey, type Ring } from "../../providers/baikal/ring/ring.js";
import {
  createdRing,
  type NewKey,
  prepared,
  promoted,
  published,
  seen,
} from "../../providers/baikal/ring/transitions.js";

export const beginMs = Date.parse("2026-11-01T00:00:00Z");
export const dayMs = 86_400_000;
/** 16 minutes of lead, 76 of retirement, a week's period. */
export const policy = policyOf({});

export const plainKey = (kid: string): NewKey => ({ kid, jwk: { kty: "EC", kid } });

/** A ring since `beginMs` whose standby was seen at once. */
export function ringWith(first: NewKey, standby: NewKey): Ring {
  const begun = createdRing(first, { anchoredAtMs: beginMs, nowMs: beginMs, imported: false, overlap: policy });
  return everythingSeen(prepared(begun, standby, beginMs), beginMs);
}

/** The standby signs, and another one stands beside it. */
export function rotated(ring: Ring, next: NewKey, nowMs: number): Ring {
  const { kid = "" } = preparedKey(ring) ?? {};
  return everythingSeen(prepared(promoted(ring, kid, policy, nowMs), next, nowMs), nowMs);
}

function everythingSeen(ring: Ring, nowMs: number): Ring {
  const kids = new Set(ring.keys.map(({ kid }) => kid));
  return { ...seen(published(ring, nowMs), kids, nowMs), judgedAt: new Date(nowMs).toISOString() };
}

const owner = (name: string) => ({ project: "shop", stack: "dev", type: "BaikalClientKeys", name });

/** A resource as `savedResources` gives it. */
export function savedResource(name: string, ring: Ring, inputs: Record<string, unknown> = {}, secrets: object = {}) {
  return {
    type: "pulumi-nodejs:dynamic/authn:BaikalClientKeys",
    name,
    inputs: { algorithm: "ES256", ...inputs, owner: owner(name) },
    // The configuration's, where the declaration names none.
    outputs: { issuer: "https://billing.example/", ...inputs, ...ring, activeKid: activeKey(ring).kid, ...secrets },
  };
}

/** The file of a folder backend that holds these resources. */
export function stateText(resources: readonly (ReturnType<typeof savedResource> & { readonly delete?: boolean })[]) {
  const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
  return JSON.stringify({
    version: 3,
    checkpoint: {
      stack: "organization/shop/dev",
      latest: {
        manifest: { time: "2026-11-01T00:00:00Z", magic: "", version: "" },
        resources: [
          { urn: stack, custom: false, type: "pulumi:pulumi:Stack" },
          ...resources.map(({ type, name, ...rest }) => ({
            urn: `urn:pulumi:dev::shop::${type}::${name}`,
            custom: true,
            id: name,
            type,
            parent: stack,
            ...rest,
          })),
        ],
      },
    },
  });
}

/** A ring of real P-256 keys, with the PEM of each key by kid. */
export async function realRing(count: number) {
  const pairs = await Promise.all(Array.from({ length: count + 1 }, () => newKeyPair("ES256", 2048)));
  const [first, standby, ...others] = pairs;
  if (first === undefined || standby === undefined) throw new TypeError("a ring has two keys at least");
  const bare = ({ kid, jwk }: NewKey) => ({ kid, jwk });
  const rings = [ringWith(bare(first), bare(standby))];
  for (const [index, other] of others.entries()) {
    const before = rings.at(-1);
    if (before !== undefined) rings.push(rotated(before, bare(other), beginMs + (index + 1) * 7 * dayMs));
  }
  return { rings, pem: (kid: string) => pairs.find((pair) => pair.kid === kid)?.pem ?? "" };
}
