/**
 * Whether a file holds its picture to the end, and how much of it is picture. Only the marks that a format ends or measures
 * itself with are looked at; of formats not listed here nobody asks.
 */

export type Completeness = (bytes: Buffer) => boolean;

const SCAN = Buffer.from([0xff, 0xda]);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const END_OF_PNG = Buffer.from("IEND\xae\x42\x60\x82", "latin1");
const GIF_TRAILER = 0x3b;

export const completeness: Readonly<Record<string, Completeness>> = {
  // The thumbnail in its header may have marks of its own; within a scan neither occurs (ITU-T T.81, B.1.1.5).
  jpg: (bytes) => bytes.lastIndexOf(END_OF_IMAGE) > bytes.lastIndexOf(SCAN) && bytes.includes(SCAN),
  png: (bytes) => bytes.includes(END_OF_PNG),
  gif: (bytes) => bytes.at(-1) === GIF_TRAILER,
  // RIFF: the length of what follows the first eight bytes.
  webp: (bytes) => bytes.readUInt32LE(4) + 8 <= bytes.length,
};

/** The bytes of the picture itself, without what a JPEG has before it: tables, a thumbnail, comments. */
export function pictureBytes(type: string, bytes: Buffer): number {
  return type === "jpg" ? bytes.length - bytes.lastIndexOf(SCAN) : bytes.length;
}
