/**
 * The canary for key rings: no private key, no client secret, publish token, header or initial key is printed or written in plain,
 * by success or by failure; but in the secret output and in the file that was asked for.
 */
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { expectNowhere } from "./_canaries.js";
import { createProject, type Project, type Ran } from "./_project.js";

const HEADER = "header-canary-31415";
const initial = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });

let tenant: Tenant;
let project: Project;
let said = "";
beforeAll(async () => {
  project = await createProject({});
  tenant = await startTenant({ storeDirectory: join(project.folder, "store"), baikal: { jwksCacheSeconds: 0 } });
  const { endpoint, clientId, clientSecret, issuer, publishUrl, publishToken } = tenant.record.baikal;
  // Real time is enough for a ring whose overlap is none.
  const times = "verifierCache: 0s, tokenLife: 0s, clockSkew: 0s, period: 1s";
  await project.write(
    "people/clients.yaml",
    [
      "clients:",
      "  billing:",
      `    baikal: { algorithm: ES256, ${times}, publish: { path: billing.json }, verify: { grant: { sub: probe } } }`,
      "  reports:",
      "    baikal:",
      "      issuer: https://reports.example/",
      "      algorithm: ES256",
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
      "      initialKey: ${AUTHN_FIXTURE_KEY}",
      `      publish: { url: '${publishUrl}/reports.json', headers: { authorization: 'Bearer \${AUTHN_FIXTURE_TOKEN}', x-key: '\${AUTHN_FIXTURE_HEADER}' } }`,
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
      "",
    ].join("\n"),
  );
  await project.write(
    "Pulumi.dev.yaml",
    `config: { baikal:endpoint: "${endpoint}", baikal:clientId: ${clientId}, baikal:issuer: "${issuer}", baikal:publishUrl: "${publishUrl}" }\n`,
  );
  project.set({
    BAIKAL_CLIENT_SECRET: clientSecret,
    BAIKAL_PUBLISH_TOKEN: publishToken,
    AUTHN_FIXTURE_KEY: initial.toString(),
    AUTHN_FIXTURE_TOKEN: publishToken,
    AUTHN_FIXTURE_HEADER: HEADER,
    AUTHN_DEBUG: "http",
  });
});
afterAll(async () => {
  await tenant.close();
  await project.remove();
});

const shownRing = z.object({ baikal: z.object({ activeKid: z.string(), activePrivateKey: z.string() }) });
const shown = z.object({ billing: shownRing, reports: shownRing });

async function run(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  said += ran.said;
  return ran;
}

/** The active keys, which are shown to whoever asks for them only. */
async function activeKeys(): Promise<readonly string[]> {
  const { json } = await project.authn("outputs", "--show-secrets");
  return Object.values(shown.parse(json.outputs["clients"])).map(({ baikal }) => baikal.activePrivateKey);
}

/** What is secret of a key, in each form in which keys are written. */
function partsOf(pem: string, name: string): Readonly<Record<string, string>> {
  const pair = createPrivateKey(pem);
  const { d = "" } = pair.export({ format: "jwk" });
  const secret = Buffer.from(d, "base64url");
  const [, ...body] = pair.export({ type: "pkcs8", format: "pem" }).toString().split("\n");
  const der = pair.export({ type: "pkcs8", format: "der" });
  return {
    [`the JWK's d of ${name}`]: d,
    [`the d of ${name} in hex`]: secret.toString("hex"),
    [`the d of ${name} in base64`]: secret.toString("base64"),
    [`the PEM's first line of ${name}`]: body[0] ?? "",
    [`the DER of ${name} in hex`]: der.toString("hex"),
    [`the d of ${name} as bytes`]: secret.toString("latin1"),
  };
}

it("no secret of a ring stands anywhere but in its output and the file that was asked for, whatever happens", async () => {
  const { clientSecret, publishToken } = tenant.record.baikal;
  const echo = (...sent: string[]) => ({ message: `no: ${sent.join(" ")}` });
  const put = { service: "jwks-bucket", method: "PUT", status: 500, times: 0 } as const;
  tenant.addFault({ ...put, path: "/reports.json", body: echo(HEADER, publishToken) });
  expect((await run("up")).said).toContain("500");
  tenant.clearFaults();
  const keys = new Set<string>([initial.toString()]);
  for (let turn = 0; turn < 2; turn += 1) {
    const up = await run("up");
    expect(up.code, up.said).toBe(0);
    for (const pem of await activeKeys()) keys.add(pem);
  }
  // The initial key in both of its forms, and two that signed after one another.
  expect(keys.size).toBe(4);
  expect(said).toContain("PUT");

  const refusal = { error: clientSecret, error_description: `no: ${clientSecret}` };
  tenant.addFault({ service: "baikal", path: "/token", status: 401, body: refusal });
  expect((await run("up")).said).toContain("401");
  tenant.addFault({ ...put, body: echo(publishToken) });
  expect((await run("up")).code).toBe(1);
  tenant.clearFaults();
  for (const operation of ["refresh", "rotation"]) expect((await run(operation)).code).toBe(0);

  const write = await run("keys", "write", "--dir", "keys");
  expect(write.code, write.said).toBe(0);
  const written = await Promise.all(
    ["billing", "reports"].map((client) => readFile(join(project.folder, "keys", `${client}.pem`), "utf8")),
  );
  const active = await activeKeys();
  for (const pem of active) keys.add(pem);
  expect([...written].sort()).toEqual([...active].sort());
  const parts = Object.assign({}, ...[...keys].map((pem, index) => partsOf(pem, `key ${index}`)));
  // Where a key does stand it is found.
  expect(() => expectNowhere(parts, { said: written.join(""), journal: "", files: new Map() })).toThrow("was printed");
  await rm(join(project.folder, "keys"), { recursive: true });

  const files = await project.files();
  const document = await (await fetch(tenant.record.baikal.jwksUrl)).text();
  const journal = JSON.stringify(tenant.journal());
  expectNowhere(parts, { said, journal: journal + document, files });
  // The tenant keeps its own passwords in its store.
  const ours = new Map([...files].filter(([path]) => !path.startsWith(join(project.folder, "store"))));
  expectNowhere({ clientSecret, publishToken, header: HEADER }, { said, journal, files: ours });
  expect([...ours.keys()].some((path) => path.includes("/state/"))).toBe(true);
});
