/** A document as a file: replaced as a whole by a rename, so that no reader finds half of one. */
import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AuthnError } from "../../errors.js";
import { conflict, type Place, parseDocument, type Standing } from "./place.js";

/** Everybody may read a JWKS, whatever mask this process works under. */
const PUBLIC_FILE = 0o644;
const PUBLIC_FOLDER = 0o755;

/** @param projectFolder absolute; the base of a relative path */
export function filePlace(file: string, projectFolder: string): Place {
  const path = resolve(projectFolder, file);
  const readText = async (): Promise<string | undefined> => {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unusable(file, error);
    }
  };
  const read = async (): Promise<Standing> => {
    const text = await readText();
    if (text === undefined) return { kind: "absent" };
    return { kind: "document", document: parseDocument(text, file), version: text };
  };
  /** A file system has no compare-and-swap: this finds all but what is written between the two. */
  const compare = async (standing: Standing): Promise<void> => {
    const version = standing.kind === "document" ? standing.version : undefined;
    if ((await readText()) !== version) throw conflict(file);
  };
  return {
    name: file,
    read,
    async write(text, standing) {
      await compare(standing);
      // A link stays one: verifiers may read what it points to.
      const target = await realpath(path).catch(() => path);
      const temporary = `${target}.${randomUUID()}.tmp`;
      try {
        await makePublicFolder(dirname(target));
        const handle = await open(temporary, "wx", PUBLIC_FILE);
        try {
          await handle.chmod(PUBLIC_FILE);
          await handle.writeFile(text);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw unusable(file, error);
      }
    },
    async remove(standing) {
      await compare(standing);
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw unusable(file, error);
      }
    },
  };
}

/** Folders that were there keep their rights. */
async function makePublicFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, PUBLIC_FOLDER);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unusable(file: string, error: unknown): AuthnError {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return new AuthnError({
    code: "ERR_AUTHN_HTTP_NOT_PROCESSED",
    what: `The document can't be read or written at ${file}${code}`,
    remedy: "Check publish.file, and the rights of its folder",
    cause: error,
  });
}
