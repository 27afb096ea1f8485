import { appendFile, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockPath, readLedger } from "../../../providers/host/ledger/index.js";
import { cutOff, type LedgerProject, ledgerProject, newSeed, scope, secret } from "./_ledger.js";

const seed = newSeed();
let project: LedgerProject;
beforeEach(async () => {
  project = await ledgerProject(seed);
});
afterEach(() => project.remove());

const entries = async (sealedWith = seed) =>
  (await readLedger(project.ledger, sealedWith, scope)).entries.map(({ owner }) => owner.name);
const ada = cutOff("ada/phone");
const grace = cutOff("grace/phone", { status: "done", open: undefined });
const alan = cutOff("alan/phone", { status: "deleting", open: undefined });

describe("`authn ledger status`", () => {
  test("tells what the next up does, without any seed", async () => {
    await project.save([{ name: "grace/phone", id: "id-of-grace/phone", revision: grace.revision }]);
    await project.hold([ada, grace, alan]);
    const said = await project.run(["status"], { AUTHN_SEED: undefined });
    expect(said).toContain(project.ledger);
    expect(said).toMatch(/journals +1, \d+ bytes/);
    expect(said).toContain("1 confirmed, 0 to be put right, 2 unresolved");
    expect(said).toContain("1 in no state cut off on the way");
    expect(said).toContain("1 in no state cut off while they were deleted");
    expect(said).toMatch(/next up +takes over what is declared still, then removes the rest/);
    expect(said).toMatch(/lock +free/);
    expect(said).not.toContain(secret);
  });

  test("of an empty ledger, says that there is nothing, and why checkpoints are kept", async () => {
    await project.save([]);
    const said = await project.run(["status"], { AUTHN_SEED: undefined });
    expect(said).toMatch(/journals +none/);
    expect(said).toMatch(/next up +finds nothing to do here/);
    expect(said).toMatch(/checkpoints +kept: without authn:seed/);
    expect(await project.outputs(["status"])).not.toHaveProperty("checkpointsBecause");
  });

  test("names who holds it, and what is damaged or was cut off", async () => {
    await project.save([]);
    const file = await project.hold([ada, grace]);
    await truncate(file, (await stat(file)).size - 5);
    const other = await project.hold([alan]);
    await appendFile(other, Buffer.alloc(40, 7));
    const holder = {
      operation: "127.0.0.1:1",
      pid: process.pid,
      hostname: hostname(),
      startedAt: "2026-11-01T00:00:00Z",
    };
    await writeFile(lockPath(project.ledger), JSON.stringify(holder));
    const said = await project.run(["status"]);
    expect(said).toContain(`process ${process.pid} on ${hostname()} since 2026-11-01T00:00:00Z`);
    expect(said).toMatch(/the last record was cut off \(\d+ bytes\)/);
    expect(said).toMatch(/damaged from byte \d+ on/);
    expect(said).toMatch(/next up +refuses: a journal is damaged/);
  });

  test("without a stack in the backend, tells what is in it all the same", async () => {
    await project.hold([ada]);
    expect(await project.run(["status"])).toContain("there is no stack dev in it");
    expect(await project.outputs(["status"])).toMatchObject({ unresolved: { open: 1 } });
  });

  test("looks where `pulumi login` says, for a stack that this command never made", async () => {
    const elsewhere = join(project.folder, "elsewhere");
    await writeFile(join(project.folder, "credentials.json"), JSON.stringify({ current: `file://${elsewhere}` }));
    const said = await project.outputs(["status"], { PULUMI_HOME: project.folder });
    expect(said["backend"]).toBe(elsewhere);
  });
});

describe("`authn ledger show`", () => {
  test("lists each with its step and why it is there, and never a secret", async () => {
    await project.save([]);
    await project.hold([ada, grace]);
    const said = await project.run(["show"]);
    expect(said).toContain("KeyriPublicKey ada/phone (people/people.yaml): its create was cut off at step prove");
    expect(said).toContain(
      "KeyriPublicKey grace/phone (people/people.yaml): its create was finished, and no saved state holds it",
    );
    expect(said).toContain("id id-of-ada/phone, http://127.0.0.1:4187, 2026-11-01T10:00:00.000Z");
    const asData = await project.outputs(["show"]);
    expect(asData["entries"]).toMatchObject([{ name: "ada/phone", step: "prove" }, { name: "grace/phone" }]);
    expect(said + JSON.stringify(asData)).not.toContain(secret);
  });

  test("with another seed, refuses by the file's name, and says how to go on", async () => {
    const file = await project.hold([ada]);
    await expect(project.run(["show"], { AUTHN_SEED: newSeed().toString("base64") })).rejects.toMatchObject({
      code: "ERR_AUTHN_LEDGER",
      message: expect.stringMatching(new RegExp(`${file}.*another authn:seed.*AUTHN_PREVIOUS_SEED.*rekey`)),
    });
  });

  test("without a seed, says which is missing", async () => {
    await project.hold([ada]);
    await expect(project.run(["show"], { AUTHN_SEED: undefined })).rejects.toThrow(/no authn:seed/);
  });

  test("of another stack's journal, says whose it is", async () => {
    const file = await project.hold([ada]);
    const [header = "", ...rest] = (await readFile(file, "latin1")).split("\n");
    await writeFile(file, [header.replace('"stack":"dev"', '"stack":"prod"'), ...rest].join("\n"), "latin1");
    await expect(project.run(["show"])).rejects.toThrow(/ledger of stack prod of project shop, not of dev/);
  });
});

describe("`authn ledger forget`", () => {
  test("drops what is named, and says what may stand", async () => {
    await project.hold([ada, grace]);
    const said = await project.run(["forget", "ada/phone"]);
    expect(said).toContain("id id-of-ada/phone");
    expect(said).toContain("forgot 1: what stands of them stays there");
    expect(await entries()).toEqual(["grace/phone"]);
  });

  test("refuses a name that it doesn't have, and names the nearest", async () => {
    await project.hold([ada]);
    await expect(project.run(["forget", "ada/fone"])).rejects.toThrow(/no entry of ada\/fone.*Did you mean ada\/phone/);
    expect(await entries()).toEqual(["ada/phone"]);
  });

  test.each([[[]], [["ada/phone", "--all"]], [["--all", "--damaged"]]])(
    "wants to be told exactly what: %j",
    async (args) => {
      await project.hold([ada]);
      await expect(project.run(["forget", ...args])).rejects.toMatchObject({ code: "ERR_AUTHN_USAGE" });
      expect(await entries()).toEqual(["ada/phone"]);
    },
  );

  test("gives all up where the seed is lost", async () => {
    await project.hold([ada, grace], newSeed());
    expect(await project.run(["forget", "--all"], { AUTHN_SEED: undefined })).toContain("forgot 2 entries");
    expect(await project.journals()).toEqual([]);
  });

  test("keeps the sound entries of a damaged journal, and sets its bytes aside", async () => {
    const file = await project.hold([ada, grace]);
    const bytes = await readFile(file);
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(project.run(["show"])).rejects.toThrow(/damaged.*1 record\(s\).*forget --damaged/);
    const said = await project.run(["forget", "--damaged"]);
    expect(said).toContain(`set aside as ${file}.damaged`);
    expect(await readFile(`${file}.damaged`)).toEqual(bytes);
    expect(await entries()).toEqual(["ada/phone"]);
    expect(await project.run(["forget", "--damaged"])).toContain("no journal is damaged");
  });
});

describe("`authn ledger rekey`", () => {
  const before = newSeed();
  const previous = { AUTHN_PREVIOUS_SEED: before.toString("base64") };

  test("seals every entry with today's seed", async () => {
    await project.hold([ada, grace], before);
    expect(await project.run(["rekey"], previous)).toContain("sealed 2 entries anew");
    expect(await entries()).toEqual(["ada/phone", "grace/phone"]);
    expect(await project.run(["rekey"], previous)).toContain("nothing to do");
  });

  test("goes on where one was killed between writing and taking away", async () => {
    await project.hold([ada, grace], before);
    await project.hold([ada, grace]);
    await project.run(["rekey"], previous);
    expect(await entries()).toEqual(["ada/phone", "grace/phone"]);
    expect(await project.journals()).toHaveLength(1);
  });

  test("changes nothing where the seed of before is missing, or another one", async () => {
    await project.hold([ada], before);
    await expect(project.run(["rekey"])).rejects.toThrow(/AUTHN_PREVIOUS_SEED/);
    await expect(project.run(["rekey"], { AUTHN_PREVIOUS_SEED: newSeed().toString("base64") })).rejects.toThrow(
      /another authn:seed/,
    );
    expect(await entries(before)).toEqual(["ada/phone"]);
  });
});

describe("`authn ledger sweep`", () => {
  test("without --yes, lists what no state holds, and changes nothing", async () => {
    await project.save([{ name: "grace/phone", id: "id-of-grace/phone", revision: grace.revision }]);
    await project.hold([ada, grace]);
    const said = await project.run(["sweep"]);
    expect(said).toContain("KeyriPublicKey ada/phone");
    expect(said).not.toContain("grace/phone");
    expect(said).toContain("--yes removes it");
    expect(await entries()).toEqual(["ada/phone", "grace/phone"]);
  });

  test("where there is no such stack, does nothing unless told that its state is lost", async () => {
    await project.hold([ada]);
    await expect(project.run(["sweep", "--yes"])).rejects.toThrow(/no stack dev.*PULUMI_BACKEND_URL.*--without-state/);
    expect(await project.run(["sweep", "--without-state"])).toContain("KeyriPublicKey ada/phone");
    expect(await entries()).toEqual(["ada/phone"]);
  });

  test("refuses while an engine is at work on the stack: what it has made, its state may not hold yet", async () => {
    await project.save([]);
    await project.hold([ada]);
    await project.lock(process.pid);
    await expect(project.run(["sweep", "--yes"])).rejects.toThrow(/locked by process.*another operation is under way/);
    expect(await entries()).toEqual(["ada/phone"]);
  });

  test("of an empty ledger, has nothing to do", async () => {
    expect(await project.run(["sweep", "--yes"])).toContain("the ledger is empty");
    expect(await readdir(project.folder)).not.toContain(".authn");
  });
});

test("a destroy where there is no such stack removes nothing that another backend's state may hold", async () => {
  await project.hold([ada]);
  const services = { KEYRI_URL: "http://127.0.0.1:1", KEYRI_TOKEN: "token" };
  await expect(project.authn(["destroy"], services)).rejects.toThrow(
    /no stack dev.*ledger isn't empty.*PULUMI_BACKEND_URL/,
  );
  expect(await entries()).toEqual(["ada/phone"]);
});

test("a stack whose ledger is off has none to work on", async () => {
  await expect(project.run(["status"], { AUTHN_LEDGER: "off" })).rejects.toMatchObject({ code: "ERR_AUTHN_USAGE" });
});
