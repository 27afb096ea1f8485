/**
 * A runner for what workflows run: each `run:` step by bash as the hosted runner calls it, with only the environment that the workflow
 * gives it, and a forge that notes what is written to it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Job } from "./_workflow.js";

export interface Outcome {
  /** Of the first step that failed; 0 where none did. */
  readonly code: number;
  readonly said: string;
  /** What the steps wrote to GITHUB_STEP_SUMMARY. */
  readonly summary: string;
}

const forgeContent = z.object({
  issues: z.array(z.looseObject({ number: z.number(), state: z.string(), title: z.string(), body: z.string() })),
  comments: z.array(z.looseObject({ id: z.number(), issue: z.number(), body: z.string() })),
  calls: z.array(z.string()),
});

export interface RunEvent {
  /** The pull request's number. */
  readonly number?: number;
  /** Started by hand. */
  readonly byHand?: boolean;
}

export interface Runner {
  run(job: Job, event?: RunEvent): Promise<Outcome>;
  forge(): Promise<z.infer<typeof forgeContent>>;
  /** The store's content; everything that a workflow asks for must be in it. */
  readonly secrets: Record<string, string>;
  readonly variables: Record<string, string>;
}

/** @param checkout the repository's folder, its packages in place; @param machine a folder for what the runner has beside it */
export async function createRunner(checkout: string, machine: string): Promise<Runner> {
  const bin = join(machine, "bin");
  const forgeFile = join(machine, "forge.json");
  const file = (name: string) => join(machine, name);
  await mkdir(bin, { recursive: true });
  await writeFile(forgeFile, JSON.stringify({ issues: [], comments: [], calls: [] }));
  const stands = {
    gh: `FORGE='${forgeFile}' exec '${process.execPath}' '${fileURLToPath(new URL("_gh.mjs", import.meta.url))}' "$@"`,
    // The packages are in place, and npx's own second is left out.
    npm: '[ "$*" = "ci --ignore-scripts" ]',
    npx: 'command=$1; shift; exec "node_modules/.bin/$command" "$@"',
  };
  for (const [name, text] of Object.entries(stands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const secrets: Record<string, string> = {};
  const variables: Record<string, string> = {};

  const runJob = async (chosen: Job, { number = 0, byHand = false }: RunEvent = {}): Promise<Outcome> => {
    const outputs: Record<string, string> = {};
    const known = (expression: string): string => {
      const [context = "", name = "", ...rest] = expression.split(".");
      const value = {
        secrets: secrets[name],
        vars: variables[name],
        steps: outputs[`${name}.${rest.at(-1)}`],
        github: { "event.number": String(number), token: "forge-token" }[[name, ...rest].join(".")],
      }[context];
      if (value === undefined) throw new Error(`nothing is known of ${expression}`);
      return value;
    };
    const filled = (values: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(values).map(([name, text]) => [
          name,
          text.replace(/\$\{\{ (\S+) \}\}/g, (_, expression: string) => known(expression)),
        ]),
      );
    await writeFile(file("event.json"), JSON.stringify({ number, pull_request: { number } }));
    await writeFile(file("summary"), "");
    let code = 0;
    let said = "";
    for (const { run, id = "", env, if: condition } of chosen.steps) {
      if (run === undefined || !conditionHolds(condition, { failed: code !== 0, byHand, checkout })) continue;
      await writeFile(file("output"), "");
      const ran = await bash(run, checkout, {
        ...ofMachine(),
        PATH: `${bin}:${process.env["PATH"]}`,
        CI: "true",
        GITHUB_REPOSITORY: "octo/identities",
        GITHUB_EVENT_PATH: file("event.json"),
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        RUNNER_TEMP: machine,
        ...filled(chosen.env),
        ...filled(env),
      });
      said += ran.said;
      if (code === 0) code = ran.code;
      for (const line of (await readFile(file("output"), "utf8")).split("\n")) {
        const [name = "", ...value] = line.split("=");
        if (name !== "") outputs[`${id}.${name}`] = value.join("=");
      }
    }
    return { code, said, summary: await readFile(file("summary"), "utf8") };
  };
  return {
    run: runJob,
    forge: async () => forgeContent.parse(JSON.parse(await readFile(forgeFile, "utf8"))),
    secrets,
    variables,
  };
}

interface Circumstances {
  readonly failed: boolean;
  readonly byHand: boolean;
  readonly checkout: string;
}

/** Of the conditions that the workflows have. */
function conditionHolds(condition: string | undefined, { failed, byHand, checkout }: Circumstances): boolean {
  if (condition === undefined) return !failed;
  if (condition === "always()") return true;
  if (condition === "github.event_name == 'workflow_dispatch'") return !failed && byHand;
  const file = /^\$\{\{ !cancelled\(\) && hashFiles\('([^']+)'\) != '' \}\}$/.exec(condition)?.[1];
  if (file === undefined) throw new Error(`nothing is known of the condition ${condition}`);
  return existsSync(join(checkout, file));
}

/** What a machine has whoever uses it: where the engine is found or made. */
function ofMachine(): Record<string, string> {
  const names = ["HOME", "PULUMI_HOME", "AUTHN_ENGINE", "GOFLAGS", "GOPATH", "GOCACHE", "GOPROXY", "TMPDIR"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? ""]])),
  );
}

/** As the hosted runner runs a step that names no shell. */
async function bash(
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn("bash", ["-e", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  await once(child, "close");
  return { code: child.exitCode ?? 1, said };
}
