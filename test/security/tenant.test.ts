/** The embedded tenant holds keys and can be emptied by a call: nobody but the programs of its own machine may reach it, and no page of theirs. */
import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { rawStatus, tenantFor } from "../emulator/_setup.js";

/** Every origin that a tenant has, by the name of its slot. */
function originsOf({ record }: Tenant): Readonly<Record<string, string>> {
  const { admin, keyless, hanko, baikal, keyri } = record;
  return {
    admin: admin.url,
    "keyless-agent": keyless.agentUrl,
    "keyless-operations": keyless.operationsUrl,
    "keyless-authentication": keyless.authenticationUrl,
    "hanko-authentication": hanko.authentication.url,
    "hanko-passkey": hanko.passkey.url,
    baikal: baikal.endpoint,
    keyri: keyri.url,
    "relying-party": hanko.origin,
    "jwks-bucket": baikal.publishUrl,
  };
}

interface Met {
  readonly status: number | undefined;
  /** The names of the headers that allow something to pages of other origins (Fetch §3.3.3). */
  readonly allowed: readonly string[];
}

function meet(url: string, method: string, headers: Record<string, string>): Promise<Met> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      response.resume();
      const allowed = Object.keys(response.headers).filter((name) => name.startsWith("access-control-"));
      resolve({ status: response.statusCode, allowed });
    });
    sent.on("error", reject).end();
  });
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => resolve(false)).setTimeout(2_000, () => socket.destroy());
    socket.once("connect", () => socket.destroy());
  });
}

describe("every origin of the tenant", () => {
  test("listens on loopback alone: at no other address of the machine does anybody get a connection", async () => {
    const tenant = await tenantFor();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, scopeid }) => !internal && !scopeid)
      .map(({ address }) => address);
    // On Linux all of 127.0.0.0/8 is this machine: what listens everywhere would answer there.
    if (process.platform === "linux") others.push("127.0.0.2");
    for (const url of Object.values(originsOf(tenant))) {
      const port = Number(new URL(url).port);
      expect(await connects("127.0.0.1", port), url).toBe(true);
      for (const address of others) expect(await connects(address, port), `${address} of ${url}`).toBe(false);
    }
  });

  test("can't be told to listen elsewhere, by the testing kit either", async () => {
    for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
      const given: object = { host };
      await expect(startTenant(given)).rejects.toThrow(/host: is not known here.*listens on loopback only/);
    }
  });

  test("is not met under a name that leads to loopback and isn't its own: DNS rebinding", async () => {
    const tenant = await tenantFor();
    const met = async (url: string) => {
      const { host, port } = new URL(url);
      expect(await rawStatus(url, { host }), url).not.toBe(421);
      for (const foreign of [
        `rebound.example:${port}`,
        "rebound.example",
        `127.0.0.1.rebound.example:${port}`,
        "127.0.0.1",
      ])
        expect(await rawStatus(url, { host: foreign }), `${url} as ${foreign}`).toBe(421);
    };
    await Promise.all(Object.values(originsOf(tenant)).map(met));
  });

  test("refuses the pages of every other origin, another of its own too, and lets them ask for nothing", async () => {
    const tenant = await tenantFor();
    const origins = originsOf(tenant);
    const turnedAway = async ([name, url]: readonly [string, string]) => {
      const neighbour = name === "keyri" ? tenant.record.admin.url : tenant.record.keyri.url;
      for (const origin of ["https://evil.example", "null", neighbour]) {
        for (const method of ["GET", "POST", "OPTIONS"]) {
          const asks = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
          const met = await meet(url, method, { origin, ...(method === "OPTIONS" ? asks : {}) });
          expect(met, `${method} ${name} from ${origin}`).toEqual({ status: 403, allowed: [] });
        }
      }
      const own = await meet(url, "GET", { origin: new URL(url).origin });
      expect([own.status === 403, own.allowed], name).toEqual([false, []]);
    };
    await Promise.all(Object.entries(origins).map(turnedAway));
    expect(tenant.state().keyri.keys).toBe(0);
  });

  test("but for the passkey API, which pages of its relying party may call and still not read", async () => {
    const tenant = await tenantFor({ hanko: { origins: ["https://login.example.com"], rpId: "example.com" } });
    const { passkey, authentication } = tenant.record.hanko;
    const path = `/${passkey.tenantId}/login/initialize`;
    const origin = "https://login.example.com";
    const headers = { origin, "content-type": "application/json" };
    expect(await meet(passkey.url + path, "POST", headers)).toEqual({ status: 200, allowed: [] });
    expect((await meet(passkey.url + path, "POST", { ...headers, origin: `${origin}.evil.example` })).status).toBe(403);
    expect((await meet(authentication.url, "POST", headers)).status).toBe(403);
  });

  test("refuses a body beyond its limit by the length that it announces, before a byte of it comes", async () => {
    const tenant = await tenantFor();
    for (const [name, url] of Object.entries(originsOf(tenant))) {
      const { hostname, port, host } = new URL(url);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname);
        socket.once("error", reject).once("data", (chunk) => {
          socket.destroy();
          resolve(chunk.toString("latin1"));
        });
        socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 99999999999\r\n\r\n`);
      });
      expect(answer.split("\r\n")[0], name).toBe("HTTP/1.1 413 Payload Too Large");
    }
  });
});
