/** The options that a client hands to the browser (WebAuthn L3 §5.4 and §5.5), in the JSON that both APIs give. */
import type { Attestation, Requirement } from "../settings.js";
import { algorithms } from "./algorithms.js";
import type { RelyingParty } from "./relying-party.js";

export interface CreationParts {
  readonly party: RelyingParty;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly displayName: string;
    readonly icon?: string | undefined;
  };
  /** base64url. */
  readonly challenge: string;
  readonly timeoutMs: number;
  readonly attachment?: "platform" | "cross-platform" | undefined;
  readonly residentKey: Requirement;
  readonly userVerification: Requirement;
  readonly attestation: Attestation;
  /** base64url. */
  readonly excluded?: readonly string[];
}

export function creationOptions(parts: CreationParts) {
  const {
    party,
    user,
    challenge,
    timeoutMs,
    attachment,
    residentKey,
    userVerification,
    attestation,
    excluded = [],
  } = parts;
  return {
    publicKey: {
      rp: { name: party.name, id: party.id },
      user: { ...user, id: userHandleOf(user.id) },
      challenge,
      pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
      timeout: timeoutMs,
      ...(excluded.length === 0 ? {} : { excludeCredentials: excluded.map(descriptor) }),
      authenticatorSelection: {
        ...(attachment === undefined ? {} : { authenticatorAttachment: attachment }),
        requireResidentKey: residentKey === "required",
        residentKey,
        userVerification,
      },
      attestation,
    },
  };
}

export interface RequestParts {
  readonly party: RelyingParty;
  /** base64url. */
  readonly challenge: string;
  readonly timeoutMs: number;
  readonly userVerification: Requirement;
  /** base64url; empty: any discoverable one. */
  readonly allowed: readonly string[];
}

export function requestOptions({ party, challenge, timeoutMs, userVerification, allowed }: RequestParts) {
  return {
    publicKey: {
      challenge,
      timeout: timeoutMs,
      rpId: party.id,
      ...(allowed.length === 0 ? {} : { allowCredentials: allowed.map(descriptor) }),
      userVerification,
    },
  };
}

/** base64url of the user id's UTF-8. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId, "utf8").toString("base64url");
}

export function userIdOf(userHandle: string): string {
  return Buffer.from(userHandle, "base64url").toString("utf8");
}

function descriptor(id: string) {
  return { type: "public-key", id };
}
