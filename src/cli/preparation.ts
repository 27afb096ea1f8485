/** What every engine run needs, got ready at the same time: engine, SDK, workspace, passphrase. */
import { hostname, uptime } from "node:os";
import { isAlive } from "../../providers/host/alive.js";
import type { Automation, BareStack } from "./automation.js";
import { lockFolder, stateFile } from "./backend.js";
import { engineRunner } from "./engine-process.js";
import { clearHalfWritten } from "./half-written.js";
import { makeHome } from "./home.js";
import { clearDeadLocks, isDead, type Machine, readLocks } from "./locks.js";
import { makePrivateFolder } from "./private-file.js";
import { nodeOptions } from "./sdk/environment.js";
import { passphraseEnvironment } from "./secrets.js";
import type { Situation } from "./situation.js";
import { unlessStopped } from "./stopped.js";
import type { Surroundings } from "./surroundings.js";
import { prepareWorkspace } from "./workspace.js";

export interface Prepared {
  readonly automation: Automation;
  readonly stack: BareStack;
}

export interface PreparationOptions {
  readonly report: (line: string) => void;
  /** See `EngineOptions`. */
  readonly onSpawn: () => void;
  readonly halt?: AbortSignal;
  /** The engine is to read no secret: then no passphrase is asked for. */
  readonly withoutSecrets?: boolean;
}

export async function prepare(
  situation: Situation,
  surroundings: Surroundings,
  { report, onSpawn, halt, withoutSecrets = false }: PreparationOptions,
): Promise<Prepared> {
  const { home, project, backend, stack, settings, overrides } = situation;
  const { environment, stop, now, cwd } = surroundings;
  await makeHome(home);
  if (backend.ours) await makePrivateFolder(home.state);
  await clearLocks(situation, surroundings, report);
  const workspaceFolder = home.workspace(stack);
  const { findEngine } = await import("./engine/index.js");
  let begin = () => {};
  const asked = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const finding = unlessStopped(stop, findEngine({ environment, report, signal: stop, asked: begin }));
  const [found, passphrase, , { automation }] = await Promise.all([
    finding,
    withoutSecrets ? {} : passphraseEnvironment({ environment, backend, home, cwd, stack, settings }),
    prepareWorkspace(workspaceFolder, { project, stack, settings, overrides }),
    // Loading the SDK holds up this process for most of a second: the engine tells its version from another one meanwhile.
    Promise.race([asked, finding]).then(() => import("./automation.js")),
  ]);
  return {
    automation,
    stack: {
      name: stack,
      workspaceFolder,
      command: found.command,
      run: engineRunner({ command: found.command.command, environment, stop, now, halt, onSpawn }),
      environment: {
        ...found.environment,
        ...passphrase,
        PULUMI_BACKEND_URL: backend.url,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        AUTHN_HOME: home.folder,
        NODE_OPTIONS: nodeOptions(environment["NODE_OPTIONS"]),
      },
      secretsProvider: settings?.secretsprovider,
    },
  };
}

/** @throws AuthnError ERR_AUTHN_STATE where another operation is under way */
export async function clearLocks(
  situation: Situation,
  { clockMs }: Surroundings,
  report: (line: string) => void,
): Promise<void> {
  const folder = lockFolder(situation.backend, situation.project, situation.stack);
  if (folder === undefined) return;
  await clearDeadLocks(folder, machineAt(clockMs()), situation.stack, report);
  await clearHalfWritten(situation.backend, stateFile(situation.backend, situation.project, situation.stack), report);
}

/** Whether an engine may be at work on the stack, as far as a folder backend's locks tell. */
export async function isUnderWay(
  { backend, project, stack }: Pick<Situation, "backend" | "project" | "stack">,
  { clockMs }: Pick<Surroundings, "clockMs">,
): Promise<boolean> {
  const folder = lockFolder(backend, project, stack);
  if (folder === undefined) return false;
  const machine = machineAt(clockMs());
  return (await readLocks(folder)).some((lock) => !isDead(lock, machine));
}

function machineAt(nowMs: number): Machine {
  return { hostname: hostname(), bootedAtMs: nowMs - uptime() * 1_000, isAlive };
}
