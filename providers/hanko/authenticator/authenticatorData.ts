/**
 * Authenticator data (WebAuthn L3 §6.1): what the authenticator says of itself and of the ceremony, and what it signs together with
 * the hash of the client data.
 */
import { createHash } from "node:crypto";
import { HANKO_LIMITS } from "../inputs.js";
import { type CborValue, canonicalCbor } from "./canonicalCbor.js";

/** Bits of the flags byte. */
const FLAG = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const;

const AAGUID_BYTES = 16;

/** Identifiers of authenticator extensions and their outputs (WebAuthn L3 §9.5). */
export type AuthenticatorExtensions = Readonly<Record<string, CborValue>>;

export interface AuthenticatorFlags {
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

export interface AttestedCredential {
  /** UUID text. */
  readonly aaguid: string;
  readonly credentialId: Buffer;
  /** COSE_Key. */
  readonly publicKey: Buffer;
}

export interface AuthenticatorDataParts {
  readonly rpId: string;
  readonly flags: AuthenticatorFlags;
  readonly signCount: number;
  /** At a registration only. */
  readonly attested?: AttestedCredential | undefined;
  readonly extensions?: AuthenticatorExtensions | undefined;
}

/** @throws TypeError for a state that no authenticator can be in: backed up but not eligible, a counter out of range */
export function authenticatorData({ rpId, flags, signCount, attested, extensions }: AuthenticatorDataParts): Buffer {
  if (flags.backedUp && !flags.backupEligible) throw new TypeError("a credential that is backed up is eligible for it");
  if (!Number.isInteger(signCount) || signCount < 0 || signCount > HANKO_LIMITS.signCount)
    throw new TypeError(`a sign counter is a whole number from 0 to ${HANKO_LIMITS.signCount}`);
  const outputs = Object.entries(extensions ?? {});
  const set = (isSet: boolean, bit: number) => (isSet ? bit : 0);
  const head = Buffer.alloc(5);
  head.writeUInt8(
    set(flags.userPresent, FLAG.up) |
      set(flags.userVerified, FLAG.uv) |
      set(flags.backupEligible, FLAG.be) |
      set(flags.backedUp, FLAG.bs) |
      set(attested !== undefined, FLAG.at) |
      set(outputs.length > 0, FLAG.ed),
    0,
  );
  head.writeUInt32BE(signCount, 1);
  return Buffer.concat([
    createHash("sha256").update(rpId, "utf8").digest(),
    head,
    attested === undefined ? Buffer.alloc(0) : attestedCredentialData(attested),
    outputs.length > 0 ? canonicalCbor(new Map(outputs)) : Buffer.alloc(0),
  ]);
}

/** WebAuthn L3 §6.5.1: AAGUID ‖ length of the id, 2 bytes ‖ id ‖ COSE_Key. */
function attestedCredentialData({ aaguid, credentialId, publicKey }: AttestedCredential): Buffer {
  const model = Buffer.from(aaguid.replaceAll("-", ""), "hex");
  if (model.length !== AAGUID_BYTES) throw new TypeError("an AAGUID is a UUID");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  return Buffer.concat([model, length, credentialId, publicKey]);
}
