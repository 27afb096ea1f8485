/**
 * Judges an image by its content, never by what its sender calls it: 400 where it is none or not a whole one, 422 where no face
 * can be in it (contracts/keyless.md, agent).
 */
import { imageSize } from "image-size";
import {
  filterDetails,
  imageTypes,
  LARGEST_DECODED_PIXELS,
  PLAIN_BYTES_PER_PIXEL,
  SMALLEST_SIDE,
} from "../assumptions.js";
import type { Refusal } from "../problem.js";
import { isAnimated } from "./animation.js";
import { look, type Sight } from "./blank.js";
import { completeness, pictureBytes } from "./completeness.js";

/** Why the agent refuses the image; `undefined` where it takes it. */
export function imageRefusal(bytes: Buffer): Refusal | undefined {
  // Before its size is looked for: that search is slow in what begins as a JPEG and has no picture.
  if (isJpeg(bytes) && completeness["jpg"]?.(bytes) === false) return cutOff;
  const size = sizeOf(bytes);
  if (size === undefined) return { status: 400, detail: "The body is not an image of a known format" };
  const { type, width, height } = size;
  if (completeness[type]?.(bytes) === false) return cutOff;
  if (isAnimated(type, bytes)) return filtered(filterDetails.animated);
  if (Math.min(width, height) < SMALLEST_SIDE) return filtered(filterDetails.tooSmall);
  if (pictureBytes(type, bytes) / (width * height) >= PLAIN_BYTES_PER_PIXEL) return undefined;
  if (width * height > LARGEST_DECODED_PIXELS) return filtered(filterDetails.tooLarge);
  return refusals[look(type, bytes)];
}

const cutOff: Refusal = { status: 400, detail: "The image is cut off" };

const refusals: Readonly<Record<Sight, Refusal | undefined>> = {
  blank: filtered(filterDetails.blank),
  unreadable: { status: 400, detail: "The image can't be decoded" },
  picture: undefined,
  unseen: undefined,
};

function filtered(detail: string): Refusal {
  return { status: 422, detail };
}

function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

function sizeOf(bytes: Buffer) {
  try {
    const { type, width, height } = imageSize(bytes);
    const isKnown = type !== undefined && imageTypes.has(type);
    return isKnown && width > 0 && height > 0 ? { type, width, height } : undefined;
  } catch {
    return undefined;
  }
}
