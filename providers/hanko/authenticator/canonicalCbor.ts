/**
 * CTAP2 canonical CBOR (CTAP 2.1 §8): shortest integers, definite lengths, map keys by major type, then length, then bytes,
 * which is the order that the encoder has by default (RFC 7049 §3.9).
 */
import { encode } from "cborg";

/** What the authenticator writes: no floats, no tags. */
export type CborValue =
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<number | string, CborValue>;

export function canonicalCbor(value: CborValue): Buffer {
  return Buffer.from(encode(value));
}
