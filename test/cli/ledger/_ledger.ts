/** A project with a ledger of real journals, and `authn ledger …` run in it as a person runs it. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { z } from "zod";
import { type LedgerEntry, rewriteLedger } from "../../../providers/host/ledger/index.js";
import { commandLine } from "../../../src/cli/command-line.js";
import type { Surroundings } from "../../../src/cli/surroundings.js";

export const scope = { project: "shop", stack: "dev" };
export const secret = "a-private-key-that-nobody-may-read";

type Environment = Readonly<Record<string, string | undefined>>;

export const newSeed = () => randomBytes(32);

/** @param seed today's authn:seed, by the environment */
export async function ledgerProject(seed: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), "authn-ledger-"));
  const ledger = join(folder, ".authn", "ledger", "shop", "dev");
  await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  const journals = async () => (await readdir(ledger).catch(() => [])).filter((name) => name.endsWith(".journal"));
  return {
    folder,
    ledger,
    journals,
    /** One more journal; those of before stay. */
    async hold(entries: readonly LedgerEntry[], sealedWith = seed) {
      const aside = await mkdtemp(join(tmpdir(), "authn-ledger-"));
      await rewriteLedger(aside, sealedWith, scope, entries);
      const [name = ""] = await readdir(aside);
      await mkdir(ledger, { recursive: true });
      await copyFile(join(aside, name), join(ledger, name));
      await rm(aside, { recursive: true });
      return join(ledger, name);
    },
    /** The state of a folder backend that holds these. */
    async save(resources: readonly Held[], more: object = {}) {
      const file = join(folder, ".authn", "state", ".pulumi", "stacks", "shop", "dev.json");
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, savedText(resources, more));
    },
    /** As a running engine locks the stack. */
    async lock(pid: number) {
      const file = join(folder, ".authn", "state", ".pulumi", "locks", "organization", "shop", "dev", "a.json");
      await mkdir(dirname(file), { recursive: true });
      const timestamp = new Date().toISOString();
      await writeFile(file, JSON.stringify({ pid, username: "ada", hostname: hostname(), timestamp }));
    },
    surroundings(output: PassThrough, environment: Environment = {}): Surroundings {
      const never = new AbortController().signal;
      const own = { PULUMI_HOME: join(folder, "pulumi"), AUTHN_SEED: seed.toString("base64") };
      return {
        cwd: folder,
        environment: { ...process.env, ...own, ...environment },
        stdout: output,
        stderr: output,
        pid: process.pid,
        clockMs: () => Date.now(),
        stop: never,
        now: never,
      };
    },
    /** `authn ledger …` @returns all that was said */
    run(args: readonly string[], environment: Environment = {}) {
      return this.authn(["ledger", ...args], environment);
    },
    async authn(args: readonly string[], environment: Environment = {}) {
      const said: string[] = [];
      const output = new PassThrough({ encoding: "utf8" }).on("data", (text: string) => said.push(text));
      const command = commandLine("0", this.surroundings(output, environment), () => {});
      await command.parseAsync([...args], { from: "user" });
      await new Promise(setImmediate);
      return said.join("");
    },
    async outputs(args: readonly string[], environment: Environment = {}) {
      const lines = (await this.run([...args, "--json"], environment)).trimEnd().split("\n");
      return z.object({ outputs: z.record(z.string(), z.unknown()) }).parse(JSON.parse(lines.at(-1) ?? "")).outputs;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
export type LedgerProject = Awaited<ReturnType<typeof ledgerProject>>;

export interface Held {
  readonly name: string;
  readonly id: string;
  readonly revision: string;
}

/** As the engine writes it. */
export function savedText(resources: readonly Held[], more: object = {}): string {
  const type = "pulumi-nodejs:dynamic/authn:KeyriPublicKey";
  const urn = (name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
  const saved = resources.map(({ name, id, revision }) => ({
    ...{ urn: urn(name), custom: true, id, type },
    outputs: { revision },
  }));
  return JSON.stringify({
    version: 3,
    checkpoint: { stack: "organization/shop/dev", latest: { resources: saved, ...more } },
  });
}

const revisionOf = (name: string) => Buffer.from(name.padEnd(12, "-").slice(0, 12)).toString("base64url");

/** An entry of a create that was cut off at its proof, with a secret in its state. */
export function cutOff(name: string, rest: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    revision: revisionOf(name),
    owner: { ...scope, type: "KeyriPublicKey", name, declaredIn: "people/people.yaml" },
    fingerprint: "f",
    service: "http://127.0.0.1:4187",
    operation: "create",
    status: "open",
    id: `id-of-${name}`,
    state: { username: name, privateKey: secret },
    open: { step: "prove", outcome: "unknown" },
    atMs: Date.parse("2026-11-01T10:00:00Z"),
    ...rest,
  };
}
