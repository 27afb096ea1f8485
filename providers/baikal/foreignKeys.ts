/**
 * The keys of a document that this ring didn't write: which of them are strangers to it, and whether they can stay beside its own
 * until nobody holds a token of theirs any more.
 */
import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";
import { AuthnError } from "../errors.js";
import type { BaikalAlgorithm } from "./inputs.js";
import { type ForeignDocument, impostorsIn, isSameKey } from "./ring/document.js";
import { publicJwk, type Ring } from "./ring/ring.js";
import type { NewKey } from "./ring/transitions.js";

const KEY_TYPES: Readonly<Record<BaikalAlgorithm, string>> = { RS256: "RSA", ES256: "EC" };
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "k"];
// Further members (x5c, key_ops) aren't text, and no verifier needs them.
const textMembers = z.record(z.string(), z.unknown()).transform((entry) => {
  return publicJwk.parse(Object.fromEntries(Object.entries(entry).filter(([, value]) => typeof value === "string")));
});

interface Reading {
  readonly ring: Ring;
  readonly document: ForeignDocument;
  readonly algorithm: BaikalAlgorithm;
  readonly revoked: readonly string[];
  /** Where the document stands. */
  readonly place: string;
}

/**
 * The strangers in a document, in its order. One under a kid of its own, though its key is the ring's, is a stranger too: tokens
 * name it by that kid.
 * @throws AuthnError `ERR_AUTHN_ALREADY_EXISTS` for a key of another type, one without a public half, another key under a kid of
 * the ring, two under one kid, or a private key that anybody can read
 */
export async function strangersIn({ ring, document, algorithm, revoked, place }: Reading): Promise<readonly NewKey[]> {
  const [impostor] = impostorsIn(ring, document);
  if (impostor !== undefined) throw refused(`another key stands at ${place} under the kid ${impostor}`);
  const strangers: NewKey[] = [];
  for (const entry of document.keys) {
    const declared = entry["kid"];
    if (entry["kty"] !== KEY_TYPES[algorithm])
      throw refused(
        `a key of type ${String(entry["kty"]).slice(0, 20)} stands at ${place}, and this ring's are ${KEY_TYPES[algorithm]}`,
      );
    if (PRIVATE_MEMBERS.some((member) => entry[member] !== undefined))
      throw refused(`a private key stands at ${place} for everybody to read`);
    const own = ring.keys.find(({ jwk }) => isSameKey(jwk, entry));
    if (own !== undefined && (declared === undefined || declared === own.kid)) continue;
    const jwk = textMembers.parse(entry);
    const kid = typeof declared === "string" && declared !== "" ? declared : await thumbprint(entry, place);
    if (ring.former.includes(kid) || revoked.includes(kid)) continue;
    const twin = strangers.find((stranger) => stranger.kid === kid);
    if (twin !== undefined && !isSameKey(twin.jwk, jwk))
      throw refused(`two keys stand at ${place} under the kid ${kid}`);
    if (twin === undefined) strangers.push({ kid, jwk: { ...jwk, kid } });
  }
  return strangers;
}

async function thumbprint(entry: JWK, place: string): Promise<string> {
  try {
    return await calculateJwkThumbprint(entry);
  } catch {
    throw refused(`a key at ${place} lacks members of its type`);
  }
}

function refused(what: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `The published document can't be taken over: ${what}`,
    remedy: "Correct the document, or publish the ring to another place",
  });
}
