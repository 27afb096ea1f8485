/**
 * The canary: a project of all four systems, each secret of which stands nowhere else, goes through success and failure with the real
 * engine; then all that was printed and written, and all that its processes show of themselves, is searched for every one of them.
 * The only exceptions are the files whose purpose it is, and those are private.
 */
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { findEngine } from "../../src/cli/engine/index.js";
import { portrait } from "../support/portraits.js";
import { expectNowhere, findLeaks, privateParts } from "./_canaries.js";
import { openWatchedTenant, type WatchedTenant } from "./_doors.js";
import { type SeenProcess, watchProcesses } from "./_processes.js";
import { createProject, type Project, type Ran } from "./_project.js";
import { secretsOfState } from "./_stateSecrets.js";
import { type Misbehaviour, misbehaviours } from "./_witness.js";

const initial = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });
/** What the fixtures' placeholders give. */
const given: Readonly<Record<string, string>> = {
  AUTHN_FIXTURE_ADA: "canary-ada-0815",
  AUTHN_FIXTURE_EXTERNAL: "canary-external/4242",
  AUTHN_FIXTURE_GRACE: 'Canary "Gräce" 31',
  AUTHN_FIXTURE_USER: "canary-user-id-1729",
  AUTHN_FIXTURE_HEADER: "canary-header-31415",
  // Not 16 bytes: the Passkey API takes those for a UUID, and a check that fails stops the others wherever they are.
  AUTHN_FIXTURE_ALAN: "canary-alan-00816",
};
const pictures = { ada: portrait(1), grace: portrait(2), alan: portrait(3) };

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
const PEOPLE = `people:
  ada:
    displayName: Ada
    username: \${AUTHN_FIXTURE_ADA}
    keyri: [{ device: phone }]
    keyless: { image: faces/ada.jpg, scenario: SELFIE, externalUserId: '\${AUTHN_FIXTURE_EXTERNAL}' }
    hanko:
      - { name: laptop, userId: '\${AUTHN_FIXTURE_USER}' }
      - { name: phone, userId: '\${AUTHN_FIXTURE_USER}', algorithm: EdDSA }
  grace:
    displayName: \${AUTHN_FIXTURE_GRACE}
    keyri: [{ device: phone }]
    keyless: { image: faces/grace.jpg, scenario: SELFIE, keepClientState: true }
`;
/** A pair for RS256 is random, so its resource begins with what names the user. */
const ANOTHER = `  alan:
    displayName: Alan
    username: \${AUTHN_FIXTURE_ALAN}
    keyri: [{ device: phone }]
    keyless: { image: faces/alan.jpg, scenario: SELFIE }
    hanko: [{ name: tablet, algorithm: RS256 }]
`;
const clients = (url: string) => `clients:
  billing:
    baikal:
      algorithm: ES256
      verifierCache: 0s
      tokenLife: 0s
      clockSkew: 0s
      period: 1s
      publish: { path: billing.json }
      verify: { grant: { sub: probe } }
  reports:
    baikal:
      issuer: https://reports.example/
      algorithm: ES256
      initialKey: \${AUTHN_FIXTURE_KEY}
      publish: { url: '${url}/reports.json', headers: { authorization: 'Bearer \${AUTHN_FIXTURE_TOKEN}', x-key: '\${AUTHN_FIXTURE_HEADER}' } }
`;
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders

const canaries = new Map<string, string | Buffer>([
  ...Object.entries(given),
  // What all of a kind have in common, should one stand in plain and so be no secret of the state: PKCS#8 in base64.
  ["a private key of P-256", "MIGHAgEAMBMGByqGSM49"],
  ["a private key of Ed25519", "MC4CAQAwBQYDK2VwBCIEI"],
  ["a private key of RSA", "IBADANBgkqhkiG9w0BAQEFAASCBK"],
  ...privateParts("the initial key", initial.toString()),
  ...Object.entries(pictures).map(([name, bytes]) => [`${name}'s picture`, bytes.subarray(600, 640)] as const),
]);
/** What was printed, by the command. */
const printed = new Map<string, string>();
const processes: SeenProcess[] = [];
let watched: WatchedTenant;
let project: Project;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  watched = await openWatchedTenant();
  const secrets = Object.entries(watched.credentials);
  for (const [name, secret] of secrets) canaries.set(name, secret);
  environment = {
    ...Object.fromEntries(secrets.map(([key, secret]) => [variable(key), secret])),
    ...given,
    AUTHN_FIXTURE_KEY: initial.toString(),
    AUTHN_FIXTURE_TOKEN: watched.credentials["baikal:publishToken"] ?? "",
    AUTHN_DEBUG: "http",
  };
  project = await createProject({ config: watched.settings("passkey"), fixtures: PEOPLE, environment });
  await project.write("people/clients.yaml", clients(watched.doors.bucket.url));
  for (const [name, image] of Object.entries(pictures)) await project.write(`people/faces/${name}.jpg`, image);
  // Where the engine's event log and crash reports go, so that they are searched too.
  await project.write("tmp/.keep", "");
  project.set({
    TMPDIR: join(project.folder, "tmp"),
    NODE_OPTIONS: `--report-on-signal --report-directory=${join(project.folder, "tmp")}`,
  });
});
afterAll(async () => {
  await watched.close();
  await project.remove();
});

/** `keyless:authenticationApiKey` is KEYLESS_AUTHENTICATION_API_KEY in the environment. */
function variable(key: string): string {
  return key.replace(":", "_").replace(/[A-Z]/g, "_$&").toUpperCase();
}

async function run(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  printed.set(`what the ${printed.size + 1}th command, ${args.join(" ")}, printed`, ran.said);
  return ran;
}

async function engine(...args: string[]): Promise<string> {
  const { command, environment } = await findEngine({ environment: process.env, report: () => undefined });
  const { stdout } = await promisify(execFile)(command.command, [...args, "--stack", "dev", "--non-interactive"], {
    cwd: join(project.home, "workspace", "dev"),
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      ...environment,
      PULUMI_BACKEND_URL: `file://${join(project.home, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(project.home, "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  return stdout;
}

/** What the stack holds as secrets, and what the agent made of the pictures, whether it is kept as a secret or not. */
async function learn(): Promise<void> {
  const found = secretsOfState(await engine("stack", "export", "--show-secrets"));
  expect(found.size).toBeGreaterThan(20);
  for (const [name, secret] of found) canaries.set(`${name} of the state`, secret);
  for (const [index, { answered }] of watched.doors.agent.exchanges.entries()) {
    const states = enrolled.safeParse(JSON.parse(answered || "{}")).data;
    for (const [kind, state] of states === undefined ? [] : Object.entries(states)) {
      const { content, seal } = parts.parse(JSON.parse(state));
      canaries.set(`${kind} ${index}`, content).set(`the seal of ${kind} ${index}`, seal);
    }
  }
}

const enrolled = z.object({ clientState: z.string(), serverState: z.string() });
const parts = z.object({ content: z.string(), seal: z.string() });

/** Everything that the tool, and what it started, left behind. */
async function places(): Promise<ReadonlyMap<string, string>> {
  const { url, token } = watched.tenant.record.admin;
  const admin = ["/", "/health", "/journal", "/state", "/faults", "/nowhere"].map(async (path) => {
    const answers = [fetch(url + path), fetch(url + path, { headers: { authorization: `Bearer ${token}` } })];
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    return [`${path} of the admin origin`, texts.join("\n")] as const;
  });
  const files = [...(await project.files())].map(([path, text]) => {
    const name = relative(project.folder, path);
    return [name, name.startsWith(join("tmp", "report")) ? reported(text) : text] as const;
  });
  const shown = processes.map(({ pid, arguments: words }) => [`the arguments of process ${pid}`, words] as const);
  return new Map([...printed, ...files, ...shown, ...(await Promise.all(admin))]);
}

/** A crash report; a Node that can't leave the environment out of it has it there, and nowhere else. */
function reported(text: string): string {
  const { environmentVariables, ...rest } = z
    .looseObject({ environmentVariables: z.unknown().optional() })
    .parse(JSON.parse(text));
  if (process.report !== undefined && "excludeEnv" in process.report) expect(environmentVariables).toBeUndefined();
  return JSON.stringify(rest);
}

const how = (name: string): Misbehaviour => {
  const found = misbehaviours.find((misbehaviour) => misbehaviour.name === name);
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};

const outputs = z.object({
  people: z.object({ grace: z.object({ keyless: z.object({ clientState: z.string() }) }) }),
});

describe("no secret is printed or written in plain", () => {
  it("by preview, up, a rotation, refresh, outputs and what they start", async () => {
    expect((await run("preview")).code).toBe(0);
    const up = project.start("up");
    const ended = up.ended.then((ran) => {
      printed.set("what up printed", ran.said);
      return ran;
    });
    const seen = watchProcesses(up.pid, ended);
    await up.said("http GET");
    up.kill("SIGUSR2");
    expect((await ended).code, (await ended).said).toBe(0);
    processes.push(...(await seen));
    for (const operation of ["up", "refresh", "rotation"]) {
      const ran = await run(operation);
      expect(ran.code, ran.said).toBe(0);
    }
    expect(outputs.parse((await run("outputs")).json.outputs).people.grace.keyless.clientState).toBe("[secret]");
    await learn();
    printed.set("a stack export", await engine("stack", "export"));
    printed.set("the stack's history", await engine("stack", "history", "--json", "--full-dates"));
  });

  it("but for the person who asks for it: on standard output, or in a file which nobody else can read", async () => {
    const shown = await project.authn("outputs", "--show-secrets");
    expect(shown.stdout).toMatch(/MIGHAgEAMBMGByqGSM49.*BEGIN PRIVATE KEY/s);
    expect(outputs.parse(shown.json.outputs).people.grace.keyless.clientState).toContain("content");
    expectNowhere(canaries, new Map([["standard error", shown.stderr]]));
    const write = await run("keys", "write", "--dir", "keys");
    expect(write.code, write.said).toBe(0);
    expectNowhere(canaries, new Map([["what was printed", write.said]]));
    const files = ["keys/billing.pem", "keys/reports.pem", ".authn/passphrase"];
    const modes = await Promise.all(["keys", ".authn", ...files].map((path) => modeOf(join(project.folder, path))));
    expect(modes).toEqual(["700", "700", "600", "600", "600"]);
    expect(
      findLeaks(canaries, new Map([["billing.pem", await readFile(join(project.folder, "keys/billing.pem"), "utf8")]])),
    ).not.toEqual([]);
    // All files are searched in the end.
    await rm(join(project.folder, "keys"), { recursive: true });
  });

  it("nor by failures: services that repeat what they got, at once or in the middle of a resource, and a provider that is killed", async () => {
    await project.write("people/people.yaml", PEOPLE + ANOTHER);
    watched.misbehave(how("repeats it in the words of OAuth and of problems"));
    expect((await run("up")).code).toBe(1);
    watched.misbehave(how("repeats the credentials"));
    expect((await run("destroy")).code).toBe(1);
    watched.misbehave(
      how("repeats the body"),
      (method, path) => method === "PUT" || /commit|finalize|Login|token/.test(path),
    );
    expect((await run("up")).said).toContain("step");
    watched.misbehave(how("answers as it ought to, and breaks off"), (_, path) => /import|Login|finalize/.test(path));
    expect((await run("up")).code).toBe(1);
    watched.misbehave(undefined);
    await learn();

    const up = project.start("up");
    const killed = up.ended.then((ran) => {
      printed.set("what up printed whose provider was killed", ran.said);
      return ran;
    });
    let provider: SeenProcess | undefined;
    const seen = watchProcesses(up.pid, killed, (found) => {
      provider = found;
    });
    await up.said(/http (?:POST|PUT)/);
    if (provider !== undefined) process.kill(provider.pid, "SIGKILL");
    expect((await killed).code).toBe(provider === undefined ? 0 : 1);
    processes.push(...(await seen));
    // Before the next run has settled what it says.
    for (const [path, text] of await project.files()) if (path.endsWith(".journal")) printed.set("the ledger", text);
    expect(printed.has("the ledger")).toBe(provider !== undefined);
    // A folder cannot be made below a file.
    project.set({ AUTHN_LEDGER: "people/people.yaml" });
    const unwritten = await run("up");
    expect(unwritten.code, unwritten.said).not.toBe(0);
    project.set({ AUTHN_LEDGER: undefined });
  });

  it("nor by inputs, configuration and addresses that are refused, or a passphrase that is wrong", async () => {
    const long = `${"x".repeat(300)}\u0007`;
    const refusals: readonly Readonly<Record<string, string>>[] = [
      {
        AUTHN_FIXTURE_ADA: `${given["AUTHN_FIXTURE_ADA"]}${long}`,
        AUTHN_FIXTURE_USER: `${given["AUTHN_FIXTURE_USER"]}${long}`,
        AUTHN_FIXTURE_KEY: initial.toString().replace("BEGIN", "BEGUN"),
        AUTHN_FIXTURE_HEADER: `${given["AUTHN_FIXTURE_HEADER"]}\nx: y`,
      },
      {
        AUTHN_SEED: "canary of a short seed",
        ...Object.fromEntries(
          ["keyri:token", "keyless:apiKey", "hanko:apiKey", "baikal:clientSecret", "baikal:publishToken"].map((key) => [
            variable(key),
            `${watched.credentials[key]} é\n`,
          ]),
        ),
      },
      { PULUMI_CONFIG_PASSPHRASE: "canary of another passphrase" },
    ];
    canaries
      .set("the short seed", "canary of a short seed")
      .set("the other passphrase", "canary of another passphrase");
    for (const variables of refusals) {
      project.set(variables);
      const refused = await run("preview");
      expect(refused.code, refused.said).not.toBe(0);
      project.set({ PULUMI_CONFIG_PASSPHRASE: undefined, ...environment });
    }
    // With a password in it, which is a secret that nobody declared as one.
    canaries.set("the password in an address", "canary-of-a-password");
    await project.write("Pulumi.dev.yaml", 'config: { keyri:url: "http://ada:canary-of-a-password@keyri.example" }\n');
    expect((await run("preview")).said).toContain("Take what stands before the @");
    await project.write("Pulumi.dev.yaml", 'config: { keyri:url: "http://keyri.example" }\n');
    expect((await run("preview")).said).toContain("authn:allowedHosts");
    await project.write("Pulumi.dev.yaml", "{}\n");
  });

  it("so it stands nowhere but where it belongs", async () => {
    canaries.set("the passphrase", (await readFile(join(project.home, "passphrase"), "utf8")).trim());
    const all = await places();
    expect([...findLeaks(canaries, all)].sort()).toEqual([
      ".authn/passphrase holds the passphrase, as it is",
      "people/faces/ada.jpg holds ada's picture, as bytes",
      "people/faces/alan.jpg holds alan's picture, as bytes",
      "people/faces/grace.jpg holds grace's picture, as bytes",
    ]);
    for (const kind of [/^tmp\/report.*json$/, /^\.authn\/state\/.*history\.json$/])
      expect(
        [...all.keys()].filter((place) => kind.test(place)),
        String(kind),
      ).not.toEqual([]);
  });

  it("nor does what the engine starts get the passphrase, which it has no use for", () => {
    const passphrase = new Map([...canaries].filter(([name]) => name === "the passphrase"));
    const environments = processes.map(({ pid, environment }) => [`the environment of ${pid}`, environment] as const);
    expectNowhere(passphrase, new Map(environments));
    const isSeen = (words: string) => processes.some((seen) => seen.arguments.includes(words));
    if (process.platform === "linux")
      expect(["main.js up", "pulumi up", "dynamic-provider"].filter((words) => !isSeen(words))).toEqual([]);
  });
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
