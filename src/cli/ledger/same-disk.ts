/** Whether two paths are on one disk, or are going to be: what takes one away takes the other. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode } from "../private-file.js";

export async function onSameDisk(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([deviceOf(one), deviceOf(other)]);
  return a === b;
}

/** `st_dev` of the path, or of the nearest folder above it that exists. */
async function deviceOf(path: string): Promise<number> {
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return (await stat(existing)).dev;
    } catch (error) {
      if (!hasCode(error, "ENOENT") || dirname(existing) === existing) throw error;
    }
  }
}
