/** The file that takes an operation's comment: tried before the operation begins, so that a wrong path doesn't fail a run that is done. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { AuthnError } from "../../../providers/errors.js";
import type { Operation } from "../operations.js";
import type { Report } from "../report/report.js";
import { type CommentOptions, commentOf, commentOfError } from "./comment.js";

export interface CommentFile {
  write(report: Report, options: CommentOptions): Promise<void>;
  writeError(operation: Operation, stack: string, error: unknown): Promise<void>;
}

/**
 * @returns undefined where no file is asked for
 * @throws AuthnError ERR_AUTHN_USAGE where the file can't be written
 */
export async function commentFile(file: string | undefined, cwd: string): Promise<CommentFile | undefined> {
  if (file === undefined) return undefined;
  const path = resolve(cwd, file);
  try {
    await writeFile(path, "");
  } catch (error) {
    throw new AuthnError({
      code: "ERR_AUTHN_USAGE",
      what: `${path}, which --markdown names, can't be written`,
      remedy: "Name a file in a folder that exists",
      cause: error,
    });
  }
  return {
    write: (report, options) => writeFile(path, commentOf(report, options)),
    writeError: (operation, stack, error) => writeFile(path, commentOfError(operation, stack, error)),
  };
}
