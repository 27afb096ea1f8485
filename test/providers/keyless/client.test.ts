/** `createKeylessClient` against the embedded tenant, which opens what it imports: the whole way of a user, and its ends. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createKeylessClient, type KeylessClient, type KeylessClientOptions } from "../../../providers/clients.js";
import { blankImage, largePortrait, portrait, portraitPng, tinyImage } from "../../support/portraits.js";
import { refusalOf } from "./_service.js";

let tenant: Tenant;
let keyless: KeylessClient;
beforeAll(async () => {
  tenant = await startTenant();
  keyless = createKeylessClient(tenant.record.keyless);
});
afterAll(() => tenant.close());

const SELFIE = { mediaType: "image/jpeg", scenario: "SELFIE", name: "faces/ada.jpg" } as const;

async function committed(seed: number) {
  const enrolled = await keyless.agent.enrolOffline({ ...SELFIE, image: portrait(seed) });
  expect(await keyless.operations.registerUncommitted(enrolled.serverState)).toBe(true);
  expect(await keyless.operations.commit(enrolled.keylessId)).toBe(true);
  return enrolled;
}

describe("a Keyless user", () => {
  it("goes all the way: enrolled, registered, committed, imported, seen, linked elsewhere, deleted", async () => {
    const username = "ada /?#% ü";
    expect((await keyless.agent.health()).status).toBe("ok");
    expect(await keyless.authentication.user(username)).toMatchObject({ isEnrolled: false });
    const { keylessId, clientState } = await committed(1);
    expect(keylessId).toMatch(/^[0-9A-F]+$/);
    expect(await keyless.importClientState({ username, clientState })).toBe(true);
    expect(await keyless.authentication.user(username)).toEqual({ known: true, isEnrolled: true, keylessId });

    const [device] = (await keyless.operations.devices(keylessId)) ?? [];
    expect(device?.state).toBe("ACTIVE");
    expect(await keyless.operations.revokeDevice(keylessId, device?.publicSigningKey ?? "")).toBe(true);
    expect(await keyless.operations.revokeDevice(keylessId, device?.publicSigningKey ?? "")).toBe(false);

    expect((await keyless.operations.usersOf(username)).map(({ userId }) => userId)).toEqual([keylessId]);
    expect(await keyless.operations.linkExternalUser(keylessId, "ada-2")).toBe(false);
    await keyless.operations.moveExternalUser(keylessId, "ada-2");
    expect((await keyless.operations.usersOf("ADA-2")).map(({ userId }) => userId)).toEqual([keylessId]);
    await keyless.operations.unlinkExternalUser("ada-2");
    expect(await keyless.operations.usersOf("ada-2")).toEqual([]);
    expect(await keyless.operations.linkExternalUser(keylessId, "ada-3")).toBe(true);

    expect(await keyless.operations.deleteUser(keylessId)).toBe(true);
    expect(await keyless.operations.deleteUser(keylessId)).toBe(false);
    expect(await keyless.operations.devices(keylessId)).toBeUndefined();
    expect(await keyless.authentication.user(username)).toMatchObject({ isEnrolled: false });
  });

  it("is registered at once where the enrolment is online, whatever the picture is and however it is sent", async () => {
    const large = largePortrait(300_000, 5);
    const image = { bytes: large.length, open: () => Readable.from([large.subarray(0, 1_000), large.subarray(1_000)]) };
    const enrolments = [
      { ...SELFIE, image: portraitPng(2), mediaType: "image/png", scenario: "DOCUMENT" },
      { ...SELFIE, image: portrait(3), base64: true, exifTranspose: true },
      { ...SELFIE, image },
      { ...SELFIE, image, base64: true },
    ] as const;
    for (const [index, enrolment] of enrolments.entries()) {
      const { keylessId, clientState } = await keyless.agent.enrolOnline(enrolment);
      expect(await keyless.importClientState({ username: `online-${index}`, clientState })).toBe(true);
      expect(await keyless.authentication.user(`online-${index}`)).toMatchObject({ isEnrolled: true, keylessId });
    }
  });

  it("isn't registered or committed twice, nor imported under a name that is taken", async () => {
    const { keylessId, clientState, serverState } = await committed(6);
    expect(await keyless.operations.registerUncommitted(serverState)).toBe(false);
    expect(await keyless.operations.commit(keylessId)).toBe(false);
    expect(await keyless.importClientState({ username: "taken", clientState })).toBe(true);
    const second = await committed(7);
    expect(await keyless.importClientState({ username: "taken", clientState: second.clientState })).toBe(false);
  });

  it.each([
    ["blank", blankImage],
    ["too small", tinyImage],
  ])("is refused with the agent's reason where the picture is %s", async (_, image) => {
    const error = await refusalOf(keyless.agent.enrolOffline({ ...SELFIE, image: image() }));
    expect(error.code).toBe("ERR_AUTHN_FACE_REFUSED");
    expect(error.message).toContain("faces/ada.jpg: Filter Triggered: ");
  });

  it("isn't imported with a client state that was tampered with", async () => {
    const { clientState } = await committed(8);
    const tampered = `${clientState.slice(0, -8)}AAAAAAAA`;
    const { message } = await refusalOf(keyless.importClientState({ username: "tampered", clientState: tampered }));
    expect(message).toContain("import");
    expect(message).not.toContain(tampered.slice(0, 20));
    expect(await keyless.authentication.user("tampered")).toMatchObject({ isEnrolled: false });
  });
});

describe("the options of a client", () => {
  const client = (more: Partial<KeylessClientOptions>) => createKeylessClient({ ...tenant.record.keyless, ...more });

  it("pin the key by its id and PEM, and then it isn't asked for", async () => {
    const { keyId, publicKey } = await keyless.authentication.encryptionKey();
    const pinned = client({ encryptionKeyId: keyId, encryptionPublicKey: publicKey });
    const { clientState } = await committed(9);
    tenant.addFault({ service: "keyless-authentication", method: "GET", path: "/v1/customers/*", status: 500 });
    expect(await pinned.importClientState({ username: "pinned", clientState })).toBe(true);
    tenant.clearFaults();
  });

  it("warn once of a key that nothing pins, and refuse one that isn't the pinned", async () => {
    const { encryptionKeyFingerprint, ...unpinned } = tenant.record.keyless;
    const warned: string[] = [];
    const trusting = createKeylessClient({ ...unpinned, warn: (line) => void warned.push(line) });
    const { clientState } = await committed(10);
    expect(await trusting.importClientState({ username: "trusting-1", clientState })).toBe(true);
    expect(await trusting.importClientState({ username: "trusting-1", clientState })).toBe(false);
    expect(warned).toEqual([expect.stringContaining(encryptionKeyFingerprint)]);

    const swapped = client({ encryptionKeyFingerprint: createHash("sha256").update("another").digest("hex") });
    const error = await refusalOf(swapped.importClientState({ username: "swapped", clientState }));
    expect(error.code).toBe("ERR_AUTHN_CONFIGURATION");
    expect(error.message).toContain(encryptionKeyFingerprint);
    expect(await keyless.authentication.user("swapped")).toMatchObject({ isEnrolled: false });
  });

  it("name a wrong key for each service, and swapped addresses, without showing a key", async () => {
    const { operationsUrl, authenticationUrl } = tenant.record.keyless;
    const wrong = client({ apiKey: "wrong-canary-1", authenticationApiKey: "wrong-canary-2" });
    const swapped = client({ operationsUrl: authenticationUrl, authenticationUrl: operationsUrl });
    for (const { operations, authentication } of [wrong, swapped]) {
      const refusals = [await refusalOf(operations.usersOf("ada")), await refusalOf(authentication.user("ada"))];
      expect(refusals[0]?.message).toMatch(/keyless:apiKey and keyless:operationsUrl/);
      expect(refusals[1]?.message).toMatch(/keyless:authenticationApiKey and keyless:authenticationUrl/);
      for (const { message } of refusals) expect(message).not.toMatch(/canary/);
    }
    const lost = client({ agentUrl: operationsUrl });
    expect((await refusalOf(lost.agent.health())).message).toContain("Check keyless:agentUrl");
  });

  it("are refused before any request where they can't be used, and no secret is shown", () => {
    const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "pem", type: "spki" });
    const faults: readonly [Partial<KeylessClientOptions>, RegExp][] = [
      [{ apiKey: "canary canary" }, /apiKey/],
      [{ agentConcurrency: 0 }, /agentConcurrency/],
      [{ encryptionKeyId: "kid", encryptionPublicKey: short.toString() }, /1024 bits/],
      [{ operationsUrl: "https://api.example.com" }, /'authn:allowedHosts\[0\]' api\.example\.com/],
    ];
    for (const [options, reason] of faults) {
      expect(() => client(options)).toThrow(reason);
      expect(() => client(options)).not.toThrow(/canary/);
    }
  });
});

describe("the agent's limits", () => {
  it("keep no more pictures with it at a time than are allowed", async () => {
    const busy = await startTenant({ keyless: { agentConcurrency: 2, agentLatencyMs: 20 } });
    const patient = createKeylessClient({ ...busy.record.keyless, agentConcurrency: 2 });
    const image = portrait(11);
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => (await patient.agent.enrolOffline({ ...SELFIE, image })).keylessId),
    );
    const statuses = busy.journal().map(({ status }) => status);
    await busy.close();
    expect(new Set(ids).size).toBe(6);
    expect(statuses).toEqual(Array.from({ length: 6 }, () => 200));
  });
});
