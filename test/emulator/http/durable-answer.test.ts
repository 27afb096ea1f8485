import { expect, test } from "vitest";
import { TenantError } from "../../../emulator/errors.js";
import { serveDurably } from "../../../emulator/http/origin.js";

const request = new Request("http://127.0.0.1/");
const app = { fetch: () => Response.json({ message: "done" }) };

test("an answer doesn't leave before what it tells of is written", async () => {
  const order: string[] = [];
  let written = () => {};
  const flushed = new Promise<void>((resolve) => {
    written = resolve;
  });
  const answered = serveDurably(request, { app, flush: () => flushed }).then(() => order.push("answered"));
  await new Promise(setImmediate);
  order.push("written");
  written();
  await answered;
  expect(order).toEqual(["written", "answered"]);
});

test("what couldn't be written is never told as done", async () => {
  const response = await serveDurably(request, { app, flush: () => Promise.reject(new Error("disk full")) });
  expect([response.status, await response.json()]).toEqual([500, { message: "The embedded tenant failed: Error" }]);
});

test("a service's own failure is a 500 that names its kind and repeats none of its text", async () => {
  const failing = (error: unknown) =>
    serveDurably(request, { app: { fetch: () => Promise.reject(error) }, flush: async () => {} });
  expect(await (await failing(new TypeError("canary-token"))).json()).toEqual({
    message: "The embedded tenant failed: TypeError",
  });
  const known = new TenantError({ problem: "store", what: "The disk is full", remedy: "Make room" });
  expect(await (await failing(known)).json()).toEqual({
    message: "The embedded tenant failed: The disk is full. Make room.",
  });
});
