/**
 * A PostgreSQL server of a test's own: a cluster in a temporary folder, reached by a socket in it (no port, no network), with a
 * password. The server's programs come from the machine (`apt-get install postgresql`).
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The folder of `initdb` and `postgres`: on PATH, or where Debian has them; undefined where neither does. */
export const programs = [...(process.env["PATH"] ?? "").split(delimiter), ...debianFolders()].find(
  (folder) => folder !== "" && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")),
);

function debianFolders(): readonly string[] {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(root, version, "bin"));
}

export interface PostgresServer {
  readonly password: string;
  /** For PULUMI_BACKEND_URL, with the password in it. */
  readonly backendUrl: string;
  stop(): Promise<void>;
}

/** The server refuses to run as root: there it gets the account that its package made. */
function account(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (what: string) => Number(execFileSync("id", [what, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export async function startPostgres(password: string): Promise<PostgresServer> {
  const bin = programs ?? "";
  const folder = await mkdtemp(join(tmpdir(), "pg-"));
  const as = account();
  const own = (path: string) => {
    if (as.uid !== undefined && as.gid !== undefined) chownSync(path, as.uid, as.gid);
  };
  await chmod(folder, 0o711);
  own(folder);
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  own(passwordFile);
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  own(data);
  const inFolder = { cwd: folder, ...as };
  const options = ["-U", "authn", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(bin, "initdb"), ["-D", data, `--pwfile=${passwordFile}`, ...options], {
    ...inFolder,
    stdio: "pipe",
  });
  const settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB"];
  const server = spawn(join(bin, "postgres"), ["-D", data, "-k", folder, ...settings], {
    ...inFolder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  while (!said.includes("ready to accept connections")) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${said}`);
    await sleep(50);
  }
  return {
    password,
    backendUrl: `postgres://authn:${encodeURIComponent(password)}@/postgres?host=${folder}&sslmode=disable`,
    async stop() {
      // The quick way out; whoever is connected is let go.
      server.kill("SIGINT");
      if (server.exitCode === null) await once(server, "close");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
