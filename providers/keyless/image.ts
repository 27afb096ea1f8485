/**
 * A portrait on disk: whether it can be sent, and its SHA-256. The agent takes any `image/*` (contracts/keyless.md, "Agent"), told
 * by the content and never by the name. Whoever wrote the path may not reach out of the project with it.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, read, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { openedAt } from "../host/openedAt.js";
import type { BodySource } from "../http/contract.js";
import { contentOf, statusFault } from "./imageContent.js";

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
  /** The content of the file as it was opened: in memory where it is small, else read from the file for as long as that is open. */
  readonly body: Buffer | BodySource;
  close(): void;
}

export type ImageReading<T> = { readonly ok: true; readonly image: T } | ImageFault;

/** All without a full stop, and never with anything of the content. */
export interface ImageFault {
  readonly ok: false;
  /** With the path before the fault: `faces/ada.jpg is empty`. */
  readonly reason: string;
  readonly fault: string;
  readonly remedy: string;
}

const CHUNK_BYTES = 64 * 1024;
const readAt = promisify(read);

/** @param path absolute, or relative to `projectFolder` */
export function lookAtImage(path: string, projectFolder: string): Promise<ImageReading<ImageFacts>> {
  return withImage(path, projectFolder, async (file, facts) => {
    closeSync(file);
    return { ok: true, image: facts };
  });
}

/** Memory doesn't grow with the file. */
export function hashImage(path: string, projectFolder: string): Promise<ImageReading<HashedImage>> {
  return withImage(path, projectFolder, async (file, facts, head) => {
    const reading = await hashed(file, facts, head);
    closeSync(file);
    return reading;
  });
}

/** Hashed and still open, so that what is sent is what was hashed. The caller closes it. */
export function openImage(path: string, projectFolder: string): Promise<ImageReading<OpenImage>> {
  return withImage(path, projectFolder, async (file, facts, head) => {
    const reading = await hashed(file, facts, head);
    if (!reading.ok) {
      closeSync(file);
      return reading;
    }
    const isWhole = head.length === facts.bytes;
    const body = isWhole ? head : { bytes: facts.bytes, open: () => streamOf(file, facts.bytes) };
    return { ok: true, image: { ...reading.image, body, close: () => closeSync(file) } };
  });
}

/**
 * Opens the file, refuses what can't be a portrait, and leaves it open to `use`; it is closed here only where that throws. What takes
 * microseconds is done at once: handed to another thread, it costs ten times as much, and a thousand people have a thousand pictures.
 */
async function withImage<T>(
  path: string,
  projectFolder: string,
  use: (file: number, facts: ImageFacts, head: Buffer) => Promise<ImageReading<T>>,
): Promise<ImageReading<T>> {
  const absolute = resolve(projectFolder, path);
  if (!isWithin(projectFolder, absolute)) return refuse(path, "lies outside the project's folder", INSIDE);
  const name = relative(projectFolder, absolute).split(sep).join("/") || ".";
  let file: number | undefined;
  try {
    const real = realpathSync.native(absolute);
    if (!isWithin(realFolder(projectFolder), real)) {
      return refuse(name, "is a symbolic link out of the project's folder", INSIDE);
    }
    // Before it is opened, since opening a device may do something, and after it, since another file may have come.
    const fault = statusFault(statSync(real));
    if (fault !== undefined) return refuse(name, ...fault);
    const opened = openSync(real, OPEN_FLAGS);
    file = opened;
    if (!isWithin(realFolder(projectFolder), openedAt(opened, real))) {
      closeSync(opened);
      return refuse(name, "moved out of the project's folder while it was opened", INSIDE);
    }
    const status = fstatSync(opened);
    const laterFault = statusFault(status);
    const head = laterFault === undefined ? headOf(opened, status.size) : Buffer.alloc(0);
    const content = laterFault ?? (await contentOf(head, () => streamOf(opened, status.size)));
    if (typeof content === "string")
      return await use(opened, { path: name, bytes: status.size, mediaType: content }, head);
    closeSync(opened);
    return refuse(name, ...content);
  } catch (error) {
    if (file !== undefined) closeSync(file);
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

// The one folder of a project, asked for with each of its thousand pictures.
const realFolders = new Map<string, string>();

function realFolder(folder: string): string {
  const found = realFolders.get(folder) ?? realpathSync.native(folder);
  realFolders.set(folder, found);
  return found;
}

/** The first piece, which is the whole of most pictures. */
function headOf(file: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytes));
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
}

async function hashed(file: number, facts: ImageFacts, head: Buffer): Promise<ImageReading<HashedImage>> {
  const hash = createHash("sha256").update(head);
  let bytes = head.length;
  const buffer = bytes < facts.bytes ? Buffer.allocUnsafe(CHUNK_BYTES) : head;
  for await (const chunk of chunksOf(file, facts.bytes, () => buffer, bytes)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes < facts.bytes) return refuse(facts.path, "became shorter while it was read", "Run it again");
  return { ok: true, image: { ...facts, sha256: hash.digest("hex") } };
}

function streamOf(file: number, bytes: number): Readable {
  // A new buffer for each chunk: the reader may hold on to those before.
  return Readable.from(
    chunksOf(file, bytes, () => Buffer.allocUnsafe(CHUNK_BYTES)),
    { objectMode: false },
  );
}

/** By position, so that several readers of one file don't disturb each other. */
async function* chunksOf(file: number, bytes: number, nextBuffer: () => Buffer, from = 0): AsyncGenerator<Buffer> {
  for (let position = from; position < bytes; ) {
    const length = Math.min(CHUNK_BYTES, bytes - position);
    const { buffer, bytesRead } = await readAt(file, nextBuffer(), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

function isWithin(folder: string, target: string): boolean {
  const path = relative(folder, target);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function refuse(name: string, fault: string, remedy: string): ImageFault {
  return { ok: false, reason: `${name} ${fault}`, fault, remedy };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
