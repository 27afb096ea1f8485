/** A machine of its own for a test: a home folder, a PATH, and shell scripts that answer `pulumi version` as the engine does. */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Ways } from "../../../src/cli/engine/cache.js";
import { locateEngine } from "../../../src/cli/engine/find.js";
import { versionsFolder } from "../../../src/cli/engine/home.js";
import type { Acquire } from "../../../src/cli/engine/installer.js";
import { limits } from "../../../src/cli/engine/pinned.js";
import { platformNames } from "../../../src/cli/engine/platform.js";
import type { Engine } from "../../../src/cli/engine/types.js";

const names = platformNames("linux");

export class Machine {
  readonly home: string;
  readonly lines: string[] = [];
  readonly environment: NodeJS.ProcessEnv;
  installs = 0;
  builds = 0;
  install: Acquire = async () => ({ reason: "its server can't be reached" });
  build: Acquire = async () => ({ reason: "no `go` on PATH" });

  private constructor(home: string) {
    this.home = home;
    // The system's own folders stay on PATH for the scripts' sake; they hold no engine.
    this.environment = { HOME: home, PATH: `${join(home, "tools", "bin")}:/usr/bin:/bin` };
  }

  static async create(): Promise<Machine> {
    return new Machine(await realpath(await mkdtemp(join(tmpdir(), "authn-engine-"))));
  }

  async dispose(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  get pathFolder(): string {
    return join(this.home, "tools", "bin");
  }

  get versions(): string {
    return versionsFolder(this.environment, names);
  }

  root(version: string): string {
    return join(this.versions, version);
  }

  find(overrides: Partial<Ways["limits"]> = {}): Promise<Engine> {
    return locateEngine(
      { environment: this.environment, report: (line) => this.lines.push(line) },
      {
        names,
        versions: this.versions,
        limits: { ...limits, lockPollMs: 5, ...overrides },
        acquire: {
          installer: (...parts) => {
            this.installs += 1;
            return this.install(...parts);
          },
          go: (...parts) => {
            this.builds += 1;
            return this.build(...parts);
          },
        },
        now: Date.now,
      },
    );
  }

  /** Everything that lies in the cache, temporary things included. */
  async cacheEntries(): Promise<string[]> {
    return (await readdir(this.versions).catch(() => [])).sort();
  }

  async versionRuns(): Promise<number> {
    const log = await readFile(join(this.home, "runs"), "utf8").catch(() => "");
    return log.split("\n").length - 1;
  }

  /** Writes an engine that tells `version`, with a launcher beside it, into `folder`. */
  async putEngine(folder: string, version: string, parts: { launcher?: boolean; script?: string } = {}): Promise<void> {
    const log = `echo run >> '${join(this.home, "runs")}'`;
    await writeScript(join(folder, names.engine), parts.script ?? `${log}\necho v${version}`);
    if (parts.launcher ?? true) await writeScript(join(folder, names.launcher), "exit 0");
  }

  /** A stand-in for the installer or the build that makes a whole engine. */
  making(version: string): Acquire {
    return async (root) => {
      await this.putEngine(join(root, "bin"), version, { launcher: false });
      return { got: root };
    };
  }
}

export async function writeScript(path: string, body: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Written by another process: a file that this one held open for writing while a test forks can't be started (ETXTBSY).
  execFileSync("/bin/sh", ["-c", 'cat > "$0"', path], { input: `#!/bin/sh\n${body}\n` });
  await chmod(path, 0o755);
}
