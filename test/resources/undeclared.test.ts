import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { showUndeclared } from "../../src/resources/undeclared.js";

interface Args {
  readonly algorithm?: string | undefined;
  readonly backupEligible?: boolean;
}

/** As the SDK leaves a resource: an output for each argument that was given. */
function shown(args: Args): Record<string, unknown> {
  const resource = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, pulumi.output(value)]));
  showUndeclared(resource, args, ["algorithm", "backupEligible"]);
  return resource;
}

const resolved = (output: unknown) =>
  new Promise((resolve) => void (pulumi.Output.isInstance(output) && output.apply(resolve)));

test("what wasn't declared is an output all the same, of undefined", async () => {
  const { algorithm, backupEligible } = shown({});
  expect([await resolved(algorithm), await resolved(backupEligible)]).toEqual([undefined, undefined]);
  expect(await resolved(shown({ algorithm: undefined })["algorithm"])).toBeUndefined();
});

test("what was declared stays as it was, also where it says no", async () => {
  const { algorithm, backupEligible } = shown({ algorithm: "EdDSA", backupEligible: false });
  expect([await resolved(algorithm), await resolved(backupEligible)]).toEqual(["EdDSA", false]);
});
