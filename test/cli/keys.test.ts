import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Ring } from "../../providers/baikal/ring/ring.js";
import { commandLine } from "../../src/cli/command-line.js";
import { fileOf, signingKeyOf } from "../../src/cli/keys/signing-key.js";
import { realRing, savedResource, stateText } from "./_rings.js";

let made: Awaited<ReturnType<typeof realRing>>;
let other: Awaited<ReturnType<typeof realRing>>;
beforeAll(async () => {
  [made, other] = await Promise.all([realRing(2), realRing(1)]);
});

let folder: string;
let dir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-keys-"));
  dir = join(folder, "keys");
  await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stateFile = () => join(folder, ".authn", "state", ".pulumi", "stacks", "shop", "dev.json");
/** The active key of a ring, as a resource that holds it; secrets of such a state aren't encrypted. */
const holder = (name: string, ring: Ring | undefined, pem = made.pem) => {
  if (ring === undefined) throw new TypeError("no such ring");
  const { kid = "" } = ring.keys.find(({ state }) => state === "active") ?? {};
  return savedResource(name, ring, {}, { activePrivateKey: pem(kid) });
};
async function holding(...resources: Parameters<typeof stateText>[0]) {
  await mkdir(dirname(stateFile()), { recursive: true });
  await writeFile(stateFile(), stateText(resources));
}

async function write(...args: string[]) {
  const said: string[] = [];
  const output = new PassThrough({ encoding: "utf8" }).on("data", (text: string) => said.push(text));
  const never = new AbortController().signal;
  const surroundings = {
    cwd: folder,
    environment: { ...process.env, PULUMI_CONFIG_PASSPHRASE: "" },
    stdout: output,
    stderr: output,
    pid: process.pid,
    clockMs: () => Date.now(),
    stop: never,
    now: never,
  };
  try {
    await commandLine("0", surroundings, () => {}).parseAsync(["keys", "write", "--dir", "keys", ...args], {
      from: "user",
    });
  } finally {
    await new Promise(setImmediate);
    expect(said.join("")).not.toContain("PRIVATE");
  }
  return said.join("");
}
const text = (file: string) => readFile(join(dir, file), "utf8");
const activePem = (ring: Ring | undefined) => made.pem(ring?.keys.find(({ state }) => state === "active")?.kid ?? "");
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("`authn keys write`", () => {
  test("writes the one key that may sign, for its owner alone, and leaves nothing beside the directory", async () => {
    const before = await readdir(folder);
    await holding(holder("clients/billing", made.rings[0]));
    const said = await write();
    expect(said).toMatch(/wrote billing\.pem: \S{8}…/);
    expect(await readdir(dir)).toEqual(["billing.pem"]);
    expect(await text("billing.pem")).toBe(activePem(made.rings[0]));
    expect([await modeOf(dir), await modeOf(join(dir, "billing.pem"))]).toEqual(["700", "600"]);
    expect((await readdir(folder)).toSorted()).toEqual([".authn", ...before, "keys"].toSorted());
    const home = await readdir(join(folder, ".authn"), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      home.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")),
    );
    // The one place is the fabricated state, which stands for the encrypted one.
    expect(texts.filter((each) => each.includes("PRIVATE"))).toHaveLength(1);
  });

  test("puts the promoted key in the place of the one before, and touches nothing where it stands already", async () => {
    await holding(holder("clients/billing", made.rings[0]));
    await write();
    await chmod(join(dir, "billing.pem"), 0o644);
    expect(await write()).toContain("stands billing.pem");
    expect(await modeOf(join(dir, "billing.pem"))).toBe("600");
    await holding(holder("clients/billing", made.rings[1]));
    // Another machine's AUTHN_HOME: the key itself tells that the file is this ring's.
    await rm(join(folder, ".authn", "key-files.json"));
    expect(await write()).toContain("wrote billing.pem");
    expect(await text("billing.pem")).toBe(activePem(made.rings[1]));
    expect(await readdir(dir)).toEqual(["billing.pem"]);
  });

  test("of several rings writes those that are named; each has a file of its own", async () => {
    await holding(holder("clients/billing", made.rings[0]), holder("clients/shop", other.rings[0], other.pem));
    await write("--ring", "shop");
    expect(await readdir(dir)).toEqual(["shop.pem"]);
    const { result, outputs } = JSON.parse((await write("--json")).trim().split("\n").at(-1) ?? "");
    expect(result).toBe("succeeded");
    expect(outputs.keys.map(({ ring, file, state }: Record<string, string>) => [ring, file, state])).toEqual([
      ["clients/billing", "billing.pem", "written"],
      ["clients/shop", "shop.pem", "unchanged"],
    ]);
    await expect(write("--ring", "bill")).rejects.toThrow(/Did you mean billing\?/);
  });

  test("refuses a directory where another private key lies, hidden or not, and names it", async () => {
    await holding(holder("clients/billing", made.rings[0]), holder("clients/shop", other.rings[0], other.pem));
    await mkdir(dir);
    const strange = await realRing(1);
    await writeFile(join(dir, ".hidden"), strange.pem(strange.rings[0]?.keys[0]?.kid ?? ""));
    await writeFile(join(dir, "notes.txt"), "no key");
    await expect(write()).rejects.toThrow(/\.hidden: not written by this command.*2 new key files were not written/s);
    expect((await readdir(dir)).toSorted()).toEqual([".hidden", "notes.txt"]);
    // A second key of the ring, under another name, may sign just as well.
    await writeFile(join(dir, ".hidden"), activePem(made.rings[1]));
    await expect(write()).rejects.toThrow(/\.hidden: another key file of clients\/billing/);
  });

  test("goes on with a rotation though a stranger's key has come in, and still fails", async () => {
    await holding(holder("clients/billing", made.rings[0]));
    await write();
    const strange = await realRing(1);
    await writeFile(join(dir, "x"), strange.pem(strange.rings[0]?.keys[0]?.kid ?? ""));
    await holding(holder("clients/billing", made.rings[1]));
    await expect(write()).rejects.toMatchObject({ code: "ERR_AUTHN_STATE" });
    expect(await text("billing.pem")).toBe(activePem(made.rings[1]));
  });

  test("never takes the place of a file that isn't its own, key or not", async () => {
    await holding(holder("clients/billing", made.rings[0]));
    await mkdir(dir);
    for (const theirs of ["a certificate, perhaps", other.pem(other.rings[0]?.keys[0]?.kid ?? "")]) {
      await writeFile(join(dir, "billing.pem"), theirs);
      await expect(write()).rejects.toThrow(/billing\.pem: not written by this command/);
      expect(await text("billing.pem")).toBe(theirs);
    }
  });

  test("tells of the file of a ring that is gone, and leaves it", async () => {
    await holding(holder("clients/billing", made.rings[0]), holder("clients/shop", other.rings[0], other.pem));
    await write();
    await holding(holder("clients/billing", made.rings[0]));
    expect(await write()).toContain("warning: shop.pem holds a key of clients/shop, which the stack has no more");
    expect(await readdir(dir)).toContain("shop.pem");
    await rm(join(dir, "shop.pem"));
    expect(await write()).not.toContain("shop");
  });

  test("writes no key that isn't published, whose private half is another's, or of a ring without any", async () => {
    const [ring] = made.rings;
    if (ring === undefined) throw new TypeError("no ring");
    const keys = ring.keys.map(({ publishedAt: _, seenAt: __, ...key }) => key);
    for (const [resource, reason] of [
      [holder("clients/billing", { ...ring, keys }), /isn't published yet/],
      [holder("clients/billing", ring, () => other.pem(other.rings[0]?.keys[0]?.kid ?? "")), /isn't that of the kid/],
      [savedResource("clients/billing", ring), /no signing key yet/],
    ] as const) {
      await holding(resource, holder("clients/shop", other.rings[0], other.pem));
      await expect(write()).rejects.toThrow(reason);
      expect(await readdir(dir)).toEqual(["shop.pem"]);
    }
  });

  test("follows a link to its directory, and takes away what a killed run left beside it", async () => {
    await holding(holder("clients/billing", made.rings[0]));
    await mkdir(join(folder, "real", "keys"), { recursive: true });
    await symlink(join(folder, "real", "keys"), dir);
    const left = join(folder, "real", ".keys.authn-abc");
    await mkdir(left);
    await utimes(left, new Date(0), new Date(0));
    await write();
    expect(await readdir(join(folder, "real"))).toEqual(["keys"]);
    expect(await readdir(join(folder, "real", "keys"))).toEqual(["billing.pem"]);
  });

  test("waits for no pipe, and passes over encrypted keys, public ones and folders", async () => {
    await holding(holder("clients/billing", made.rings[0]));
    await mkdir(join(dir, "folder"), { recursive: true });
    execFileSync("mkfifo", [join(dir, "pipe")]);
    await symlink("loop", join(dir, "loop"));
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const locked = { cipher: "aes-128-cbc", passphrase: "x", format: "pem" } as const;
    await writeFile(join(dir, "pkcs8.pem"), privateKey.export({ ...locked, type: "pkcs8" }));
    await writeFile(join(dir, "sec1.pem"), privateKey.export({ ...locked, type: "sec1" }));
    await writeFile(join(dir, "public.pem"), publicKey.export({ format: "pem", type: "spki" }));
    expect(await write()).toContain("wrote billing.pem");
  });

  test("knows each ring's file where two rings have one key", async () => {
    await holding(holder("clients/billing", made.rings[0]), holder("clients/shop", made.rings[0]));
    await write();
    await rm(join(folder, ".authn", "key-files.json"));
    expect(await write()).toContain("stands shop.pem");
  });

  test("tells which file couldn't be written, and leaves nothing beside the directory", async () => {
    const name = `clients/${"long".repeat(70)}`;
    await holding(holder(name, made.rings[0]));
    await expect(write()).rejects.toMatchObject({ code: "ERR_AUTHN_STATE" });
    expect((await readdir(folder)).toSorted()).toEqual([".authn", "Pulumi.yaml", "keys"]);
  });

  test("says which stack, ring or directory there isn't", async () => {
    await expect(write()).rejects.toThrow(/There is no stack dev yet/);
    await holding();
    await expect(write()).rejects.toThrow(/holds no key ring/);
    await holding(holder("clients/billing", made.rings[0]));
    await writeFile(dir, "a file");
    await expect(write()).rejects.toThrow(/it is no directory/);
  });
});

test("a key that the engine couldn't decrypt is the passphrase's fault, and not the ring's", async () => {
  const undecrypted = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: "null" };
  const [ring] = made.rings;
  if (ring === undefined) throw new TypeError("no ring");
  const resource = savedResource("clients/billing", ring, {}, { activePrivateKey: undecrypted });
  await expect(signingKeyOf(resource)).rejects.toThrow(/can't be decrypted.*PULUMI_CONFIG_PASSPHRASE/);
});

test("a ring's name can't lead out of the directory, and is never a hidden file's", () => {
  expect(fileOf("clients/billing")).toBe("billing.pem");
  expect(fileOf("../../etc/x")).toBe("%2E.%2F..%2Fetc%2Fx.pem");
  expect(fileOf("clients/.hidden")).toBe("%2Ehidden.pem");
});
