import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { listenAll } from "../../../emulator/http/listener.js";
import { portOf } from "../../../emulator/slots.js";
import type { FaultSpec } from "../../../emulator/testing.js";
import { answerOf, rawStatus } from "../_setup.js";
import { hankoTenant, passkey, tokenOf } from "../hanko/_setup.js";

/** A browser's tab: it keeps the cookie. */
function tab(origin: string) {
  let cookie = "";
  return async (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const sent = { "content-type": "application/json", ...(cookie === "" ? {} : { cookie }), ...headers };
    const response = await fetch(origin + path, { method, headers: sent, ...body });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answerOf(response);
  };
}

async function visited() {
  const opened = await hankoTenant();
  const { origin } = opened.hanko;
  const visit = tab(origin);
  const registered = async (username: string) => {
    const made = await passkey(origin);
    const { body } = await visit("POST", "/registration/start", { username });
    return { ...made, answer: await visit("POST", "/registration/finish", made.create(body)) };
  };
  return { ...opened, origin, visit, registered };
}

test("a visitor registers, is known, sees their passkey, signs out, and signs in again from another tab", async () => {
  const { visit, registered, origin, tenant } = await visited();
  expect((await visit("GET", "/session")).body).toEqual({ user: null });
  const made = await registered("Ada");
  const user = { id: expect.stringMatching(/^[\w-]{32}$/), name: "Ada" };
  expect(made.answer.body).toEqual({ user });
  expect((await visit("GET", "/session")).body).toEqual({ user });
  expect((await visit("GET", "/passkeys")).body).toMatchObject([{ id: made.id }]);
  expect((await visit("POST", "/sign-out")).status).toBe(204);
  expect((await visit("GET", "/session")).body).toEqual({ user: null });
  expect((await visit("GET", "/passkeys")).status).toBe(401);
  const other = tab(origin);
  const { body } = await other("POST", "/sign-in/start");
  expect((await other("POST", "/sign-in/finish", made.get(body))).body).toEqual({ user });
  expect((await other("GET", "/session")).body).toEqual({ user });
  expect((await visit("GET", "/session")).body).toEqual({ user: null });
  const services = new Set(tenant.journal().map(({ service }) => service));
  expect(services).toEqual(new Set(["relying-party", "hanko-passkey"]));
});

test("a user that a program declared signs in and is called by their id; once their passkey is deleted they don't", async () => {
  const { visit, register, call } = await visited();
  const made = await register("employee-7");
  const finish = async () => {
    const { body } = await visit("POST", "/sign-in/start");
    return visit("POST", "/sign-in/finish", made.get(body));
  };
  expect((await finish()).body).toEqual({ user: { id: "employee-7", name: "employee-7" } });
  await call("DELETE", `/credentials/${made.id}`);
  expect(await finish()).toMatchObject({ status: 401, body: { message: expect.any(String) } });
});

test("nobody takes another's name, or ends a registration that somebody else began", async () => {
  const { visit, registered, origin, tenant } = await visited();
  const [eve, mallory] = [tab(origin), tab(origin)];
  const begun = await eve("POST", "/registration/start", { username: "ada" });
  const ada = await registered("ada");
  expect(ada.answer.status).toBe(200);
  const late = (await passkey(origin)).create(begun.body);
  expect(await mallory("POST", "/registration/finish", late)).toMatchObject({ status: 400 });
  expect(tenant.state().hanko.passkeyCredentials).toBe(1);
  expect(await eve("POST", "/registration/finish", late)).toMatchObject({ status: 409 });
  expect(tenant.state().hanko.passkeyCredentials).toBe(1);
  expect(await visit("POST", "/registration/start", { username: " ada " })).toMatchObject({ status: 409 });
  for (const username of ["", " ", "a".repeat(65), 7])
    expect((await eve("POST", "/registration/start", { username })).status).toBe(400);
});

test("whoever ends somebody else's registration is signed in as nobody", async () => {
  const { visit, origin } = await visited();
  const mallory = tab(origin);
  const begun = await visit("POST", "/registration/start", { username: "ada" });
  await mallory("POST", "/registration/start", { username: "mallory" });
  const made = (await passkey(origin)).create(begun.body);
  expect((await mallory("POST", "/registration/finish", made)).status).toBe(400);
  expect((await mallory("GET", "/session")).body).toEqual({ user: null });
});

test("the cookie is for this site and the server alone, and changes with the signing in", async () => {
  const { origin, register } = await visited();
  const made = await register("ada");
  const post = (path: string, json: unknown, cookie = "") =>
    fetch(origin + path, { method: "POST", body: JSON.stringify(json), headers: cookie === "" ? {} : { cookie } });
  const started = await post("/registration/start", { username: "ada" });
  const before = started.headers.getSetCookie()[0] ?? "";
  const options: unknown = await (await post("/sign-in/start", {})).json();
  const signedIn = await post("/sign-in/finish", made.get(options), before.split(";")[0]);
  const after = signedIn.headers.getSetCookie()[0] ?? "";
  expect(after).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect(after.split(";")[0]).not.toBe(before.split(";")[0]);
});

test("pages of other origins can't act here", async () => {
  const { visit, origin } = await visited();
  for (const foreign of ["http://evil.example", "null", origin.replace("localhost", "127.0.0.1")])
    expect((await visit("POST", "/sign-in/start", {}, { origin: foreign })).status).toBe(403);
  expect((await visit("POST", "/sign-in/start", {}, { origin })).status).toBe(200);
});

test("the page loads nothing from elsewhere and runs nothing inline", async () => {
  const { origin } = await visited();
  for (const [path, type] of [
    ["/", "text/html"],
    ["/page.js", "text/javascript"],
    ["/page.css", "text/css"],
  ] as const) {
    const response = await fetch(origin + path);
    expect(response.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(await response.text()).not.toMatch(/https?:\/\/|<script>|onclick|style=/);
  }
});

test("the origin is called localhost, answers at both loopback addresses, and leads there from the other name", async () => {
  const { origin } = await visited();
  const { port } = new URL(origin);
  expect(origin).toBe(`http://localhost:${port}`);
  const host = `localhost:${port}`;
  for (const address of ["127.0.0.1", "[::1]"])
    expect(await rawStatus(`http://${address}:${port}/`, { host })).toBe(200);
  const led = await fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" });
  expect([led.status, led.headers.get("location")]).toEqual([302, `${origin}/`]);
  expect(await rawStatus(origin, { host: `evil.example:${port}` })).toBe(421);
});

test("a port that is taken at one of the addresses is taken", async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, "::1", resolve));
  onTestFinished(() => void squatter.close());
  const { port } = z.object({ port: z.number() }).parse(squatter.address());
  // By itself: the other origins' ports, beside that one, may be anybody's.
  const basePort = port - portOf("relying-party", 1) + 1;
  await expect(listenAll(["relying-party"], basePort)).rejects.toThrow(/relying-party.*is in use/);
});

test("a reset forgets visitors and their sessions; a fault of the Passkey API reaches the page as 502", async () => {
  const { visit, registered, tenant } = await visited();
  await registered("ada");
  tenant.addFault({ service: "hanko-passkey", status: 503 });
  expect((await visit("GET", "/passkeys")).status).toBe(502);
  await tenant.reset();
  expect((await visit("GET", "/session")).body).toEqual({ user: null });
  expect((await registered("ada")).answer.status).toBe(200);
});

test("a token that isn't the service's, a broken answer and a lost one sign nobody in", async () => {
  const { visit, register, tenant } = await visited();
  const made = await register("ada");
  const finish = async (fault?: Omit<FaultSpec, "service">) => {
    const { body } = await visit("POST", "/sign-in/start");
    if (fault !== undefined) tenant.addFault({ service: "hanko-passkey", method: "POST", ...fault });
    return visit("POST", "/sign-in/finish", made.get(body));
  };
  const token = tokenOf((await (await hankoTenant()).register("ada")).answer);
  for (const fault of [
    { body: { token } },
    { body: { token: "x" } },
    { corrupt: "truncate" },
    { reset: true },
  ] as const) {
    const when = "after";
    expect(await finish({ when, ...fault })).toMatchObject({ status: 502, body: { message: expect.any(String) } });
    expect((await visit("GET", "/session")).body).toEqual({ user: null });
  }
  expect((await finish()).status).toBe(200);
});
