/**
 * A portrait on disk: whether it can be sent, and its SHA-256. The agent takes any `image/*` (contracts/keyless.md, "Agent"), told
 * by the content and never by the name. Whoever wrote the path may not reach out of the project with it.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { contentOf, HEAD_BYTES, statusFault } from "./imageContent.js";

export { IMAGE_MAX_BYTES } from "./imageContent.js";

export interface ImageFacts {
  /** Relative to the project, `/` between names. */
  readonly path: string;
  readonly bytes: number;
  /** By the content: `image/jpeg`. */
  readonly mediaType: string;
}

export interface HashedImage extends ImageFacts {
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface OpenImage extends HashedImage {
  /** The content from the start, of the file as it was opened; any number of times, until `close`. */
  stream(): Readable;
  close(): Promise<void>;
}

export type ImageReading<T> =
  | { readonly ok: true; readonly image: T }
  /** Both without a full stop; the path may stand in them, content never. */
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

const CHUNK_BYTES = 64 * 1024;

/** @param path absolute, or relative to `projectFolder` */
export function lookAtImage(path: string, projectFolder: string): Promise<ImageReading<ImageFacts>> {
  return withImage(path, projectFolder, async (handle, facts) => {
    await handle.close();
    return { ok: true, image: facts };
  });
}

/** Memory doesn't grow with the file. */
export function hashImage(path: string, projectFolder: string): Promise<ImageReading<HashedImage>> {
  return withImage(path, projectFolder, async (handle, facts) => {
    const reading = await hashed(handle, facts);
    await handle.close();
    return reading;
  });
}

/** Hashed and still open, so that what is sent is what was hashed. The caller closes it. */
export function openImage(path: string, projectFolder: string): Promise<ImageReading<OpenImage>> {
  return withImage(path, projectFolder, async (handle, facts) => {
    const reading = await hashed(handle, facts);
    if (!reading.ok) {
      await handle.close();
      return reading;
    }
    const stream = () => streamOf(handle, facts.bytes);
    return { ok: true, image: { ...reading.image, stream, close: () => handle.close() } };
  });
}

/** Opens the file, refuses what can't be a portrait, and leaves the handle to `use`; it is closed here only where that throws. */
async function withImage<T>(
  path: string,
  projectFolder: string,
  use: (handle: FileHandle, facts: ImageFacts) => Promise<ImageReading<T>>,
): Promise<ImageReading<T>> {
  const absolute = resolve(projectFolder, path);
  if (!isWithin(projectFolder, absolute)) return refuse(path, "lies outside the project's folder", INSIDE);
  const name = relative(projectFolder, absolute).split(sep).join("/") || ".";
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(absolute);
    if (!isWithin(await realpath(projectFolder), real)) {
      return refuse(name, "is a symbolic link out of the project's folder", INSIDE);
    }
    // Before it is opened, since opening a device may do something, and after it, since another file may have come.
    const fault = statusFault(await stat(real));
    if (fault !== undefined) return refuse(name, ...fault);
    handle = await open(real, OPEN_FLAGS);
    const status = await handle.stat();
    const content = statusFault(status) ?? (await contentOfFile(handle, status.size));
    if (typeof content === "string") return await use(handle, { path: name, bytes: status.size, mediaType: content });
    await handle.close();
    return refuse(name, ...content);
  } catch (error) {
    await handle?.close();
    const code = codeOf(error);
    const isMissing = code === "ENOENT" || code === "ENOTDIR";
    return isMissing
      ? refuse(name, "doesn't exist", "Put the picture there, or correct the path")
      : refuse(name, `can't be read (${code})`, "Make it a readable file");
  }
}

const INSIDE = "Copy the picture into the project";
// O_NONBLOCK: a pipe that took the file's place would be waited for without end. Windows has neither flag.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

async function contentOfFile(handle: FileHandle, bytes: number): ReturnType<typeof contentOf> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return contentOf(buffer.subarray(0, bytesRead), () => streamOf(handle, bytes));
}

async function hashed(handle: FileHandle, facts: ImageFacts): Promise<ImageReading<HashedImage>> {
  const hash = createHash("sha256");
  let bytes = 0;
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for await (const chunk of chunksOf(handle, facts.bytes, () => buffer)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes < facts.bytes) return refuse(facts.path, "became shorter while it was read", "Run it again");
  return { ok: true, image: { ...facts, sha256: hash.digest("hex") } };
}

function streamOf(handle: FileHandle, bytes: number): Readable {
  // A new buffer for each chunk: the reader may hold on to those before.
  return Readable.from(
    chunksOf(handle, bytes, () => Buffer.allocUnsafe(CHUNK_BYTES)),
    { objectMode: false },
  );
}

/** By position, so that several readers of one handle don't disturb each other. */
async function* chunksOf(handle: FileHandle, bytes: number, nextBuffer: () => Buffer): AsyncGenerator<Buffer> {
  for (let position = 0; position < bytes; ) {
    const length = Math.min(CHUNK_BYTES, bytes - position);
    const { buffer, bytesRead } = await handle.read(nextBuffer(), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

function isWithin(folder: string, target: string): boolean {
  const path = relative(folder, target);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function refuse(name: string, reason: string, remedy: string): { ok: false; reason: string; remedy: string } {
  return { ok: false, reason: `${name} ${reason}`, remedy };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
