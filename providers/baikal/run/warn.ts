/**
 * What a run tells the person who runs it, without what the program holds as a secret.
 */
import { createPublicKey } from "node:crypto";
import { concealedTexts } from "../../host/concealed.js";
import { redact } from "../../http/redact.js";
import { type Declared, modulusLengthOf } from "../intent.js";
import type { RingIo } from "../io.js";

export function warn(io: RingIo, declared: Declared, line: string): void {
  io.warn(redact(`BaikalClientKeys ${declared.owner.name}: ${line}`, concealedTexts({ ...declared }), WARNING_LENGTH));
}

const WARNING_LENGTH = 2_000;

/** @param given the PEM of a key that was given; absent: of those that are made from now on */
export function warnOfLargeKeys(io: RingIo, declared: Declared, given?: string): void {
  const bits = Math.max(modulusLengthOf(declared), given === undefined ? 0 : modulusLengthOfPem(given));
  if (bits > ENOUGH_BITS)
    warn(
      io,
      declared,
      `RSA keys of ${bits} bits cost more with each signature than they are worth; ${ENOUGH_BITS} are recommended`,
    );
}

/** contracts/baikal.md, "Client keys". */
const ENOUGH_BITS = 2_048;

function modulusLengthOfPem(pem: string): number {
  return createPublicKey(pem).asymmetricKeyDetails?.modulusLength ?? 0;
}
