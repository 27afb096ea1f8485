/** Where a project is: nothing may depend on the working directory, which is the folder of `main`, wherever that is. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder of the nearest `Pulumi.yaml` upward, the base of every relative path; the start folder where there is none. */
export function projectFolder(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml")) || existsSync(join(folder, "Pulumi.yml"))) return folder;
    if (dirname(folder) === folder) return resolve(start);
  }
}

/** AUTHN_HOME, absolute: where what isn't to be tracked is kept. */
export function authnHome(environment: Readonly<Record<string, string | undefined>>, project: string): string {
  return resolve(project, environment["AUTHN_HOME"] || ".authn");
}
