/** What the documentation says of names, defaults and places is what the code has; forgetting to write a new one down fails here. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { baikalSection } from "../../providers/baikal/settings.js";
import { hankoSection } from "../../providers/hanko/settings.js";
import { authnSection, type ConfigurationSection } from "../../providers/host/configuration.js";
import { environmentName } from "../../providers/host/environmentName.js";
import { keylessSection } from "../../providers/keyless/settings.js";
import { keyriSection } from "../../providers/keyri/settings.js";
import { anchorsOf, codeRows, linksOf } from "./_markdown.js";

const repository = new URL("../../", import.meta.url);
const text = (path: string) => readFile(new URL(path, repository), "utf8");
const folder = (path: string) => readdir(new URL(path, repository));
const decisions = (await folder("docs/decisions/")).sort();
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...(await folder("examples/")).map((name) => `examples/${name}/README.md`),
  ...decisions.map((name) => `docs/decisions/${name}`),
];

describe("the configuration table of the README", () => {
  const sections: readonly ConfigurationSection<unknown>[] = [
    authnSection,
    keyriSection,
    keylessSection,
    hankoSection,
    baikalSection,
  ];
  it.each(sections)(
    "names every key of $namespace, its environment variable, and which are secret",
    async (section) => {
      const rows = new Map(codeRows(await text("README.md")).map(([key, ...cells]) => [key, cells]));
      for (const key of section.keys) {
        const [variable = "", , secret = ""] = rows.get(`${section.namespace}:${key}`) ?? [];
        // Which tenant a stack uses is the stack's own affair: no variable of a shell decides it.
        if (key !== "tenant") expect(variable).toBe(`\`${environmentName(section.namespace, key)}\``);
        expect(secret, key).toBe(section.secrets.includes(key) ? "yes" : "");
      }
      const known = [...section.keys, "fixtures"];
      for (const key of rows.keys())
        if (key.startsWith(`${section.namespace}:`)) expect(known).toContain(key.slice(section.namespace.length + 1));
    },
  );

  it("is held against every system that has settings", async () => {
    const folders = await folder("providers/");
    const systems = folders.filter((name) => existsSync(new URL(`providers/${name}/settings.ts`, repository)));
    const others = ["http"];
    expect(systems.filter((name) => !others.includes(name)).sort()).toEqual(
      sections
        .map(({ namespace }) => namespace)
        .filter((name) => name !== authnSection.namespace)
        .sort(),
    );
  });
});

describe("the documents", () => {
  it("link only to files and headings that are there", async () => {
    const lost: string[] = [];
    for (const document of documents) {
      const markdown = await text(document);
      const base = new URL(document, repository);
      for (const link of linksOf(markdown).filter((target) => !/^https?:/.test(target))) {
        const [path = "", anchor] = link.split("#");
        if (!existsSync(new URL(path, base))) lost.push(`${document}: ${link} leads nowhere`);
        else if (anchor !== undefined) {
          const target = path === "" ? markdown : await readFile(new URL(path, base), "utf8");
          if (!anchorsOf(target).has(anchor)) lost.push(`${document}: ${link} names no heading`);
        }
      }
    }
    expect(lost).toEqual([]);
  });

  it("name only npm scripts that there are", async () => {
    const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
    const { scripts } = manifest.parse(JSON.parse(await text("package.json")));
    const unknown: string[] = [];
    for (const document of documents)
      for (const [command, script = ""] of (await text(document)).matchAll(/npm run (?:--silent )?([a-z:-]+)/g))
        if (!Object.hasOwn(scripts, script)) unknown.push(`${document}: ${command}`);
    expect(unknown).toEqual([]);
  });

  it("number the decisions without a gap, and list each by its own title", async () => {
    const files = decisions.filter((name) => name !== "README.md");
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
    const index = await text("docs/decisions/README.md");
    for (const name of files) {
      const number = name.slice(0, 4);
      const title = /^# \d{4} (.+)$/m.exec(await text(`docs/decisions/${name}`))?.[1];
      expect(index, name).toContain(`- [${number}](${name}) ${title}\n`);
    }
  });
});
