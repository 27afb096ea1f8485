import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { answerOf } from "../_setup.js";
import { accessTokenOf, baikalTenant, basic, clientKey, JWT_BEARER, proofHeaders } from "./_setup.js";

test("discovery's issuer has the slash that the endpoint lacks, and every other address comes from it", async () => {
  const { baikal } = await baikalTenant();
  const { status, body } = await answerOf(await fetch(`${baikal.endpoint}/.well-known/openid-configuration`));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    issuer: `${baikal.endpoint}/`,
    token_endpoint: expect.stringContaining(`${baikal.endpoint}/`),
    authorization_endpoint: expect.stringContaining(`${baikal.endpoint}/`),
    jwks_uri: expect.stringContaining(`${baikal.endpoint}/`),
    introspection_endpoint: expect.stringContaining(`${baikal.endpoint}/`),
    introspection_endpoint_auth_methods_supported: ["client_secret_basic"],
  });
});

test("client credentials give a token that the served JWKS verifies, with every claim", async () => {
  const { baikal, clock, token } = await baikalTenant();
  const answer = await token({ grant_type: "client_credentials", scope: "read write", purpose: "billing fraud" });
  expect(answer).toMatchObject({
    status: 200,
    body: { token_type: "Bearer", expires_in: 3_599, scope: "read write", purpose: "billing fraud" },
  });
  const jwks = createRemoteJWKSet(new URL(`${baikal.endpoint}/jwks`));
  const options = { issuer: `${baikal.endpoint}/`, currentDate: new Date(clock.ms) };
  const { payload, protectedHeader } = await jwtVerify(accessTokenOf(answer), jwks, options);
  expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: expect.stringMatching(/^[\w-]{43}$/) });
  const iat = Math.floor(clock.ms / 1_000);
  expect(payload).toEqual({
    sub: baikal.clientId,
    client_id: baikal.clientId,
    iss: `${baikal.endpoint}/`,
    aud: `${baikal.endpoint}/`,
    scope: "read write",
    purpose: "billing fraud",
    active: true,
    authorization_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    authentication_context: [],
    identifier_bound_scope: [],
    acr_values: "",
    iat,
    exp: iat + 3_600,
    jti: expect.any(String),
  });
});

test("without scope and purpose a token is for nothing in particular, and both are empty text", async () => {
  const { token } = await baikalTenant();
  expect(await token({ grant_type: "client_credentials" })).toMatchObject({
    status: 200,
    body: { scope: "", purpose: "" },
  });
});

test.each(["RS256", "ES256"] as const)(
  "an assertion signed with %s is granted, with a kid and without, whatever the JWKS says of its keys",
  async (alg) => {
    const { publish, grant, counts } = await baikalTenant({ baikal: { jwksCacheSeconds: 0 } });
    const [key, other] = [await clientKey(alg), await clientKey(alg)];
    for (const keys of [
      [key.jwk, other.jwk],
      [other.bare, key.bare],
    ]) {
      await publish(keys);
      for (const kid of [key.kid, false] as const) expect((await grant({ key, kid })).status).toBe(200);
    }
    expect(counts().assertions).toEqual({ accepted: 4, rejected: 0 });
  },
);

test("a JWKS of both key types serves assertions of either", async () => {
  const { publish, grant } = await baikalTenant();
  const [rsa, ec] = [await clientKey("RS256"), await clientKey("ES256")];
  await publish([rsa.bare, ec.bare]);
  for (const key of [rsa, ec]) expect((await grant({ key, kid: false })).status).toBe(200);
});

test("a token that was asserted for a user bears what the assertion said of it", async () => {
  const { baikal, publish, grant, introspect } = await baikalTenant();
  const key = await clientKey();
  await publish([key.jwk]);
  const said = {
    sub: "ada",
    scope: "read",
    purpose: "fraud",
    authorization_id: "4709313e-782b-445f-8263-a019aa44a559",
    acr: "2",
    identifier: { id: "+34600000000", type: "phone_number" },
    authentication_context: [{ identifier: "ada@example.com", type: "email" }],
  };
  const answer = await grant({ key, claims: said });
  expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3_599, scope: "read", purpose: "fraud" });
  expect((await introspect(accessTokenOf(answer))).body).toMatchObject({
    active: true,
    sub: "ada",
    client_id: baikal.clientId,
    iss: `${baikal.endpoint}/`,
    scope: "read",
    purpose: "fraud",
    authorization_id: said.authorization_id,
    authentication_context: said.authentication_context,
    acr_values: "2",
  });
});

test("a token's life is the tenant's: active until it ends there, and inactive from then on", async () => {
  const { tenant, token, introspect, nowSeconds } = await baikalTenant({ baikal: { accessTokenSeconds: 600 } });
  tenant.setClock({ now: "2031-05-06T07:08:09Z" });
  const answer = await token({ grant_type: "client_credentials", scope: "read" });
  expect(answer.body).toMatchObject({ expires_in: 599 });
  const accessToken = accessTokenOf(answer);
  const iat = nowSeconds();
  expect(new Date(iat * 1_000).toISOString()).toBe("2031-05-06T07:08:09.000Z");
  expect((await introspect(accessToken)).body).toMatchObject({ active: true, iat, exp: iat + 600 });
  tenant.setClock({ advanceMs: 599_000 });
  expect((await introspect(accessToken)).body).toMatchObject({ active: true, scope: "read" });
  tenant.setClock({ advanceMs: 1_000 });
  expect(await introspect(accessToken)).toMatchObject({ status: 200, body: { active: false } });
});

test("a token that the server never issued is inactive", async () => {
  const { introspect, token } = await baikalTenant();
  const foreign = await (await baikalTenant()).token({ grant_type: "client_credentials" });
  const own = accessTokenOf(await token({ grant_type: "client_credentials" }));
  for (const unknown of ["nonsense", accessTokenOf(foreign), `${own.slice(0, -4)}AAAA`])
    expect(await introspect(unknown)).toMatchObject({ status: 200, body: { active: false } });
});

test("a client authenticates with its raw id and secret, whatever characters they have", async () => {
  const clients = ["100%", "a+b", "a:b:", "%41", "sp ace", '"\\&=?'].map((clientSecret, index) => ({
    clientId: `odd+%2B/${index}`,
    clientSecret,
    issuer: "https://odd.example",
    jwksUrl: "http://127.0.0.1:9/jwks.json",
  }));
  const { baikal, token, counts } = await baikalTenant({ baikal: { clients } });
  expect(counts().clients).toBe(7);
  for (const { clientId, clientSecret } of clients) {
    const authorization = basic(clientId, clientSecret);
    expect((await token({ grant_type: "client_credentials" }, { authorization })).status).toBe(200);
    const decoded = basic(clientId, encodeURIComponent(clientSecret));
    if (decoded !== authorization)
      expect((await token({ grant_type: "client_credentials" }, { authorization: decoded })).status).toBe(401);
  }
  for (const authorization of [
    basic(baikal.clientId, "wrong"),
    basic("nobody", baikal.clientSecret),
    basic(baikal.clientId, ""),
    basic(baikal.clientId, "schlüssel"),
    `Bearer ${baikal.clientSecret}`,
    "Basic !",
  ])
    expect(await token({ grant_type: "client_credentials" }, { authorization })).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
});

test("a secret in the form instead of the header is refused", async () => {
  const { baikal } = await baikalTenant();
  const { clientId: client_id, clientSecret: client_secret } = baikal;
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret });
  expect((await fetch(`${baikal.endpoint}/token`, { method: "POST", body })).status).toBe(401);
});

test.each([
  [{ grant_type: "password" }, "unsupported_grant_type"],
  [{ grant_type: JWT_BEARER }, "invalid_request"],
  [{ scope: "read" }, "invalid_request"],
])("the form %j is answered with %s", async (form, error) => {
  const { token, counts } = await baikalTenant();
  expect(await token({ ...form })).toMatchObject({ status: 400, body: { error } });
  expect(counts().assertions).toEqual({ accepted: 0, rejected: 0 });
});

test("proofs are counted apart from what clients send", async () => {
  const { publish, grant, counts } = await baikalTenant();
  const [published, absent] = [await clientKey(), await clientKey()];
  await publish([published.jwk]);
  expect((await grant({ key: published }, proofHeaders())).status).toBe(200);
  expect((await grant({ key: absent }, proofHeaders())).status).toBe(400);
  expect((await grant({ key: published })).status).toBe(200);
  expect(counts()).toMatchObject({
    assertions: { accepted: 1, rejected: 0 },
    rejections: {},
    proofs: { accepted: 1, rejected: 1 },
    proofRejections: { "unknown key": 1 },
  });
});

test("a correlator comes back with the answer, whether it is a token or a refusal", async () => {
  const { baikal, token } = await baikalTenant();
  const sent = { "x-correlator": "order-17" };
  expect((await token({ grant_type: "client_credentials" }, sent)).headers.get("x-correlator")).toBe("order-17");
  const authorization = basic(baikal.clientId, "wrong");
  expect((await token({}, { ...sent, authorization })).headers.get("x-correlator")).toBe("order-17");
  expect((await token({ grant_type: "client_credentials" })).headers.get("x-correlator")).toBeNull();
});

test("the server's own keys rotate on the tenant's clock, each published before it signs and after", async () => {
  const { baikal, tenant, token, introspect } = await baikalTenant();
  const published = async () => {
    const { body } = await answerOf(await fetch(`${baikal.endpoint}/jwks`));
    return JSON.stringify(body);
  };
  const issue = async () => accessTokenOf(await token({ grant_type: "client_credentials" }));
  let last = await issue();
  const kids = new Set([decodeProtectedHeader(last).kid]);
  for (let month = 0; month < 3; month++) {
    const before = await published();
    tenant.setClock({ advanceMs: 30 * 86_400_000 });
    const next = await issue();
    const { kid = "none" } = decodeProtectedHeader(next);
    kids.add(kid);
    expect(before).toContain(kid);
    expect(await published()).toContain(decodeProtectedHeader(last).kid);
    expect(await published()).not.toContain('"d"');
    expect((await introspect(next)).body).toMatchObject({ active: true });
    last = next;
  }
  expect(kids.size).toBe(4);
});

test.each(["/Token", "/token/", "/TOKEN/introspection", "/token/introspection/", "/auth/abc", "/session/end/confirm"])(
  "%s is nowhere: there are the addresses of discovery and no others",
  async (path) => {
    const { baikal, counts } = await baikalTenant();
    const headers = { authorization: basic(baikal.clientId, baikal.clientSecret) };
    for (const method of ["GET", "POST"])
      expect((await fetch(baikal.endpoint + path, { method, headers })).status).toBe(404);
    expect(counts().assertions).toEqual({ accepted: 0, rejected: 0 });
  },
);

test("a page of another origin can read nothing, and isn't told that it may ask", async () => {
  const { baikal } = await baikalTenant();
  const answers = async (method: string, paths: readonly string[], origin: string) => {
    const headers = { origin, "access-control-request-method": "POST" };
    const met = await Promise.all(paths.map((path) => fetch(baikal.endpoint + path, { method, headers })));
    return met.map((answer) => [answer.status, answer.headers.get("access-control-allow-origin")]);
  };
  const [read, called] = [
    ["/.well-known/openid-configuration", "/jwks"],
    ["/token", "/token/introspection"],
  ];
  expect(await answers("GET", read, "https://page.example")).toEqual(read.map(() => [403, null]));
  expect(await answers("OPTIONS", called, "https://page.example")).toEqual(called.map(() => [403, null]));
  // Nor does a page of its own, which there is none of, get a leave that others would profit from.
  expect(await answers("GET", read, baikal.endpoint)).toEqual(read.map(() => [200, null]));
  expect(await answers("OPTIONS", called, baikal.endpoint)).toEqual(called.map(() => [404, null]));
});
