/** The ways in which a body comes out wrong: cut in half, replaced by a proxy's HTML page, or by bytes that are no UTF-8. */

export type Corruption = "truncate" | "html" | "garbage";

export interface CorruptedBody {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Where the corruption changes it too. */
  readonly contentType?: string;
}

const HTML =
  "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n";
// 0xff never occurs in UTF-8; the braces make it look like JSON to whoever looks at the ends only.
const GARBAGE = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x9f, 0x92, 0x96, 0xc3, 0x28, 0x7d]);

const corruptions: Record<Corruption, (bytes: Buffer<ArrayBuffer>) => CorruptedBody> = {
  truncate: (bytes) => ({ bytes: bytes.subarray(0, Math.floor(bytes.length / 2)) }),
  html: () => ({ bytes: Buffer.from(HTML), contentType: "text/html; charset=utf-8" }),
  garbage: () => ({ bytes: Buffer.from(GARBAGE) }),
};

export function corrupted(bytes: Buffer<ArrayBuffer>, corruption: Corruption | undefined): CorruptedBody {
  return corruption === undefined ? { bytes } : corruptions[corruption](bytes);
}
