/**
 * A public key as COSE_Key (RFC 9052 §7, RFC 9053 §7), in the CTAP2 canonical CBOR form that attested credential data asks for
 * (WebAuthn L3 §6.5.1.1).
 */
import type { KeyObject } from "node:crypto";
import type { HankoAlgorithm } from "../inputs.js";
import { ALGORITHMS } from "./algorithms.js";
import { canonicalCbor } from "./canonicalCbor.js";

// Labels: common ones are positive, those of a key type negative.
const LABEL = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const;
const KEY_TYPE = { okp: 1, ec2: 2, rsa: 3 } as const;

export function coseKeyOf(algorithm: HankoAlgorithm, publicKey: KeyObject): Buffer {
  const { cose, key } = ALGORITHMS[algorithm];
  const jwk = publicKey.export({ format: "jwk" });
  const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");
  if (key.type === "ec") {
    return canonicalCbor(
      new Map<number, number | Buffer>([
        [LABEL.kty, KEY_TYPE.ec2],
        [LABEL.alg, cose],
        [LABEL.crv, key.coseCurve],
        [LABEL.x, bytes(jwk.x)],
        [LABEL.y, bytes(jwk.y)],
      ]),
    );
  }
  if (key.type === "ed25519") {
    return canonicalCbor(
      new Map<number, number | Buffer>([
        [LABEL.kty, KEY_TYPE.okp],
        [LABEL.alg, cose],
        [LABEL.crv, key.coseCurve],
        [LABEL.x, bytes(jwk.x)],
      ]),
    );
  }
  return canonicalCbor(
    new Map<number, number | Buffer>([
      [LABEL.kty, KEY_TYPE.rsa],
      [LABEL.alg, cose],
      [LABEL.n, bytes(jwk.n)],
      [LABEL.e, bytes(jwk.e)],
    ]),
  );
}
