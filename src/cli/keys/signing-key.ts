/** The key that a ring signs with, taken from an export with its secrets; only this private key is ever looked at. */
import { z } from "zod";
import { givenKeyPair } from "../../../providers/baikal/keyPair.js";
import { ring } from "../../../providers/baikal/ring/ring.js";
import { AuthnError } from "../../../providers/errors.js";
import { parseJson } from "../json.js";
import { clientOf } from "../ring/saved-ring.js";
import type { SavedResource } from "../saved-resources.js";
import { oneLine } from "../text.js";

export interface SigningKey {
  /** The ring's: `clients/billing`. */
  readonly name: string;
  /** `billing.pem` */
  readonly file: string;
  readonly kid: string;
  /** PKCS#8 PEM. Secret. */
  readonly pem: string;
  /** It was seen in the document that verifiers fetch. */
  readonly isSeen: boolean;
}

/** How `pulumi stack export --show-secrets` writes a secret: its JSON text beside the signature; `null` for one it can't decrypt. */
const secretText = z.object({ plaintext: z.string() }).transform(({ plaintext }) => parseJson(plaintext));
const outputs = z.object({
  ...ring.shape,
  activePrivateKey: z.union([z.string(), secretText.pipe(z.string().nullable())]),
});

/**
 * @returns the reason, as a clause, where the ring has no key yet that may sign.
 * @throws AuthnError ERR_AUTHN_CONFIGURATION where the engine couldn't decrypt it, of which it says nothing itself
 */
export async function signingKeyOf({ name, outputs: saved }: SavedResource): Promise<SigningKey | string> {
  const found = outputs.safeParse(saved);
  if (!found.success) return "it has no signing key yet";
  const { activePrivateKey: pem, keys } = found.data;
  if (pem === null) throw undecrypted(name);
  const active = keys.find(({ state }) => state === "active");
  if (active === undefined) return "it has no signing key yet";
  const pair = await givenKeyPair(pem).catch(() => undefined);
  if (pair?.kid !== active.kid) return "its private key isn't that of the kid that signs";
  // An authserver that never heard of a key refuses what it signs.
  if (active.publishedAt === undefined) return "its key isn't published yet";
  return { name, file: fileOf(name), kid: active.kid, pem: pair.pem, isSeen: active.seenAt !== undefined };
}

/** Every kid that is, or was, of a ring, as far as it remembers them. */
export function kidsOf({ outputs: saved }: SavedResource): ReadonlySet<string> {
  const { keys = [], former = [], history = [] } = ring.partial().safeParse(saved).data ?? {};
  return new Set([...keys.map(({ kid }) => kid), ...former, ...history.flatMap(({ kid }) => kid ?? [])]);
}

/** One file a ring, whatever its name holds: no separator, no leading dot. */
export function fileOf(name: string): string {
  return `${encodeURIComponent(clientOf(name)).replace(/^\./, "%2E")}.pem`;
}

function undecrypted(name: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The signing key of ${oneLine(name)} can't be decrypted`,
    remedy: "Give this stack's own PULUMI_CONFIG_PASSPHRASE, or the rights for its secrets provider",
  });
}
