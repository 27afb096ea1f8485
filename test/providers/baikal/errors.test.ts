/** Every way in which a call fails, by its kind, and that no text of it shows a secret. */
import { describe, expect, it } from "vitest";
import { baikalApi } from "../../../providers/baikal/api.js";
import { baikalHttp } from "../../../providers/baikal/http.js";
import { baikalErrorKind, createBaikalClient } from "../../../providers/clients.js";
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
