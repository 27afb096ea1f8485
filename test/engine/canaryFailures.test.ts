/**
 * The canary for failures: whatever a service makes of what it was sent, at each call of each resource, nothing that a provider
 * says afterwards holds a secret. In one process and without the engine, which prints just what is collected here.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { baikalClientKeysLifecycle } from "../../providers/baikal/lifecycle.js";
import { hankoCredentialLifecycle } from "../../providers/hanko/lifecycle.js";
import { adapt, type HostedProvider } from "../../providers/host/adapter.js";
import type { HostProcess } from "../../providers/host/session.js";
import { keylessUserLifecycle } from "../../providers/keyless/lifecycle.js";
import { keyriPublicKeyLifecycle } from "../../providers/keyri/lifecycle.js";
import { facesFolder } from "../support/faces.js";
import { portrait } from "../support/portraits.js";
import { expectNowhere, privateParts } from "./_canaries.js";
import { type Door, openWatchedTenant, type WatchedTenant } from "./_doors.js";
import { type Exchange, type Misbehaviour, misbehaviours } from "./_witness.js";

// Each try has a person of its own, and its names begin alike.
const NAMES = ["username", "displayName", "userId", "name", "externalUserId"] as const;
const canaryOf = (name: string) => `canary-${name}-0815`;

type Properties = Readonly<Record<string, unknown>>;

interface Row {
  readonly name: string;
  readonly doors: readonly Door[];
  readonly inputs: Properties;
  /** Changed in place. */
  readonly changed: Properties;
  readonly concealed: readonly string[];
  provider(host: HostProcess): HostedProvider;
}

const rows: readonly Row[] = [
  {
    name: "KeylessUser",
    doors: ["agent", "operations", "authentication"],
    inputs: { username: "", externalUserId: "", image: "faces/ada.jpg", scenario: "SELFIE", keepClientState: true },
    changed: { revokedDevices: [Buffer.from("a public key of some device").toString("base64")] },
    concealed: ["username", "externalUserId"],
    provider: (host) => adapt(keylessUserLifecycle, host),
  },
  {
    name: "HankoCredential on the Passkey API",
    doors: ["passkey"],
    inputs: { userId: "", username: "", displayName: "", name: "" },
    changed: { name: `another ${canaryOf("name")}` },
    concealed: ["userId", "username", "displayName", "name"],
    provider: (host) => adapt(hankoCredentialLifecycle, host),
  },
  {
    name: "HankoCredential on the Authentication API",
    doors: ["hanko"],
    inputs: { userId: "", username: "", displayName: "", name: "", algorithm: "EdDSA", generation: 2 },
    changed: { name: `another ${canaryOf("name")}` },
    concealed: ["userId", "username", "displayName", "name"],
    provider: (host) => adapt(hankoCredentialLifecycle, host),
  },
  {
    name: "BaikalClientKeys with a grant",
    doors: ["baikal", "bucket"],
    inputs: {
      algorithm: "ES256",
      publish: { path: "billing.json" },
      verify: { grant: { sub: "probe" } },
      withdraw: true,
    },
    changed: { period: "14d" },
    concealed: [],
    provider: (host) => adapt(baikalClientKeysLifecycle, host),
  },
  {
    name: "KeyriPublicKey",
    doors: ["keyri"],
    inputs: { username: "" },
    changed: { onDelete: "delete" },
    concealed: ["username"],
    provider: (host) => adapt(keyriPublicKeyLifecycle, host),
  },
];

const { folder } = facesFolder();
const canaries = new Map<string, string | Buffer>([
  ["the picture", portrait(1).subarray(600, 640)],
  ...NAMES.map((name) => [`the ${name}`, canaryOf(name)] as const),
]);
let watched: WatchedTenant;
beforeAll(async () => {
  watched = await openWatchedTenant();
  for (const [name, secret] of Object.entries(watched.credentials)) canaries.set(name, secret);
});
afterAll(() => watched.close());

function configurationOf(row: Row): Readonly<Record<string, string>> {
  const api = row.doors.includes("hanko") ? "authentication" : "passkey";
  return { ...watched.settings(api), ...watched.credentials, "authn:timeoutMs": "5000" };
}

/** All that one try says, by what it was about. */
const places = new Map<string, string>();

/** All tries are one operation, and its ledger is searched like what was said. */
const ledgers: HostProcess["ledgers"] = new Map();

/** A provider as a new process would serve it, whose every word is kept; waiting between attempts takes no time. */
function providerOf(row: Row, said: (line: string) => void): HostedProvider {
  const provider = row.provider({
    environment: { AUTHN_HOME: join(folder, ".authn") },
    workingDirectory: folder,
    enter: () => () => undefined,
    operation: { id: "the canary's", pid: process.pid },
    ledgers,
    dependencies: {
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      random: { uuid: () => randomUUID(), fraction: () => 0.5, bytes: (length) => randomBytes(length) },
      debug: said,
      tell: said,
      warn: said,
      stopped: () => false,
    },
  });
  const configuration = configurationOf(row);
  void provider.configure({ config: { get: (key) => configuration[key] } });
  return provider;
}

const failed = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  reasons: z.array(z.string()).optional(),
});

/** What the stock host makes of an error: it prints the error, its stack and its reasons, and keeps its properties. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { reasons = [] } = failed.parse(error);
  return [String(error), error.message, error.stack, ...reasons].join("\n");
}

const secretOutputs = z.object({
  privateKey: z.string().optional(),
  privateKeys: z.record(z.string(), z.string()).optional(),
  clientState: z.string().optional(),
  serverState: z.string().optional(),
});
function learn(about: string, outputs: unknown): void {
  const { privateKey, privateKeys = {}, ...states } = secretOutputs.parse(outputs ?? {});
  for (const key of [...Object.values(privateKeys), ...(privateKey === undefined ? [] : [privateKey])])
    for (const [part, bytes] of privateParts(`the private key of ${about}`, key)) canaries.set(part, bytes);
  for (const [kind, state] of Object.entries(states)) {
    const { content, seal } = z.object({ content: z.string(), seal: z.string() }).parse(JSON.parse(state ?? ""));
    canaries.set(`the ${kind} of ${about}`, content).set(`the ${kind}'s seal of ${about}`, seal);
  }
}

const signed = z.object({ signature: z.string() });
/** What a request or its answer holds that whoever reads it could use: signatures, assertions, tokens. */
const USABLE = [
  /"(?:signature|token|access_token|clientDataJSON)"\s*:\s*"([^"]{16,})"/g,
  /(?:assertion|signature)=([\w.%+-]{16,})/g,
  /\\"signature\\":\s*\\"([^"\\]{16,})/g,
];
function learnFrom(about: string, { headers, body, answered }: Exchange): void {
  const [scheme, credentials] = headers["authorization"]?.split(" ") ?? [];
  if (scheme === "hanko" && credentials !== undefined)
    canaries.set(
      `the signature of ${about}`,
      signed.parse(JSON.parse(Buffer.from(credentials, "base64").toString())).signature,
    );
  for (const text of [body.toString("utf8"), answered])
    for (const [index, found] of USABLE.flatMap((usable) => [...text.matchAll(usable)]).entries())
      canaries.set(`usable text ${index} of ${about}`, found[1]?.split(".").at(-1) ?? "");
}

let tries = 0;
function inputsOf(row: Row): Properties {
  tries += 1;
  const named = Object.entries(row.inputs).map(([key, value]) => [
    key,
    value === "" ? `${canaryOf(key)}-${tries}` : value,
  ]);
  const owner = {
    project: "p",
    stack: "s",
    type: row.name.split(" ")[0] ?? "",
    name: `n${tries}`,
    concealed: row.concealed,
  };
  return { ...Object.fromEntries(named), owner };
}

interface Made {
  readonly id: string;
  readonly outs: Properties;
}
interface Operation {
  readonly name: string;
  readonly onWhatStands: boolean;
  run(provider: HostedProvider, inputs: Properties, made: Made, changed: Properties): Promise<unknown>;
}
const operations: readonly Operation[] = [
  { name: "create", onWhatStands: false, run: async (provider, inputs) => (await provider.create(inputs)).outs },
  { name: "read", onWhatStands: true, run: async (provider, _, { id, outs }) => (await provider.read(id, outs)).props },
  {
    name: "update",
    onWhatStands: true,
    run: async (provider, inputs, { id, outs }, changed) =>
      (await provider.update(id, outs, { ...inputs, ...changed })).outs,
  },
  { name: "delete", onWhatStands: true, run: (provider, _, { id, outs }) => provider.delete(id, outs) },
];

const nothingMade: Made = { id: "", outs: {} };

/** Goes through one operation, the requests from the nth on answered badly, and keeps all that was said. */
async function attempt(
  row: Row,
  operation: Operation,
  [inputs, made]: readonly [Properties, Made],
  how: Misbehaviour | undefined,
  from: number,
): Promise<{ readonly calls: number; readonly refusal: string | undefined }> {
  const about = `${row.name}, ${operation.name}, call ${from}, a service that ${how?.name ?? "is well"}`;
  let said = "";
  const provider = providerOf(row, (line) => {
    said += `${line}\n`;
  });
  const before = row.doors.map((door) => watched.doors[door].exchanges.length);
  let asked = 0;
  for (const door of row.doors) watched.doors[door].misbehave(how, () => asked++ >= from);
  let refusal: string | undefined;
  try {
    learn(about, await operation.run(provider, inputs, made, row.changed));
  } catch (error) {
    refusal = wordsOf(error);
    learn(about, failed.parse(error).properties);
  }
  for (const door of row.doors) watched.doors[door].misbehave(undefined);
  const exchanges = row.doors.flatMap((door, index) => watched.doors[door].exchanges.slice(before[index]));
  for (const exchange of exchanges) learnFrom(about, exchange);
  places.set(about, `${said}${refusal ?? ""}`);
  return { calls: exchanges.length, refusal };
}

/** Inputs as check leaves them, and what stands already where the operation wants that. */
async function subject(row: Row, { onWhatStands }: Operation): Promise<readonly [Properties, Made]> {
  await watched.tenant.reset();
  const provider = providerOf(row, () => undefined);
  const { inputs = {}, failures = [] } = await provider.check({}, inputsOf(row));
  expect(failures).toEqual([]);
  return [inputs, onWhatStands ? await provider.create(inputs) : nothingMade];
}

/** Bytes of the journals that the tries left, by their names. */
async function ledgerFiles(): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(join(folder, ".authn"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.some(({ name }) => name.endsWith(".journal"))).toBe(true);
  return Promise.all(
    files.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), "latin1")] as const),
  );
}

describe.each(rows)("$name", (row) => {
  it("says nothing secret, whatever its services make of what they were sent", async () => {
    let refusals = 0;
    for (const operation of operations) {
      const { calls, refusal } = await attempt(row, operation, await subject(row, operation), undefined, 0);
      expect(refusal).toBeUndefined();
      let standing = await subject(row, operation);
      for (let call = 0; call < calls; call += 1)
        for (const how of misbehaviours) {
          if ((await attempt(row, operation, standing, how, call)).refusal !== undefined) refusals += 1;
          if (!operation.onWhatStands) standing = await subject(row, operation);
        }
    }
    expect(refusals).toBeGreaterThan(misbehaviours.length);
    expectNowhere(canaries, new Map([...places, ...(await ledgerFiles())]));
  });
});
