import { expect, test } from "vitest";
import type { TenantOptions } from "../../../emulator/testing.js";
import { StillClock, tenantFor } from "../_setup.js";

const DOCUMENT = '{ "keys": [] , "ring": "ü" }\n';

async function bucket(options: TenantOptions = {}) {
  const tenant = await tenantFor({ clock: new StillClock(), ...options });
  const { publishUrl, publishToken } = tenant.record.baikal;
  const authorization = `Bearer ${publishToken}`;
  const ask = (
    method: string,
    name: string,
    headers: Record<string, string> = {},
    body?: string | Uint8Array<ArrayBuffer>,
  ) => fetch(`${publishUrl}/${name}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return {
    tenant,
    publishUrl,
    get: (name: string, headers?: Record<string, string>) => ask("GET", name, headers),
    head: (name: string) => ask("HEAD", name),
    put: (name: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
      ask("PUT", name, { authorization, ...headers }, body),
    remove: (name: string, headers = {}) => ask("DELETE", name, { authorization, ...headers }),
    ask,
  };
}

test("a document is served verbatim to anyone, with its tag and the cache time that was set", async () => {
  const { tenant, get, head, put } = await bucket({ baikal: { bucketMaxAgeSeconds: 300 } });
  const made = await put("billing.json", DOCUMENT);
  expect(made.status).toBe(201);
  const tag = made.headers.get("etag");
  expect(tag).toMatch(/^"[\w-]{43}"$/);
  const found = await get("billing.json");
  expect(await found.text()).toBe(DOCUMENT);
  expect(Object.fromEntries(found.headers)).toMatchObject({
    "content-type": "application/jwk-set+json",
    "cache-control": "max-age=300",
    etag: tag,
    date: "Fri, 02 Jan 2026 03:04:05 GMT",
  });
  const headOnly = await head("billing.json");
  expect([headOnly.status, headOnly.headers.get("etag"), await headOnly.text()]).toEqual([200, tag, ""]);
  expect(tenant.state().jwksBucket).toEqual({ documents: 1 });
});

test("unless said otherwise, caches keep nothing", async () => {
  const { get, put } = await bucket();
  await put("billing.json", DOCUMENT);
  expect((await get("billing.json")).headers.get("cache-control")).toBe("max-age=0");
});

test("who has the document already is answered 304, and who has another one gets it", async () => {
  const { get, put } = await bucket();
  const tag = (await put("billing.json", DOCUMENT)).headers.get("etag") ?? "";
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const answer = await get("billing.json", { "if-none-match": known });
    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([304, tag, ""]);
  }
  expect((await get("billing.json", { "if-none-match": '"other"' })).status).toBe(200);
});

test("the tag is the content's: the same text has the same one, another text another", async () => {
  const { put } = await bucket();
  const first = await put("billing.json", DOCUMENT);
  const again = await put("billing.json", DOCUMENT);
  const other = await put("billing.json", "{}");
  expect([first.status, again.status, other.status]).toEqual([201, 200, 200]);
  expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
  expect(other.headers.get("etag")).not.toBe(first.headers.get("etag"));
});

test("a write is compare-and-swap: of two that know the same document, one succeeds", async () => {
  const { get, put } = await bucket();
  const makers = await Promise.all(["[1]", "[2]"].map((text) => put("billing.json", text, { "if-none-match": "*" })));
  expect(makers.map(({ status }) => status).sort()).toEqual([201, 412]);
  const tag = (await get("billing.json")).headers.get("etag") ?? "";
  const writers = await Promise.all(
    Array.from({ length: 6 }, (_, writer) => put("billing.json", `{"writer":${writer}}`, { "if-match": tag })),
  );
  expect(writers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
});

test("a precondition that fails changes nothing and tells the tag that stands", async () => {
  const { get, put, remove } = await bucket();
  expect((await put("billing.json", DOCUMENT, { "if-match": "*" })).status).toBe(412);
  expect((await remove("billing.json", { "if-match": '"x"' })).status).toBe(412);
  expect((await get("billing.json")).status).toBe(404);
  const tag = (await put("billing.json", DOCUMENT)).headers.get("etag") ?? "";
  for (const headers of [
    { "if-match": '"other"' },
    { "if-match": `W/${tag}` },
    { "if-none-match": "*" },
    { "if-none-match": tag },
  ]) {
    const refused = await put("billing.json", "[]", headers);
    expect([refused.status, refused.headers.get("etag")]).toEqual([412, tag]);
  }
  expect((await remove("billing.json", { "if-match": '"other"' })).status).toBe(412);
  expect(await (await get("billing.json")).text()).toBe(DOCUMENT);
  expect((await put("billing.json", "[]", { "if-match": `"other", ${tag}` })).status).toBe(200);
});

test("a deleted document is gone, and there is nothing to delete twice", async () => {
  const { tenant, get, put, remove } = await bucket();
  const tag = (await put("billing.json", DOCUMENT)).headers.get("etag") ?? "";
  await put("shop.json", DOCUMENT);
  expect((await remove("billing.json", { "if-match": tag })).status).toBe(204);
  expect((await get("billing.json")).status).toBe(404);
  expect((await remove("billing.json")).status).toBe(404);
  expect((await remove("shop.json")).status).toBe(204);
  expect(tenant.state().jwksBucket).toEqual({ documents: 0 });
});

test("only the publish token writes", async () => {
  const { tenant, ask, get } = await bucket();
  const { admin, baikal } = tenant.record;
  for (const headers of [
    {},
    { authorization: `Bearer ${admin.token}` },
    { authorization: `Basic ${baikal.publishToken}` },
    { authorization: `Bearer ${baikal.clientSecret}` },
  ])
    for (const method of ["PUT", "DELETE"]) {
      const refused = await ask(method, "billing.json", headers, method === "PUT" ? DOCUMENT : undefined);
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="jwks-bucket"']);
    }
  expect((await get("billing.json")).status).toBe(404);
});

test.each<[string, string | Uint8Array<ArrayBuffer>, number]>([
  ["no JSON", "{", 400],
  ["nothing", "", 400],
  ["JSON in Latin-1", Buffer.from('"\u00fc"', "latin1"), 400],
  ["more than 64 KiB", JSON.stringify("x".repeat(65_535)), 413],
])("a document that is %s is refused and the one before it stays", async (_what, body, status) => {
  const { get, put } = await bucket();
  await put("billing.json", DOCUMENT);
  expect((await put("billing.json", body)).status).toBe(status);
  expect(await (await get("billing.json")).text()).toBe(DOCUMENT);
});

test("names are lower case, short and flat", async () => {
  const { put } = await bucket();
  for (const name of ["a", "0", "billing.json", "a_b-c.d", `a${"b".repeat(99)}`])
    expect((await put(name, DOCUMENT)).status).toBe(201);
  for (const name of ["Billing.json", ".hidden", "-a", "a b", "a%2fb", `a${"b".repeat(100)}`])
    expect((await put(name, DOCUMENT)).status).toBe(400);
  expect((await put("a/b", DOCUMENT)).status).toBe(404);
});

test("a reset empties it, and the token stays", async () => {
  const { tenant, get, put } = await bucket();
  await put("billing.json", DOCUMENT);
  await tenant.reset();
  expect((await get("billing.json")).status).toBe(404);
  expect((await put("billing.json", DOCUMENT)).status).toBe(201);
});
