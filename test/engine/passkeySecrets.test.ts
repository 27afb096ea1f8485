/**
 * The canary for passkeys, on both generations of the API: neither keys of the service nor signatures made with them, no private key,
 * nothing that a browser signs in with and no secret name is printed or written in plain, whatever happens.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { expectNowhere } from "./_canaries.js";
import { createProject, type Project, type Ran } from "./_project.js";

const names = {
  AUTHN_FIXTURE_USER: "user-id-canary-1729",
  AUTHN_FIXTURE_USERNAME: "username-canary-2718",
  AUTHN_FIXTURE_NAME: "Display Name Canary 31",
};
const SEED = Buffer.from("seed-canary-seed-canary-seed-32b").toString("base64");
// What both begin with, in either alphabet of base64: `{"` of a token's header and of the JSON that holds a signature.
const SIGNED_JSON = "eyJ";
/** Words that stand in what is ready for a browser, and nowhere else. */
const BROWSER_WORDS = ["isResidentCredential", "playwright"];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
const fixtures = (more = "") =>
  [
    "people:",
    "  ada:",
    "    displayName: ${AUTHN_FIXTURE_NAME}",
    "    username: ${AUTHN_FIXTURE_USERNAME}",
    "    hanko:",
    "      - { name: laptop, userId: '${AUTHN_FIXTURE_USER}' }",
    `      - { name: phone, userId: '\${AUTHN_FIXTURE_USER}', algorithm: EdDSA }`,
    more,
    "",
  ].join("\n");
const another = "      - { name: tablet, userId: '${AUTHN_FIXTURE_USER}' }";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders

const handedOut = z.object({
  ada: z.object({
    hanko: z.record(z.string(), z.object({ privateKey: z.string(), userHandle: z.string(), browser: z.unknown() })),
  }),
});

let tenant: Tenant;
let mirror: Server;
let mirrorUrl = "";
let project: Project;
let said = "";
beforeAll(async () => {
  tenant = await startTenant();
  mirror = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const { authorization, apikey } = incoming.headers;
    // What would hurt most stands first: an error shows 200 characters.
    const message = { authorization, apikey, body: Buffer.concat(chunks).toString() };
    outgoing.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify(message));
  });
  mirror.listen(0, "127.0.0.1");
  await once(mirror, "listening");
  mirrorUrl = `http://127.0.0.1:${z.object({ port: z.number() }).parse(mirror.address()).port}`;
});
afterAll(async () => {
  mirror.close();
  await tenant.close();
});
afterEach(() => project.remove());

async function run(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  said += ran.said;
  return ran;
}

describe.each(["passkey", "authentication"] as const)("on the %s API", (api) => {
  it("no secret is printed or written in plain, by success or by failure", async () => {
    const { rpId, origin, passkey, authentication } = tenant.record.hanko;
    const { apiKey, apiSecret } = { ...passkey, ...authentication };
    const { url } = api === "passkey" ? passkey : authentication;
    const places = { api, rpId, origin, tenantId: passkey.tenantId, apiKeyId: authentication.apiKeyId };
    project = await createProject({
      config: Object.fromEntries(Object.entries(places).map(([key, value]) => [`hanko:${key}`, value])),
      fixtures: fixtures(),
      environment: {
        ...names,
        HANKO_URL: url,
        HANKO_API_KEY: apiKey,
        HANKO_API_SECRET: apiSecret,
        AUTHN_SEED: SEED,
        AUTHN_DEBUG: "http",
      },
    });
    said = "";

    const up = await run("up");
    expect(up.code, up.said).toBe(0);
    expect(up.said).toContain("registration/finalize 200");
    expect((await run("refresh")).code).toBe(0);
    const hidden = await run("outputs");
    expect(JSON.stringify(hidden.json.outputs)).toContain("[secret]");
    const shown = await project.authn("outputs", "--show-secrets");
    const passkeys = Object.values(handedOut.parse(shown.json.outputs["people"]).ada.hanko);
    expect(passkeys).toHaveLength(2);
    for (const { browser } of passkeys) expect(browser).toMatchObject({ playwright: {}, devTools: {} });

    // A service that repeats all that it got: to a registration, a read and a removal.
    project.set({ HANKO_URL: mirrorUrl });
    await project.write("people/people.yaml", fixtures(another));
    for (const operation of ["refresh", "up", "destroy"]) {
      const echoed = await run(operation);
      expect(echoed.code, echoed.said).toBe(1);
      expect(echoed.said).toContain("500");
    }
    // One that names the secrets when it fails half-way, and one whose answer can't be read.
    project.set({ HANKO_URL: url });
    const finalize = `/*/${api === "passkey" ? "login" : "authentication"}/finalize`;
    const message = `no: ${apiKey} ${apiSecret} ${names.AUTHN_FIXTURE_USER} ${names.AUTHN_FIXTURE_USERNAME}`;
    const service = `hanko-${api}` as const;
    tenant.addFault({ service, path: finalize, status: 500, body: { message } });
    expect((await run("up")).said).toContain("step prove");
    tenant.addFault({ service, path: finalize, when: "after", corrupt: "truncate" });
    expect((await run("up")).code).toBe(1);

    const files = await project.files();
    const journal = JSON.stringify(tenant.journal());
    const keys = passkeys.map(({ privateKey }, index) => [`private key ${index}`, privateKey.slice(-32)] as const);
    const handles = passkeys.map(({ userHandle }, index) => [`user handle ${index}`, userHandle] as const);
    const canaries = { ...names, apiKey, apiSecret, SEED, ...Object.fromEntries([...keys, ...handles]) };
    expectNowhere(canaries, { said, journal, files });
    const state = [...files].filter(([path]) => path.includes("/state/")).map(([, text]) => text);
    expect(state).not.toEqual([]);
    for (const word of BROWSER_WORDS) for (const text of [said, ...state]) expect(text).not.toContain(word);
    expect(said).not.toContain(SIGNED_JSON);
    tenant.reset();
  });
});
