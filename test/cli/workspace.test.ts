import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chooseBackend, stateFile } from "../../src/cli/backend.js";
import { todaysConfiguration } from "../../src/cli/configuration.js";
import { homeOf, makeHome } from "../../src/cli/home.js";
import { findProject, readProjectStack } from "../../src/cli/project.js";
import { passphraseEnvironment } from "../../src/cli/secrets.js";
import { prepareWorkspace } from "../../src/cli/workspace.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-cli-"));
  await write(
    "Pulumi.yaml",
    "name: shop\nruntime: nodejs\nmain: dist/program.js\nconfig:\n  authn:tenant: embedded\n  region: eu\n",
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), text);
}

async function prepared(stack = "dev", overrides: Record<string, string> = {}) {
  const project = await findProject(folder);
  const home = homeOf(project, {});
  await makeHome(home);
  const settings = await readProjectStack(project, stack);
  await prepareWorkspace(home.workspace(stack), { project, stack, settings, overrides });
  const read = async (name: string): Promise<unknown> =>
    parse(await readFile(join(home.workspace(stack), name), "utf8"));
  return { project, home, settings, read };
}

describe("the project", () => {
  test("is the nearest Pulumi.yaml upward", async () => {
    await mkdir(join(folder, "a", "b"), { recursive: true });
    expect((await findProject(join(folder, "a", "b"))).folder).toBe(folder);
  });

  test("without one, the message says where it looked", async () => {
    await rm(join(folder, "Pulumi.yaml"));
    await expect(findProject(folder)).rejects.toMatchObject({ code: "ERR_AUTHN_USAGE" });
  });

  test("a broken file is named", async () => {
    await write("Pulumi.dev.yaml", "config: [1\n");
    const project = await findProject(folder);
    await expect(readProjectStack(project, "dev")).rejects.toThrow(join(folder, "Pulumi.dev.yaml"));
  });
});

describe("the workspace", () => {
  test("has the project's name and configuration, and the project's folder as main", async () => {
    const { read } = await prepared();
    expect(await read("Pulumi.yaml")).toEqual({
      name: "shop",
      runtime: { name: "nodejs", options: { typescript: false } },
      main: folder,
      config: { "authn:tenant": "embedded", region: "eu" },
    });
  });

  test("configuration taken out of the project's file is gone at the next run, the engine's salt stays", async () => {
    await write("Pulumi.dev.yaml", "config:\n  keyri:url: http://127.0.0.1:1\n  keyri:path: /a\n");
    const { home } = await prepared();
    const copy = join(home.workspace("dev"), "Pulumi.dev.yaml");
    await writeFile(copy, `encryptionsalt: v1:made-by-the-engine\n${await readFile(copy, "utf8")}`);
    await write("Pulumi.dev.yaml", "config:\n  keyri:url: http://127.0.0.1:2\n");
    const { read } = await prepared();
    expect(await read("Pulumi.dev.yaml")).toEqual({
      encryptionsalt: "v1:made-by-the-engine",
      config: { "keyri:url": "http://127.0.0.1:2" },
    });
  });

  test("a salt of the project's own wins: secrets set with it stay readable", async () => {
    await write("Pulumi.dev.yaml", "encryptionsalt: v1:theirs\nconfig:\n  keyri:token:\n    secure: v1:abc\n");
    const { home } = await prepared();
    await writeFile(join(home.workspace("dev"), "Pulumi.dev.yaml"), "encryptionsalt: v1:ours\n");
    const { read } = await prepared();
    expect(await read("Pulumi.dev.yaml")).toEqual({
      encryptionsalt: "v1:theirs",
      config: { "keyri:token": { secure: "v1:abc" } },
    });
  });

  test("a secrets provider is carried over, and the key that the engine made for it kept", async () => {
    await write("Pulumi.dev.yaml", "secretsprovider: awskms://alias/x\n");
    const { home } = await prepared();
    const copy = join(home.workspace("dev"), "Pulumi.dev.yaml");
    await writeFile(copy, "secretsprovider: awskms://alias/x\nencryptedkey: AAAA\n");
    expect(await (await prepared()).read("Pulumi.dev.yaml")).toEqual({
      secretsprovider: "awskms://alias/x",
      encryptedkey: "AAAA",
    });
    await write("Pulumi.dev.yaml", "secretsprovider: gcpkms://other\n");
    expect(await (await prepared()).read("Pulumi.dev.yaml")).toEqual({ secretsprovider: "gcpkms://other" });
  });

  test("an option of the command line stands over the file's configuration, for that run only", async () => {
    await write("Pulumi.dev.yaml", "config:\n  authn:fixtures: a\n");
    expect(await (await prepared("dev", { "authn:fixtures": "b" })).read("Pulumi.dev.yaml")).toEqual({
      config: { "authn:fixtures": "b" },
    });
    expect(await (await prepared()).read("Pulumi.dev.yaml")).toEqual({ config: { "authn:fixtures": "a" } });
  });

  test("nothing outside AUTHN_HOME changes, and what is in it is the owner's alone", async () => {
    await write("Pulumi.dev.yaml", "config:\n  keyri:url: http://127.0.0.1:1\n");
    const { home } = await prepared();
    expect((await readdir(folder)).sort()).toEqual([".authn", "Pulumi.dev.yaml", "Pulumi.yaml"]);
    expect((await stat(home.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home.workspace("dev"), "Pulumi.dev.yaml"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(home.folder, ".gitignore"), "utf8")).toBe("*\n");
  });
});

describe("the passphrase", () => {
  const answer = async (environment: NodeJS.ProcessEnv) => {
    const { project, home, settings } = await prepared();
    const backend = chooseBackend(environment, project, home, folder);
    return await passphraseEnvironment({ environment, backend, home, cwd: folder, stack: "dev", settings });
  };

  test("is made once for the local backend, 0600, and is the same for two who ask at once", async () => {
    const [first, second] = await Promise.all([answer({}), answer({})]);
    const file = join(folder, ".authn", "passphrase");
    // What the engine starts inherits its environment: so the file stands in it, and not what stands in the file.
    expect(first).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
    expect(second).toEqual(first);
    expect((await readFile(file, "utf8")).trim()).toMatch(/^[\w-]{32}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("the caller's is used, an empty one too, and then none is made", async () => {
    expect(await answer({ PULUMI_CONFIG_PASSPHRASE: "" })).toEqual({});
    expect(await answer({ PULUMI_CONFIG_PASSPHRASE_FILE: "p.txt" })).toEqual({
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "p.txt"),
    });
    expect(await readdir(join(folder, ".authn"))).not.toContain("passphrase");
  });

  test("a stack with a salt of its own needs the passphrase that made it", async () => {
    await write("Pulumi.dev.yaml", "encryptionsalt: v1:theirs\n");
    await expect(answer({})).rejects.toMatchObject({ code: "ERR_AUTHN_CONFIGURATION" });
  });

  test("another backend never gets ours: Pulumi Cloud needs none, a bucket asks for the caller's", async () => {
    expect(await answer({ PULUMI_BACKEND_URL: "https://api.pulumi.com" })).toEqual({});
    await expect(answer({ PULUMI_BACKEND_URL: "s3://bucket" })).rejects.toThrow("PULUMI_CONFIG_PASSPHRASE");
    await write("Pulumi.dev.yaml", "secretsprovider: awskms://alias/x\n");
    expect(await answer({ PULUMI_BACKEND_URL: "s3://bucket" })).toEqual({});
  });
});

describe("the backend", () => {
  test("a relative file address counts from where the caller stands, since the engine runs elsewhere", async () => {
    const { project, home } = await prepared();
    const backend = chooseBackend({ PULUMI_BACKEND_URL: "file://./state" }, project, home, "/somewhere");
    expect(backend).toEqual({ url: "file:///somewhere/state", folder: "/somewhere/state", ours: false });
    expect(stateFile(backend, project, "dev")).toBe("/somewhere/state/.pulumi/stacks/shop/dev.json");
  });
});

describe("today's configuration", () => {
  test("the stack's file stands over the project's, names without a namespace are the project's, secrets are known to be set", async () => {
    await write(
      "Pulumi.dev.yaml",
      "config:\n  region: us\n  authn:allowedHosts: [a, b]\n  keyri:token:\n    secure: v1:abc\n",
    );
    const { project, settings } = await prepared();
    const { values, secretKeys } = todaysConfiguration(project, settings);
    expect(values).toEqual({ "authn:tenant": "embedded", "shop:region": "us", "authn:allowedHosts": '["a","b"]' });
    expect([...secretKeys]).toEqual(["keyri:token"]);
  });
});
