/** The client against the embedded tenant's authserver, which reads the contract by itself. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { baikalErrorKind, createBaikalClient } from "../../../providers/clients.js";
import { refusalOf } from "./_authserver.js";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ baikal: { jwksCacheSeconds: 0 } });
});
afterAll(() => tenant.close());

function pemOf(type: "rsa" | "ec"): string {
  const { privateKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(privateKey.export({ format: "pem", type: "pkcs8" }));
}

function clientOf(privateKey: string) {
  const { endpoint, clientId, clientSecret, issuer } = tenant.record.baikal;
  return createBaikalClient({ endpoint, clientId, clientSecret, issuer, privateKey });
}

async function publish(jwkSet: unknown): Promise<void> {
  const { jwksUrl, publishToken } = tenant.record.baikal;
  const headers = { authorization: `Bearer ${publishToken}`, "content-type": "application/json" };
  const answer = await fetch(jwksUrl, { method: "PUT", headers, body: JSON.stringify(jwkSet) });
  expect(answer.ok).toBe(true);
}

it.each(["rsa", "ec"] as const)("a token got with an %s key stands up to both verifications", async (type) => {
  const baikal = clientOf(pemOf(type));
  await publish(await baikal.jwkSet());
  const { accessToken, scope } = await baikal.jwtBearer({
    ...{ sub: "ada", scope: ["openid", "read"], purpose: "billing", acr: "2" },
    authorizationId: "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11",
    identifier: { id: "+34600000000", type: "phone_number" },
    authenticationContext: [{ identifier: "+34600000000", type: "phone_number" }],
  });
  expect(scope).toBe("openid read");
  expect(await baikal.verifyAccessToken(accessToken, { scope: "read", purpose: "billing" })).toMatchObject({
    sub: "ada",
  });
  expect(await baikal.introspect(accessToken)).toMatchObject({ active: true, sub: "ada", scope: "openid read" });
});

it("a key that isn't published is an invalid grant, with the server's words", async () => {
  await publish(await clientOf(pemOf("rsa")).jwkSet());
  const error = await refusalOf(clientOf(pemOf("rsa")).jwtBearer({ sub: "ada" }));
  expect([baikalErrorKind(error), error.message]).toEqual([
    "invalid-grant",
    expect.stringMatching(/400: invalid_grant ./),
  ]);
});

it("client credentials bring a token, and a wrong secret an unauthorized client", async () => {
  const { endpoint, clientId, clientSecret } = tenant.record.baikal;
  const { accessToken } = await createBaikalClient({ endpoint, clientId, clientSecret }).clientCredentials();
  const stranger = createBaikalClient({ endpoint, clientId, clientSecret: "wrong" });
  expect(await stranger.verifyAccessToken(accessToken)).toMatchObject({ clientId });
  for (const call of [stranger.clientCredentials(), stranger.introspect(accessToken)])
    expect(baikalErrorKind(await refusalOf(call))).toBe("unauthorized-client");
  expect(await createBaikalClient({ endpoint, clientId, clientSecret }).introspect("unknown")).toMatchObject({
    active: false,
  });
});

it("a token runs out by the tenant's clock, which a client may follow", async () => {
  const { endpoint, clientId, clientSecret } = tenant.record.baikal;
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs };
  const baikal = createBaikalClient({ endpoint, clientId, clientSecret, clock });
  const { accessToken } = await baikal.clientCredentials();
  offsetMs = 2 * 3_600_000;
  tenant.setClock({ advanceMs: offsetMs });
  expect(await refusalOf(baikal.verifyAccessToken(accessToken))).toMatchObject({ reason: "expired" });
  expect(await baikal.introspect(accessToken)).toMatchObject({ active: false });
});
