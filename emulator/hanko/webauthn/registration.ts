/** Verifies a registration (WebAuthn L3 §7.1): attestation none, or packed with the credential's own key. */
import { algorithms } from "./algorithms.js";
import { type Library, loadLibrary } from "./library.js";
import { isOriginOf, type RelyingParty } from "./relying-party.js";
import type { RegistrationResponse } from "./responses.js";
import { isStrictSignature, isWholeCbor } from "./strict-forms.js";

/** What the authenticator says of a new credential. */
export interface AttestedCredential {
  /** base64url, as in the authenticator data: what the JSON calls it doesn't count. */
  readonly id: string;
  /** COSE_Key, base64url. */
  readonly publicKey: string;
  readonly attestationType: string;
  /** UUID text. */
  readonly aaguid: string;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backupState: boolean;
}

export interface Expectation {
  /** base64url. */
  readonly challenge: string;
  /** Where it took place, from the client data. */
  readonly origin: string;
  readonly party: RelyingParty;
}

// The library wants one and compares it with nothing but itself.
const UNREAD_ID = "unread";
const attestationTypes: ReadonlySet<string> = new Set(["none", "packed"]);

/** `undefined` where it doesn't hold; whether the user must have been verified is the caller's question. */
export async function verifiedRegistration(
  { response, transports }: RegistrationResponse,
  { challenge, origin, party }: Expectation,
): Promise<AttestedCredential | undefined> {
  if (!isOriginOf(party, origin)) return undefined;
  const { clientDataJSON, attestationObject } = response;
  const library = await loadLibrary();
  if (!isWholeCbor(Buffer.from(attestationObject, "base64url"), library)) return undefined;
  const verification = await library
    .verifyRegistrationResponse({
      response: {
        id: UNREAD_ID,
        rawId: UNREAD_ID,
        type: "public-key",
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...algorithms],
    })
    .catch(() => undefined);
  const attested = verification?.registrationInfo;
  if (attested === undefined || !attestationTypes.has(attested.fmt)) return undefined;
  if (!isOwnStatement(attested.attestationObject, attested.credential.publicKey, library)) return undefined;
  return {
    id: attested.credential.id,
    publicKey: Buffer.from(attested.credential.publicKey).toString("base64url"),
    attestationType: attested.fmt,
    aaguid: attested.aaguid,
    signCount: attested.credential.counter,
    transports: response.transports ?? transports ?? [],
    userVerified: attested.userVerified,
    backupEligible: attested.credentialDeviceType === "multiDevice",
    backupState: attested.credentialBackedUp,
  };
}

/** WebAuthn L3 §8.2: a packed statement of the key itself names the key's own algorithm, which the library doesn't look at. */
function isOwnStatement(
  attestationObject: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
  library: Library,
): boolean {
  const statement = library.statementOf(attestationObject);
  // The library takes an empty list, or a number, for no statement.
  if (!(statement instanceof Map)) return false;
  const signature = statement.get("sig");
  if (signature === undefined || statement.get("x5c") !== undefined) return true;
  return statement.get("alg") === library.algorithmOf(publicKey) && isStrictSignature(signature, publicKey, library);
}
