/** Whether a file holds more than one picture to be shown in turn: GIF89a, PNG with an `acTL` chunk before its picture, extended WebP. */

const animation: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  gif: (bytes) => graphicControls(bytes) > 1,
  png: (bytes) => bytes.subarray(0, bytes.indexOf("IDAT")).includes("acTL"),
  webp: (bytes) => bytes.toString("latin1", 12, 16) === "VP8X" && ((bytes[20] ?? 0) & 0x02) !== 0,
};

export function isAnimated(type: string, bytes: Buffer): boolean {
  return animation[type]?.(bytes) ?? false;
}

/** Graphic control extensions (GIF89a §23) that are followed by a picture: five fixed bytes hardly occur by chance. */
function graphicControls(bytes: Buffer): number {
  const introducer = Buffer.from([0x21, 0xf9, 0x04]);
  let count = 0;
  for (let at = bytes.indexOf(introducer); at !== -1; at = bytes.indexOf(introducer, at + 1))
    if (bytes[at + 7] === 0 && bytes[at + 8] === 0x2c) count += 1;
  return count;
}
