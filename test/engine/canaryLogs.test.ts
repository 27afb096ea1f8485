/**
 * The canary for what the engine logs of a user's own program: a preview with `--diff`, its events and what a failing program leaves
 * hold no secret of ours. The engine's lines at `-v=9`, and the SDK's debug lines in an event log, hold each resource's inputs and outputs,
 * which is their own affair (SECURITY.md); but no secret of the configuration.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findEngine } from "../../src/cli/engine/index.js";
import { AuthnProvider, BaikalClientKeys, HankoCredential, KeylessUser, KeyriPublicKey } from "../../src/index.js";
import { portrait } from "../support/portraits.js";
import { expectNowhere, findLeaks } from "./_canaries.js";
import { openWatchedTenant, type WatchedTenant } from "./_doors.js";
import { createProject, type Project } from "./_project.js";
import { secretsOfState } from "./_stateSecrets.js";

const PASSPHRASE = "canary of a passphrase 0815";
/** What the program holds as secrets. */
const inputs = { username: "canary-username-0815", userId: "canary-user-id-0815", displayName: "canary-display-0815" };
const failure = "canary in what was thrown";

let watched: WatchedTenant;
let project: Project;
let stack: Stack;
let isFailing = false;
let generation = 1;
beforeAll(async () => {
  watched = await openWatchedTenant();
  project = await createProject({ name: "own" });
  await project.write("ada.jpg", portrait(1));
  stack = await openStack();
});
afterAll(async () => {
  await watched.close();
  await project.remove();
});

async function program(): Promise<Record<string, unknown>> {
  const [username, userId, displayName] = Object.values(inputs).map((text) => pulumi.secret(text));
  if (username === undefined || userId === undefined || displayName === undefined)
    throw new Error("an input is missing");
  if (isFailing) throw new Error(failure);
  const { rpId, origin, authentication } = watched.tenant.record.hanko;
  const original = new AuthnProvider("original", { hanko: { api: "authentication", rpId, origin, ...authentication } });
  const phone = new KeyriPublicKey("ada/phone", { username, generation });
  const laptop = new HankoCredential("ada/laptop", { userId, username, displayName });
  new HankoCredential("ada/original", { userId, username }, { provider: original });
  new KeylessUser("ada", { username, image: "ada.jpg", scenario: "SELFIE", keepClientState: true });
  const ring = new BaikalClientKeys("billing", { algorithm: "ES256", publish: { path: "billing.json" } });
  return { key: phone.privateKey, browser: laptop.browser, signing: ring.activePrivateKey };
}

async function openStack(): Promise<Stack> {
  const engine = await findEngine({ environment: process.env, report: () => undefined });
  const state = join(project.folder, "state");
  await mkdir(state);
  const { "keyri:token": token = "", ...secrets } = watched.credentials;
  const opened = await LocalWorkspace.createOrSelectStack(
    { stackName: "own", projectName: "own", program },
    {
      workDir: project.folder,
      pulumiCommand: engine.command,
      envVars: {
        ...engine.environment,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        AUTHN_DEBUG: "http",
        KEYRI_TOKEN: token,
      },
    },
  );
  const plain = Object.entries(watched.settings("passkey")).map(([key, value]) => [key, { value }] as const);
  const secret = Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }] as const);
  await opened.setAllConfig(Object.fromEntries([...plain, ...secret]));
  return opened;
}

interface Logged {
  readonly output: string;
  readonly events: readonly EngineEvent[];
  readonly error: unknown;
}

async function logged(run: (listeners: LogOptions) => Promise<unknown>): Promise<Logged> {
  let output = "";
  const events: EngineEvent[] = [];
  const listen = (text: string) => {
    output += text;
  };
  const ran = run({ onOutput: listen, onError: listen, onEvent: (event) => events.push(event), diff: true });
  const error: unknown = await ran.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { output, events, error };
}

interface LogOptions {
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
  readonly diff: true;
}
const verbose = { logVerbosity: 9, logToStdErr: true, logFlow: true, debug: true } as const;

it("holds no secret: what the engine logs of a program, but at -v=9, where it prints what resources take and give", async () => {
  const preview = await logged((options) => stack.preview(options));
  expect(preview.error).toBeUndefined();
  const loud = await logged((options) => stack.up({ ...options, ...verbose }));
  expect(loud.error).toBeUndefined();
  generation = 2;
  const again = await logged((options) => stack.preview(options));
  isFailing = true;
  const broken = await logged((options) => stack.up(options));
  expect(String(broken.error)).toContain(failure);

  const secretsOfResources = new Map<string, string | Buffer>([
    ...Object.entries(inputs),
    // An explicit instance hides all its settings; addresses stand elsewhere too.
    ...[...secretsOfState(JSON.stringify(await stack.exportStack()))].filter(
      ([name]) => !/hanko:(?!apiSecret)/.test(name),
    ),
  ]);
  const secretsOfConfiguration = new Map([...Object.entries(watched.credentials), ["the passphrase", PASSPHRASE]]);
  const known = new Set<unknown>(secretsOfConfiguration.values());
  for (const [name, secret] of secretsOfResources) if (known.has(secret)) secretsOfResources.delete(name);
  const all = new Map([...secretsOfResources, ...secretsOfConfiguration]);

  const quiet = Object.entries({ preview, again, broken }).flatMap(([name, run]) => [
    [`the output of ${name}`, run.output] as const,
    [`the event log of ${name}`, JSON.stringify(run.events.filter(isNoDebugLine))] as const,
    [`the error of ${name}`, String(run.error)] as const,
  ]);
  const files = [...(await project.files())].filter(([path]) => !path.endsWith(".jpg"));
  const atLength = JSON.stringify(loud.events.filter(isNoDebugLine));
  expectNowhere(all, new Map([["the events at -v=9", atLength], ...quiet, ...files]));
  // What an explicit instance is given is an input of a resource too.
  secretsOfConfiguration.delete("hanko:apiSecret");
  const logs = [loud, preview, again].map(({ output, events }) => output + JSON.stringify(events)).join("\n");
  expectNowhere(secretsOfConfiguration, new Map([["logs with the engine's and the SDK's own lines", logs]]));
  // What is not ours to change, and stands in SECURITY.md: should it end, that is to be told too.
  for (const [place, text] of [
    ["-v=9", loud.output],
    ["the event log", JSON.stringify(again.events)],
  ] as const)
    expect(findLeaks(secretsOfResources, new Map([[place, text]])).length, place).toBeGreaterThan(5);
});

/** The SDK's debug lines stand in every event log, `--debug` or not: each answer of a registration, its secrets in plain. */
function isNoDebugLine({ diagnosticEvent }: EngineEvent): boolean {
  return String(diagnosticEvent?.severity) !== "debug";
}
