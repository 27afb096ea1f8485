/** A client by the variables of the Python SDK. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createBaikalClientFromEnvironment } from "../../../providers/clients.js";
import { PRIVATE_KEY } from "../http/certificate.js";
import { authserver, CLIENT, ISSUER } from "./_authserver.js";
import { PEM } from "./_client.js";

async function environmentOf(endpoint: string) {
  const folder = await mkdtemp(join(tmpdir(), "authn-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "key.pem"), PRIVATE_KEY);
  return {
    BAIKAL_AUTHSERVER_ENDPOINT: `${endpoint}/`,
    BAIKAL_CLIENT_ID: CLIENT.clientId,
    BAIKAL_CLIENT_SECRET: CLIENT.clientSecret,
    BAIKAL_ISSUER: ISSUER,
    BAIKAL_PRIVATE_CERTS_PATH: folder,
  };
}

it("the variables alone make a client, whose endpoint may end in a slash", async () => {
  const server = await authserver();
  const baikal = createBaikalClientFromEnvironment({}, await environmentOf(server.endpoint));
  expect(await baikal.jwtBearer({ sub: "ada" })).toMatchObject({ accessToken: "t" });
  expect((await baikal.jwkSet()).keys).toMatchObject([{ alg: "ES256" }]);
});

it("an option wins over its variable", async () => {
  const server = await authserver();
  const environment = await environmentOf("https://elsewhere.example");
  const options = { endpoint: server.endpoint, clientId: "other", privateKey: PEM };
  const baikal = createBaikalClientFromEnvironment(options, environment);
  await baikal.clientCredentials();
  const [, credentials = ""] = server.sent("/oauth/token")[0]?.headers["authorization"]?.split(" ") ?? [];
  expect(Buffer.from(credentials, "base64").toString()).toBe(`other:${CLIENT.clientSecret}`);
  expect((await baikal.jwkSet()).keys).toMatchObject([{ alg: "RS256" }]);
});

it.each(["False", "false"])("BAIKAL_VERIFY_CERTS=%s leaves certificates unverified, on loopback only", async (off) => {
  const server = await authserver({ tls: true });
  const environment = { ...(await environmentOf(server.endpoint)), BAIKAL_VERIFY_CERTS: off };
  expect(await createBaikalClientFromEnvironment({}, environment).clientCredentials()).toMatchObject({
    accessToken: "t",
  });
  const elsewhere = { endpoint: "https://auth.example.com", allowedHosts: ["auth.example.com"] };
  expect(() => createBaikalClientFromEnvironment(elsewhere, environment)).toThrow("only on loopback");
  const verifying = createBaikalClientFromEnvironment({ verifyCerts: true }, environment);
  await expect(verifying.clientCredentials()).rejects.toThrow("certificate");
});

it("what is missing is named by its variable, an empty one too", () => {
  expect(() => createBaikalClientFromEnvironment({ endpoint: "http://127.0.0.1" }, { BAIKAL_CLIENT_ID: "" })).toThrow(
    "clientId (BAIKAL_CLIENT_ID), clientSecret (BAIKAL_CLIENT_SECRET)",
  );
});
