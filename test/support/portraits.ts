/**
 * Images for tests, drawn here by jpeg-js and pngjs from a seeded pattern: portraits that an agent takes, and one of each kind
 * that it refuses. No picture of a person is needed, none is stored.
 */
import { encode } from "jpeg-js";
import { PNG } from "pngjs";

const WIDTH = 200;
const HEIGHT = 240;

/** A JPEG of 200x240, a few KB, not blank; another one for each seed. */
export function portrait(seed = 1): Buffer {
  return jpeg(WIDTH, HEIGHT, face(seed));
}

/** The same picture as a PNG. */
export function portraitPng(seed = 1): Buffer {
  const picture = new PNG({ width: WIDTH, height: HEIGHT });
  picture.data = rgba(WIDTH, HEIGHT, face(seed));
  return PNG.sync.write(picture, { colorType: 0 });
}

/** A JPEG of one grey. */
export function blankImage(): Buffer {
  return jpeg(WIDTH, HEIGHT, () => 200);
}

/** A JPEG of 32x32. */
export function tinyImage(): Buffer {
  return jpeg(32, 32, face(1));
}

/** A portrait cut off in the middle of its picture. */
export function truncatedImage(): Buffer {
  const whole = portrait();
  return whole.subarray(0, Math.floor(whole.length * 0.7));
}

/** A GIF89a of 100x100 in two frames, of which each draws one dot. */
export function animatedGif(): Buffer {
  const screen = [100, 0, 100, 0, 0x80, 0, 0];
  const palette = [0, 0, 0, 255, 255, 255];
  // Graphic control extension (10 hundredths of a second), image descriptor, one pixel in LZW of two bits.
  const frame = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  return Buffer.concat([Buffer.from("GIF89a"), Buffer.from([...screen, ...palette, ...frame, ...frame, 0x3b])]);
}

/** A portrait that takes exactly that many bytes: comment segments stand before its picture. */
export function largePortrait(bytes: number, seed = 1): Buffer {
  const plain = portrait(seed);
  const spare = bytes - plain.length;
  // A comment takes 4 bytes of its own at least.
  if (spare !== 0 && spare < 4) throw new RangeError(`A portrait of ${plain.length} bytes can't be made ${bytes} long`);
  const startOfScan = plain.indexOf(Buffer.from([0xff, 0xda]));
  return Buffer.concat([plain.subarray(0, startOfScan), comments(spare), plain.subarray(startOfScan)], bytes);
}

/** What lies in place of an image where Git LFS wasn't installed when the repository was cloned. */
export const LFS_POINTER = [
  "version https://git-lfs.github.com/spec/v1",
  "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393",
  "size 12345",
  "",
].join("\n");

type Brightness = (x: number, y: number) => number;

/** An oval with two eyes and a mouth before a striped ground; the seed moves them, and its noise makes a few KB of it. */
function face(seed: number): Brightness {
  const random = randomOf(seed);
  const [middle, height, ground, skin] = [
    90 + random() * 20,
    110 + random() * 20,
    40 + random() * 40,
    160 + random() * 60,
  ];
  const gap = 18 + random() * 12;
  const within = (x: number, y: number, atX: number, atY: number, wide: number, high: number) =>
    ((x - atX) / wide) ** 2 + ((y - atY) / high) ** 2 < 1;
  return (x, y) => {
    // Four steps of it: that a PNG can hold in a few KB too.
    const noise = Math.floor(random() * 4) * 8;
    if (within(x, y, middle - gap, height - 25, 8, 5) || within(x, y, middle + gap, height - 25, 8, 5))
      return 20 + noise;
    if (within(x, y, middle, height + 40, 25, 6)) return 70 + noise;
    if (within(x, y, middle, height, 60, 85)) return skin + noise;
    return ground + ((x + y + seed) % 32) + noise;
  };
}

/** A linear congruential generator (the constants of Numerical Recipes): the same picture for the same seed, everywhere. */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function rgba(width: number, height: number, brightness: Brightness): Buffer {
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      pixels.fill(Math.min(255, brightness(x, y)), 4 * (y * width + x), 4 * (y * width + x) + 3);
  return pixels;
}

function jpeg(width: number, height: number, brightness: Brightness): Buffer {
  return encode({ width, height, data: rgba(width, height, brightness) }, 75).data;
}

/** Comment segments (ITU-T T.81 B.2.4.5) of so many bytes together, each of at most 65,535 and its marker. */
function comments(bytes: number): Buffer {
  const largest = 65_537;
  const all = Buffer.alloc(bytes, 0x20);
  for (let at = 0; at < bytes; ) {
    const left = bytes - at;
    // The last one must have room for its own four bytes.
    const size = left > largest && left < largest + 4 ? left - 4 : Math.min(left, largest);
    all.writeUInt16BE(0xfffe, at);
    all.writeUInt16BE(size - 2, at + 2);
    at += size;
  }
  return all;
}
