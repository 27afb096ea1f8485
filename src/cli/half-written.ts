/**
 * What a killed engine leaves half written beside a sound state: gocloud's `fileblob`, which writes a folder backend, makes each file's
 * `.attrs` in place. An empty one is `EOF` to every later command, a missing one is none.
 */
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Backend } from "./backend.js";
import { parseJson } from "./json.js";
import { hasCode, readFileIfPresent } from "./private-file.js";

/**
 * To be called while nobody holds the stack.
 * @param stateFile the stack's, as it lies in the backend's folder; undefined for another backend
 */
export async function clearHalfWritten(
  { folder }: Pick<Backend, "folder">,
  stateFile: string | undefined,
  report: (line: string) => void,
): Promise<void> {
  if (folder === undefined || stateFile === undefined) return;
  const stack = basename(stateFile).replace(/\.gz$/, "");
  const beside = await namesIn(dirname(stateFile));
  const files = [
    ...beside.filter((name) => name.startsWith(stack)).map((name) => join(dirname(stateFile), name)),
    join(folder, ".pulumi", "meta.yaml.attrs"),
  ];
  for (const file of files.filter((name) => name.endsWith(".attrs"))) {
    const text = await readFileIfPresent(file);
    if (text === undefined || parseJson(text) !== undefined) continue;
    await rm(file, { force: true });
    report(`removed ${file}, which a killed engine left half written; the state beside it is whole`);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
