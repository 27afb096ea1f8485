/**
 * `navigator.credentials.create()` of the software authenticator: client data, authenticator data and an attestation object for a new
 * credential, or the refusal that a browser would give (WebAuthn L3 §5.1.3, §6.3.2).
 */
import { createHash, createPublicKey } from "node:crypto";
import { ALGORITHMS, algorithmName } from "./algorithms.js";
import { authenticatorData } from "./authenticatorData.js";
import { type CborValue, canonicalCbor } from "./canonicalCbor.js";
import { type Ceremony, effectiveRpId, unpadded, verifiesUser } from "./ceremony.js";
import { clientDataJson } from "./clientData.js";
import { coseKeyOf } from "./coseKey.js";
import type { NewCredential } from "./credential.js";
import { signWith, spkiOf } from "./keys.js";
import type { CreationOptions } from "./options.js";
import { refusal } from "./refusal.js";
import type { RegistrationResponse } from "./responses.js";

// What a relying party that names no algorithm gets (WebAuthn L3 §5.1.3).
const DEFAULT_ALGORITHMS: readonly number[] = [ALGORITHMS.ES256.cose, ALGORITHMS.RS256.cose];

/**
 * @throws AuthnError `ERR_AUTHN_ALREADY_EXISTS` where `excludeCredentials` lists this credential, `ERR_AUTHN_INPUT` for all else that
 * a browser refuses; its cause is a DOMException of the name that the browser has for it
 */
export function createCredential(
  options: CreationOptions,
  credential: NewCredential,
  { origin, crossOrigin = false, signCount, extensions }: Ceremony,
): RegistrationResponse {
  const rpId = effectiveRpId(options.rp.id, origin);
  const { id, algorithm, privateKey, authenticator } = credential;
  refuseUnfit(options, credential);
  const userVerified = verifiesUser(authenticator, options.authenticatorSelection?.userVerification);
  const publicKey = createPublicKey(privateKey);
  const clientData = clientDataJson({
    type: "webauthn.create",
    challenge: unpadded(options.challenge),
    origin,
    crossOrigin,
  });
  const authData = authenticatorData({
    rpId,
    flags: {
      userPresent: authenticator.userPresence,
      userVerified,
      backupEligible: authenticator.backupEligible,
      backedUp: authenticator.backedUp,
    },
    signCount,
    attested: {
      aaguid: authenticator.aaguid,
      credentialId: Buffer.from(id, "base64url"),
      publicKey: coseKeyOf(algorithm, publicKey),
    },
    extensions,
  });
  return {
    id,
    rawId: id,
    type: "public-key",
    authenticatorAttachment: authenticator.attachment,
    response: {
      clientDataJSON: clientData.toString("base64url"),
      attestationObject: attestationObject(credential, authData, clientData).toString("base64url"),
      authenticatorData: authData.toString("base64url"),
      transports: authenticator.transports.toSorted(),
      publicKey: spkiOf(publicKey).toString("base64url"),
      publicKeyAlgorithm: ALGORITHMS[algorithm].cose,
    },
    clientExtensionResults:
      options.extensions?.credProps === true ? { credProps: { rk: authenticator.residentKey } } : {},
  };
}

/** WebAuthn L3 §6.5.4; the statement is empty, or signed with the new key itself (§8.2). */
function attestationObject(
  { algorithm, privateKey, authenticator }: NewCredential,
  authData: Buffer,
  clientData: Buffer,
) {
  const statement = new Map<string, CborValue>();
  if (authenticator.attestation === "packed") {
    const clientDataHash = createHash("sha256").update(clientData).digest();
    statement.set("alg", ALGORITHMS[algorithm].cose);
    statement.set("sig", signWith(algorithm, privateKey, Buffer.concat([authData, clientDataHash])));
  }
  return canonicalCbor(
    new Map<string, CborValue>([
      ["fmt", authenticator.attestation],
      ["attStmt", statement],
      ["authData", authData],
    ]),
  );
}

function refuseUnfit(options: CreationOptions, { id, algorithm, authenticator }: NewCredential): void {
  const asked = options.pubKeyCredParams.filter(({ type }) => type === "public-key").map(({ alg }) => alg);
  const accepted = options.pubKeyCredParams.length === 0 ? DEFAULT_ALGORITHMS : asked;
  if (!accepted.includes(ALGORITHMS[algorithm].cose))
    throw refusal({
      name: "NotSupportedError",
      what: `The relying party takes ${accepted.map(algorithmName).join(", ") || "no public key"}, and the credential is declared with ${algorithm}`,
      remedy: "Declare the credential with an algorithm that the relying party takes",
    });

  const { authenticatorAttachment, residentKey, requireResidentKey } = options.authenticatorSelection ?? {};
  if (authenticatorAttachment !== undefined && authenticatorAttachment !== authenticator.attachment)
    throw refusal({
      name: "NotAllowedError",
      what: `The relying party asks for a ${authenticatorAttachment} authenticator, and the credential is declared with a ${authenticator.attachment} one`,
      remedy: `Declare the credential with \`attachment: "${authenticatorAttachment}"\``,
    });

  // The older member counts only where the newer one is missing.
  if (
    (residentKey ?? (requireResidentKey === true ? "required" : undefined)) === "required" &&
    !authenticator.residentKey
  )
    throw refusal({
      name: "ConstraintError",
      what: "The relying party requires a resident key, and the credential is declared without one",
      remedy: 'Declare the credential with `residentKey: "required"`',
    });

  if (options.excludeCredentials?.some((excluded) => unpadded(excluded.id) === id))
    throw refusal({
      name: "InvalidStateError",
      what: "The user has this credential already: the relying party lists it in excludeCredentials",
      remedy: "Delete the credential in the service, or raise `generation` to make another one",
    });
}
