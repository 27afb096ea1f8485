/** The command line: names, options, help. Every action is loaded when it is chosen. */
import { Command, InvalidArgumentError } from "commander";
import { type ExitCode, exitCode } from "./exit.js";
import { ledgerCommands } from "./ledger/command-line.js";
import type { Operation } from "./operations.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";

const descriptions: Readonly<Record<Operation, string>> = {
  up: "make what stands in the services what the fixtures declare",
  preview: "show what `up` would do",
  refresh: "read back what stands in the services, so that drift is known",
  drift: "tell where what stands in the services differs from the state; changes nothing, exits with 3 where it does",
  destroy: "remove all that the stack made",
};

interface GivenOptions {
  readonly stack: string;
  readonly fixtures?: string;
  readonly parallel?: number;
  readonly json?: boolean;
}

interface OperationGiven {
  readonly markdown?: string;
  readonly remove?: boolean;
  readonly replace?: readonly string[];
  readonly checkpoints?: boolean;
}

interface TenantGiven {
  readonly port: number;
  readonly store?: string;
  readonly agentLatency?: number;
  readonly agentConcurrency?: number;
  readonly hankoSettings?: string;
  readonly baikalSettings?: string;
}

/** @param settle takes the chosen command's exit code. */
export function commandLine(version: string, surroundings: Surroundings, settle: (code: ExitCode) => void): Command {
  const program = new Command("authn")
    .description("Users, credentials and keys of passwordless identity systems, declared.")
    .version(version)
    .option("--stack <name>", "the stack to work on", stackName, "dev")
    .option(
      "--fixtures <path>",
      "file or folder of fixtures (default: configuration authn:fixtures, else fixtures/demo)",
    )
    .option("--parallel <number>", "resources at the same time", positiveNumber)
    .option("--json", "one JSON object as the last line of stdout; the rest goes to stderr")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    })
    .exitOverride();
  const common = (): CommonOptions => {
    const { stack, fixtures, parallel, json } = program.opts<GivenOptions>();
    return { stack, fixtures, parallel, json: json === true };
  };
  const operation = (name: Operation) =>
    program
      .command(name)
      .description(descriptions[name])
      .option("--markdown <file>", "write what comes of it as Markdown too: a pull request's comment, a job's summary")
      .action(async ({ markdown, remove = false, replace = [], checkpoints = false }: OperationGiven) => {
        const { operate } = await import("./commands.js");
        settle(await operate(name, { ...common(), markdown, remove, replace, checkpoints }, surroundings));
      });
  for (const name of ["up", "preview"] as const) {
    operation(name).option(
      "--replace <name>",
      "make this resource anew though nothing changed (`ada/phone`; repeatable)",
      (value: string, before: readonly string[] = []) => [...before, value],
    );
  }
  operation("refresh");
  operation("drift");
  operation("destroy").option("--remove", "remove the stack too, once it is empty");
  for (const command of program.commands.filter((candidate) => ["up", "destroy"].includes(candidate.name()))) {
    command.option("--checkpoints", "keep the engine's checkpoints, though the ledger would do");
  }
  program
    .command("outputs")
    .description("print the stack's outputs")
    .option("--show-secrets", "print secrets instead of [secret]")
    .action(async (given: { readonly showSecrets?: boolean }) => {
      const { showOutputs } = await import("./commands.js");
      settle(await showOutputs({ ...common(), showSecrets: given.showSecrets === true }, surroundings));
    });
  program
    .command("rotation")
    .description("draw the past and coming steps of key rings")
    .argument("[name...]", "rings or their clients (default: all)")
    .action(async (names: readonly string[]) => {
      const { showRotation } = await import("./ring/command.js");
      settle(await showRotation({ ...common(), names }, surroundings));
    });
  program
    .command("keys")
    .description("signing keys for applications")
    .command("write")
    .description("write the PEM of each ring's signing key, for the Baikal Python SDK's directory")
    .requiredOption("--dir <folder>", "where: made (0700) if missing; nothing else with a private key may be in it")
    .option(
      "--ring <name>",
      "this ring or client only (repeatable)",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .action(async ({ dir, ring = [] }: { readonly dir: string; readonly ring?: readonly string[] }) => {
      const { writeKeys } = await import("./keys/command.js");
      settle(await writeKeys({ ...common(), dir, rings: ring }, surroundings));
    });
  ledgerCommands(program.command("ledger"), async (run) => settle(await run(common(), surroundings)));
  program
    .command("tenant")
    .description("run the embedded tenant until Ctrl-C")
    .option("--port <number>", "the first of its consecutive ports; 0: any", port, 4180)
    .option("--store <dir>", "where it keeps what it is told (default: AUTHN_HOME/tenant)")
    .option("--agent-latency <ms>", "how long its Keyless agent takes for an image", milliseconds)
    .option("--agent-concurrency <number>", "how many images the agent takes at a time; more is 429", positiveNumber)
    .option("--hanko-settings <file.json>", "Hanko's relying party, origins and wishes (default: localhost)")
    .option("--baikal-settings <file.json>", "Baikal's clients, cache times and the life of its tokens")
    .action(async (given: TenantGiven) => {
      const { tenant } = await import("./tenant/action.js");
      const { port, store, agentLatency, agentConcurrency, hankoSettings, baikalSettings } = given;
      const keyless = { agentLatencyMs: agentLatency, agentConcurrency };
      await tenant({ port, store, keyless, hankoSettings, baikalSettings, json: common().json }, surroundings);
      settle(exitCode.done);
    });
  return program;
}

/** Whether scripts read the answer: asked of the bare arguments where they are wrong, and so never parsed to their end. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).includes("--json");
}

/** One name, or `organization/project/name`; the name is a file's too, so it holds no more than stack names may. */
function stackName(text: string): string {
  if (/^(?:[\w-][\w.-]{0,99}\/){0,2}[\w-][\w.-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError("A stack's name has letters, digits, hyphens, underscores and periods.");
}

function positiveNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

function milliseconds(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= longestLatencyMs) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of milliseconds, at most ${longestLatencyMs}.`);
}

/** The tenant takes no longer one. */
const longestLatencyMs = 600_000;

/** The last ports a tenant could take must exist too. */
const lastBasePort = 65_526;

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= lastBasePort) return Number(text);
  throw new InvalidArgumentError(`It must be a port from 0 to ${lastBasePort}.`);
}
