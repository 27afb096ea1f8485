import { expect, test } from "vitest";
import type { FaultSpec } from "../../../emulator/testing.js";
import { call, device, StillClock, tenantFor } from "../_setup.js";

async function faultyTenant(...faults: FaultSpec[]) {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock });
  const { keyri } = tenant.record;
  for (const fault of faults) tenant.addFault(fault);
  return {
    tenant,
    clock,
    register: (username = "ada") => call(keyri, "POST", "/keyriRegistration", { pubKey: device().pubKey, username }),
    list: () => call(keyri, "GET", "/keyriKeys?username=ada"),
    text: async (path: string) => {
      const response = await fetch(keyri.url + path, { headers: { authorization: `Bearer ${keyri.token}` } });
      return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
    },
  };
}

test("a fault strikes before the request took effect, once, unless it says otherwise", async () => {
  const { tenant, register } = await faultyTenant({ service: "keyri", status: 500 });
  expect(await register()).toMatchObject({ status: 500, body: { message: "A fault of the embedded tenant" } });
  expect(tenant.state().keyri.keys).toBe(0);
  expect((await register()).status).toBe(200);
  expect(tenant.faults()).toEqual([]);
});

test("a fault after the request took effect loses only the answer", async () => {
  const { tenant, register } = await faultyTenant(
    { when: "after", status: 502, body: "<b>bad gateway</b>", headers: { "content-type": "text/html" } },
    { when: "after", reset: true },
  );
  await expect(register()).rejects.toThrow(SyntaxError);
  expect(tenant.state().keyri.keys).toBe(1);
  await expect(register("bob")).rejects.toThrow("fetch failed");
  expect(tenant.state().keyri.keys).toBe(2);
});

test("a reset breaks the connection before the service sees the request", async () => {
  const { tenant, register } = await faultyTenant({ reset: true });
  await expect(register()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(tenant.state().keyri.keys).toBe(0);
  expect((await register()).status).toBe(200);
});

test("a fault meets as many requests as it was told to, and for ever with 0", async () => {
  const { tenant, register } = await faultyTenant({ status: 503, times: 2, headers: { "retry-after": "7" } });
  const first = await register();
  expect([first.status, first.headers.get("retry-after")]).toEqual([503, "7"]);
  expect((await register()).status).toBe(503);
  expect((await register()).status).toBe(200);
  const id = tenant.addFault({ status: 418, times: 0 });
  for (let i = 0; i < 5; i++) expect((await register()).status).toBe(418);
  expect(tenant.faults()).toMatchObject([{ id, status: 418, applied: 5 }]);
  expect(tenant.removeFault(id)).toBe(true);
  expect((await register("bob")).status).toBe(200);
});

test("a fault meets only the method and path that it names", async () => {
  const { register, list } = await faultyTenant(
    { method: "delete", path: "/keyriKeys", status: 500, times: 0 },
    { path: "/keyriReg*", status: 501 },
  );
  expect((await list()).status).toBe(200);
  expect((await register()).status).toBe(501);
  expect((await register()).status).toBe(200);
});

test("a corrupted answer is cut in half, HTML, or no text at all; after an effect the service's own status stands", async () => {
  const path = "/keyriKeys?username=ada";
  const { tenant, register, text } = await faultyTenant();
  await register();
  const whole = await text(path);
  for (const corrupt of ["truncate", "html", "garbage"] as const) tenant.addFault({ when: "after", corrupt });
  expect(await text(path)).toEqual({ ...whole, text: whole.text.slice(0, Math.floor(whole.text.length / 2)) });
  expect(await text(path)).toMatchObject({
    status: 200,
    type: "text/html; charset=utf-8",
    text: expect.stringMatching(/^<!doctype html>/),
  });
  const garbage = await text(path);
  expect(garbage).toMatchObject({ status: 200, type: "application/json" });
  expect(() => JSON.parse(garbage.text)).toThrow();
});

test("an answer without a body can be corrupted too", async () => {
  const { tenant, text } = await faultyTenant();
  const { keyri } = tenant.record;
  const { pubKey } = device();
  await call(keyri, "POST", "/keyriRegistration", { pubKey, username: "ada" });
  tenant.addFault({ when: "after", corrupt: "html" });
  const response = await fetch(`${keyri.url}/keyriKeys`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${keyri.token}`, "content-type": "application/json" },
    body: JSON.stringify({ username: "ada", pubKey }),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("Bad Gateway")]);
  expect((await text("/keyriKeys?username=ada")).text).toBe("[]");
});

test("a fault before the effect can answer anything, corrupted or not", async () => {
  const { register, text } = await faultyTenant(
    { body: { keys: [1, "ä"] }, status: 207 },
    { status: 204 },
    { corrupt: "truncate", body: '{"a":1}' },
  );
  expect(await register()).toMatchObject({ status: 207, body: { keys: [1, "ä"] } });
  expect((await text("/keyriKeys")).status).toBe(204);
  expect(await text("/keyriKeys")).toMatchObject({ status: 200, text: '{"a' });
});

test("a delay alone lets the service answer as it would", async () => {
  const { tenant, register } = await faultyTenant({ delayMs: 1 }, { delayMs: 1, when: "after" });
  expect((await register()).status).toBe(200);
  expect((await register("bob")).status).toBe(200);
  expect(tenant.state().keyri.keys).toBe(2);
});

test("a client that hangs up during a delay before the effect is not served, and the tenant can be closed meanwhile", async () => {
  const { tenant, register } = await faultyTenant({ delayMs: 600_000 });
  const { keyri } = tenant.record;
  const hangUp = new AbortController();
  const asked = fetch(`${keyri.url}/keyriKeys?username=ada`, { signal: hangUp.signal });
  await expect.poll(() => tenant.faults()).toEqual([]);
  hangUp.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(() => tenant.journal()).toMatchObject([{ status: null, fault: { when: "before" } }]);
  tenant.addFault({ delayMs: 600_000 });
  const waiting = expect(register()).rejects.toThrow();
  await expect.poll(() => tenant.faults()).toEqual([]);
  await tenant.close();
  await waiting;
});

test("a rate limit answers 429 to what comes faster, and lets pass what the clock allows", async () => {
  const { tenant, clock, list } = await faultyTenant({
    service: "keyri",
    rateLimit: { requestsPerSecond: 2, retryAfterSeconds: 3 },
  });
  const statuses = async (count: number) => {
    const seen: number[] = [];
    for (let i = 0; i < count; i++) seen.push((await list()).status);
    return seen;
  };
  expect(await statuses(4)).toEqual([200, 200, 429, 429]);
  clock.ms += 500;
  expect(await statuses(2)).toEqual([200, 429]);
  clock.ms += 60_000;
  expect(await statuses(3)).toEqual([200, 200, 429]);
  expect((await list()).headers.get("retry-after")).toBe("3");
  tenant.clearFaults();
  expect(await statuses(3)).toEqual([200, 200, 200]);
});

test("what a rate limit lets pass meets the faults behind it", async () => {
  const { list } = await faultyTenant({ rateLimit: { requestsPerSecond: 1 } }, { status: 500 });
  expect((await list()).status).toBe(500);
  expect((await list()).status).toBe(429);
});

test.each<[string, object, RegExp]>([
  ["nothing to do", { service: "keyri" }, /must name what happens/],
  ["an unknown property", { status: 500, colour: 1 }, /colour: is not known here/],
  ["an unknown service", { service: "keyry", status: 500 }, /service: must be one of .*keyri/],
  ["no such moment", { when: "during", status: 500 }, /when: must be "before" or "after"/],
  ["a path with a query", { path: "/a?b=1", status: 500 }, /path: must begin with/],
  ["two stars in its path", { path: "/a*b*c", status: 500 }, /path: must begin with/],
  ["a status that can't be an answer's", { status: 100 }, /status: must be 200 to 599/],
  ["a negative count", { status: 500, times: -1 }, /times: must not be negative/],
  ["a header that HTTP doesn't allow", { headers: { "a b": "c" } }, /headers: holds a name or value/],
  ["a framing header", { headers: { "Content-Length": "1" } }, /headers: must not hold/],
  ["reset and an answer", { reset: true, status: 500 }, /reset sends no answer/],
  ["a rate limit and a status", { rateLimit: { requestsPerSecond: 1 }, status: 500 }, /rateLimit stands alone/],
  ["a rate of 0", { rateLimit: { requestsPerSecond: 0 } }, /rateLimit.requestsPerSecond: must be above 0/],
])("a fault with %s is refused, and named", async (_what, spec, expected) => {
  const tenant = await tenantFor();
  const answer = await call(tenant.record.admin, "POST", "/faults", spec);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ message: expect.stringMatching(expected) });
  expect(tenant.faults()).toEqual([]);
});
