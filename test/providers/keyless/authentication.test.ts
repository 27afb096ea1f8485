/** The Authentication Service's wire: the import's headers and body, what stands under a name, and what each status comes to. */
import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../../providers/http/errors.js";
import type { KeylessAuthenticationApi } from "../../../providers/keyless/authentication.js";
import { API_KEY, AUTHENTICATION_KEY, HTML, refusalOf, reply, serve, truncated } from "./_service.js";

type Ask = (authentication: KeylessAuthenticationApi) => Promise<unknown>;
const sealed = { wrappedKeyHex: "00ff", body: Buffer.from([0, 255, 13, 10, 7]) };
const KEY = { keyId: "kid-1", supportedAlgorithms: ["RSAES-OAEP-SHA-256"], publicKey: "-----BEGIN PUBLIC KEY-----" };

const encryptionKey: Ask = (api) => api.encryptionKey();
const user: Ask = (api) => api.user("ada");
const imported: Ask = (api) => api.importClientState({ username: "ada", keyId: "kid-1", sealed });
const exported: Ask = (api) => api.exportClientState("ada");

describe("an import", () => {
  it("sends the sealed state as bytes, its key in the headers, and the service's own key", async () => {
    const { authentication, requests } = await serve(reply(200, {}));
    const username = "ada /?#% ü";
    expect(await authentication.importClientState({ username, keyId: "kid-1", sealed })).toBe(true);
    const [sent] = requests;
    expect(`${sent?.method} ${sent?.url}`).toBe("POST /v1/users/acme/ada%20%2F%3F%23%25%20%C3%BC/import-client-state");
    expect(sent?.body).toEqual(sealed.body);
    expect(sent?.headers).toMatchObject({
      "kl-api-key": AUTHENTICATION_KEY,
      "content-type": "application/octet-stream",
      "kl-key-id": "kid-1",
      "kl-key-algorithm": "RSAES-OAEP-SHA-256",
      "kl-client-state-key": "00ff",
      "kl-client-state-algorithm": "AES-GCM-SIV",
    });
    expect(JSON.stringify(requests)).not.toContain(API_KEY);
  });

  it.each<[string, unknown]>([
    ["an object", { any: "thing" }],
    ["nothing", ""],
    ["null", "null"],
    ["a text", '"done"'],
  ])("is done where the service answers %s", async (_, body) => {
    const { authentication } = await serve(reply(200, body));
    expect(await imported(authentication)).toBe(true);
  });

  it("is not done where the name is taken", async () => {
    const { authentication } = await serve(reply(409, "taken"));
    expect(await imported(authentication)).toBe(false);
  });

  it.each<[string, unknown]>([
    ["a page of a proxy", HTML],
    ["JSON cut off", '{"a":'],
  ])("is left open by %s", async (_, body) => {
    const { authentication } = await serve(reply(200, body));
    expect(outcomeOf(await refusalOf(imported(authentication)))).toBe("unknown");
  });

  it("shows nothing of the client state where the service repeats what it opened", async () => {
    const clientState = `client-canary-${"x".repeat(400)}`;
    const { authentication } = await serve(reply(400, `bad state ${clientState}`));
    const importing = authentication.importClientState({ username: "ada", keyId: "kid-1", sealed, clientState });
    const { message } = await refusalOf(importing);
    expect(message).toContain("answered 400 to import: bad state ***");
    expect(message).not.toContain("canary");
  });

  it("is never made twice where the first may have been processed", async () => {
    const { authentication, requests } = await serve(reply(502));
    expect(outcomeOf(await refusalOf(imported(authentication)))).toBe("unknown");
    expect(requests).toHaveLength(1);
  });
});

describe("what stands under a username", () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    ["an enrolled user", { isEnrolled: true, keylessId: "ab12", more: 1 }, { isEnrolled: true, keylessId: "AB12" }],
    ["nobody", { isEnrolled: false }, { isEnrolled: false }],
    ["nobody, with null for an id", { isEnrolled: false, keylessId: null }, { isEnrolled: false }],
    ["nobody, with an empty id", { isEnrolled: false, keylessId: "" }, { isEnrolled: false }],
    ["a user without a face", { isEnrolled: false, keylessId: "ab" }, { isEnrolled: false, keylessId: "AB" }],
  ])("is %s", async (_, body, status) => {
    const { authentication, requests } = await serve(reply(200, body));
    expect(await authentication.user("ada")).toEqual({ known: true, ...status });
    expect(requests[0]?.url).toBe("/v1/users/acme/ada");
  });

  it("is nobody where the service answers 404, told apart since a wrong address does as well", async () => {
    const { authentication } = await serve(reply(404));
    expect(await authentication.user("ada")).toEqual({ known: false, isEnrolled: false });
  });

  it("can be asked of another customer", async () => {
    const { authentication, requests } = await serve(reply(404));
    await authentication.user("ada", "other/one");
    expect(requests[0]?.url).toBe("/v1/users/other%2Fone/ada");
  });

  it.each<[string, unknown]>([
    ["no answer to the question", { keylessId: "AB12" }],
    ["a text for a yes", { isEnrolled: "true", keylessId: "AB12" }],
    ["enrolled without an id", { isEnrolled: true }],
    ["an id that is a number", { isEnrolled: true, keylessId: 12 }],
    ["HTML", HTML],
    ["an empty body", ""],
  ])("is not guessed from %s", async (_, body) => {
    const { authentication } = await serve(reply(200, body));
    expect((await refusalOf(authentication.user("ada"))).code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });

  it.each([".", ".."])("is not asked for the name %j, which no path can hold", async (username) => {
    const { authentication, requests } = await serve(reply(200, {}));
    expect((await refusalOf(authentication.user(username))).code).toBe("ERR_AUTHN_INPUT");
    expect(requests).toHaveLength(0);
  });
});

describe("the encryption key and the export", () => {
  it("are asked for where the contract has them", async () => {
    const { authentication, requests } = await serve((response, count) =>
      reply(200, count === 1 ? { ...KEY, more: 1 } : "opaque")(response, count),
    );
    expect(await authentication.encryptionKey()).toEqual(KEY);
    expect(await authentication.exportClientState("ada")).toBe("opaque");
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /v1/customers/acme/client-state-encryption",
      "POST /v1/users/acme/ada/export-client-state",
    ]);
  });

  it.each<[string, unknown]>([
    ["without an id", { ...KEY, keyId: undefined }],
    ["whose id no header can hold", { ...KEY, keyId: "a\r\nb" }],
    ["whose algorithms are no list", { ...KEY, supportedAlgorithms: "RSAES-OAEP-SHA-256" }],
    ["that is no text", { ...KEY, publicKey: {} }],
    ["in HTML", HTML],
  ])("a key isn't taken %s", async (_, body) => {
    const { authentication } = await serve(reply(200, body));
    expect((await refusalOf(authentication.encryptionKey())).code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });
});

describe("a refusal of the Authentication Service", () => {
  it.each<[string, Ask]>([
    ["encryption key", encryptionKey],
    ["user", user],
    ["import", imported],
    ["export", exported],
  ])("is told with its status and the setting to look at: %s", async (operation, ask) => {
    for (const [status, remedy] of [
      [400, "Correct what the service names"],
      [401, "Check keyless:authenticationApiKey and keyless:authenticationUrl"],
      [403, "Check keyless:authenticationApiKey and keyless:authenticationUrl"],
    ] as const) {
      const { authentication } = await serve(reply(status, `no: ${AUTHENTICATION_KEY}`));
      const { message } = await refusalOf(ask(authentication));
      expect(message).toContain(`Keyless Authentication Service answered ${status} to ${operation}: no: ***`);
      expect(message).toContain(remedy);
    }
    const { authentication } = await serve(truncated);
    expect((await refusalOf(ask(authentication))).message).toContain("broke before the whole body came");
  });
});
