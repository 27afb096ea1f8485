import { expect, test } from "vitest";
import { Capacity } from "../../../emulator/keyless/agent/capacity.js";
import { startTenant } from "../../../emulator/testing.js";
import { portrait } from "../../support/portraits.js";
import { answerOf } from "../_setup.js";
import { keylessTenant } from "./_setup.js";

test("the agent says that it is well, to anybody", async () => {
  const { keyless } = await keylessTenant();
  const answer = await answerOf(await fetch(`${keyless.agentUrl}/health-check`));
  expect(answer).toMatchObject({ status: 200, body: { version: expect.stringMatching(/^\d/), status: "ok" } });
});

test("an offline enrolment makes three strings and leaves nothing behind", async () => {
  const { tenant, agent } = await keylessTenant();
  const { status, body } = await agent("offline", portrait());
  expect(status).toBe(200);
  expect(body).toEqual({
    keylessId: expect.stringMatching(/^[0-9A-F]{64}$/),
    clientState: expect.any(String),
    serverState: expect.any(String),
  });
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
});

test("an online enrolment makes two strings and a committed user", async () => {
  const { tenant, agent, keyless, devices } = await keylessTenant();
  const { body } = await agent("online", portrait());
  expect(body).toEqual({ keylessId: expect.stringMatching(/^[0-9A-F]{64}$/), clientState: expect.any(String) });
  expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 0 });
  expect(keyless.customer).toBe("demo");
  expect((await devices(String(Object.values(body ?? {})[0]))).body).toEqual([]);
});

test("the same image twice makes two users that share nothing", async () => {
  const { enroll } = await keylessTenant();
  const [one, other] = [await enroll(), await enroll()];
  expect(new Set([...Object.values(one), ...Object.values(other)]).size).toBe(6);
});

test("the states are JSON documents that serialise differently once parsed, with text beyond ASCII", async () => {
  const { enroll } = await keylessTenant();
  const { clientState, serverState } = await enroll();
  for (const state of [clientState, serverState]) {
    expect(JSON.stringify(JSON.parse(state))).not.toBe(state);
    expect(Buffer.byteLength(state)).toBeGreaterThan(state.length);
    expect(state.length).toBeLessThan(2_048);
  }
});

test.each(["SELFIE", "TRUSTED_SOURCE", "DOCUMENT"])("the scenario %s is known", async (scenario) => {
  const { agent } = await keylessTenant();
  expect((await agent("offline", portrait(), { scenario })).status).toBe(200);
});

test.each<[string, Record<string, string>, number]>([
  ["an unknown scenario", { scenario: "PARTY" }, 400],
  ["a scenario in lower case", { scenario: "selfie" }, 400],
  ["an empty scenario", { scenario: "" }, 400],
  ["another content type", { "content-type": "application/json" }, 415],
  ["no subtype", { "content-type": "image/" }, 415],
  ["an encoding that isn't base64", { "content-encoding": "gzip" }, 415],
  ["an Exif-Transpose that is neither true nor false", { "exif-transpose": "maybe" }, 400],
])("an enrolment with %s is refused", async (_what, headers, status) => {
  const { tenant, agent } = await keylessTenant();
  for (const kind of ["offline", "online"] as const)
    expect(await agent(kind, portrait(), headers)).toMatchObject({ status, body: { statusCode: status } });
  expect(tenant.state().keyless.users).toBe(0);
});

test("an enrolment without a scenario or a content type is refused", async () => {
  const { keyless } = await keylessTenant();
  const send = async (headers: Record<string, string>) =>
    (await fetch(`${keyless.agentUrl}/v1/offline-enrollment`, { method: "POST", headers, body: portrait() })).status;
  expect(await send({ "content-type": "image/jpeg" })).toBe(400);
  expect(await send({ scenario: "SELFIE" })).toBe(415);
});

test("an image may come as base64 where the header says so, and its rotation may be asked for", async () => {
  const { agent } = await keylessTenant();
  const base64 = portrait().toString("base64");
  const asBase64 = { "content-encoding": "base64" };
  expect((await agent("offline", base64, { ...asBase64, "exif-transpose": "true" })).status).toBe(200);
  expect((await agent("offline", base64)).status).toBe(400);
  for (const bad of [base64.slice(0, -1), ` ${base64}`, portrait().toString("base64url"), "", "ÿ!"])
    expect((await agent("offline", bad, asBase64)).status).toBe(400);
  expect((await agent("offline", portrait(), asBase64)).status).toBe(400);
});

test("an agent that isn't configured for online enrolment says so with 409, and enrols offline", async () => {
  const { tenant, agent } = await keylessTenant({ keyless: { onlineEnrollment: false } });
  expect(await agent("online", portrait())).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("not configured for online enrollment") },
  });
  expect((await agent("offline", portrait())).status).toBe(200);
  expect(tenant.state().keyless.users).toBe(0);
});

test("an image above 64 MiB is 413", async () => {
  const { agent } = await keylessTenant();
  expect((await agent("offline", Buffer.alloc(64 * 1024 * 1024 + 1))).status).toBe(413);
});

test("what isn't there is 404, whatever the method", async () => {
  const { keyless } = await keylessTenant();
  for (const [method, path] of [
    ["GET", "/v1/offline-enrollment"],
    ["POST", "/health-check"],
    ["POST", "/v1/enrollment"],
    ["POST", "/v1/offline-enrollment/"],
  ] as const)
    expect((await fetch(keyless.agentUrl + path, { method })).status).toBe(404);
});

test("an enrolment beyond the agent's concurrency is 429, and one whose client hangs up is never done", async () => {
  const { tenant, keyless } = await keylessTenant({ keyless: { agentLatencyMs: 600_000, agentConcurrency: 1 } });
  const hangUp = new AbortController();
  const send = async () => {
    const headers = { "content-type": "image/jpeg", scenario: "SELFIE" };
    const init = { method: "POST", headers, body: portrait(), signal: hangUp.signal };
    return (await fetch(`${keyless.agentUrl}/v1/online-enrollment`, init)).status;
  };
  const both = [send(), send()];
  expect(await Promise.race(both)).toBe(429);
  // Health isn't counted.
  expect((await fetch(`${keyless.agentUrl}/health-check`)).status).toBe(200);
  hangUp.abort();
  expect((await Promise.allSettled(both)).map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await expect.poll(() => tenant.journal().map(({ status }) => status)).toEqual([429, 200, null]);
  expect(tenant.state().keyless.users).toBe(0);
});

test("a client that hung up gives its place to the next", async () => {
  const capacity = new Capacity({ agentLatencyMs: 600_000, agentConcurrency: 1, onlineEnrollment: true });
  const [first, second] = [new AbortController(), new AbortController()];
  const turn = capacity.take(first.signal);
  expect(await capacity.take(second.signal)).toBe("busy");
  first.abort();
  expect(await turn).toBe("gone");
  const next = capacity.take(second.signal);
  expect(await capacity.take(first.signal)).toBe("busy");
  second.abort();
  expect(await next).toBe("gone");
});

test("an agent of 3 at a time does 3 at a time", async () => {
  const capacity = new Capacity({ agentLatencyMs: 1, agentConcurrency: 3, onlineEnrollment: true });
  const { signal } = new AbortController();
  const turns = await Promise.all(Array.from({ length: 5 }, () => capacity.take(signal)));
  expect(turns).toEqual(["done", "done", "done", "busy", "busy"]);
  expect(await capacity.take(signal)).toBe("done");
});

test.each<[object, RegExp]>([
  [{ agentLatencyMs: -1 }, /keyless\.agentLatencyMs: must be a whole number of milliseconds/],
  [{ agentLatencyMs: 1.5 }, /keyless\.agentLatencyMs/],
  [{ agentConcurrency: 0 }, /keyless\.agentConcurrency: must be a whole number from 1/],
  [{ onlineEnrollment: "yes" }, /keyless\.onlineEnrollment: must be true or false/],
  [{ agentLatency: 3 }, /keyless\.agentLatency: is not known here/],
])("a tenant can't be started with a Keyless agent of %j", async (keyless, expected) => {
  await expect(startTenant({ keyless })).rejects.toThrow(expected);
});
