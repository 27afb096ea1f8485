/** A picture as base64 text on the wire (RFC 4648 §4), encoded as it is read: memory doesn't grow with the picture. */
import { pipeline, Transform } from "node:stream";
import type { BodySource } from "../http/contract.js";

/** Three bytes make four characters: only the last group may be shorter, so chunks are cut at multiples of three. */
const GROUP_BYTES = 3;

export function base64Body(image: Buffer | BodySource): Buffer | BodySource {
  if (Buffer.isBuffer(image)) return Buffer.from(image.toString("base64"));
  return {
    bytes: 4 * Math.ceil(image.bytes / GROUP_BYTES),
    open() {
      const encoder = createEncoder();
      // Either end's failure destroys the other; whoever reads the encoder learns of it there.
      pipeline(image.open(), encoder, () => undefined);
      return encoder;
    },
  };
}

function createEncoder(): Transform {
  let rest = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % GROUP_BYTES);
      rest = bytes.subarray(whole);
      done(null, bytes.toString("base64", 0, whole));
    },
    flush(done) {
      done(null, rest.toString("base64"));
    },
  });
}
