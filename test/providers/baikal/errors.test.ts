/** Every way in which a call fails, by its kind, and that no text of it shows a secret. */
import { describe, expect, it } from "vitest";
import { baikalApi } from "../../../providers/baikal/api.js";
import { baikalHttp } from "../../../providers/baikal/http.js";
import {
  type BaikalRequest,
  baikalErrorKind,
  createBaikalClient,
  isBaikalError,
  type BaikalJwtBearerGrant as JwtBearerGrant,
} from "../../../providers/clients.js";
import { realDependencies } from "../../../providers/host/dependencies.js";
import { hastyClock } from "../http/service.js";
import { authserver, CLIENT, ISSUER, type Reply, refusalOf, TOKEN_ANSWER } from "./_authserver.js";
import { clientOf, PEM } from "./_client.js";

const DISCOVERY = "/.well-known/openid-configuration";

describe("the kind of an error", () => {
  it.each<[string, string, Reply | "drop", string, string]>([
    [
      "401",
      "/oauth/token",
      { status: 401, body: { error: "invalid_client", error_description: "no" } },
      "unauthorized-client",
      "client id and secret",
    ],
    [
      "401, whatever grant it speaks of",
      "/oauth/token",
      { status: 401, body: { error: "invalid_grant", error_description: "no" } },
      "unauthorized-client",
      "client id and secret",
    ],
    [
      "a token that is no Bearer token",
      "/oauth/token",
      { body: { ...TOKEN_ANSWER, token_type: "mac" } },
      "invalid-answer",
      "token_type: must be Bearer",
    ],
    ["a 401 in plain text", "/oauth/token", { status: 401, body: "who?" }, "unauthorized-client", "who?"],
    [
      "a grant refused",
      "/oauth/token",
      { status: 400, body: { error: "invalid_grant", error_description: "unknown kid" } },
      "invalid-grant",
      "unknown kid",
    ],
    [
      "a scope refused",
      "/oauth/token",
      { status: 400, body: { error: "invalid_scope", error_description: "x" } },
      "refused",
      "invalid_scope x",
    ],
    ["a host that forbids", "/oauth/token", { status: 403, body: "go away" }, "refused", "403"],
    ["201, which is no success", "/oauth/token", { status: 201, body: TOKEN_ANSWER }, "invalid-answer", "201"],
    ["500", "/oauth/token", { status: 500, body: "oh" }, "invalid-answer", "500"],
    ["a page instead of JSON", "/oauth/token", { body: "<html>" }, "invalid-answer", "HTML instead of JSON"],
    ["an answer without a token", "/oauth/token", { body: { token_type: "Bearer" } }, "invalid-answer", "access_token"],
    [
      "a redirect",
      "/oauth/token",
      { status: 302, body: "", headers: { location: "https://other.example/" } },
      "invalid-answer",
      "redirect to other.example",
    ],
    ["a discovery that is none", DISCOVERY, { body: {} }, "invalid-answer", "token_endpoint"],
    ["no discovery", DISCOVERY, { status: 404, body: "" }, "refused", "baikal:endpoint"],
    [
      "a discovery that names a strange host",
      DISCOVERY,
      { body: { issuer: "i", jwks_uri: "https://keys.example/", token_endpoint: "https://t.example/" } },
      "configuration",
      "the jwks_uri of baikal:endpoint names keys.example",
    ],
    [
      "a discovery whose address is none",
      DISCOVERY,
      { body: { issuer: "i", jwks_uri: "keys", token_endpoint: "t" } },
      "configuration",
      "the jwks_uri of baikal:endpoint is no http",
    ],
    ["server keys that are none", "/keys.json?of=server", { body: { keys: {} } }, "invalid-answer", "keys"],
  ])("is told for %s", async (_, path, reply, kind, text) => {
    const { baikal, server } = await clientOf();
    server.replies.set(path, reply);
    const error = await refusalOf(baikal.jwtBearer({ sub: "ada" }));
    expect([baikalErrorKind(error), error.message]).toEqual([kind, expect.stringContaining(text)]);
    expect(error.message).not.toContain(CLIENT.clientSecret);
  });

  it("is configuration where a server elsewhere names an address on this machine, whom nothing is sent to", async () => {
    const { server } = await clientOf();
    const http = baikalHttp(CLIENT, { allowedHosts: ["auth.example.com"] }, realDependencies());
    const api = baikalApi(http, "https://auth.example.com");
    const here = { issuer: "i", tokenEndpoint: `${server.endpoint}/oauth/token`, jwksUri: "http://localhost:1/" };
    const discovery = { ...here, introspectionEndpoint: "https://[::1]:1/" };
    for (const call of [
      () => api.clientCredentials(discovery, {}),
      () => api.jwks(discovery),
      () => api.introspect(discovery, "t"),
    ]) {
      const error = await refusalOf((async () => call())());
      expect([baikalErrorKind(error), error.message]).toEqual([
        "configuration",
        expect.stringContaining("an address on this machine"),
      ]);
    }
    expect(server.requests).toEqual([]);
  });

  it("is unreachable where nobody listens, and where the connection breaks each time", async () => {
    const server = await authserver();
    server.replies.set(DISCOVERY, "drop");
    for (const endpoint of ["http://127.0.0.1:1", server.endpoint]) {
      const dependencies = { ...realDependencies(), clock: hastyClock() };
      const api = baikalApi(baikalHttp(CLIENT, { allowedHosts: [] }, dependencies), endpoint);
      expect(baikalErrorKind(await refusalOf(api.discovery()))).toBe("unreachable");
    }
  });

  it.each([
    ["a client id with a colon", { clientId: "a:b" }, "clientId"],
    ["no secret", { clientSecret: "" }, "clientSecret"],
    ["an endpoint that is no address", { endpoint: "auth" }, "endpoint"],
    [
      "a host that nobody allowed",
      { endpoint: "https://auth.example.com" },
      "'authn:allowedHosts[0]' auth.example.com",
    ],
    [
      "plain text to a host that is allowed",
      { endpoint: "http://auth.example.com", allowedHosts: ["auth.example.com"] },
      "plain text",
    ],
  ])("is configuration for %s, before anything is sent", async (_, options, text) => {
    const error = await refusalOf(clientOf(options));
    expect([baikalErrorKind(error), error.message]).toEqual(["configuration", expect.stringContaining(text)]);
  });

  it.each<[string, BaikalRequest, string]>([
    ["a correlator that would begin another header", { correlator: "canary\r\nx-evil: 1" }, "correlator"],
    ["a correlator beyond Latin-1", { correlator: "canary €" }, "correlator"],
    ["a header's value of two lines", { headers: { "x-trace": "canary\n" } }, "x-trace"],
    ["a header's name that is none", { headers: { "x trace": "1" } }, "x trace"],
    ["another host", { headers: { Host: "canary.example" } }, "Host"],
    ["another length", { headers: { "Content-Length": "0" } }, "Content-Length"],
    ["no time at all", { timeoutMs: 0 }, "timeoutMs"],
    ["a time that is none", { timeoutMs: Number.NaN }, "timeoutMs"],
    ["a time beyond what a timer holds", { timeoutMs: 1e12 }, "timeoutMs"],
  ])("is configuration for a request with %s, of which nothing is sent", async (_, request, text) => {
    const { baikal, server } = await clientOf();
    for (const call of [
      () => baikal.clientCredentials({}, request),
      () => baikal.jwtBearer({ sub: "ada" }, request),
      () => baikal.introspect("t", request),
    ]) {
      const error = await refusalOf(call());
      expect([baikalErrorKind(error), error.message]).toEqual(["configuration", expect.stringContaining(text)]);
      expect(error.message).not.toContain("canary");
    }
    expect(server.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it.each<[JwtBearerGrant, string]>([
    [{ sub: "" }, "sub must not be empty"],
    [{ sub: "ada", issuedAtMs: Number.NaN }, "iat must be a time"],
    [{ sub: "ada", lifeSeconds: 0 }, "its life must be at least 1 s"],
    [{ sub: "ada", lifeSeconds: 1.5 }, "its life must be whole seconds"],
  ])("is configuration for the grant %j, of which nothing is sent", async (grant, text) => {
    const { baikal, server } = await clientOf();
    const error = await refusalOf(baikal.jwtBearer(grant));
    expect([baikalErrorKind(error), error.message]).toEqual(["configuration", expect.stringContaining(text)]);
    expect(server.sent("/oauth/token")).toEqual([]);
  });

  it("comes with the server's reason where it refused the assertion", async () => {
    const { baikal, server } = await clientOf();
    const body = { error: "invalid_grant", error_description: "unknown kid" };
    server.replies.set("/oauth/token", { status: 400, body });
    const error: unknown = await refusalOf(baikal.jwtBearer({ sub: "ada" }));
    expect(isBaikalError(error) && error.reason).toBe("unknown kid");
    expect(isBaikalError(await refusalOf(clientOf({ clientSecret: "" })))).toBe(false);
  });

  it("is configuration for a grant without an issuer, and without a key", async () => {
    const { server } = await clientOf();
    const common = { endpoint: server.endpoint, ...CLIENT };
    const anonymous = await refusalOf(createBaikalClient({ ...common, privateKey: PEM }).jwtBearer({ sub: "ada" }));
    expect([baikalErrorKind(anonymous), anonymous.message]).toEqual([
      "configuration",
      expect.stringContaining("issuer"),
    ]);
    const keyless = await refusalOf(createBaikalClient({ ...common, issuer: ISSUER }).jwtBearer({ sub: "ada" }));
    expect([baikalErrorKind(keyless), keyless.message]).toEqual([
      "configuration",
      expect.stringContaining("no private key"),
    ]);
  });

  it("is none for what isn't of this client", () => {
    expect(baikalErrorKind(new Error("x"))).toBeUndefined();
    expect(baikalErrorKind(undefined)).toBeUndefined();
  });
});

describe("the server's words", () => {
  it("are shown bounded, without control characters, and without what was sent in secret", async () => {
    const { baikal, server } = await clientOf();
    server.replies.set("/oauth/token", ({ form, headers }) => ({
      status: 400,
      body: {
        error: "invalid_grant",
        error_description: `\u001b[31m${form.get("assertion")} ${headers.authorization} ${CLIENT.clientSecret} ${form.get("assertion")?.split(".")[1]} ${"A".repeat(900)}`,
      },
    }));
    const error = await refusalOf(baikal.jwtBearer({ sub: "ada" }));
    const shown = `${error.message} ${JSON.stringify(error)}`;
    const assertion = server.sent("/oauth/token")[0]?.form.get("assertion") ?? "missing";
    for (const secret of [...assertion.split(".").slice(1), CLIENT.clientSecret, "Y2xpZW50IHNlY3JldC", "\u001b"])
      expect(shown).not.toContain(secret);
    expect(shown).toContain("\\x1b");
    expect(shown.length).toBeLessThan(1_200);
  });

  it("about a token don't repeat it", async () => {
    const { baikal, server } = await clientOf();
    server.replies.set("/introspect", ({ form }) => ({
      status: 400,
      body: { error: "invalid_request", error_description: form.get("token") },
    }));
    const error = await refusalOf(baikal.introspect("token-canary.payload-canary.signature-canary"));
    expect(error.message).toContain("invalid_request ***");
    expect(error.message).not.toContain("canary");
  });

  it("are there where introspection isn't offered", async () => {
    const { baikal, server } = await clientOf();
    server.replies.set(DISCOVERY, {
      body: {
        issuer: "i",
        token_endpoint: `${server.endpoint}/oauth/token`,
        jwks_uri: `${server.endpoint}/keys.json?of=server`,
      },
    });
    const error = await refusalOf(baikal.introspect("t"));
    expect([baikalErrorKind(error), error.message]).toEqual([
      "configuration",
      expect.stringContaining("introspection_endpoint"),
    ]);
  });
});
