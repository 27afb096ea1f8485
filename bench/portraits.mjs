/** Pictures that an agent takes, of any size in bytes: one drawn by jpeg-js, and made another person's by what stands behind it. */
import { encode } from "jpeg-js";

const WIDTH = 160;
const HEIGHT = 200;
const QUALITY = 75;

/** @type {Buffer | undefined} */
let drawn;

/**
 * @param {string} name in the file, so that no two files are the same
 * @param {number} bytes of the whole file
 */
export function portraitOf(name, bytes) {
  drawn ??= encode({ width: WIDTH, height: HEIGHT, data: pixels() }, QUALITY).data;
  if (bytes < drawn.length + name.length) throw new RangeError(`A portrait takes more than ${bytes} bytes`);
  // What follows the end-of-image marker (ITU-T T.81, B.1.1.3) is no part of the picture: readers skip it.
  return Buffer.concat([drawn, Buffer.alloc(bytes - drawn.length, name)], bytes);
}

/** A bright oval before a striped ground, as RGBA. */
function pixels() {
  const rgba = Buffer.alloc(WIDTH * HEIGHT * 4, 255);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const isFace = ((x - WIDTH / 2) / 50) ** 2 + ((y - HEIGHT / 2) / 70) ** 2 < 1;
      const at = 4 * (y * WIDTH + x);
      rgba.fill(isFace ? 190 + (x % 8) : 40 + ((x + y) % 32), at, at + 3);
    }
  }
  return rgba;
}
