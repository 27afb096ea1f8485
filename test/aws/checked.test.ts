import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { by, checked } from "../../src/aws/checked.js";
import { openVariables } from "../../src/aws/openVariables.js";
import { settled } from "./_mocks.js";

const check = by(z.object({ name: z.string().regex(/^[a-z]+$/, "must be lower-case") }), "args", "JwksBucket billing");

/** What a program fails with: an output that fails fails the program, as an unhandled rejection, whoever waits for it. */
async function failureOf(input: () => pulumi.Input<unknown>): Promise<string> {
  const others = process.listeners("unhandledRejection");
  const messages = new Set<string>();
  const note = (reason: unknown) => {
    messages.add(reason instanceof Error ? reason.message : String(reason));
  };
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  try {
    await pulumi.runtime.serializeProperties("test", { input: input() }).catch(note);
    await new Promise(setImmediate);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  }
  return [...messages].join("\n");
}

describe("an argument that is known only later", () => {
  test("is checked when it comes, wherever the late part stands", async () => {
    const expected = "args.name must be lower-case (JwksBucket billing)";
    expect(await failureOf(() => checked({ name: pulumi.output("Ada") }, check))).toContain(expected);
    expect(await failureOf(() => checked(Promise.resolve({ name: "Ada" }), check))).toContain(expected);
    expect(await settled(pulumi.output(checked({ name: pulumi.output("ada") }, check)))).toEqual({ name: "ada" });
  });

  test("stays a secret if it is one", async () => {
    const name = checked({ name: pulumi.secret("ada") }, check);
    expect(await pulumi.isSecret(pulumi.output(name))).toBe(true);
  });
});

describe("an argument that is known now", () => {
  test("is refused at once, with every fault and no value", () => {
    const both = by(z.object({ one: z.string(), other: z.number() }), "args", "JwksBucket billing");
    expect(() => checked({ one: 1, other: "canary" }, both)).toThrow(
      "args.one must be text; args.other must be of type number (JwksBucket billing). Correct it in the program",
    );
  });
});

describe("a build's plain variables", () => {
  test("take outputs that are no secrets", async () => {
    const variables = openVariables({ REGION: pulumi.output("eu-west-1"), TERM: "dumb" }, "RotationSchedule billing");
    expect(await settled(pulumi.output(variables))).toEqual({ REGION: "eu-west-1", TERM: "dumb" });
  });

  test("take no secret, and say where it goes", async () => {
    const failure = await failureOf(() =>
      openVariables({ TOKEN: pulumi.secret("canary") }, "RotationSchedule billing"),
    );
    expect(failure).toContain("variables.TOKEN is a secret: give it in secrets");
    expect(failure).not.toContain("canary");
  });
});
