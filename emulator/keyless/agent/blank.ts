/** Whether a picture shows nothing: its brightness hardly varies. JPEG and PNG are decoded for it, other types never. */
import { decode } from "jpeg-js";
import { PNG } from "pngjs";
import { BLANK_DEVIATION } from "../assumptions.js";

const decoders: Readonly<Record<string, (bytes: Buffer) => Uint8Array>> = {
  jpg: (bytes) => decode(bytes, { useTArray: true, formatAsRGBA: true, maxMemoryUsageInMB: 512 }).data,
  png: (bytes) => PNG.sync.read(bytes).data,
};

export type Sight = "blank" | "picture" | "unreadable" | "unseen";

/** `unseen` for the types that nobody decodes here. */
export function look(type: string, bytes: Buffer): Sight {
  const decoder = decoders[type];
  if (decoder === undefined) return "unseen";
  try {
    return brightnessDeviation(decoder(bytes)) < BLANK_DEVIATION ? "blank" : "picture";
  } catch {
    return "unreadable";
  }
}

/** The standard deviation of the luma (ITU-R BT.601) of RGBA pixels, by Welford's method. */
function brightnessDeviation(rgba: Uint8Array): number {
  let mean = 0;
  let squares = 0;
  let pixels = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const brightness = 0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0);
    pixels += 1;
    const distance = brightness - mean;
    mean += distance / pixels;
    squares += distance * (brightness - mean);
  }
  return Math.sqrt(squares / pixels);
}
