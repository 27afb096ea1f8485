/**
 * A journal's record as bytes: `length ‖ ¬length ‖ kind ‖ revision ‖ nonce ‖ sealed payload`. Length (4 bytes, big-endian) counts
 * what follows its complement, which tells a damaged length from an end that was cut off. The payload is JSON under XChaCha20-Poly1305; kind,
 * revision, place in the file and header are bound to it as associated data.
 */
import { randomBytes } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import type { JournalKey } from "./header.js";

/**
 * What a record says of its revision: a step is going to begin; what was reached before an open step, whose outcome is known; all is done;
 * it is going to be deleted; nothing stands outside any more.
 */
export const KINDS = ["intent", "reached", "done", "deleting", "closed"] as const;
export type RecordKind = (typeof KINDS)[number];

export interface PlainRecord {
  readonly kind: RecordKind;
  /** 16 characters, base64url of 12 bytes. */
  readonly revision: string;
}

/** A record of a file, still sealed. */
export interface SealedRecord extends PlainRecord {
  /** Where it begins in the file. */
  readonly offset: number;
  /** How many records stand before it. */
  readonly sequence: number;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface Frames {
  readonly records: readonly SealedRecord[];
  /** Bytes of a last record that was cut off: the process ended while it wrote. */
  readonly tornBytes: number;
  /** Where something stands that is no record; nothing after it can be told apart. */
  readonly damagedAt: number | undefined;
}

const LENGTH_BYTES = 8;
const REVISION_BYTES = 12;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const LEAST = 1 + REVISION_BYTES + NONCE_BYTES + TAG_BYTES;

export function newRevision(): string {
  return randomBytes(REVISION_BYTES).toString("base64url");
}

export function sealRecord(
  { kind, revision }: PlainRecord,
  payload: string,
  sequence: number,
  key: JournalKey,
): Buffer {
  const plain = plainBytes(kind, revision);
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = xchacha20poly1305(key.key, nonce, associated(key, sequence, plain)).encrypt(
    Buffer.from(payload, "utf8"),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  const bytes = plain.length + nonce.length + sealed.length;
  length.writeUInt32BE(bytes, 0);
  length.writeUInt32BE(~bytes >>> 0, 4);
  return Buffer.concat([length, plain, nonce, sealed]);
}

/** @returns undefined where the record isn't what was written there with this key */
export function openRecord(
  { kind, revision, sequence, nonce, sealed }: SealedRecord,
  key: JournalKey,
): string | undefined {
  try {
    const cipher = xchacha20poly1305(key.key, nonce, associated(key, sequence, plainBytes(kind, revision)));
    return Buffer.from(cipher.decrypt(sealed)).toString("utf8");
  } catch {
    return undefined;
  }
}

/** @param body a file's bytes after its header */
export function framesOf(body: Buffer): Frames {
  const records: SealedRecord[] = [];
  let offset = 0;
  while (offset < body.length) {
    const rest = body.subarray(offset);
    // A file system that lost its power may have lengthened a file without filling it.
    if (rest.length < LENGTH_BYTES || rest.every((byte) => byte === 0))
      return { records, tornBytes: rest.length, damagedAt: undefined };
    const length = rest.readUInt32BE(0);
    const kind = KINDS[rest[LENGTH_BYTES] ?? KINDS.length];
    if (rest.readUInt32BE(4) !== ~length >>> 0 || length < LEAST) return { records, tornBytes: 0, damagedAt: offset };
    if (rest.length < LENGTH_BYTES + length) return { records, tornBytes: rest.length, damagedAt: undefined };
    if (kind === undefined) return { records, tornBytes: 0, damagedAt: offset };
    const record = rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
    const [afterRevision, afterNonce] = [1 + REVISION_BYTES, 1 + REVISION_BYTES + NONCE_BYTES];
    records.push({
      kind,
      revision: record.subarray(1, afterRevision).toString("base64url"),
      offset,
      sequence: records.length,
      nonce: record.subarray(afterRevision, afterNonce),
      sealed: record.subarray(afterNonce),
    });
    offset += LENGTH_BYTES + length;
  }
  return { records, tornBytes: 0, damagedAt: undefined };
}

function plainBytes(kind: RecordKind, revision: string): Buffer {
  return Buffer.concat([Buffer.from([KINDS.indexOf(kind)]), Buffer.from(revision, "base64url")]);
}

function associated({ headerDigest }: JournalKey, sequence: number, plain: Buffer): Buffer {
  const place = Buffer.alloc(4);
  place.writeUInt32BE(sequence, 0);
  return Buffer.concat([headerDigest, place, plain]);
}
