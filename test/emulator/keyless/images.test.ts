import { decode } from "jpeg-js";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import {
  animatedGif,
  blankImage,
  LFS_POINTER,
  largePortrait,
  portrait,
  portraitPng,
  tinyImage,
  truncatedImage,
} from "../../support/portraits.js";
import { keylessTenant } from "./_setup.js";

/** A PNG of one brightness, at the best compression there is. */
function plainPng(width: number, height: number): Buffer {
  const picture = new PNG({ width, height });
  picture.data.fill(127);
  return PNG.sync.write(picture);
}

/** An extended WebP's header: flags, then width and height less one. */
function webp(flags: number, missingBytes = 0): Buffer {
  const chunk = Buffer.from([...Buffer.from("WEBPVP8X"), 10, 0, 0, 0, flags, 0, 0, 0, 99, 0, 0, 99, 0, 0]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(chunk.length + missingBytes);
  return Buffer.concat([Buffer.from("RIFF"), length, chunk]);
}

const gifFrame = animatedGif().subarray(19, 42);
const stillGif = Buffer.concat([animatedGif().subarray(0, 19), gifFrame, Buffer.from([0x3b])]);
const bmp = Buffer.concat([
  Buffer.from("BM"),
  Buffer.alloc(12),
  Buffer.from([40, 0, 0, 0, 100, 0, 0, 0, 100, 0, 0, 0]),
  Buffer.alloc(500),
]);
const animatedPng = Buffer.concat([
  portraitPng().subarray(0, 33),
  Buffer.from([0, 0, 0, 8, ...Buffer.from("acTL"), 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]),
  portraitPng().subarray(33),
]);
/** A small JPEG inside the header of a large one that is cut off: its end isn't the picture's. */
const cutBehindThumbnail = Buffer.concat([
  portrait().subarray(0, 2),
  segment(Buffer.concat([Buffer.from("Exif\0\0"), tinyImage()])),
  truncatedImage().subarray(2),
]);
function segment(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xe1, (content.length + 2) >> 8, (content.length + 2) & 0xff]), content]);
}

test.each<[string, Buffer]>([
  ["a JPEG", portrait()],
  ["a PNG", portraitPng()],
  ["a JPEG of 20 MB", largePortrait(20_000_000)],
  ["a JPEG with bytes behind its end", Buffer.concat([portrait(), Buffer.alloc(10)])],
  ["a GIF of one picture", stillGif],
  ["a WebP", webp(0)],
  ["a BMP", bmp],
])("%s is taken, whatever its sender calls it", async (_what, image) => {
  const { agent } = await keylessTenant();
  expect((await agent("offline", image, { "content-type": "image/webp" })).status).toBe(200);
});

test.each<[string, Buffer]>([
  ["nothing", Buffer.alloc(0)],
  ["a Git LFS pointer", Buffer.from(LFS_POINTER)],
  ["text", Buffer.from("no image at all")],
  ["a drawing in SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"></svg>')],
  ["zeros", Buffer.alloc(5_000)],
  ["the first bytes of a JPEG", portrait().subarray(0, 3)],
  ["a JPEG cut off", truncatedImage()],
  ["a JPEG cut off behind its thumbnail", cutBehindThumbnail],
  ["a JPEG that is zeros after its first bytes", Buffer.concat([portrait().subarray(0, 4), Buffer.alloc(30_000_000)])],
  ["a PNG cut off", portraitPng().subarray(0, -4)],
  ["a GIF cut off", stillGif.subarray(0, -1)],
  ["a WebP cut off", webp(0, 1)],
  ["a plain PNG whose picture is broken", plainPng(200, 200).fill(0xaa, 45, 60)],
])("%s is no image: 400", async (_what, image) => {
  const { agent } = await keylessTenant();
  for (const kind of ["offline", "online"] as const)
    expect(await agent(kind, image)).toMatchObject({ status: 400, body: { statusCode: 400 } });
});

test.each<[string, Buffer, RegExp]>([
  ["a blank JPEG", blankImage(), /blank/],
  ["a blank PNG", plainPng(200, 240), /blank/],
  ["a small blank PNG", plainPng(64, 64), /blank/],
  ["a small image", tinyImage(), /smaller than 64x64/],
  ["a long but narrow image", plainPng(1_000, 63), /smaller than 64x64/],
  ["an animated GIF", animatedGif(), /animated/],
  ["an animated PNG", animatedPng, /animated/],
  ["an animated WebP", webp(0x02), /animated/],
  ["a plain PNG of 30 million pixels", plainPng(6_000, 5_000), /more pixels/],
])("%s is filtered, and the answer says why", async (_what, image, why) => {
  const { tenant, agent } = await keylessTenant();
  for (const kind of ["offline", "online"] as const)
    expect(await agent(kind, image)).toMatchObject({
      status: 422,
      body: { title: "Filter Triggered", statusCode: 422, detail: expect.stringMatching(why) },
    });
  expect(tenant.state().keyless.users).toBe(0);
});

test("a picture that is plain, but not blank, is looked at and taken", async () => {
  const picture = new PNG({ width: 400, height: 400 });
  for (let at = 0; at < picture.data.length; at += 4)
    picture.data.fill(at < picture.data.length / 2 ? 60 : 200, at, at + 4);
  const drawing = PNG.sync.write(picture);
  expect(drawing.length / 160_000).toBeLessThan(0.05);
  const { agent } = await keylessTenant();
  expect((await agent("offline", drawing)).status).toBe(200);
});

test("the portraits of the tests are what their names say", () => {
  expect(portrait(1).equals(portrait(1))).toBe(true);
  expect(portrait(1).equals(portrait(2))).toBe(false);
  expect(decode(portrait())).toMatchObject({ width: 200, height: 240 });
  expect(PNG.sync.read(portraitPng(3))).toMatchObject({ width: 200, height: 240 });
  const plain = decode(portrait()).data;
  for (const bytes of [portrait().length, portrait().length + 4, 75_003, 100_000, 1_048_576]) {
    const large = largePortrait(bytes);
    expect(large).toHaveLength(bytes);
    expect(decode(large).data.equals(plain)).toBe(true);
  }
});
