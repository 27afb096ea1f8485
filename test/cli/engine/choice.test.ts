import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Machine } from "./_machine.js";

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.create();
});
afterEach(() => machine.dispose());

test("AUTHN_ENGINE=path takes no cached engine and gets none", async () => {
  machine.environment["AUTHN_ENGINE"] = "path";
  machine.build = machine.making("3.228.0");
  await machine.putEngine(join(machine.root("3.228.0"), "bin"), "3.228.0");
  await expect(machine.find()).rejects.toMatchObject({
    code: "ERR_AUTHN_ENGINE",
    what: "No Pulumi engine was found, nor could one be had (AUTHN_ENGINE=path allows one way only): PATH: no `pulumi` on PATH",
  });
  expect(machine.installs + machine.builds).toBe(0);
});

test.each(["go", "installer"] as const)(
  "AUTHN_ENGINE=%s passes over PATH, gets the engine once and finds it again",
  async (choice) => {
    machine.environment["AUTHN_ENGINE"] = choice;
    await machine.putEngine(machine.pathFolder, "3.250.0");
    machine.install = machine.build = machine.making("3.228.0");
    await expect(machine.find()).resolves.toMatchObject({ source: choice, root: machine.root("3.228.0") });
    await expect(machine.find()).resolves.toMatchObject({ source: "versions", root: machine.root("3.228.0") });
    expect({ installer: machine.installs, go: machine.builds }).toEqual({ installer: 0, go: 0, [choice]: 1 });
  },
);

test("AUTHN_ENGINE=go leaves an engine of another source alone and puts its own beside it", async () => {
  await machine.putEngine(join(machine.root("3.228.0"), "bin"), "3.228.0");
  machine.environment["AUTHN_ENGINE"] = "go";
  machine.build = machine.making("3.228.0");
  await expect(machine.find()).resolves.toMatchObject({ source: "go", root: machine.root("3.228.0+go") });
  await expect(machine.find()).resolves.toMatchObject({ source: "versions", root: machine.root("3.228.0+go") });
  expect(await machine.cacheEntries()).toEqual(["3.228.0", "3.228.0+go"]);
  expect(machine.builds).toBe(1);
});

test("an unknown AUTHN_ENGINE is refused with the words that it takes", async () => {
  machine.environment["AUTHN_ENGINE"] = "docker";
  await expect(machine.find()).rejects.toThrow(/AUTHN_ENGINE is "docker"\. Set it to path, installer or go/);
});

test("with no network nor Go a person is told what was tried and the three ways out", async () => {
  const failure = machine.find();
  await expect(failure).rejects.toMatchObject({ code: "ERR_AUTHN_ENGINE" });
  await expect(failure).rejects.toThrow(
    /PATH: no `pulumi`.*cache: none in .*Pulumi's installer: its server can't be reached.*Go: no `go` on PATH/,
  );
  await expect(failure).rejects.toThrow(
    /\(1\) install the Pulumi CLI.*\n.*\(2\) let this machine reach get\.pulumi\.com.*\n.*\(3\) install Go/,
  );
});
