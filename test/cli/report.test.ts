import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { explainedFailures } from "../../src/cli/report/failures.js";
import { personRows } from "../../src/cli/report/people.js";
import { planLines } from "../../src/cli/report/plan.js";
import { reportOf } from "../../src/cli/report/report.js";
import { failureLines, summaryLine } from "../../src/cli/report/summary.js";
import { renderTable } from "../../src/cli/report/table.js";
import { errorOf, parsed, secret, stackOutputs, step, unknown, urn } from "./_events.js";

const ada = { username: "ada", owner: { declaredIn: "ada in fixtures/people.yaml" } };
const end = "resOutputsEvent";
const colors = pc.createColors(false);

describe("the counts", () => {
  test("a run without changes says how many are unchanged, counting no stack, component or provider", () => {
    const provider = {
      op: "same",
      urn: urn("default", "pulumi:providers:pulumi-nodejs"),
      type: "pulumi:providers:pulumi-nodejs",
    };
    const component = {
      op: "same",
      urn: urn("people", "pulumi-authn:index:FixtureSet"),
      type: "pulumi-authn:index:FixtureSet",
    };
    const report = reportOf("up", [
      parsed({ resOutputsEvent: { metadata: { ...provider, new: { custom: true, inputs: {} } } } }),
      parsed({ resOutputsEvent: { metadata: { ...component, new: { inputs: {} } } } }),
      step(end, { op: "same", name: "ada/phone", before: ada, after: ada }),
      step(end, { op: "same", name: "alan/phone", before: ada, after: ada }),
      stackOutputs({}),
    ]);
    expect(report.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 2 });
    expect(summaryLine(report, 2_100)).toBe("2 unchanged in 2.1 s");
  });

  test("a replacement is one change, in either order of its steps", () => {
    const steps = [
      step(end, { op: "create-replacement", name: "ada/phone", before: ada, after: ada }),
      step(end, { op: "replace", name: "ada/phone", before: ada, after: ada }),
      step(end, { op: "delete-replaced", name: "ada/phone", before: ada }),
    ];
    for (const order of [steps, steps.toReversed()]) {
      expect(reportOf("up", order).changes).toEqual({ create: 0, update: 0, replace: 1, delete: 0, same: 0 });
    }
  });

  test("destroy counts what it removed, not what it registered before", () => {
    const report = reportOf("destroy", [
      step(end, { op: "same", name: "ada/phone", before: ada, after: ada }),
      step(end, { op: "same", name: "new/phone", after: ada }),
      step(end, { op: "delete", name: "ada/phone", before: ada }),
      step(end, { op: "delete", name: "old/phone", before: ada }),
    ]);
    expect(report.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 2, same: 0 });
  });

  test("a resource whose step failed counts as failed only", () => {
    const report = reportOf("up", [
      step("resOpFailedEvent", { op: "create", name: "ada/phone", after: ada }),
      errorOf("Keyri answered 500\n", urn("ada/phone")),
    ]);
    expect(report.changes.create).toBe(0);
    expect(summaryLine(report, 100)).toBe("1 failed in 0.1 s");
  });

  test("a resource whose inputs were refused counts as failed though it had no step", () => {
    const report = reportOf("up", [errorOf("publicKey is no key", urn("ada/phone"))]);
    expect(report.resources.map(({ name, outcome }) => [name, outcome])).toEqual([["ada/phone", "failed"]]);
  });
});

describe("the outputs", () => {
  test("secrets and unknown values are named, never shown", () => {
    const report = reportOf("up", [stackOutputs({ people: { ada: { key: secret, list: [secret], id: unknown } } })]);
    expect(report.outputs).toEqual({ people: { ada: { key: "[secret]", list: ["[secret]"], id: "[unknown]" } } });
    expect(JSON.stringify(report.outputs)).not.toContain("1b47061264138c4ac30d75fd1eb44270");
  });
});

describe("the failures", () => {
  test("each is told once, with person and file, however often the engine repeats it", () => {
    const report = reportOf("up", [
      step("resOpFailedEvent", { op: "create", name: "ada/phone", after: ada }),
      errorOf("Keyri answered 500\n    at register (file:///x/api.js:1:2)\n", urn("ada/phone")),
      errorOf("Keyri answered 500\n", urn("ada/phone")),
      errorOf("Keyri answered 500", urn("shop-dev", "pulumi:pulumi:Stack")),
      errorOf("update failed\n"),
    ]);
    expect(failureLines(report.failures)).toEqual(["✗ ada/phone (ada in fixtures/people.yaml): Keyri answered 500"]);
  });

  test("the same fault of two people is told for both", () => {
    const report = reportOf("up", [
      errorOf("Keyri is down", urn("ada/phone")),
      errorOf("Keyri is down", urn("bob/phone")),
    ]);
    expect(failureLines(report.failures)).toEqual(["✗ ada/phone: Keyri is down", "✗ bob/phone: Keyri is down"]);
  });

  test("control characters of a service's answer can't reach the terminal", () => {
    const report = reportOf("up", [errorOf("answered \u001b[2J\u0007done\r\nline two", urn("ada/phone"))]);
    expect(failureLines(report.failures)).toEqual(["✗ ada/phone: answered \\u001b[2J\\u0007done\n  line two"]);
  });

  test("a refused value is not repeated, since it may be a secret", () => {
    const text =
      "pulumi-nodejs:dynamic/authn:KeyriPublicKey resource 'ada/phone': property publicKey value {CANARY} has a problem: got 6 bytes";
    const [line] = failureLines(reportOf("up", [errorOf(text, urn("ada/phone"))]).failures);
    expect(line).toBe("✗ ada/phone: publicKey: got 6 bytes");
    const withoutValue =
      "pulumi-nodejs:dynamic/authn:KeyriPublicKey resource 'ada/phone' has a problem: publicKey is no key";
    const [other] = failureLines(reportOf("up", [errorOf(withoutValue, urn("ada/phone"))]).failures);
    expect(other).toBe("✗ ada/phone: publicKey is no key");
  });

  test("what the program threw stands for what the engine makes of it", () => {
    const { failures } = reportOf("up", [
      errorOf("Unhandled exception: Error: The fixtures have a fault\n    at x (y:1:2)"),
    ]);
    const ending = {
      programError: new Error("The fixtures have a fault"),
      engineError: new Error("exit 255"),
      stopped: undefined,
    };
    expect(explainedFailures(failures, ending)).toEqual([{ where: undefined, message: "The fixtures have a fault" }]);
  });

  test("an engine that ends badly without an event is not taken for success", () => {
    const ending = { programError: undefined, engineError: new Error("incorrect passphrase"), stopped: undefined };
    expect(explainedFailures([], ending)).toEqual([{ where: undefined, message: "incorrect passphrase" }]);
  });

  test("an interrupted run is a failure even where all that was begun went well", () => {
    const ending = { programError: undefined, engineError: undefined, stopped: "in order" } as const;
    expect(explainedFailures([], ending)).toHaveLength(1);
  });

  test("an operation that a killed run left behind is told in one line", () => {
    const message = `Attempting to deploy or update resources with 1 pending operations from previous deployment.\n  * ${urn("ada/phone")}, interrupted while creating\nThese resources are in an unknown state, use pulumi refresh`;
    const event = parsed({ diagnosticEvent: { message, severity: "warning" } });
    expect(event).toMatchObject({
      message:
        "an earlier run was cut off while creating ada/phone; `authn up` takes over what it left, `authn refresh` clears this mark",
    });
  });
});

describe("who has what", () => {
  const outputs = {
    people: {
      ada: {
        displayName: "Ada",
        username: "ada",
        keyri: {
          phone: { id: "key-1", username: "ada", privateKey: secret },
          tablet: { id: unknown, username: "ada" },
        },
      },
    },
  };

  test("each device is a row with its state, a failed one found by its name", () => {
    const report = reportOf("up", [
      step(end, { op: "create", name: "ada/phone", id: "key-1", after: ada }),
      step("resOpFailedEvent", { op: "create", name: "ada/tablet", after: ada }),
      stackOutputs(outputs),
    ]);
    expect(personRows(report)).toEqual([
      { person: "ada", username: "ada", device: "keyri phone", key: "key-1", state: "created" },
      { person: "ada", username: "ada", device: "keyri tablet", key: "", state: "failed" },
    ]);
  });

  test("a face is one row beside the devices, in whatever state its user is", () => {
    const face = { ...ada, image: "faces/ada.jpg" };
    const keyless = { type: "KeylessUser", name: "ada/keyless" };
    const keylessId = "0123456789ABCDEF0123456789ABCDEF";
    const keyri = { id: { id: "key-1", username: "ada" } };
    const outputsWith = (keyless: object) => stackOutputs({ people: { ada: { username: "ada", keyri, keyless } } });
    const rowsOf = (...events: Parameters<typeof reportOf>[1]) => personRows(reportOf("up", events));
    const device = { person: "ada", username: "ada", device: "keyri id", key: "key-1", state: "unchanged" };
    const row = { person: "ada", username: "ada", device: "keyless" };
    const made = step(end, { op: "create", ...keyless, id: keylessId, after: face });
    expect(rowsOf(made, outputsWith({ id: keylessId, username: "ada", devices: [], enrolled: true }))).toEqual([
      device,
      { ...row, key: "0123456789ABCDEF…", state: "created" },
    ]);
    // Known by the outputs alone, as after an operation that didn't touch it.
    expect(rowsOf(outputsWith({ id: keylessId, username: "ada", devices: [] }))).toContainEqual({
      ...row,
      key: "0123456789ABCDEF…",
      state: "unchanged",
    });
    const failed = step("resOpFailedEvent", { op: "create", ...keyless, after: face });
    expect(rowsOf(failed, outputsWith({ id: unknown, username: "ada", devices: unknown }))).toEqual([
      device,
      { ...row, key: "", state: "failed" },
    ]);
    const gone = step(end, { op: "delete", ...keyless, id: "0123", before: face });
    expect(rowsOf(gone, stackOutputs({ people: {} }))).toEqual([{ ...row, key: "0123", state: "deleted" }]);
  });

  test("a passkey is a row under its name, which its resource doesn't have, in whatever state it is", () => {
    const passkey = (name: string) => ({ ...ada, name });
    const of = <T extends object>(place: number, more: T) => ({
      type: "HankoCredential",
      name: `ada/passkey-${place}`,
      ...more,
    });
    const rowsOf = (hanko: object, ...events: Parameters<typeof reportOf>[1]) =>
      personRows(reportOf("up", [...events, stackOutputs({ people: { ada: { username: "ada", hanko } } })]));
    const row = { person: "ada", username: "ada" };
    const id = "0123456789abcdef0123456789abcdef";
    const renamed = of(1, { op: "update", id, before: passkey("laptop"), after: passkey("passkey-2") });
    const failed = step("resOpFailedEvent", of(2, { op: "create", after: passkey("phone") }));
    const gone = step(end, of(3, { op: "delete", id: "gone", before: passkey("tablet") }));
    expect(
      rowsOf(
        { "passkey-2": { id, username: "ada", browser: secret }, phone: { id: unknown, username: "ada" } },
        step(end, renamed),
        failed,
        gone,
      ),
    ).toEqual([
      { ...row, device: "hanko passkey-2", key: "0123456789abcdef…", state: "updated" },
      { ...row, device: "hanko phone", key: "", state: "failed" },
      { ...row, device: "hanko tablet", key: "gone", state: "deleted" },
    ]);
    // One that is called like the resource of another is not taken for it.
    const planned = step(end, of(1, { op: "create", after: passkey("passkey-2") }));
    const other = step(end, of(2, { op: "same", before: passkey("phone"), after: passkey("phone") }));
    const outputs = { "passkey-2": { id: unknown, username: "ada" }, phone: { id: unknown, username: "ada" } };
    expect(rowsOf(outputs, other, planned).map(({ device, state }) => [device, state])).toEqual([
      ["hanko passkey-2", "created"],
      ["hanko phone", "unchanged"],
    ]);
  });

  test("who is gone from the fixtures is a row too", () => {
    const report = reportOf("up", [
      step(end, { op: "delete", name: "bob/phone", id: "key-9", before: { username: "bob" } }),
      stackOutputs({ people: {} }),
    ]);
    expect(personRows(report)).toEqual([
      { person: "bob", username: "bob", device: "keyri phone", key: "key-9", state: "deleted" },
    ]);
  });

  test("a table of more people than one reads shows what changed and says how many it leaves out", () => {
    const same = Array.from({ length: 100 }, (_, index) => ({
      person: `p${index}`,
      username: "u",
      device: "keyri phone",
      key: "k",
      state: "unchanged" as const,
    }));
    const text = renderTable(
      [...same, { person: "new one", username: "n", device: "keyri phone", key: "k", state: "created" }],
      colors,
    );
    expect(text).toContain("new one");
    expect(text).not.toContain("p7");
    expect(text).toContain("and 100 more, unchanged");
  });

  test("a name with control characters doesn't break the table", () => {
    const text = renderTable(
      [{ person: "a\u001b[31m\nb", username: "", device: "d", key: "", state: "created" }],
      colors,
    );
    expect(text).toContain("a\\u001b[31m b");
  });
});

describe("the plan", () => {
  test("names who comes, who changes in what, and who goes", () => {
    const report = reportOf("preview", [
      step(end, { op: "create", name: "ada/phone", after: ada }),
      step(end, {
        op: "update",
        name: "bob/phone",
        before: { username: "bob", prove: true },
        after: { username: "bob", prove: false },
      }),
      step(end, { op: "delete", name: "carl/phone", before: { username: "carl" } }),
      step(end, { op: "same", name: "dan/phone", before: ada, after: ada }),
    ]);
    expect(planLines(report, 0)).toEqual([
      "+ KeyriPublicKey ada/phone (ada)",
      "~ KeyriPublicKey bob/phone (bob)",
      "    prove: true → false",
      "- KeyriPublicKey carl/phone (carl)",
    ]);
    expect(summaryLine(report, 0)).toBe("1 to create, 1 to update, 1 to delete, 1 unchanged in 0.0 s");
  });

  test("a changed secret is said to differ without being shown", () => {
    const before = { username: "bob", token: secret };
    const report = reportOf("preview", [step(end, { op: "update", name: "bob/phone", before, after: before })]);
    expect(planLines(report, 0)).toEqual([
      "~ KeyriPublicKey bob/phone (bob)",
      "    a secret, or what the service holds, differs",
    ]);
  });
});
