/** Whether a file can be a portrait: by what kind of file it is, its size, and its first bytes. Its name and the rest don't count. */
import type { Stats } from "node:fs";
import type { Readable } from "node:stream";
import { fileTypeFromBuffer, fileTypeFromStream } from "file-type";

export const IMAGE_MAX_BYTES = 50 * 1024 * 1024;

type Refusal = readonly [reason: string, remedy: string];

const ANOTHER = "Give a portrait as JPEG, PNG or another raster format";
// Git LFS, docs/spec.md, "The Pointer": the first line of what stands in place of a file that wasn't fetched.
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

export function statusFault(status: Stats): Refusal | undefined {
  if (status.isDirectory()) return ["is a folder", "Name one picture in it"];
  if (!status.isFile()) return ["is not a regular file", ANOTHER];
  if (status.size === 0) return ["is empty", ANOTHER];
  if (status.size <= IMAGE_MAX_BYTES) return undefined;
  return [`is larger than ${IMAGE_MAX_BYTES / 1024 / 1024} MiB`, "Scale the picture down: a face needs little"];
}

/** What file-type takes for a sample. */
const SAMPLE_BYTES = 4096;

/** The media type, or why the content can't be sent. @param whole the content from its start, opened where the head doesn't tell */
export async function contentOf(head: Buffer, whole: () => Readable): Promise<string | Refusal> {
  if (head.toString("latin1", 0, LFS_POINTER.length) === LFS_POINTER) {
    return ["is a Git LFS pointer, the picture itself wasn't fetched", "Run: git lfs pull"];
  }
  // What tells a TIFF from its relatives mostly stands at its end.
  const type = (await fileTypeFromBuffer(head.subarray(0, SAMPLE_BYTES))) ?? (await fileTypeFromStream(whole()));
  if (type?.mime.startsWith("image/")) return type.mime;
  return [`is not an image, by its content${type === undefined ? "" : ` (${type.mime})`}`, ANOTHER];
}
