import { expect, test } from "vitest";
import { z } from "zod";
import { hankoTenant, passkey, send } from "./_setup.js";

const idsOf = (body: unknown) =>
  z
    .array(z.object({ id: z.string() }))
    .parse(body)
    .map(({ id }) => id);

test("a credential shows all that the service knows of it, and transports that were sent never", async () => {
  const { register, call, clock } = await hankoTenant();
  const aaguid = "fbfc3007-154e-4ecc-8c0b-6e020557d7bd";
  const { id } = await register("ada", { attestation: "packed", aaguid, transports: ["usb"], backupEligible: true });
  const now = new Date(clock.ms).toISOString();
  const shown = {
    id,
    name: "iCloud Keychain",
    public_key: expect.stringMatching(/^pQ[\w-]+$/),
    attestation_type: "packed",
    aaguid,
    last_used_at: now,
    created_at: now,
    transports: [],
    backup_eligible: true,
    backup_state: false,
    is_mfa: false,
    user_id: "ada",
  };
  expect((await call("GET", `/credentials/${id}`)).body).toEqual(shown);
  expect((await call("GET", "/credentials?user_id=ada")).body).toEqual([shown]);
  const other = await register("ada");
  expect((await call("GET", `/credentials/${other.id}`)).body).toMatchObject({ name: `cred-${other.id}` });
});

test("a credential is renamed in place; blank is a name, empty and null are not", async () => {
  const { register, call } = await hankoTenant();
  const { id } = await register("ada");
  const rename = (name: unknown) => call("PATCH", `/credentials/${id}`, { name });
  const name = async () => z.object({ name: z.string() }).parse((await call("GET", `/credentials/${id}`)).body).name;
  expect(await rename("Ada's laptop")).toMatchObject({ status: 204, text: "" });
  expect(await name()).toBe("Ada's laptop");
  for (const refused of ["", null, 7, undefined]) expect((await rename(refused)).status).toBe(400);
  for (const uncaught of ["a".repeat(256), "a\0"]) expect((await rename(uncaught)).status).toBe(500);
  expect(await name()).toBe("Ada's laptop");
  for (const taken of [" ", "🙂".repeat(255)]) {
    expect((await rename(taken)).status).toBe(204);
    expect(await name()).toBe(taken);
  }
});

test("CredentialId in a PATCH's body renames that other credential, as on the real server", async () => {
  const { register, call } = await hankoTenant();
  const [one, other] = [await register("ada"), await register("eve")];
  expect((await call("PATCH", `/credentials/${one.id}`, { name: "taken", CredentialId: other.id })).status).toBe(204);
  expect((await call("GET", `/credentials/${other.id}`)).body).toMatchObject({ name: "taken" });
  expect((await call("GET", `/credentials/${one.id}`)).body).toMatchObject({ name: `cred-${one.id}` });
});

test("of ten deletes at once one is 204 and nine are 404", async () => {
  const { register, call } = await hankoTenant();
  const { id } = await register("ada");
  const answers = await Promise.all(Array.from({ length: 10 }, () => call("DELETE", `/credentials/${id}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(9).fill(404)]);
  for (const method of ["GET", "DELETE"]) expect((await call(method, `/credentials/${id}`)).status).toBe(404);
  expect((await call("PATCH", `/credentials/${id}`, { name: "x" })).status).toBe(404);
});

test("lists are the newest first, twenty a page, of one user or of all, and lead on by Link", async () => {
  const { register, call, base } = await hankoTenant();
  const made: string[] = [];
  for (const user of ["ada", "eve", "ada", "ada", "ada"]) made.push((await register(user)).id);
  const newest = made.toReversed();
  const all = await call("GET", "/credentials");
  expect(idsOf(all.body)).toEqual(newest);
  expect(idsOf((await call("GET", "/credentials?order=asc")).body)).toEqual(made);
  const link = (page: number, rel: string, query = "") =>
    `<${base}/credentials?${query}page=${page}&per_page=2>; rel="${rel}"`;
  const page = async (number: number) => {
    const { body, headers } = await call("GET", `/credentials?per_page=2&page=${number}`);
    expect(headers.get("x-total-count")).toBe("5");
    return [idsOf(body), headers.get("link")?.split(",")] as const;
  };
  expect(await page(0)).toEqual(await page(1));
  expect(await page(1)).toEqual([newest.slice(0, 2), [link(2, "next"), link(3, "last")]]);
  expect(await page(2)).toEqual([
    newest.slice(2, 4),
    [link(1, "first"), link(1, "prev"), link(3, "next"), link(3, "last")],
  ]);
  expect(await page(3)).toEqual([newest.slice(4), [link(1, "first"), link(2, "prev"), link(3, "last")]]);
  expect(await page(9)).toEqual([[], [link(1, "first"), link(8, "prev"), link(3, "last")]]);
  const eve = await call("GET", "/credentials?user_id=eve&order=asc");
  expect(idsOf(eve.body)).toEqual([made[1]]);
  const own = `${base}/credentials?order=asc&page=1&per_page=20&user_id=eve`;
  expect(eve.headers.get("link")).toBe(`<${own}>; rel="first",<${own}>; rel="last"`);
  const nobody = await call("GET", "/credentials?user_id=nobody");
  expect(nobody).toMatchObject({ status: 200, body: [], text: "[]\n" });
  expect(nobody.headers.get("x-total-count")).toBe("0");
  for (const query of ["page=-1", "page=x", "per_page=1.5", "order=up"])
    expect((await call("GET", `/credentials?${query}`)).status).toBe(400);
});

test("what needs the key is 401 without it, whatever else is wrong, and finalize needs none", async () => {
  const { base, tenant, hanko } = await hankoTenant();
  const refusal = { status: 401, body: { title: "The api key is invalid", details: expect.any(String), status: 401 } };
  for (const key of [{}, { apikey: "" }, { apikey: `${hanko.passkey.apiKey}x` }, { apikey: tenant.record.admin.token }])
    for (const [method, path] of [
      ["POST", "/registration/initialize"],
      ["POST", "/transaction/initialize"],
      ["POST", "/transaction/finalize"],
      ["GET", "/credentials"],
      ["GET", "/credentials/x"],
      ["PATCH", "/credentials/x"],
      ["DELETE", "/credentials/x"],
    ] as const)
      expect(await send(base + path, method, key, method === "GET" ? undefined : {})).toMatchObject(refusal);
  for (const path of ["/registration/finalize", "/login/finalize"])
    expect((await send(base + path, "POST", {}, {})).status).toBe(400);
});

test("a wrong method and a trailing slash are 404, never 405; so is what isn't there", async () => {
  const { call } = await hankoTenant();
  for (const [method, path] of [
    ["GET", "/registration/initialize"],
    ["PUT", "/login/finalize"],
    ["POST", "/credentials"],
    ["PUT", "/credentials/x"],
    ["OPTIONS", "/credentials"],
    ["GET", "/credentials/"],
    ["POST", "/login/initialize/"],
    ["GET", "/.well-known/jwks.json/"],
    ["GET", ""],
    ["GET", "/elsewhere"],
  ] as const)
    expect(await call(method, path)).toMatchObject({ status: 404, body: { status: 404 } });
  expect((await call("HEAD", "/credentials")).status).toBe(404);
});

test("a tenant that isn't a UUID is 400, an unknown one 404", async () => {
  const { hanko } = await hankoTenant();
  const status = async (tenant: string) => (await send(`${hanko.passkey.url}/${tenant}/credentials`, "GET", {})).status;
  expect(await status("demo")).toBe(400);
  expect(await status("11111111-2222-4333-8444-555555555555")).toBe(404);
  expect(await status(hanko.passkey.tenantId.toUpperCase())).toBe(401);
});

test("initialize and PATCH want JSON's Content-Type; finalize doesn't", async () => {
  const { call, register } = await hankoTenant();
  const plain = { "content-type": "text/plain" };
  expect((await call("POST", "/registration/initialize", { user_id: "1", username: "a" }, plain)).status).toBe(400);
  expect((await call("POST", "/login/initialize", { user_id: "1" }, plain)).status).toBe(400);
  const made = await register("ada");
  expect((await call("PATCH", `/credentials/${made.id}`, { name: "x" }, plain)).status).toBe(400);
  const { body } = await call("POST", "/login/initialize", {}, { "content-type": "application/json; charset=utf-8" });
  expect((await call("POST", "/login/finalize", made.get(body), plain)).status).toBe(200);
});

test("a body without an announced length counts as {} at initialize and PATCH, and is read at finalize", async () => {
  const { base, hanko, register } = await hankoTenant();
  const made = await register("ada");
  const chunked = async (method: string, path: string, json: unknown) => {
    const headers = { apikey: hanko.passkey.apiKey, "content-type": "application/json" };
    const body = new Blob([JSON.stringify(json)]).stream();
    const response = await fetch(base + path, { method, body, duplex: "half", headers });
    return { status: response.status, text: await response.text() };
  };
  expect((await chunked("POST", "/registration/initialize", { user_id: "1", username: "a" })).status).toBe(400);
  expect((await chunked("PATCH", `/credentials/${made.id}`, { name: "x" })).status).toBe(400);
  const discoverable = await chunked("POST", "/login/initialize", { user_id: "ada" });
  expect(discoverable).toMatchObject({ status: 200, text: expect.not.stringContaining("allowCredentials") });
  expect((await chunked("POST", "/login/finalize", made.get(JSON.parse(discoverable.text)))).status).toBe(200);
});

test.each(["{", "[]", "7", '"x"', ""])("a finalize of %j is 400", async (body) => {
  const { base } = await hankoTenant();
  for (const ceremony of ["registration", "login"]) {
    const response = await fetch(`${base}/${ceremony}/finalize`, { method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400 });
  }
});

test("the journal names paths by their pattern, and neither it nor a refusal repeats key, names or ids", async () => {
  const { tenant, hanko, register, call, begin } = await hankoTenant();
  const { id } = await register("canary-user");
  const refused = [
    await begin("canary-user", "canary".repeat(50)),
    await call("GET", "/credentials/canary"),
    await call("GET", "/credentials?order=canary&user_id=canary"),
    await call("GET", "/canary"),
    await call("PATCH", `/credentials/${id}`, { name: "" }),
    await call("GET", "/credentials", undefined, { apikey: "canary" }),
  ];
  const paths = tenant.journal().map(({ path }) => path);
  expect(paths).toContain("/{tenant}/credentials/{id}");
  expect(paths).toContain("/*");
  const seen = JSON.stringify([
    tenant.journal(),
    refused.map(({ body }) => body),
    await (await fetch(tenant.record.admin.url)).text(),
  ]);
  for (const secret of ["canary", id, hanko.passkey.apiKey, hanko.authentication.apiSecret])
    expect(seen).not.toContain(secret);
});

test("a registration whose answer is lost has taken effect, and bringing it again is 400", async () => {
  const { tenant, begin, call, hanko } = await hankoTenant();
  const made = await passkey(hanko.origin);
  const response = made.create((await begin("ada")).body);
  tenant.addFault({
    service: "hanko-passkey",
    method: "POST",
    path: `/${hanko.passkey.tenantId}/registration/finalize`,
    when: "after",
    reset: true,
  });
  await expect(call("POST", "/registration/finalize", response)).rejects.toThrow();
  expect((await call("GET", `/credentials/${made.id}`)).status).toBe(200);
  expect((await call("POST", "/registration/finalize", response)).status).toBe(400);
});
