/** Whatever a person can say to this package stands in the README: resources and their inputs, commands, options, variables, settings. */
import { readdir, readFile } from "node:fs/promises";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { baikalOptions } from "../../emulator/baikal/settings.js";
import { hankoOptions } from "../../emulator/hanko/settings.js";
import { baikalClientKeysLifecycle } from "../../providers/baikal/lifecycle.js";
import { hankoCredentialLifecycle } from "../../providers/hanko/lifecycle.js";
import { keylessUserLifecycle } from "../../providers/keyless/lifecycle.js";
import { keyriPublicKeyLifecycle } from "../../providers/keyri/lifecycle.js";
import { commandLine } from "../../src/cli/command-line.js";
import { codeRows, codeWords } from "./_markdown.js";

const repository = new URL("../../", import.meta.url);
const text = (path: string) => readFile(new URL(path, repository), "utf8");
const readme = await text("README.md");
const rows = codeRows(readme).map(([code]) => code);
const words = codeWords(readme);
const unnamed = (names: Iterable<string>) => [...names].filter((name) => !words.has(name));

describe("the README names", () => {
  const lifecycles = [
    baikalClientKeysLifecycle,
    hankoCredentialLifecycle,
    keylessUserLifecycle,
    keyriPublicKeyLifecycle,
  ];

  it.each(lifecycles)("$type in its first table, and everything that it can be told", ({ type, properties }) => {
    expect(rows).toContain(type);
    expect(unnamed(Object.keys(properties))).toEqual([]);
  });

  it("every resource that there is", async () => {
    const hosted = [...(await text("providers/dynamic.ts")).matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
    expect(hosted.sort()).toEqual(lifecycles.map(({ type }) => type).sort());
  });

  it("every component for AWS", async () => {
    const exported = await text("src/aws/index.ts");
    const components = [...exported.matchAll(/from "\.\/([A-Z]\w+)\.js"/g)].map(([, name = ""]) => name);
    expect(components.length).toBeGreaterThan(0);
    expect(unnamed(components)).toEqual([]);
  });

  it("every client that can be made", async () => {
    const made = [...(await text("providers/clients.ts")).matchAll(/\b(create\w+)\b/g)].map(([, name = ""]) => name);
    expect(made.length).toBeGreaterThan(3);
    expect(unnamed(made)).toEqual([]);
  });

  it("every command, with each of its options", () => {
    const program = commandLine("0.0.0", surroundings(), () => {});
    const named = rows.map((row) => row.replace(/ \[.*$/, ""));
    expect(names(program).filter((name) => !named.includes(name))).toEqual([]);
    expect(unnamed(optionsOf(program).filter((option) => option !== "--version"))).toEqual([]);
  });

  it("every variable that is this package's own", async () => {
    const read = new Set<string>();
    for (const folder of ["src", "providers", "emulator"]) {
      for (const name of await readdir(new URL(`${folder}/`, repository), { recursive: true })) {
        if (!name.endsWith(".ts")) continue;
        for (const [, variable = ""] of (await text(`${folder}/${name}`)).matchAll(/"(AUTHN_[A-Z_]+[A-Z])"/g))
          read.add(variable);
      }
    }
    expect(read.size).toBeGreaterThan(3);
    expect(unnamed(read)).toEqual([]);
  });

  it("whatever Baikal's and Hanko's part of the embedded tenant can be set to", () => {
    expect(unnamed([...Object.keys(baikalOptions.shape), ...Object.keys(hankoOptions.shape)])).toEqual([]);
  });
});

/** `authn keys write`: of each command that does something. */
function names(command: Command): readonly string[] {
  if (command.commands.length === 0) return [fullName(command)];
  return command.commands.flatMap(names);
}

function optionsOf({ options, commands }: Command): readonly string[] {
  return [...options.flatMap(({ long }) => long ?? []), ...commands.flatMap(optionsOf)];
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** No command is run. */
function surroundings(): Parameters<typeof commandLine>[1] {
  const { stdout, stderr } = process;
  const { signal } = new AbortController();
  return { cwd: "/", environment: {}, stdout, stderr, pid: 1, clockMs: () => 0, stop: signal, now: signal };
}
