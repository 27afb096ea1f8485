/** Finding a program on PATH without starting it: the first executable file of that name, as a shell would choose. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** True for a regular file that this user may execute (on Windows: that exists). */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** `PATH`, under whichever spelling the system gives it: Windows says `Path`. */
export function searchPath(environment: NodeJS.ProcessEnv): string {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH");
  return (name === undefined ? undefined : environment[name]) ?? "";
}

/** Absolute path of the first `file` on PATH. Relative entries are passed over: what they name changes with the folder. */
export async function findOnPath(file: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of searchPath(environment).split(delimiter)) {
    const candidate = join(folder, file);
    if (isAbsolute(folder) && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}
