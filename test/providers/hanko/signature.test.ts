import { describe, expect, it } from "vitest";
import { z } from "zod";
import { authorizationOf } from "../../../providers/hanko/signature.js";

const key = { apiKeyId: "11111111-2222-4333-8444-555555555555", apiSecret: "test-secret" };
const get = {
  method: "GET",
  path: "/v1/webauthn/credentials",
  nowMs: 1_622_505_600_999,
  nonce: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
};
const put = {
  ...get,
  method: "PUT",
  path: "/v1/webauthn/credentials/r-rmve-IpphRRb2cEZ4Id0pYwzk",
  body: '{"name":"MySecurityKey"}',
};
const GET_SIGNATURE = "4b8454b3a5431d9efad410ca53cc529d3d9f67ead457973a47b5668aaf1cb4bc";
const PUT_SIGNATURE = "9a361633ac968d2b29e96fef8ab423f1d3606e5186cc52651eca1cbd62c76ff2";

function partsOf(header: string): Record<string, string> {
  const [scheme, text = ""] = header.split(" ");
  expect(scheme).toBe("hanko");
  expect(text).toMatch(/^[A-Za-z0-9+/]+$/);
  return z.record(z.string(), z.string()).parse(JSON.parse(Buffer.from(text, "base64").toString()));
}
const signatureOf = (request: Parameters<typeof authorizationOf>[1]) =>
  partsOf(authorizationOf(key, request))["signature"];

describe("a request to the Authentication API", () => {
  it("without a body is signed as the SDKs sign it", () => {
    expect(partsOf(authorizationOf(key, get))).toEqual({
      apiKeyId: key.apiKeyId,
      time: "1622505600",
      nonce: get.nonce,
      signature: GET_SIGNATURE,
    });
  });

  it("with a body is signed together with the bytes of it", () => {
    expect(signatureOf(put)).toBe(PUT_SIGNATURE);
    expect(signatureOf({ ...put, body: Buffer.from(put.body) })).toBe(PUT_SIGNATURE);
    expect(signatureOf({ ...put, body: `${put.body}\n` })).not.toBe(PUT_SIGNATURE);
  });

  it("with an empty body is signed as one without", () => {
    expect(signatureOf({ ...get, body: "" })).toBe(GET_SIGNATURE);
    expect(signatureOf({ ...get, body: Buffer.alloc(0) })).toBe(GET_SIGNATURE);
  });

  it("is signed without its query and its trailing slash, its method in upper case", () => {
    expect(signatureOf({ ...get, path: `${get.path}/?user_id=ada/&page=1` })).toBe(GET_SIGNATURE);
    expect(signatureOf({ ...get, method: "get" })).toBe(GET_SIGNATURE);
  });

  it.each([
    ["time", { nowMs: get.nowMs + 1 }],
    ["method", { method: "DELETE" }],
    ["path", { path: "/v1/webauthn/credential" }],
    ["nonce", { nonce: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeef" }],
  ])("has another signature with another %s", (_part, change) => {
    expect(signatureOf({ ...get, ...change })).not.toBe(GET_SIGNATURE);
  });

  it("has another signature with another secret, whose text is taken as UTF-8", () => {
    const signed = (apiSecret: string) => partsOf(authorizationOf({ ...key, apiSecret }, get))["signature"];
    expect(signed("other")).not.toBe(GET_SIGNATURE);
    expect(signed("ü")).not.toBe(signed("u"));
  });

  it("without a key id carries the secret itself", () => {
    expect(authorizationOf({ apiSecret: "test-secret" }, put)).toBe("secret test-secret");
  });
});
