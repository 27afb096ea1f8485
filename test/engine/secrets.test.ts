/**
 * The canary: every secret of a stack has a value that stands nowhere else, and nothing that the tool writes or prints holds it
 * in plain, whatever happens. The only exceptions are the files whose purpose it is, and those are private.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { type Gateway, openGateway } from "../support/gateway.js";
import { portrait } from "../support/portraits.js";
import { openRelay, type Relay } from "../support/relay.js";
import { expectNowhere } from "./_canaries.js";
import { createProject, type Project, type Ran } from "./_project.js";

const SEED = Buffer.from("seed-canary-seed-canary-seed-32b").toString("base64");
const canaries: Record<string, string> = {
  token: "keyri-token-canary-4711",
  seed: SEED,
  username: "username-canary-0815",
  displayName: "Display Name Canary",
  externalUserId: "external-canary/4242",
};

const faces = { ada: portrait(1), grace: portrait(2) };
const enrolledUser = z.object({ keylessId: z.string(), clientState: z.string(), serverState: z.string() });
const partsOfState = z.object({ content: z.string(), seal: z.string() });
interface Enrolled extends z.infer<typeof enrolledUser> {
  readonly person: string;
}
/** What the agent made of each picture that it got. */
const enrolled: Enrolled[] = [];

let tenant: Tenant;
let door: Gateway;
let relays: Readonly<Record<"agent" | "operations" | "authentication", Relay>>;
/** The call at which a Keyless service fails, and repeats the state that it was about. */
let failing = "none";
let project: Project;
let said = "";
beforeAll(async () => {
  tenant = await startTenant();
  const { agentUrl, operationsUrl, authenticationUrl, ...keyless } = tenant.record.keyless;
  const { apiKey, authenticationApiKey, customer, encryptionKeyFingerprint } = keyless;
  Object.assign(canaries, { apiKey, authenticationApiKey });
  door = await openGateway(tenant.record.keyri, canaries["token"] ?? "");
  relays = {
    agent: await openRelay(agentUrl, { passed: learn }),
    operations: await openRelay(operationsUrl, {
      instead: (_method, path) => repeated(path, ({ keylessId }) => path.includes(keylessId))?.serverState,
    }),
    authentication: await openRelay(authenticationUrl, {
      instead: (_method, path) =>
        repeated(path, ({ person }) => (person === "grace") === path.includes("/grace/"))?.clientState,
    }),
  };
  project = await createProject({
    config: {
      "keyri:url": `http://127.0.0.1:${door.port}`,
      "keyless:agentUrl": relays.agent.url,
      "keyless:operationsUrl": relays.operations.url,
      "keyless:authenticationUrl": relays.authentication.url,
      "keyless:customer": customer,
      "keyless:encryptionKeyFingerprint": encryptionKeyFingerprint,
    },
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
    fixtures: [
      "people:",
      "  ada:",
      "    displayName: Ada",
      "    username: ${AUTHN_FIXTURE_ADA}",
      "    keyri: [{ device: phone }]",
      "    keyless: { image: faces/ada.jpg, scenario: SELFIE, externalUserId: '${AUTHN_FIXTURE_ADA_EXTERNAL}' }",
      "  grace:",
      "    displayName: ${AUTHN_FIXTURE_GRACE}",
      "    keyri: [{ device: phone }]",
      "    keyless: { image: faces/grace.jpg, scenario: SELFIE, keepClientState: true }",
      "",
    ].join("\n"),
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
    environment: {
      KEYRI_TOKEN: canaries["token"] ?? "",
      KEYLESS_API_KEY: apiKey,
      KEYLESS_AUTHENTICATION_API_KEY: authenticationApiKey,
      AUTHN_SEED: SEED,
      AUTHN_FIXTURE_ADA: canaries["username"] ?? "",
      AUTHN_FIXTURE_ADA_EXTERNAL: canaries["externalUserId"] ?? "",
      AUTHN_FIXTURE_GRACE: canaries["displayName"] ?? "",
      AUTHN_DEBUG: "http",
    },
  });
  for (const [name, image] of Object.entries(faces)) await project.write(`people/faces/${name}.jpg`, image);
});
afterAll(async () => {
  await door.close();
  for (const relay of Object.values(relays)) await relay.close();
  await tenant.close();
  await project.remove();
});

/** The user that a failing call is about. */
function repeated(path: string, isMeant: (user: Enrolled) => boolean): Enrolled | undefined {
  return path.endsWith(`/${failing}`) ? enrolled.findLast(isMeant) : undefined;
}

/** Each state's parts: an error shows 200 characters of an answer at most, and never the whole of a state. */
function learn(path: string, asked: Buffer, answered: string): void {
  if (!path.endsWith("-enrollment")) return;
  const user = enrolledUser.parse(JSON.parse(answered));
  const person = asked.equals(faces.ada) ? "ada" : "grace";
  enrolled.push({ person, ...user });
  for (const kind of ["clientState", "serverState"] as const) {
    const { content, seal } = partsOfState.parse(JSON.parse(user[kind]));
    const name = `${kind} ${enrolled.length} of ${person}`;
    Object.assign(canaries, { [name]: content.slice(0, 24), [`${name}, inside`]: content.slice(99, 129) });
    Object.assign(canaries, { [`${name}, seal`]: seal.slice(0, 24) });
  }
}

async function run(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  said += ran.said;
  return ran;
}

/** Some bytes from the middle of a picture: as they are, in hex, and in base64 wherever that began. */
function formsOfPicture(image: Buffer): string[] {
  const middle = Math.floor(image.length / 2);
  const from = (offset: number) => image.subarray(middle + offset, middle + offset + 30);
  const base64 = [0, 1, 2].map((offset) => from(offset).toString("base64"));
  return [from(0).toString("latin1"), from(0).toString("hex"), ...base64];
}

/** Grace's, whose fixture says keepClientState. */
function keptStateOf(ran: Ran): string {
  const people = z.object({ grace: z.object({ keyless: z.object({ clientState: z.string() }) }) });
  return people.parse(ran.json.outputs["people"]).grace.keyless.clientState;
}

async function expectSilence(): Promise<void> {
  const files = await project.files();
  const journal = JSON.stringify(tenant.journal());
  const privateKeys = [...said.matchAll(/MIGHAgEAMBMGByqGSM49/g)];
  expect(privateKeys).toEqual([]);
  expectNowhere(canaries, { said, journal, files });
  for (const [name, image] of Object.entries(faces)) {
    for (const form of formsOfPicture(image)) {
      const places = [...files].filter(([, text]) => text.includes(form)).map(([path]) => path);
      expect(
        places.filter((path) => !path.endsWith(`people/faces/${name}.jpg`)),
        `${name}'s picture`,
      ).toEqual([]);
      expect(said.includes(form), `${name}'s picture was printed`).toBe(false);
    }
  }
  for (const [path, text] of files)
    expect(text.includes("MIGHAgEAMBMGByqGSM49"), `a private key stands in ${path}`).toBe(false);
}

describe("no secret is printed or written in plain", () => {
  it("by preview, up, a no-op, refresh and outputs", async () => {
    for (const operation of ["preview", "up", "up", "refresh"]) {
      const ran = await run(operation);
      expect(ran.code, ran.said).toBe(0);
    }
    expect(keptStateOf(await run("outputs"))).toBe("[secret]");
    expect(said).toContain("/keyriLogin 200");
    expect(said).toContain("/v1/users/{customer}/{username} 200");
    expect(said).toContain("/v2/external-users/{username}/users 200");
    expect(enrolled).toHaveLength(2);
    await expectSilence();
  });

  it("by failures: a refused token, a service that echoes what it got, a broken answer, a half-made key or user", async () => {
    door.echo(true);
    const echoed = await run("refresh");
    expect(echoed.code).toBe(1);
    expect(echoed.said).toContain("answered 500");
    expect((await run("destroy")).code).toBe(1);
    door.echo(false);
    project.set({ AUTHN_FIXTURE_ADA: "username-canary-0815-b" });
    tenant.addFault({
      service: "keyri",
      path: "/keyriLogin",
      status: 400,
      body: { message: `no: ${canaries["token"]}` },
    });
    failing = "commit";
    const uncommitted = await run("up");
    expect(uncommitted.code).toBe(1);
    expect(uncommitted.said).toContain("step commit");
    expect(enrolled).not.toHaveLength(2);
    await expectSilence();

    tenant.addFault({ service: "keyri", path: "/keyriLogin", when: "after", corrupt: "garbage", times: 0 });
    failing = "import-client-state";
    expect((await run("up", "--fixtures", "people")).said).toContain("step import");
    failing = "none";
    tenant.clearFaults();
    project.set({ KEYRI_TOKEN: "another-token-canary", KEYLESS_API_KEY: "another-api-key-canary" });
    Object.assign(canaries, { otherToken: "another-token-canary", otherKey: "another-api-key-canary" });
    expect((await run("up")).code).toBe(1);
    expect((await run("destroy")).code).toBe(1);
    await expectSilence();
  });

  it("but the person who asks for it gets the private key and the kept client state, and only on standard output", async () => {
    const shown = await project.authn("outputs", "--show-secrets");
    expect(shown.stdout).toContain("MIGHAgEAMBMGByqGSM49");
    expect(shown.stderr).not.toContain("MIGHAgEAMBMGByqGSM49");
    expect(enrolled.map(({ clientState }) => clientState)).toContain(keptStateOf(shown));
  });

  it("and what must be kept is readable by its owner alone", async () => {
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(project.home)).toBe("700");
    expect(await mode(join(project.home, "passphrase"))).toBe("600");
  });
});
