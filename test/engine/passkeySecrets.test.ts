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
/** What private keys have in common, as base64 of PKCS#8: P-256, Ed25519, RSA of 2048 bits. */
const PRIVATE_KEYS = {
  p256: "MIGHAgEAMBMGByqGSM49",
  ed25519: "MC4CAQAwBQYDK2VwBCIEI",
  rsa: "IBADANBgkqhkiG9w0BAQEFAASCBK",
};
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
// Its pair is random, so it begins with what names the user.
const another = "      - { name: tablet, userId: '${AUTHN_FIXTURE_USER}', algorithm: RS256 }";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders

const handedOut = z.object({
  ada: z.object({
    hanko: z.record(z.string(), z.object({ privateKey: z.string(), userHandle: z.string(), browser: z.unknown() })),
  }),
});

const signed = z.object({ signature: z.string() });

let tenant: Tenant;
/** A service that fails and repeats all that it got. */
let mirror: Server;
let mirrorUrl = "";
/** What requests to the mirror were signed with. */
const signatures: string[] = [];
let project: Project;
let said = "";
beforeAll(async () => {
  tenant = await startTenant();
  mirror = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const { authorization, apikey } = incoming.headers;
    const [scheme, value = ""] = (authorization ?? "").split(" ");
    if (scheme === "hanko")
      signatures.push(signed.parse(JSON.parse(Buffer.from(value, "base64").toString())).signature);
    // What would hurt most stands first: an error shows 200 characters.
    const message = { apikey, body: Buffer.concat(chunks).toString(), authorization };
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
afterEach(async () => {
  said = "";
  await project.remove();
  await tenant.reset();
});

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
    const places = { api, rpId, origin, tenantId: passkey.tenantId };
    project = await createProject({
      config: Object.fromEntries(Object.entries(places).map(([key, value]) => [`hanko:${key}`, value])),
      fixtures: fixtures(),
      environment: {
        ...names,
        HANKO_URL: url,
        HANKO_API_KEY: apiKey,
        HANKO_API_KEY_ID: authentication.apiKeyId,
        HANKO_API_SECRET: apiSecret,
        AUTHN_SEED: SEED,
        AUTHN_DEBUG: "http",
      },
    });

    const up = await run("up");
    expect(up.code, up.said).toBe(0);
    expect(up.said).toContain("registration/finalize 200");
    expect((await run("refresh")).code).toBe(0);
    const shown = await project.authn("outputs", "--show-secrets");
    for (const part of [PRIVATE_KEYS.p256, PRIVATE_KEYS.ed25519]) expect(shown.stdout).toContain(part);
    const passkeys = Object.values(handedOut.parse(shown.json.outputs["people"]).ada.hanko);
    expect(passkeys).toHaveLength(2);
    for (const { browser } of passkeys) expect(browser).toMatchObject({ playwright: {}, devTools: {} });

    project.set({ HANKO_URL: mirrorUrl });
    await project.write("people/people.yaml", fixtures(another));
    const echoed = await run("up");
    expect(echoed.said).toContain("500 to registration/initialize");
    // Without its id the secret itself is what is sent.
    project.set({ HANKO_API_KEY_ID: undefined });
    expect((await run("destroy")).said).toContain("500 to delete credential");

    project.set({ HANKO_URL: url });
    const service = `hanko-${api}` as const;
    const login = api === "passkey" ? "login" : "authentication";
    const message = `no: ${apiKey} ${apiSecret} ${names.AUTHN_FIXTURE_USER} ${names.AUTHN_FIXTURE_USERNAME}`;
    tenant.addFault({ service, path: "/*/registration/finalize", when: "after", corrupt: "truncate" });
    tenant.addFault({ service, path: `/*/${login}/finalize`, status: 500, body: { message } });
    expect((await run("up")).said).toContain("step prove");

    const files = await project.files();
    const journal = JSON.stringify(tenant.journal());
    const keys = passkeys.map(({ privateKey }, index) => [`private key ${index}`, privateKey.slice(-32)] as const);
    const handles = passkeys.map(({ userHandle }, index) => [`user handle ${index}`, userHandle] as const);
    const marks = signatures.map((signature, index) => [`signature ${index}`, signature] as const);
    expect(signatures.length > 0).toBe(api === "authentication");
    const learnt = Object.fromEntries([...keys, ...handles, ...marks]);
    const canaries = { ...names, ...PRIVATE_KEYS, apiKey, apiSecret, SEED, ...learnt };
    expectNowhere(canaries, { said, journal, files });
    const state = [...files].filter(([path]) => path.includes("/state/")).map(([, text]) => text);
    expect(state).not.toEqual([]);
    for (const word of BROWSER_WORDS) for (const text of [said, ...state]) expect(text).not.toContain(word);
  });
});
