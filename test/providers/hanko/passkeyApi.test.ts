/** The Passkey API's wire: what each call sends and with which key, what each status comes to, and how its pages lead on. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everyCredential } from "../../../providers/hanko/listing.js";
import type { HankoPasskeyApi } from "../../../providers/hanko/passkeyApi.js";
import { outcomeOf } from "../../../providers/http/errors.js";
import {
  API_KEY,
  ASSERTED,
  CREATED,
  CREATION,
  HTML,
  REQUEST,
  type Reply,
  refusalOf,
  reply,
  reset,
  serve,
  TENANT,
  truncated,
} from "./_service.js";

const ID = "r-rmve-IpphRRb2cEZ4Id0pYwzk";
const ROW = {
  id: ID,
  name: "laptop",
  public_key: "pQECAyYg",
  attestation_type: "none",
  aaguid: "00000000-0000-0000-0000-000000000000",
  created_at: "2024-01-01T00:00:00Z",
  transports: [],
  backup_eligible: false,
  backup_state: false,
  is_mfa: false,
  user_id: "ada",
};
type Ask = (api: HankoPasskeyApi) => Promise<unknown>;

const register: Ask = (api) => api.initializeRegistration({ userId: "ada", username: "ada" });
const registerMore: Ask = (api) =>
  api.initializeRegistration({ userId: "ada", username: "ada", displayName: "Ada", icon: "https://x.example/a.png" });
const registered: Ask = (api) => api.finalizeRegistration(CREATED);
const login: Ask = (api) => api.initializeLogin({ userId: "ada" });
const discover: Ask = (api) => api.initializeLogin();
const loggedIn: Ask = (api) => api.finalizeLogin(ASSERTED);
const transact: Ask = (api) =>
  api.initializeTransaction({ userId: "ada", transactionId: "t-1", transactionData: { pay: "5 €", to: "<bob>" } });
const transacted: Ask = (api) => api.finalizeTransaction(ASSERTED);
const list: Ask = (api) => api.credentials({ userId: "ada /&", page: 2, perPage: 50, order: "asc" });
const get: Ask = (api) => api.credential(ID);
const rename: Ask = (api) => api.renameCredential(ID, "my key");
const remove: Ask = (api) => api.deleteCredential(ID);
const jwks: Ask = (api) => api.jwks();

const creation = { publicKey: CREATION };
const request = { publicKey: REQUEST };
const token = { token: "a.b.c" };
const KEYS = { keys: [{ kty: "RSA", kid: "1", n: "AQ", e: "AQAB" }] };
const MAX_AGE = { "cache-control": "public, max-age=600" };

describe("the Passkey API", () => {
  it.each<[string, boolean, Ask, Reply, string, unknown, unknown]>([
    [
      "begins a registration",
      true,
      register,
      reply(200, creation),
      "POST /registration/initialize",
      { user_id: "ada", username: "ada" },
      CREATION,
    ],
    [
      "begins a registration with all it takes",
      true,
      registerMore,
      reply(200, creation),
      "POST /registration/initialize",
      { user_id: "ada", username: "ada", display_name: "Ada", icon: "https://x.example/a.png" },
      CREATION,
    ],
    ["ends a registration", false, registered, reply(200, token), "POST /registration/finalize", CREATED, "a.b.c"],
    ["begins a login", true, login, reply(200, request), "POST /login/initialize", { user_id: "ada" }, REQUEST],
    ["begins a discoverable login", false, discover, reply(200, request), "POST /login/initialize", {}, REQUEST],
    ["ends a login", false, loggedIn, reply(200, token), "POST /login/finalize", ASSERTED, "a.b.c"],
    [
      "begins a transaction",
      true,
      transact,
      reply(200, request),
      "POST /transaction/initialize",
      { user_id: "ada", transaction_id: "t-1", transaction_data: { pay: "5 €", to: "<bob>" } },
      REQUEST,
    ],
    ["ends a transaction", true, transacted, reply(200, token), "POST /transaction/finalize", ASSERTED, "a.b.c"],
    [
      "lists",
      true,
      list,
      reply(200, [ROW], { "x-total-count": "51" }),
      "GET /credentials?user_id=ada+%2F%26&page=2&per_page=50&order=asc",
      undefined,
      { credentials: [ROW], total: 51 },
    ],
    ["finds", true, get, reply(200, `${JSON.stringify(ROW)}\n`), `GET /credentials/${ID}`, undefined, ROW],
    ["doesn't find", true, get, reply(404), `GET /credentials/${ID}`, undefined, undefined],
    ["renames", true, rename, reply(204), `PATCH /credentials/${ID}`, { name: "my key" }, undefined],
    ["removes", true, remove, reply(204), `DELETE /credentials/${ID}`, undefined, true],
    ["has removed already", true, remove, reply(404), `DELETE /credentials/${ID}`, undefined, false],
    [
      "shows its keys",
      false,
      jwks,
      reply(200, KEYS, MAX_AGE),
      "GET /.well-known/jwks.json",
      undefined,
      { ...KEYS, maxAgeMs: 600_000 },
    ],
  ])("%s, with its key: %s", async (_, isKeyed, ask, answer, line, body, result) => {
    const { passkey, requests } = await serve(answer);
    expect(await ask(passkey.passkey)).toEqual(result);
    const [sent] = requests;
    expect(`${sent?.method} ${sent?.url}`).toBe(line.replace(" ", ` /${TENANT}`));
    expect(sent?.body === "" ? undefined : JSON.parse(sent?.body ?? "")).toEqual(body);
    expect(sent?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    expect(sent?.headers).not.toHaveProperty("transfer-encoding");
    if (body !== undefined) expect(sent?.headers["content-length"]).toBe(String(Buffer.byteLength(sent?.body ?? "")));
    expect(sent?.headers["apikey"]).toBe(isKeyed ? API_KEY : undefined);
    expect(JSON.stringify(requests).includes(API_KEY)).toBe(isKeyed);
  });

  it("keeps no keys that it isn't told to keep", async () => {
    const { passkey } = await serve(reply(200, KEYS, { "cache-control": "no-store" }));
    expect((await passkey.passkey.jwks()).maxAgeMs).toBe(0);
  });

  it("never sends anything but the name with a change of name", async () => {
    const { passkey, requests } = await serve(reply(204));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (name) => {
        await passkey.passkey.renameCredential(ID, name);
        expect(JSON.parse(requests.at(-1)?.body ?? "")).toEqual({ name });
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ["a link to the next", { link: '</c?page=3&per_page=50>; rel="next",</c?page=9>; rel="last"' }, 3],
    [
      "a link to others only",
      { link: '</c?page=1>; rel="first",</c?page=1>; rel="prev"', "x-total-count": "999" },
      undefined,
    ],
    ["a total beyond it", { "x-total-count": "101" }, 3],
    ["a total that it reaches", { "x-total-count": "100" }, undefined],
    ["a total that is no number", { "x-total-count": "many" }, undefined],
    ["nothing", {}, undefined],
  ])("has another page, or none, where an answer has %s", async (_, headers, next) => {
    const { passkey } = await serve(reply(200, [ROW], headers));
    expect((await passkey.passkey.credentials({ page: 2, perPage: 50 })).next).toBe(next);
  });

  it("has another page where it is full and a proxy took away what would say so", async () => {
    const { passkey } = await serve(reply(200, [ROW]));
    expect((await passkey.passkey.credentials({ page: 2, perPage: 1 })).next).toBe(3);
  });
});

describe("an answer that isn't the Passkey API's", () => {
  const all: readonly [string, Ask][] = [
    ["registration/initialize", register],
    ["registration/finalize", registered],
    ["login/initialize", login],
    ["login/finalize", loggedIn],
    ["transaction/initialize", transact],
    ["transaction/finalize", transacted],
    ["credentials", list],
    ["credential", get],
    ["rename credential", rename],
    ["delete credential", remove],
    ["JWKS", jwks],
  ];

  it.each(all)("is told, by status, as %s's", async (operation, ask) => {
    for (const status of [403, 415, 422, 500]) {
      if (operation === "login/initialize" && status === 500) continue;
      const { passkey, requests } = await serve(reply(status, { title: `no: ${API_KEY}`, status }));
      const error = await refusalOf(ask(passkey.passkey));
      expect(error.message).toContain(`Hanko Passkey API answered ${status} to ${operation}: {"title":"no: ***"`);
      expect(outcomeOf(error)).toBe(status === 500 ? "unknown" : "refused");
      expect(requests).toHaveLength(1);
    }
  });

  it.each<[string, Ask]>([
    ["a registration", register],
    ["a login", login],
    ["a transaction", transact],
    ["the list", list],
    ["a change of name", rename],
    ["a removal", remove],
  ])("names the key to check where it is 401 to %s", async (_, ask) => {
    const { passkey } = await serve(reply(401, { title: "The api key is invalid", status: 401 }));
    expect((await refusalOf(ask(passkey.passkey))).message).toContain("Check hanko:apiKey and hanko:tenantId");
  });

  it.each<[string, Ask, number, RegExp, "refused" | "unknown"]>([
    ["an unknown user's login", login, 404, /knows no such user \(404: \*\*\*\)/, "refused"],
    ["the login of one whose credentials are gone", login, 500, /last credential was removed/, "unknown"],
    ["an unknown user's transaction", transact, 404, /knows no such user/, "refused"],
    ["the transaction of one whose credentials are gone", transact, 400, /refused the transaction/, "refused"],
    ["a transaction id that is taken", transact, 409, /used before.*Give each transaction an id of its own/, "refused"],
    ["a credential that isn't there", rename, 404, /no such credential/, "refused"],
    ["a list of an unknown tenant", list, 404, /Check hanko:url and hanko:tenantId/, "refused"],
  ])("says what it comes to: %s", async (_, ask, status, words, outcome) => {
    const { passkey } = await serve(reply(status, API_KEY));
    const error = await refusalOf(ask(passkey.passkey));
    expect(error.message).toMatch(words);
    expect(outcomeOf(error)).toBe(outcome);
    expect(error).toMatchObject({ status });
  });

  it.each<[string, Ask]>([
    ["login", loggedIn],
    ["transaction", transacted],
  ])("is a signature that failed where it is 401 to the end of a %s", async (_, ask) => {
    const { passkey } = await serve(reply(401, { title: "failed to validate assertion", details: API_KEY }));
    const error = await refusalOf(ask(passkey.passkey));
    expect(error.code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect(error.message).toContain('{"title":"failed to validate assertion","details":"***"}');
  });

  it("leaves open whether a registration took effect where it breaks off or is 500", async () => {
    for (const answer of [truncated, reset, reply(500, { title: "Internal Server Error", status: 500 })]) {
      const { passkey, requests } = await serve(answer);
      expect(outcomeOf(await refusalOf(registered(passkey.passkey)))).toBe("unknown");
      expect(requests).toHaveLength(1);
    }
  });

  it.each<[string, Ask, unknown]>([
    ["HTML", list, HTML],
    ["no list", list, { credentials: [ROW] }],
    ["a credential without its user", get, { ...ROW, user_id: undefined }],
    ["no token", loggedIn, { token: "" }],
    ["no keys", jwks, {}],
    ["options of another shape", register, { publicKey: REQUEST }],
  ])("is told: %s", async (_, ask, body) => {
    const { passkey } = await serve(reply(200, body));
    expect((await refusalOf(ask(passkey.passkey))).code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });

  it("is asked for again only where that does no harm", async () => {
    for (const [operation, ask] of all) {
      const { passkey, requests } = await serve(reply(502));
      await refusalOf(ask(passkey.passkey));
      const isHarmful = operation.endsWith("/finalize") || operation === "transaction/initialize";
      expect([operation, requests.length > 1]).toEqual([operation, !isHarmful]);
    }
  });

  it("is never taken for success where the status is another", async () => {
    for (const [, ask] of all) {
      const { passkey } = await serve(reply(202));
      expect((await refusalOf(ask(passkey.passkey))).message).toContain("answered 202");
    }
  });
});

describe("both generations' interface over the Passkey API", () => {
  it("sends of a registration what the API takes", async () => {
    const { passkey, requests } = await serve(reply(200, creation));
    await passkey.api.initializeRegistration({
      user: { id: "1", name: "ada", displayName: "Ada" },
      attachment: "platform",
      requireResidentKey: true,
      userVerification: "required",
      attestation: "direct",
    });
    expect(requests[0]?.body).toBe('{"user_id":"1","username":"ada","display_name":"Ada"}');
  });

  it("reads the list to its end, newest first, a hundred at a time", async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({ ...ROW, id: `c${index}` }));
    const { passkey, requests } = await serve((response, count, sent) => {
      const page = Number(new URL(sent.url, "http://x").searchParams.get("page") ?? "1");
      reply(200, rows.slice((page - 1) * 100, page * 100), { "x-total-count": "230" })(response, count, sent);
    });
    const listed = await everyCredential(passkey.api);
    expect(listed.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(requests.map(({ url }) => url)).toEqual(
      [1, 2, 3].map((page) => `/${TENANT}/credentials?page=${page}&per_page=100&order=desc`),
    );
    expect(listed[0]).toEqual({
      id: "c0",
      userId: "ada",
      name: "laptop",
      createdAt: ROW.created_at,
      aaguid: ROW.aaguid,
      publicKey: ROW.public_key,
      attestationType: "none",
      backupEligible: false,
      backupState: false,
    });
  });

  it("has no name for a credential whose name is null, and reads a row that is odd elsewhere", async () => {
    const { passkey } = await serve(reply(200, { ...ROW, name: null, aaguid: 7, transports: "usb" }));
    expect(await passkey.api.credential(ID)).toMatchObject({ id: ID, name: undefined, aaguid: undefined });
  });

  const challengeFor = (text: string) =>
    Buffer.concat([Buffer.alloc(32, 9), createHash("sha256").update(text).digest()]).toString("base64url");

  it("lets nothing be signed that stands for another transaction", async () => {
    const offers: readonly [string, boolean][] = [
      [challengeFor('t-1{"a":"\\u003c","b":1}'), true],
      [challengeFor('t-1{"a":"<","b":1}'), false],
      [challengeFor('t-2{"a":"\\u003c","b":1}'), false],
      [Buffer.alloc(32, 9).toString("base64url"), false],
    ];
    for (const [challenge, isOurs] of offers) {
      const { passkey } = await serve(reply(200, { publicKey: { ...REQUEST, challenge } }));
      const begun = passkey.api.initializeTransaction({ userId: "ada", transactionId: "t-1", data: { b: 1, a: "<" } });
      if (isOurs) expect(await begun).toMatchObject({ challenge });
      else expect((await refusalOf(begun)).message).toContain("stands for another transaction");
    }
  });

  it("gives a transaction an id of its own where none is given", async () => {
    const { passkey, requests } = await serve((response, count, sent) => {
      const id = /"transaction_id":"([^"]+)"/.exec(sent.body)?.[1];
      const challenge = challengeFor(`${id}"text"`);
      reply(200, { publicKey: { ...REQUEST, challenge } })(response, count, sent);
    });
    for (const _ of [1, 2]) await passkey.api.initializeTransaction({ userId: "ada", data: "text" });
    expect(new Set(requests.map(({ body }) => body)).size).toBe(2);
  });
});
