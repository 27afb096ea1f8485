/** `createHankoClient` against the embedded tenant, which verifies what it is sent: the whole way of a credential, on both APIs. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import {
  createHankoClient,
  type HankoClient,
  type HankoFixture,
  type HankoPasskeyClient,
} from "../../../providers/clients.js";
import { createCredential } from "../../../providers/hanko/authenticator/createCredential.js";
import { PLATFORM_AUTHENTICATOR } from "../../../providers/hanko/authenticator/credential.js";
import { generateKey, pkcs8Of } from "../../../providers/hanko/authenticator/keys.js";
import type { HankoAlgorithm } from "../../../providers/hanko/inputs.js";
import { outcomeOf } from "../../../providers/http/errors.js";
import { refusalOf } from "./_service.js";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());

function passkeyClient(more: Readonly<Record<string, string>> = {}): HankoPasskeyClient {
  const { origin, rpId, passkey } = tenant.record.hanko;
  return createHankoClient({ api: "passkey", origin, rpId, ...passkey, ...more });
}
function authenticationClient(more: Readonly<Record<string, string | undefined>> = {}) {
  const { origin, rpId, authentication } = tenant.record.hanko;
  const { apiKeyId, ...rest } = { api: "authentication" as const, origin, rpId, ...authentication, ...more };
  return createHankoClient(apiKeyId === undefined ? rest : { ...rest, apiKeyId });
}

/** Registers a credential as the resource does, and gives its outputs. */
async function registered(
  hanko: HankoClient,
  userId: string,
  algorithm: HankoAlgorithm = "ES256",
): Promise<HankoFixture & { readonly credentialId: string }> {
  const privateKey = await generateKey(algorithm);
  const credentialId = randomBytes(32).toString("base64url");
  const options = await hanko.api.initializeRegistration({ user: { id: userId, name: userId } });
  const response = createCredential(
    options,
    { id: credentialId, algorithm, privateKey, authenticator: PLATFORM_AUTHENTICATOR },
    { origin: tenant.record.hanko.origin, signCount: 0 },
  );
  await hanko.api.finalizeRegistration(response);
  return {
    credentialId,
    algorithm,
    privateKey: pkcs8Of(privateKey).toString("base64"),
    userHandle: options.user.id,
    userId,
  };
}

const both: readonly [string, () => HankoClient][] = [
  ["Passkey API", passkeyClient],
  ["Authentication API", authenticationClient],
  ["Authentication API without a key id", () => authenticationClient({ apiKeyId: undefined })],
];

describe.each(both)("a credential on the %s", (name, open) => {
  it("goes all the way: registered, listed, read, renamed, signed in with, removed, and signed in with no more", async () => {
    const hanko = open();
    const userId = `ada ü/&? on the ${name}`;
    const fixture = await registered(hanko, userId);
    const { credentialId } = fixture;
    const second = await registered(hanko, userId, "EdDSA");
    const listed = await hanko.credentials(userId);
    expect(listed.map(({ id }) => id).sort()).toEqual([credentialId, second.credentialId].sort());

    await hanko.api.rename(credentialId, "my <key> ü");
    expect(await hanko.api.credential(credentialId)).toMatchObject({
      id: credentialId,
      userId,
      name: "my <key> ü",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });

    for (const one of [fixture, second])
      for (const discoverable of [false, true])
        expect(await hanko.login(one, { discoverable })).toMatchObject({ userId, credentialId: one.credentialId });

    // As a person's outputs name it.
    const { credentialId: id, ...outputs } = second;
    expect(await hanko.login({ id, ...outputs })).toMatchObject({ userId, credentialId: id });

    expect(await hanko.api.remove(credentialId)).toBe(true);
    expect(await hanko.api.remove(credentialId)).toBe(false);
    expect(await hanko.api.credential(credentialId)).toBeUndefined();
    expect((await hanko.credentials(userId)).map(({ id }) => id)).toEqual([second.credentialId]);
    expect((await refusalOf(hanko.login(fixture, { discoverable: true }))).code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect((await refusalOf(hanko.api.rename(credentialId, "x"))).message).toContain("no such credential");
  });

  it("signs a transaction's text", async () => {
    const hanko = open();
    const fixture = await registered(hanko, `signs on the ${name}`);
    const { userId, credentialId } = fixture;
    const proof = await hanko.signTransaction(fixture, { text: 'pay <5 €> & "more"\u2028' });
    expect(proof).toMatchObject({ userId, credentialId });
  });

  it("is named where it can't sign in: another's key, another's handle, an unknown user, another relying party", async () => {
    const hanko = open();
    const ada = await registered(hanko, `ada names on the ${name}`);
    const eve = await registered(hanko, `eve names on the ${name}`);
    const swapped = await refusalOf(hanko.login({ ...ada, privateKey: eve.privateKey }));
    expect(swapped.code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect(swapped.message).not.toContain(eve.privateKey);
    const handle = await refusalOf(hanko.login({ ...ada, userHandle: eve.userHandle }, { discoverable: true }));
    expect(handle.code).toBe("ERR_AUTHN_PROOF_FAILED");
    const mistaken = await refusalOf(hanko.login({ ...ada, userId: eve.userId }, { discoverable: true }));
    expect(mistaken.message).toContain("that of another user");
    expect((await refusalOf(hanko.login({ ...ada, userId: "nobody" }))).message).toMatch(/no such user|no credential/);
    expect((await refusalOf(hanko.login({ ...ada, rpId: "other.example" }))).message).toContain("other.example");
    expect((await refusalOf(hanko.login({ ...ada, privateKey: "AAAA" }))).code).toBe("ERR_AUTHN_INPUT");
  });

  it("is listed to the last of many", async () => {
    const hanko = open();
    const userId = `many on the ${name}`;
    const made = await Promise.all(Array.from({ length: 12 }, () => registered(hanko, userId)));
    expect(new Set((await hanko.credentials(userId)).map(({ id }) => id))).toEqual(
      new Set(made.map(({ credentialId }) => credentialId)),
    );
  });
});

describe("the Passkey API", () => {
  it("gives tokens that say who signed what, and that its keys verify", async () => {
    const hanko = passkeyClient();
    const fixture = await registered(hanko, "tokens");
    const { userId, credentialId } = fixture;
    const data = { to: "<bob>", amounts: [0.1, 1e21, -0], "10": 1, "9": 2, é: "\u2028&", nested: { b: null, a: "" } };
    const proof = await hanko.signTransaction(fixture, { transactionId: "t-1", data });
    expect(proof).toMatchObject({ userId, credentialId, transactionId: "t-1" });
    expect(await hanko.verifyToken(proof.token ?? "")).toMatchObject({ userId, credentialId, transactionId: "t-1" });
    const again = await refusalOf(hanko.signTransaction(fixture, { transactionId: "t-1", data }));
    expect(again.message).toContain("used before");
    for (const falsy of [{}, "", 0, false]) await hanko.signTransaction(fixture, { data: falsy });
    const unspent = { transactionId: "t-2" };
    const refused = await refusalOf(hanko.signTransaction(fixture, { ...unspent, data: null }));
    expect(refused.code).toBe("ERR_AUTHN_INPUT");
    expect(await hanko.signTransaction(fixture, { ...unspent, text: "now" })).toMatchObject(unspent);
  });

  it("shows a public key and what the authenticator said of itself", async () => {
    const hanko = passkeyClient();
    const { credentialId } = await registered(hanko, "public");
    expect(await hanko.api.credential(credentialId)).toMatchObject({
      publicKey: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      attestationType: "none",
      backupEligible: false,
      aaguid: PLATFORM_AUTHENTICATOR.aaguid,
    });
  });

  it("leaves open whether a registration took effect where the id stands already", async () => {
    const hanko = passkeyClient();
    const { credentialId, algorithm } = await registered(hanko, "first");
    const options = await hanko.api.initializeRegistration({ user: { id: "other", name: "other" } });
    const key = { id: credentialId, algorithm: algorithm ?? "ES256", privateKey: await generateKey("ES256") };
    const response = createCredential(
      options,
      { ...key, authenticator: PLATFORM_AUTHENTICATOR },
      { origin: tenant.record.hanko.origin, signCount: 0 },
    );
    const error = await refusalOf(hanko.api.finalizeRegistration(response));
    expect(outcomeOf(error)).toBe("unknown");
    expect(await hanko.api.credential(credentialId)).toMatchObject({ userId: "first" });
  });
});

describe("options of the client", () => {
  it("name a wrong key or tenant without showing a secret", async () => {
    const wrong = await refusalOf(passkeyClient({ apiKey: "wrong-canary" }).credentials());
    expect(wrong.message).toMatch(/401.*Check hanko:apiKey and hanko:tenantId/);
    const unknown = passkeyClient({ tenantId: "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11" });
    for (const call of [unknown.credentials(), unknown.api.credential("AA"), unknown.api.remove("AA")])
      expect((await refusalOf(call)).message).toContain("Check hanko:url and hanko:tenantId");
    const secret = await refusalOf(authenticationClient({ apiSecret: "wrong-canary" }).credentials());
    expect(secret.message).toContain("Check hanko:apiSecret");
    for (const { message } of [wrong, secret]) expect(message).not.toContain("canary");
  });

  it("are refused before any request where they can't be used, and no secret is shown", () => {
    const faults: readonly [() => unknown, RegExp][] = [
      [() => passkeyClient({ apiKey: "canary canary" }), /apiKey/],
      [() => passkeyClient({ tenantId: "acme" }), /UUID/],
      [() => passkeyClient({ rpId: "other.example" }), /neither the host/],
      [() => authenticationClient({ url: "http://127.0.0.1:1/v1" }), /origin without a path/],
      [
        () => passkeyClient({ url: "https://passkeys.example.com" }),
        /'authn:allowedHosts\[0\]' passkeys\.example\.com/,
      ],
    ];
    for (const [create, reason] of faults) {
      expect(create).toThrow(reason);
      expect(create).not.toThrow(/canary/);
    }
  });
});
