/** What the client sends, header by header and field by field, and what it makes of the answers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import { CERTIFICATE, PRIVATE_KEY } from "../http/certificate.js";
import { authserver, CLIENT, ISSUER, RSA, refusalOf, TOKEN_ANSWER } from "./_authserver.js";
import { clientOf } from "./_client.js";

const BASIC = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString("base64")}`;

describe("client credentials", () => {
  it("post a form with a space as +, and the raw id and secret as Basic", async () => {
    const { baikal, server } = await clientOf();
    const token = await baikal.clientCredentials({ scope: ["a", "b"], purpose: "c d" });
    expect(token).toEqual({ accessToken: "t", tokenType: "Bearer", expiresInSeconds: 3599, scope: "a b", purpose: "" });
    const [sent] = server.sent("/oauth/token");
    expect(sent?.method).toBe("POST");
    expect(sent?.body).toBe("grant_type=client_credentials&scope=a+b&purpose=c+d");
    expect(sent?.headers["authorization"]).toBe(BASIC);
    expect(sent?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(sent?.headers["x-correlator"]).toBeUndefined();
  });

  it("ask for nothing where nothing is asked for", async () => {
    const { baikal, server } = await clientOf();
    await baikal.clientCredentials();
    expect(server.sent("/oauth/token")[0]?.body).toBe("grant_type=client_credentials");
  });
});

describe("a jwt-bearer grant", () => {
  it("posts an assertion for discovery's issuer, verbatim, and nothing else", async () => {
    const { baikal, server, clock } = await clientOf();
    await baikal.jwtBearer({ sub: "ada", scope: "a b", acr: "2" });
    const [sent] = server.sent("/oauth/token");
    expect([...(sent?.form.keys() ?? [])]).toEqual(["grant_type", "assertion"]);
    expect(sent?.form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const assertion = sent?.form.get("assertion") ?? "";
    const currentDate = new Date(clock.now());
    const { payload } = await jwtVerify(assertion, RSA.publicKey, { currentDate, audience: server.issuer });
    expect(payload).toMatchObject({ sub: "ada", scope: "a b", purpose: "", iss: ISSUER, acr: "2" });
    expect(payload).toMatchObject({ iat: clock.now() / 1000, exp: clock.now() / 1000 + 3600 });
    const [key] = (await baikal.jwkSet()).keys;
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: "RS256", typ: "JWT", kid: key?.kid });
  });

  it("may be dated otherwise", async () => {
    const { baikal, server, clock } = await clientOf();
    const issuedAtMs = clock.now() - 120_000;
    await baikal.jwtBearer({ sub: "ada", issuedAtMs, lifeSeconds: 300 });
    const { payload } = await jwtVerify(server.sent("/oauth/token")[0]?.form.get("assertion") ?? "", RSA.publicKey, {
      currentDate: new Date(clock.now()),
    });
    expect(payload).toMatchObject({ iat: issuedAtMs / 1000, exp: issuedAtMs / 1000 + 300 });
  });

  it("is signed by the key that is named, of several in a directory", async () => {
    const folder = await mkdtemp(join(tmpdir(), "authn-keys-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "other.pem"), PRIVATE_KEY);
    const { baikal, server } = await clientOf({ keyFiles: folder });
    const { keys } = await baikal.jwkSet();
    expect(keys.map(({ alg }) => alg)).toEqual(["RS256", "ES256"]);
    expect((await refusalOf(baikal.jwtBearer({ sub: "ada" }))).message).toContain("Any of 2 private keys");
    expect(server.requests).toHaveLength(0);
    await baikal.jwtBearer({ sub: "ada", kid: keys[1]?.kid });
    expect(decodeProtectedHeader(server.sent("/oauth/token")[0]?.form.get("assertion") ?? "")).toEqual({
      ...{ alg: "ES256", typ: "JWT", kid: keys[1]?.kid },
    });
  });

  it("sees a key file that was put right after the first call failed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "authn-keys-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "key.json"), "{");
    const { baikal } = await clientOf({ keyFiles: folder });
    expect((await refusalOf(baikal.jwtBearer({ sub: "ada" }))).message).toContain("key.json: it is no JSON");
    await rm(join(folder, "key.json"));
    expect(await baikal.jwtBearer({ sub: "ada" })).toMatchObject({ accessToken: "t" });
  });
});

describe("introspection", () => {
  it("posts the token alone, and says what the server says of it", async () => {
    const { baikal, server } = await clientOf();
    const said = {
      active: true,
      scope: "a",
      sub: "ada",
      client_id: "c",
      exp: 2,
      iat: 1,
      iss: server.issuer,
      more: [1],
    };
    server.replies.set("/introspect", { body: said });
    expect(await baikal.introspect("token+value")).toEqual({
      ...{ active: true, scope: "a", sub: "ada", clientId: "c", expiresAtMs: 2000, issuedAtMs: 1000 },
      ...{ issuer: server.issuer, claims: said },
    });
    const [sent] = server.sent("/introspect");
    expect([sent?.body, sent?.headers["authorization"]]).toEqual(["token=token%2Bvalue", BASIC]);
  });

  it("of a token that nobody knows is an answer, not an error", async () => {
    const { baikal, server } = await clientOf();
    server.replies.set("/introspect", { body: { active: false } });
    expect(await baikal.introspect("t")).toEqual({ active: false, claims: { active: false } });
    server.replies.set("/introspect", { body: { active: true, sub: null, exp: null } });
    expect(await baikal.introspect("t")).toMatchObject({ active: true, sub: undefined, expiresAtMs: undefined });
  });
});

describe("a request", () => {
  it("carries its own headers, correlator and time limit, but never another authorization", async () => {
    const { baikal, server } = await clientOf();
    const headers = { "X-Trace": "1", Authorization: "Bearer other", "Content-Type": "text/plain" };
    await baikal.clientCredentials({}, { correlator: "correlator-1", headers, timeoutMs: 4_000 });
    expect(server.sent("/oauth/token")[0]?.headers).toMatchObject({
      ...{ "x-trace": "1", "x-correlator": "correlator-1", authorization: BASIC },
      "content-type": "application/x-www-form-urlencoded",
    });
    // What it shares with other requests isn't correlated with it.
    expect(server.sent("/.well-known/openid-configuration")[0]?.headers["x-correlator"]).toBeUndefined();
  });

  it("gives the whole response to who asks for it", async () => {
    const { baikal, server } = await clientOf();
    server.replies.set("/oauth/token", { body: { ...TOKEN_ANSWER, more: 1 }, headers: { "X-Served-By": "node-7" } });
    const { result, response } = await baikal.withResponse.clientCredentials({ scope: "a" });
    expect(result.accessToken).toBe("t");
    expect(response).toMatchObject({ status: 200, headers: { "x-served-by": "node-7" } });
    expect(JSON.parse(response.body)).toMatchObject({ more: 1 });
  });

  it("waits while as many as the pool may hold are under way", async () => {
    const { baikal, server } = await clientOf({ maxConnections: 2 });
    await baikal.discovery();
    let open = 0;
    let most = 0;
    let release: () => void = () => undefined;
    server.replies.set("/oauth/token", async () => {
      open += 1;
      most = Math.max(most, open);
      // The first of two waits for the second; then both stay for as long as a third would need to come.
      if (open % 2 === 1) await new Promise<void>((resolve) => (release = resolve));
      else release();
      for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return { body: TOKEN_ANSWER };
    });
    await Promise.all(Array.from({ length: 8 }, () => baikal.clientCredentials()));
    expect(most).toBe(2);
    expect(server.sent("/oauth/token")).toHaveLength(8);
  });
});

describe("TLS", () => {
  it("is verified by the authority of a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "authn-ca-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "ca.pem"), CERTIFICATE);
    const server = await authserver({ tls: true, host: "localhost" });
    const { baikal } = await clientOf({ caFile: join(folder, "ca.pem") }, server);
    expect(await baikal.clientCredentials()).toMatchObject({ accessToken: "t" });
    const { baikal: trusting } = await clientOf({}, server);
    expect((await refusalOf(trusting.clientCredentials())).message).toContain("certificate");
  });

  it("goes unverified on loopback where that is asked for, and nowhere else", async () => {
    const server = await authserver({ tls: true });
    const { baikal } = await clientOf({ verifyCerts: false }, server);
    expect(await baikal.clientCredentials()).toMatchObject({ accessToken: "t" });
    const elsewhere = { endpoint: "https://auth.example.com", allowedHosts: ["auth.example.com"], verifyCerts: false };
    expect((await refusalOf(clientOf(elsewhere))).message).toMatch(
      /auth\.example\.com .*must be verified: only on loopback/,
    );
  });

  it("takes no file that isn't there or holds no certificate", async () => {
    const missing = await refusalOf(clientOf({ caFile: "/nowhere/ca.pem" }));
    expect(missing).toMatchObject({ code: "ERR_AUTHN_CONFIGURATION" });
    expect(missing.message).toContain("/nowhere/ca.pem (ENOENT)");
  });
});
