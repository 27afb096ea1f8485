/**
 * A project of a user's own, in a folder of its own, that depends on this package, and the `authn` command run in it with the
 * real engine: what a person does, and what they see.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const command = join(repository, "dist", "src", "cli", "main.js");

const result = z.object({
  result: z.enum(["succeeded", "failed"]),
  changes: z.object({
    create: z.number(),
    update: z.number(),
    replace: z.number(),
    delete: z.number(),
    same: z.number(),
  }),
  durationMs: z.number(),
  outputs: z.record(z.string(), z.unknown()),
});
export type Result = z.infer<typeof result>;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All that was printed. */
  readonly said: string;
  /** The last line of stdout under `--json`. */
  readonly json: Result;
}

export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once this was printed. */
  said(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ran>;
}

export interface Project {
  readonly folder: string;
  readonly home: string;
  write(path: string, content: string | Buffer): Promise<void>;
  /** Runs `authn … --json` and waits for its end. */
  authn(...args: string[]): Promise<Ran>;
  start(...args: string[]): Running;
  /** What the next runs find in the environment; undefined takes a variable away. */
  set(variables: Readonly<Record<string, string | undefined>>): void;
  /** The stack's state file, as it lies on disk. */
  state(stack?: string): Promise<string>;
  /** Every file under the project and its home: path and text. */
  files(): Promise<ReadonlyMap<string, string>>;
  remove(): Promise<void>;
}

export async function createProject(options: {
  readonly name?: string;
  /** The project's own configuration in Pulumi.yaml: `keyri:url`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly fixtures?: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "authn-project-"));
  const home = join(folder, ".authn");
  let environment: Record<string, string | undefined> = { ...options.environment };
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const configuration = Object.entries({ "authn:fixtures": "people", ...options.config });
  await write(
    "Pulumi.yaml",
    [
      `name: ${options.name ?? "fixture-project"}`,
      "runtime: nodejs",
      "config:",
      ...configuration.map(([key, value]) => `  ${key}: { value: ${JSON.stringify(value)} }`),
      "",
    ].join("\n"),
  );
  await write("package.json", JSON.stringify({ name: "fixture-project", private: true, type: "module" }));
  await write("index.js", 'export { default } from "pulumi-authn/program";\n');
  if (options.fixtures !== undefined) await write("people/people.yaml", options.fixtures);
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(repository, join(folder, "node_modules", "pulumi-authn"), "dir");
  await symlink(join(repository, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "dir");

  const start = (...args: string[]): Running => {
    const child = spawn(process.execPath, [command, ...args, "--json"], {
      cwd: folder,
      env: { ...process.env, CI: "true", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    return {
      pid: child.pid ?? 0,
      kill: (signal) => child.kill(signal),
      async said(text) {
        while (!(typeof text === "string" ? (stdout + stderr).includes(text) : text.test(stdout + stderr)))
          await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
      },
      ended: once(child, "close").then(() => {
        const said = `${stderr}\n${stdout}`;
        const lastLine = stdout.trimEnd().split("\n").at(-1) ?? "";
        return {
          code: child.exitCode,
          stdout,
          stderr,
          said,
          get json() {
            return result.parse(JSON.parse(lastLine));
          },
        };
      }),
    };
  };

  return {
    folder,
    home,
    write,
    start,
    authn: (...args) => start(...args).ended,
    set(variables) {
      environment = { ...environment, ...variables };
    },
    state: (stack = "dev") =>
      readFile(join(home, "state", ".pulumi", "stacks", options.name ?? "fixture-project", `${stack}.json`), "utf8"),
    async files() {
      const found = new Map<string, string>();
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (!entry.isFile() || path.includes("node_modules")) continue;
        // A file that was there for a moment only, of a run that goes on, is gone by now.
        const text = await readFile(path, "latin1").catch(() => undefined);
        if (text !== undefined) found.set(path, text);
      }
      return found;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The fixtures of some people, one device each. */
export function peopleYaml(people: Readonly<Record<string, string>>): string {
  return `people:\n${Object.entries(people)
    .map(([key, body]) => `  ${key}: { displayName: ${key}, ${body} }`)
    .join("\n")}\n`;
}
export const phone = "keyri: [{ device: phone }]";
