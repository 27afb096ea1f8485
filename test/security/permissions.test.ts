/** What the tool leaves on disk, under the widest mask that a shell can have: for its owner's eyes alone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createProject, peopleYaml, phone } from "../engine/_project.js";

const command = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

async function modesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const modes = new Map<string, string>();
  for (const path of [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))])
    modes.set(relative(folder, path), ((await stat(path)).mode & 0o777).toString(8));
  return modes;
}

test.skipIf(process.platform === "win32")(
  "whatever an operation leaves in AUTHN_HOME is shut to everybody else, though the mask is 000",
  async () => {
    const project = await createProject({
      config: { "authn:tenant": "embedded" },
      fixtures: peopleYaml({ ada: phone }),
    });
    onTestFinished(() => project.remove());
    const shell = ["-c", 'umask 000; exec "$0" "$@"', process.execPath, command, "up", "--json"];
    const up = spawn("sh", shell, { cwd: project.folder, env: { ...process.env, CI: "true" }, stdio: "ignore" });
    expect(await once(up, "exit")).toEqual([0, null]);

    const modes = await modesIn(project.home);
    const folders = ["", "state", "tenant", "workspace", "workspace/dev"];
    expect(folders.map((folder) => [folder, modes.get(folder)])).toEqual(folders.map((folder) => [folder, "700"]));
    expect([...modes.keys()]).toContain("passphrase");
    const open = [...modes].filter(([, mode]) => mode !== "600" && mode !== "700");
    expect(open).toEqual([]);
  },
);
