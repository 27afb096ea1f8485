/** Tenants, folders and devices for the emulator's tests; what a test opened is closed and removed after it. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Clock, startTenant, type Tenant, type TenantOptions } from "../../emulator/testing.js";

export async function tenantFor(options: TenantOptions = {}): Promise<Tenant> {
  const tenant = await startTenant(options);
  onTestFinished(() => tenant.close());
  return tenant;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "authn-tenant-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Real time that stands still until a test moves it. */
export class StillClock implements Clock {
  ms = Date.UTC(2026, 0, 2, 3, 4, 5);
  nowMs(): number {
    return this.ms;
  }
}

export interface Device {
  readonly pubKey: string;
  readonly privateKey: KeyObject;
}

export function device(namedCurve = "P-256"): Device {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return { pubKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"), privateKey };
}

/** A login as a device makes it: DER signature over the text of `data`. */
export function login(username: string, { pubKey, privateKey }: Device, data: string) {
  const signature = sign("sha256", Buffer.from(data), { key: privateKey, dsaEncoding: "der" }).toString("base64");
  return { pubKey, username, data, signature };
}

export interface Origin {
  readonly url: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** A call with the origin's token and, where there is one, a JSON body. */
export async function call(origin: Origin, method: string, path: string, json?: unknown): Promise<Answer> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const headers = { authorization: `Bearer ${origin.token}`, "content-type": "application/json" };
  return answerOf(await fetch(origin.url + path, { method, headers, ...body }));
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** A request with headers that fetch doesn't let one set (Host); gives the status. */
export function rawStatus(
  url: string,
  headers: Record<string, string>,
  options: { readonly method?: string; readonly path?: string } = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers, agent: false, ...options }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** A base whose ten ports were free a moment ago. */
export async function freeBase(): Promise<number> {
  for (let base = 20_000 + Math.floor(Math.random() * 10_000); ; base += 10) {
    const probes = await Promise.all(Array.from({ length: 10 }, (_, slot) => isFree(base + slot)));
    if (probes.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
