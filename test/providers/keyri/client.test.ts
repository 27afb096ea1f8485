import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createKeyriClient, keyriKeyId, signKeyriLogin } from "../../../providers/clients.js";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const privateKey = pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
const pubKey = pair.publicKey.export({ format: "der", type: "spki" }).toString("base64");

describe("the Keyri client", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant();
  });
  afterAll(() => tenant.close());

  it.each(["payload", "fields"] as const)(
    "registers, lists, logs in and removes, the login sent as %s",
    async (loginFormat) => {
      const keyri = createKeyriClient({ ...tenant.record.keyri, loginFormat });
      const key = { pubKey, username: "ada /?#% ü" };
      expect(await keyri.register(key)).toBe(true);
      expect(await keyri.register(key)).toBe(false);
      expect(await keyri.list(key.username)).toEqual([pubKey]);
      expect(await keyri.list("grace")).toEqual([]);
      await keyri.login(signKeyriLogin({ username: key.username, privateKey }));
      expect(await keyri.remove(key)).toBe(true);
      expect(await keyri.remove(key)).toBe(false);
    },
  );

  it("says in the service's words why a login is refused", async () => {
    const keyri = createKeyriClient(tenant.record.keyri);
    const stranger = signKeyriLogin({ username: "nobody", privateKey });
    await expect(keyri.login(stranger)).rejects.toMatchObject({
      code: "ERR_AUTHN_PROOF_FAILED",
      message: expect.stringContaining("User not found"),
    });
    await keyri.register({ pubKey, username: "late" });
    const late = signKeyriLogin({ username: "late", privateKey, nowMs: Date.now() - 61_000 });
    await expect(keyri.login(late)).rejects.toMatchObject({ code: "ERR_AUTHN_PROOF_FAILED" });
  });

  it("names the token's property where the service refuses it, and never the token", async () => {
    const keyri = createKeyriClient({ url: tenant.record.keyri.url, token: "wrong-token-canary" });
    const refused = await keyri.list("ada").then(
      () => "taken",
      (error: unknown) => String(error),
    );
    expect(refused).toContain("401");
    expect(refused).toContain("keyri:token");
    expect(refused).not.toContain("wrong-token-canary");
  });

  it("never repeats what a service echoes of the token, nor its control characters, and not without end", async () => {
    const backend = createServer((request, response) => {
      const message = `bad ${request.headers.authorization} \u001b[31m${"A".repeat(3_000)}`;
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ message }));
    });
    backend.listen(0, "127.0.0.1");
    await once(backend, "listening");
    const { port } = z.object({ port: z.number() }).parse(backend.address());
    const keyri = createKeyriClient({ url: `http://127.0.0.1:${port}`, token: "echoed-token-canary" });
    const refused = await keyri.login(signKeyriLogin({ username: "ada", privateKey })).then(
      () => "taken",
      (error: unknown) => String(error),
    );
    backend.close();
    expect(refused).toContain("refused the signed login: bad Bearer");
    expect(refused).not.toContain("echoed-token-canary");
    expect(refused).not.toContain("\u001b");
    expect(refused.length).toBeLessThan(700);
  });

  it("refuses a host that nobody allowed, before any request, with the line to add", () => {
    expect(() => createKeyriClient({ url: "https://keyri.example.com" })).toThrow(
      /keyri\.example\.com[\s\S]*pulumi config set --path 'authn:allowedHosts\[0\]' keyri\.example\.com/,
    );
  });

  it("uses the paths and field names of a customer's own backend", async () => {
    const seen: { url: string | undefined; body: unknown }[] = [];
    const backend = createServer((request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        seen.push({ url: request.url, body: JSON.parse(Buffer.concat(chunks).toString() || "null") });
        const rows = request.method === "GET" ? [{ key: pubKey, who: "ada" }] : { message: "ok" };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(rows));
      });
    });
    backend.listen(0, "127.0.0.1");
    await once(backend, "listening");
    const { port } = z.object({ port: z.number() }).parse(backend.address());
    const keyri = createKeyriClient({
      url: `http://127.0.0.1:${port}/api/`,
      paths: { registration: "/devices", login: "/sign-in", keys: "/devices" },
      fields: { pubKey: "key", username: "who", payload: "signed" },
    });
    await keyri.register({ pubKey, username: "ada" });
    expect(await keyri.list("ada")).toEqual([pubKey]);
    const login = signKeyriLogin({ username: "ada", privateKey });
    await keyri.login(login);
    backend.close();
    expect(seen[0]).toEqual({ url: "/api/devices", body: { key: pubKey, who: "ada" } });
    expect(seen[1]?.url).toBe("/api/devices?who=ada");
    const { signed } = z.object({ signed: z.string() }).parse(seen[2]?.body);
    expect(JSON.parse(signed)).toEqual({ key: pubKey, who: "ada", data: login.data, signature: login.signature });
  });
});

describe("the signed login", () => {
  it("is what the documentation's verifier takes: DER over the text of data, milliseconds first", () => {
    const login = signKeyriLogin({ username: "ada", privateKey, nowMs: 1_700_000_000_000, nonce: 42 });
    expect(login).toMatchObject({ pubKey, username: "ada", data: "1700000000000_42" });
    const key = createPublicKey({ key: Buffer.from(login.pubKey, "base64"), format: "der", type: "spki" });
    const signature = Buffer.from(login.signature, "base64");
    expect(verify("sha256", Buffer.from(login.data), { key, dsaEncoding: "der" }, signature)).toBe(true);
    expect(verify("sha256", Buffer.from("1700000000000_43"), { key, dsaEncoding: "der" }, signature)).toBe(false);
  });

  it("is not made with a key on another curve, nor with garbage, and says so without a byte of it", () => {
    const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ format: "der", type: "pkcs8" });
    const sign = (key: string) => () => signKeyriLogin({ username: "ada", privateKey: key });
    expect(sign(p384.toString("base64"))).toThrow(/P-384/);
    expect(sign("garbage-canary")).toThrow(expect.objectContaining({ code: "ERR_AUTHN_INPUT" }));
    expect(sign("garbage-canary")).not.toThrow(/garbage-canary/);
  });

  it("differs each time, so that none is a replay", () => {
    const now = { username: "ada", privateKey, nowMs: 1_700_000_000_000 };
    expect(signKeyriLogin(now).data).not.toBe(signKeyriLogin(now).data);
    expect(keyriKeyId(pubKey)).toHaveLength(43);
  });
});
