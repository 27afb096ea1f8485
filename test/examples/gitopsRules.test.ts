// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows are what these tests look at
/** What the workflows of `examples/gitops/` may never do, whatever they run: read in their files. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readWorkflows } from "./_workflow.js";

const example = fileURLToPath(new URL("../../examples/gitops/", import.meta.url));
const workflows = await readWorkflows(join(example, ".github/workflows"));
const jobs = [...workflows].flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, workflow, job })),
);

describe("of every workflow", () => {
  it.each(jobs)(
    "$file.$name: each action is pinned, each text comes by the environment, and time is bounded",
    ({ job }) => {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
      for (const { uses, run, with: given } of job.steps) {
        if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
        if (uses?.startsWith("actions/checkout@")) expect(given).toMatchObject({ "persist-credentials": false });
        // What the forge puts into a script, the shell would run.
        expect(run ?? "").not.toContain("${{");
        if (run?.startsWith("npm ")) expect(run).toBe("npm ci --ignore-scripts");
      }
    },
  );

  it.each(jobs)(
    "$file.$name: what others may write (titles, branches, bodies) is nowhere taken",
    ({ job, workflow }) => {
      const texts = JSON.stringify([job, workflow.concurrency]);
      const expressions = [...texts.matchAll(/\$\{\{ (.*?) \}\}/g)].map(([, expression = ""]) => expression);
      for (const expression of expressions) {
        expect(expression).toMatch(
          /^(secrets\.[A-Z_]+|vars\.[A-Z_]+|github\.token|github\.event\.number|steps\.\w+\.outputs\.code|!cancelled\(\) && hashFiles\('preview\.md'\) != '')$/,
        );
      }
    },
  );

  it.each(jobs)(
    "$file.$name: a job may write no more than it does, and one with secrets runs for no fork",
    ({ file, job, workflow }) => {
      const granted = Object.entries(job.permissions ?? workflow.permissions).filter(
        ([, access]) => access === "write",
      );
      const needed = { preview: ["pull-requests"], drift: ["issues"] }[file] ?? [];
      const writes = job.steps.some(({ env }) => "GH_TOKEN" in env);
      expect(granted.map(([name]) => name)).toEqual(writes ? needed : []);
      const hasSecrets = JSON.stringify(job).includes("secrets.");
      if (hasSecrets && Object.keys(workflow.on).some((event) => event.startsWith("pull_request"))) {
        expect(job.if).toMatch(/^github\.event\.pull_request\.head\.repo\.full_name == github\.repository && /);
      }
      // The one event that gives secrets to whoever opened it runs nothing of theirs.
      if ("pull_request_target" in workflow.on) {
        const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        expect(checkouts.map((step) => step.with?.["ref"])).toEqual(["main"]);
      }
    },
  );

  it("two runs of one stack are in one group, and none is broken off but a preview", () => {
    for (const { file, workflow, job } of jobs) {
      const stacks = new Set(
        job.steps.flatMap(({ run = "" }) => [...run.matchAll(/--stack "?([\w$-]+)"?/g)].map(([, stack]) => stack)),
      );
      expect(stacks.size).toBe(1);
      const stack = [...stacks][0]?.replace("$NUMBER", "${{ github.event.number }}");
      const expected =
        file === "preview"
          ? { group: "preview-${{ github.event.number }}", "cancel-in-progress": true }
          : { group: `stack-${stack}`, "cancel-in-progress": false };
      expect(workflow.concurrency).toEqual(expected);
    }
  });
});
