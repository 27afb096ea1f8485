/**
 * The Automation API's stack, without the short engine runs that it makes around each operation (a second `stack output`, a
 * `stack history`, a `stack select`; most of a small `up`'s time goes there): what they tell is in the event stream.
 */

import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, type PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { isAuthnError } from "../../providers/errors.js";
import type { RunEngine } from "./engine-process.js";

export interface StackOptions {
  readonly name: string;
  readonly workspaceFolder: string;
  readonly command: PulumiCommand;
  readonly run: RunEngine;
  readonly program: PulumiFn;
  readonly environment: Readonly<Record<string, string>>;
  readonly secretsProvider: string | undefined;
}

/** For what the engine does without the program. */
export type BareStack = Omit<StackOptions, "program">;

/** Opens the stack without asking whether it exists. */
async function openStack(options: StackOptions): Promise<Stack> {
  // The SDK runs the engine by `command.run`, which its types leave out: replacing it gives the engine its own process group.
  const pulumiCommand = Object.assign(options.command, { run: options.run });
  const workspace = await LocalWorkspace.create({
    workDir: options.workspaceFolder,
    pulumiCommand,
    program: options.program,
    envVars: { ...options.environment },
  });
  workspace.selectStack = async () => {};
  const stack = await Stack.select(options.name, workspace);
  stack.outputs = async () => ({});
  stack.info = async () => undefined;
  return stack;
}

/** Makes the stack where it is missing; only a backend that is no folder of ours has to be asked. */
async function ensureStack(options: BareStack, exists: boolean | undefined): Promise<void> {
  if (exists === true) return;
  const args = exists === false ? ["stack", "init", options.name, "--no-select"] : ["stack", "select", "--create"];
  if (exists === undefined) args.push("--stack", options.name);
  if (options.secretsProvider !== undefined) args.push("--secrets-provider", options.secretsProvider);
  await options.run(args, options.workspaceFolder, options.environment);
}

/** Whether the backend knows the stack, asked from the engine. */
async function askStackExists(options: BareStack): Promise<boolean> {
  try {
    await options.run(["stack", "select", "--stack", options.name], options.workspaceFolder, options.environment);
    return true;
  } catch (error) {
    if (isAuthnError(error) && /no stack named/.test(error.message)) return false;
    throw error;
  }
}

/** The stack's outputs; secrets are "[secret]" unless shown. */
async function readOutputs(options: BareStack, showSecrets: boolean): Promise<unknown> {
  const args = ["stack", "output", "--json", "--stack", options.name, ...(showSecrets ? ["--show-secrets"] : [])];
  const { stdout } = await options.run(args, options.workspaceFolder, options.environment);
  return JSON.parse(stdout);
}

/** The stack's state as the engine prints it; secrets are encrypted unless shown. */
async function exportState(options: BareStack, showSecrets: boolean): Promise<string> {
  const args = ["stack", "export", "--stack", options.name, ...(showSecrets ? ["--show-secrets"] : [])];
  return (await options.run(args, options.workspaceFolder, options.environment)).stdout;
}

/** Puts a state in the place of the stack's, as the engine itself exported it into this file. */
async function importState(options: BareStack, file: string): Promise<void> {
  const args = ["stack", "import", "--stack", options.name, "--file", file];
  await options.run(args, options.workspaceFolder, options.environment);
}

/** Today's configuration with its secrets, as the engine prints it. */
async function readConfiguration(options: BareStack): Promise<string> {
  const args = ["config", "--show-secrets", "--json", "--stack", options.name];
  return (await options.run(args, options.workspaceFolder, options.environment)).stdout;
}

/** Removes the stack's locks, whoever holds them. */
async function cancel(options: BareStack): Promise<void> {
  await options.run(["cancel", "--yes", "--stack", options.name], options.workspaceFolder, options.environment);
}

/** Removes the stack, which the engine refuses while it holds anything, unless it is told to forget that. */
async function removeStack(options: BareStack, forget: boolean): Promise<void> {
  const force = forget ? ["--force"] : [];
  await options.run(["stack", "rm", "--yes", ...force, options.name], options.workspaceFolder, options.environment);
}

/** All of this file in one name: it is loaded late, and passed on to whoever runs the engine. */
export const automation = {
  openStack,
  ensureStack,
  askStackExists,
  readOutputs,
  exportState,
  importState,
  readConfiguration,
  cancel,
  removeStack,
} as const;
export type Automation = typeof automation;
