import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { encode } from "jpeg-js";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  hashImage,
  IMAGE_MAX_BYTES,
  lookAtImage,
  type OpenImage,
  openImage,
} from "../../../providers/keyless/image.js";

const jpeg = encode({ data: randomBytes(32 * 32 * 4), width: 32, height: 32 }, 80).data;
const png = PNG.sync.write(new PNG({ width: 16, height: 16 }));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let outside: string;
let project: string;
beforeEach(async () => {
  outside = await mkdtemp(path.join(tmpdir(), "authn-image-"));
  project = path.join(outside, "project");
  await mkdir(path.join(project, "faces"), { recursive: true });
});
afterEach(() => rm(outside, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFile(path.join(project, name), content);
/** Whichever way it is asked for, what can't be sent is refused in the same words. */
async function refusal(name: string): Promise<string> {
  const readings = [await lookAtImage(name, project), await hashImage(name, project), await openImage(name, project)];
  const texts = readings.map((reading) => (reading.ok ? "taken" : `${reading.reason}. ${reading.remedy}`));
  expect(new Set(texts).size).toBe(1);
  return texts[0] ?? "";
}

const another = "Give a portrait as JPEG, PNG or another raster format";
const inside = "Copy the picture into the project";

describe("a picture", () => {
  test("is told by its content, whatever its name says", async () => {
    await write("faces/ada.jpg", png);
    await write("faces/grace", jpeg);
    expect(await lookAtImage("faces/ada.jpg", project)).toEqual({
      ok: true,
      image: { path: "faces/ada.jpg", bytes: png.length, mediaType: "image/png" },
    });
    expect(await lookAtImage("faces/grace", project)).toMatchObject({ image: { mediaType: "image/jpeg" } });
  });

  test("may be named by an absolute path or a winding one, and comes back in its one form", async () => {
    await write("faces/ada.jpg", jpeg);
    for (const name of [path.join(project, "faces", "ada.jpg"), "./faces/../faces//ada.jpg"])
      expect(await hashImage(name, project)).toMatchObject({ image: { path: "faces/ada.jpg", sha256: sha256(jpeg) } });
  });

  test("of many chunks is hashed whole", async () => {
    const large = Buffer.concat([jpeg, randomBytes(3 * 1024 * 1024 + 7)]);
    await write("large.jpg", large);
    expect(await hashImage("large.jpg", project)).toMatchObject({
      image: { bytes: large.length, sha256: sha256(large) },
    });
  });

  test("is a TIFF also where its directory stands at the end, as most programs write it", async () => {
    const tiff = Buffer.alloc(20_000);
    tiff.write("II*\0", "latin1");
    tiff.writeUInt32LE(19_000, 4);
    await write("scan.tif", tiff);
    expect(await lookAtImage("scan.tif", project)).toMatchObject({ image: { mediaType: "image/tiff" } });
  });

  test("behind a link within the project is taken under the link's name", async () => {
    await write("faces/ada.jpg", jpeg);
    await symlink("faces/ada.jpg", path.join(project, "latest.jpg"));
    expect(await lookAtImage("latest.jpg", project)).toMatchObject({ ok: true, image: { path: "latest.jpg" } });
  });

  test("in a project that is itself reached by a link is inside it", async () => {
    await write("faces/ada.jpg", jpeg);
    const link = path.join(outside, "link");
    await symlink(project, link);
    expect(await lookAtImage("faces/ada.jpg", link)).toMatchObject({ ok: true, image: { path: "faces/ada.jpg" } });
  });

  test("of exactly the largest size is taken, and one byte more is refused", async () => {
    await write("edge.jpg", jpeg);
    await truncate(path.join(project, "edge.jpg"), IMAGE_MAX_BYTES);
    expect(await lookAtImage("edge.jpg", project)).toMatchObject({ image: { bytes: IMAGE_MAX_BYTES } });
    await truncate(path.join(project, "edge.jpg"), IMAGE_MAX_BYTES + 1);
    expect(await refusal("edge.jpg")).toBe(
      "edge.jpg is larger than 50 MiB. Scale the picture down: a face needs little",
    );
  });
});

async function read({ body }: Pick<OpenImage, "body">): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : buffer(body.open());
}

describe("an open picture", () => {
  test.each([
    ["small", jpeg],
    ["large", Buffer.concat([jpeg, Buffer.alloc(200_000)])],
  ])("that is %s can be read from its start again and again, and by two at once", async (_, content) => {
    await write("ada.jpg", content);
    const opened = await openImage("ada.jpg", project);
    if (!opened.ok) throw new Error(opened.reason);
    const { image } = opened;
    const facts = { path: "ada.jpg", bytes: content.length, mediaType: "image/jpeg", sha256: sha256(content) };
    expect(image).toMatchObject(facts);
    expect(await Promise.all([read(image), read(image)])).toEqual([content, content]);
    expect(await read(image)).toEqual(content);
    image.close();
  });

  test("is the file that was hashed, though another takes its place meanwhile", async () => {
    await write("ada.jpg", jpeg);
    const opened = await openImage("ada.jpg", project);
    if (!opened.ok) throw new Error(opened.reason);
    await rm(path.join(project, "ada.jpg"));
    await write("ada.jpg", png);
    expect(sha256(await read(opened.image))).toBe(opened.image.sha256);
    opened.image.close();
  });
});

describe("refused, with the reason and what to do", () => {
  test("a file that isn't there", async () => {
    await write("faces/ada.jpg", jpeg);
    const remedy = "Put the picture there, or correct the path";
    expect(await refusal("faces/bob.jpg")).toBe(`faces/bob.jpg doesn't exist. ${remedy}`);
    expect(await refusal("faces/ada.jpg/x")).toBe(`faces/ada.jpg/x doesn't exist. ${remedy}`);
  });

  test("a folder, the project's own too", async () => {
    expect(await refusal("faces")).toBe("faces is a folder. Name one picture in it");
    expect(await refusal(".")).toBe(". is a folder. Name one picture in it");
  });

  test("an empty file", async () => {
    await write("empty.jpg", "");
    expect(await refusal("empty.jpg")).toBe(`empty.jpg is empty. ${another}`);
  });

  test("a path out of the project, though a picture is there", async () => {
    await writeFile(path.join(outside, "ada.jpg"), jpeg);
    await mkdir(path.join(outside, "project-2"));
    await writeFile(path.join(outside, "project-2", "ada.jpg"), jpeg);
    for (const name of ["../ada.jpg", "faces/../../ada.jpg", "../project-2/ada.jpg", path.join(outside, "ada.jpg")])
      expect(await refusal(name)).toBe(`${name} lies outside the project's folder. ${inside}`);
  });

  test("a link out of the project, of the file or of its folder", async () => {
    await writeFile(path.join(outside, "ada.jpg"), jpeg);
    await symlink("../../ada.jpg", path.join(project, "faces", "ada.jpg"));
    await symlink("..", path.join(project, "up"));
    for (const name of ["faces/ada.jpg", "up/ada.jpg"])
      expect(await refusal(name)).toBe(`${name} is a symbolic link out of the project's folder. ${inside}`);
  });

  test("a link to nothing, and links in a circle", async () => {
    await symlink("gone.jpg", path.join(project, "nothing.jpg"));
    await symlink("b.jpg", path.join(project, "a.jpg"));
    await symlink("a.jpg", path.join(project, "b.jpg"));
    expect(await refusal("nothing.jpg")).toMatch(/^nothing\.jpg doesn't exist/);
    expect(await refusal("a.jpg")).toMatch(/^a\.jpg can't be read \(ELOOP\)/);
  });

  test.skipIf(process.platform === "win32")("pipes, sockets and devices, which are never waited for", async () => {
    execFileSync("mkfifo", [path.join(project, "pipe.jpg")]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path.join(project, "socket.jpg"), resolve));
    try {
      for (const name of ["pipe.jpg", "socket.jpg"])
        expect(await refusal(name)).toBe(`${name} is not a regular file. ${another}`);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("a Git LFS pointer, with the command that fetches the picture", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(jpeg)}\nsize ${jpeg.length}\n`;
    await write("ada.jpg", pointer);
    expect(await refusal("ada.jpg")).toBe(
      "ada.jpg is a Git LFS pointer, the picture itself wasn't fetched. Run: git lfs pull",
    );
  });

  test.each([
    ["text", "not a picture", ""],
    ["a drawing of lines", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', " (application/xml)"],
    ["a document", "%PDF-1.7\n", " (application/pdf)"],
    ["an archive", "PK\u0003\u0004 zipped", " (application/zip)"],
    ["zeros", Buffer.alloc(100_000), ""],
  ])("%s under a picture's name", async (_, content, type) => {
    await write("ada.jpg", content);
    expect(await refusal("ada.jpg")).toBe(`ada.jpg is not an image, by its content${type}. ${another}`);
  });

  test("a file that can't be read, whoever asks: a link in a circle", async () => {
    await symlink("ada.jpg", path.join(project, "ada.jpg"));
    expect(await refusal("ada.jpg")).toBe("ada.jpg can't be read (ELOOP). Make it a readable file");
  });

  test("a name that no file can have", async () => {
    expect(await refusal("a\u0000b.jpg")).toMatch(/can't be read \(ERR_INVALID_ARG_VALUE\)/);
  });
});

test.skipIf(process.platform !== "linux")("no file stays open, whatever came of it", async () => {
  await write("ada.jpg", jpeg);
  await write("text.jpg", "not a picture");
  const openFiles = async () => (await readdir("/proc/self/fd")).length;
  const before = await openFiles();
  for (let round = 0; round < 20; round += 1) {
    for (const name of ["ada.jpg", "text.jpg", "faces", "gone.jpg"]) {
      await lookAtImage(name, project);
      await hashImage(name, project);
      const opened = await openImage(name, project);
      if (opened.ok) opened.image.close();
    }
  }
  expect((await openFiles()) - before).toBeLessThan(10);
});

test("a large picture comes in small pieces, so that memory doesn't grow with it", async () => {
  await write("large.jpg", jpeg);
  await truncate(path.join(project, "large.jpg"), IMAGE_MAX_BYTES);
  const opened = await openImage("large.jpg", project);
  if (!opened.ok) throw new Error(opened.reason);
  const { body } = opened.image;
  if (Buffer.isBuffer(body)) throw new Error("the whole picture is in memory");
  const pieces: number[] = [];
  for await (const piece of body.open()) pieces.push(Buffer.byteLength(piece));
  opened.image.close();
  expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(IMAGE_MAX_BYTES);
  expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024);
});
