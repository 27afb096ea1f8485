/** The Authentication API's wire: what each call sends, how it is signed byte for byte, and what each status comes to. */
import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { HankoAuthenticationApi } from "../../../providers/hanko/authenticationApi.js";
import { everyCredential } from "../../../providers/hanko/listing.js";
import { outcomeOf } from "../../../providers/http/errors.js";
import {
  API_SECRET,
  ASSERTED,
  CREATED,
  CREATION,
  HTML,
  inTurn,
  KEY_ID,
  REQUEST,
  type Reply,
  refusalOf,
  reply,
  reset,
  type Sent,
  serve,
  truncated,
} from "./_service.js";

const ID = "r-rmve-IpphRRb2cEZ4Id0pYwzk";
const ROW = { id: ID, createdAt: "2024-01-01T00:00:00Z", name: "laptop", isResidentKey: true, user: { id: "ada" } };
const USER = { id: "ada", name: "ada", displayName: "Ada" };
type Ask = (api: HankoAuthenticationApi) => Promise<unknown>;

const register: Ask = (api) => api.initializeRegistration({ user: USER });
const registered: Ask = (api) => api.finalizeRegistration(CREATED);
const login: Ask = (api) => api.initializeAuthentication({ user: { id: "ada" } });
const loggedIn: Ask = (api) => api.finalizeAuthentication(ASSERTED);
const transact: Ask = (api) => api.initializeTransaction({ user: { id: "ada" }, transaction: "pay 5 €" });
const transacted: Ask = (api) => api.finalizeTransaction(ASSERTED);
const list: Ask = (api) => api.credentials({ userId: "ada /&", page: 2, pageSize: 50 });
const get: Ask = (api) => api.credential(ID);
const rename: Ask = (api) => api.updateCredential(ID, { name: "MySecurityKey" });
const remove: Ask = (api) => api.deleteCredential(ID);

const BASE = "/v1/webauthn";
const credential = { credential: ROW };
const creation = { publicKey: CREATION };
const request = { publicKey: REQUEST };

/** As a server reads it: the JSON in the header, and the signature it should hold. */
function signatureOf({ method, url, headers, body }: Sent) {
  const [scheme, base64 = ""] = (headers.authorization ?? "").split(" ");
  expect(scheme).toBe("hanko");
  expect(base64).not.toContain("=");
  const given = z
    .strictObject({ apiKeyId: z.string(), time: z.string(), nonce: z.string(), signature: z.string() })
    .parse(JSON.parse(Buffer.from(base64, "base64").toString("utf8")));
  const parts = [given.apiKeyId, given.time, method, url.replace(/\?.*/, ""), given.nonce];
  if (body !== "") parts.push(createHash("sha256").update(body).digest("hex"));
  return { ...given, expected: createHmac("sha256", API_SECRET).update(parts.join(":")).digest("hex") };
}

describe("the Authentication API", () => {
  it.each<[string, Ask, Reply, string, unknown, unknown]>([
    [
      "begins a registration",
      register,
      reply(200, creation),
      "POST /registration/initialize",
      { user: USER },
      CREATION,
    ],
    ["ends a registration", registered, reply(200, credential), "POST /registration/finalize", CREATED, ROW],
    ["begins a login", login, reply(200, request), "POST /authentication/initialize", { user: { id: "ada" } }, REQUEST],
    ["ends a login", loggedIn, reply(200, credential), "POST /authentication/finalize", ASSERTED, ROW],
    [
      "begins a transaction",
      transact,
      reply(200, request),
      "POST /transaction/initialize",
      { user: { id: "ada" }, transaction: "pay 5 €" },
      REQUEST,
    ],
    ["ends a transaction", transacted, reply(201, credential), "POST /transaction/finalize", ASSERTED, ROW],
    ["lists", list, reply(200, [ROW]), "GET /credentials?user_id=ada+%2F%26&page=2&page_size=50", undefined, [ROW]],
    ["finds", get, reply(200, ROW), `GET /credentials/${ID}`, undefined, ROW],
    ["doesn't find", get, reply(404), `GET /credentials/${ID}`, undefined, undefined],
    ["renames", rename, reply(200, ROW), `PUT /credentials/${ID}`, { name: "MySecurityKey" }, ROW],
    ["removes", remove, reply(204), `DELETE /credentials/${ID}`, undefined, true],
    ["has removed already", remove, reply(404), `DELETE /credentials/${ID}`, undefined, false],
  ])("%s", async (_, ask, answer, line, body, result) => {
    const { authentication, requests } = await serve(answer);
    expect(await ask(authentication.authentication)).toEqual(result);
    const [sent] = requests;
    if (sent === undefined) throw new TypeError("nothing was sent");
    expect(`${sent.method} ${sent.url}`).toBe(line.replace(" ", ` ${BASE}`));
    expect(sent.body === "" ? undefined : JSON.parse(sent.body)).toEqual(body);
    expect(sent.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    expect(sent.headers).not.toHaveProperty("transfer-encoding");
    const { apiKeyId, time, signature, expected } = signatureOf(sent);
    expect([apiKeyId, time, signature]).toEqual([KEY_ID, "1704067200", expected]);
    expect(JSON.stringify(requests)).not.toContain(API_SECRET);
  });

  it("is asked for a login without a user by an empty object, and sent all options it is given", async () => {
    const { authentication, requests } = await serve(reply(200, request));
    const options = { userVerification: "required", authenticatorAttachment: "platform" } as const;
    await authentication.authentication.initializeAuthentication();
    await authentication.authentication.initializeAuthentication({ options });
    expect(requests.map(({ body }) => body)).toEqual(["{}", JSON.stringify({ options })]);
  });

  it("takes the secret itself where there is no key id", async () => {
    const { authentication, requests } = await serve(reply(200, ROW), { apiKeyId: null });
    await get(authentication.authentication);
    expect(requests[0]?.headers.authorization).toBe(`secret ${API_SECRET}`);
  });

  it.each<[string, Reply]>([
    ["was turned away", reply(429, "", { "retry-after": "7" })],
    ["was lost", reset],
  ])("gets another nonce and time with a request that is made again because the first %s", async (_, first) => {
    const { authentication, requests } = await serve(inTurn(first, reply(200, creation)));
    await register(authentication.authentication);
    const [one, two] = requests.map(signatureOf);
    expect(requests[1]?.body).toBe(requests[0]?.body);
    for (const sent of [one, two]) expect(sent?.signature).toBe(sent?.expected);
    expect(two?.nonce).not.toBe(one?.nonce);
    if (first !== reset) expect(Number(two?.time) - Number(one?.time)).toBe(7);
  });
});

describe("options", () => {
  it("reach a browser as they came, without what Go writes as null or a browser doesn't know", async () => {
    const sent = {
      ...CREATION,
      hints: ["security-key"],
      excludeCredentials: null,
      attestation: "",
      authenticatorSelection: { authenticatorAttachment: null, userVerification: "someday" },
      extensions: { credProps: true, other: null },
    };
    const { authentication } = await serve(reply(200, { publicKey: sent }));
    const options = await authentication.authentication.initializeRegistration({ user: USER });
    expect(options).toEqual({
      ...CREATION,
      hints: ["security-key"],
      authenticatorSelection: {},
      attestation: undefined,
      extensions: { credProps: true },
    });
  });

  it.each<[string, Ask, unknown]>([
    ["no challenge", register, { publicKey: { ...CREATION, challenge: undefined } }],
    ["a challenge in standard base64", login, { publicKey: { ...REQUEST, challenge: "a+/=" } }],
    [
      "another type of credential",
      transact,
      { publicKey: { ...REQUEST, allowCredentials: [{ id: "AA", type: "x" }] } },
    ],
    ["nothing around them", register, CREATION],
  ])("are told from others: %s", async (_, ask, body) => {
    const { authentication } = await serve(reply(200, body));
    const error = await refusalOf(ask(authentication.authentication));
    expect(error.message).toContain("JSON of another shape: publicKey");
    expect(error.code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });
});

describe("an answer that isn't the Authentication API's", () => {
  const all: readonly [string, Ask][] = [
    ["registration/initialize", register],
    ["registration/finalize", registered],
    ["authentication/initialize", login],
    ["authentication/finalize", loggedIn],
    ["transaction/initialize", transact],
    ["transaction/finalize", transacted],
    ["credentials", list],
    ["credential", get],
    ["update credential", rename],
    ["delete credential", remove],
  ];

  it.each(all)("is told, by status, as %s's", async (operation, ask) => {
    for (const status of [403, 409, 415, 422, 500]) {
      const { authentication, requests } = await serve(reply(status, { message: `no: ${API_SECRET}` }));
      const error = await refusalOf(ask(authentication.authentication));
      expect(error.message).toContain(
        `Hanko Authentication API answered ${status} to ${operation}: {"message":"no: ***"}`,
      );
      expect(outcomeOf(error)).toBe(status === 500 ? "unknown" : "refused");
      expect(requests).toHaveLength(1);
    }
  });

  it.each(all.filter(([name]) => !/^(authentication|transaction)\/finalize/.test(name)))(
    "names the key to check where it is 401: %s",
    async (_, ask) => {
      const { authentication } = await serve(reply(401, { message: "Check the API key" }));
      expect((await refusalOf(ask(authentication.authentication))).message).toContain("Check hanko:apiSecret");
    },
  );

  it.each<[string, Ask, number]>([
    ["login", loggedIn, 400],
    ["login", loggedIn, 401],
    ["login", loggedIn, 404],
    ["transaction", transacted, 400],
  ])("is a signature that failed where a %s is finalized: %#", async (_, ask, status) => {
    const { authentication } = await serve(reply(status, { message: `bad assertion ${API_SECRET}` }));
    const error = await refusalOf(ask(authentication.authentication));
    expect(error.code).toBe("ERR_AUTHN_PROOF_FAILED");
    expect(error.message).toContain(`(${status}: {"message":"bad assertion ***"})`);
  });

  it("says who is unknown", async () => {
    const { authentication } = await serve(reply(404));
    const messages = await Promise.all(
      [login, transact, rename].map(async (ask) => (await refusalOf(ask(authentication.authentication))).message),
    );
    expect(messages).toEqual([
      expect.stringContaining("no credential of this user (404)"),
      expect.stringContaining("no credential of this user (404)"),
      expect.stringContaining("no such credential (404)"),
    ]);
  });

  it.each<[string, Ask, unknown]>([
    ["HTML", list, HTML],
    ["no list", list, { credentials: [ROW] }],
    ["a credential without its user", get, { ...ROW, user: undefined }],
    ["a credential without its id", rename, { ...ROW, id: "" }],
    ["a registration without its credential", registered, ROW],
  ])("is told: %s", async (_, ask, body) => {
    const { authentication } = await serve(reply(200, body));
    expect((await refusalOf(ask(authentication.authentication))).code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });

  it("leaves open whether a registration took effect where it breaks off or is 500", async () => {
    for (const answer of [truncated, reset, reply(500, { message: "duplicate key" })]) {
      const { authentication, requests } = await serve(answer);
      expect(outcomeOf(await refusalOf(registered(authentication.authentication)))).toBe("unknown");
      expect(requests).toHaveLength(1);
    }
  });

  it("is asked for again only where that does no harm", async () => {
    for (const [operation, ask] of all) {
      const { authentication, requests } = await serve(reply(502));
      await refusalOf(ask(authentication.authentication));
      expect([operation, requests.length > 1]).toEqual([operation, !operation.endsWith("/finalize")]);
    }
  });
});

it("a credential id that isn't base64url is sent nowhere", async () => {
  const { authentication, requests } = await serve(reply(200));
  for (const id of ["", "..", "a/b", "a?b", "é"])
    expect((await refusalOf(authentication.authentication.credential(id))).code).toBe("ERR_AUTHN_INPUT");
  expect(requests).toHaveLength(0);
});

describe("both generations' interface over the Authentication API", () => {
  it("says what a registration asks of the authenticator, and a display name where none is declared", async () => {
    const { authentication, requests } = await serve(reply(200, creation));
    await authentication.api.initializeRegistration({
      user: { id: "1", name: "ada" },
      attachment: "platform",
      requireResidentKey: true,
      userVerification: "discouraged",
      attestation: "direct",
    });
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      user: { id: "1", name: "ada", displayName: "ada" },
      options: {
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          requireResidentKey: true,
          userVerification: "discouraged",
        },
        attestation: "direct",
      },
    });
  });

  it("reads the list until a page is short, and each credential once", async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({ ...ROW, id: `c${index}` }));
    const { authentication, requests } = await serve((response, count, sent) => {
      const page = Number(new URL(sent.url, "http://x").searchParams.get("page"));
      reply(200, rows.slice((page - 1) * 100, page * 100))(response, count, sent);
    });
    const listed = await everyCredential(authentication.api, "ada");
    expect(listed.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(requests.map(({ url }) => url)).toEqual(
      [1, 2, 3].map((page) => `${BASE}/credentials?user_id=ada&page=${page}&page_size=100`),
    );
    expect(listed[0]).toMatchObject({ userId: "ada", name: "laptop", createdAt: "2024-01-01T00:00:00Z" });
  });

  it("ends where a service gives one page for ever", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({ ...ROW, id: `c${index}` }));
    const { authentication, requests } = await serve(reply(200, rows));
    expect(await everyCredential(authentication.api)).toHaveLength(100);
    expect(requests).toHaveLength(2);
  });

  it("believes a 404 once the service has shown its list, which it is asked for once", async () => {
    const { authentication, requests } = await serve((response, count, sent) =>
      sent.url.includes("/credentials?") ? reply(200, [])(response, count, sent) : reply(404)(response, count, sent),
    );
    const { api } = authentication;
    expect(await Promise.all([api.credential("a"), api.remove("b"), api.credential("c")])).toEqual([
      undefined,
      false,
      undefined,
    ]);
    expect(await api.remove("d")).toBe(false);
    expect(requests.filter(({ url }) => url.includes("/credentials?"))).toHaveLength(1);
  });

  it("doesn't believe a service that has no list: everything would look gone", async () => {
    const { authentication, passkey } = await serve(reply(404, "no such page"));
    for (const { api } of [authentication, passkey])
      for (const call of [() => api.credential("a"), () => api.remove("a")])
        expect((await refusalOf(call())).message).toContain("Check hanko:url");
  });

  it("signs a text and nothing else, and says whose signature it was", async () => {
    const { authentication, requests } = await serve(inTurn(reply(200, request), reply(200, credential)));
    const { api } = authentication;
    for (const transaction of [{ data: { a: 1 } }, { data: "text", transactionId: "t-1" }])
      expect((await refusalOf(api.initializeTransaction({ userId: "ada", ...transaction }))).code).toBe(
        "ERR_AUTHN_INPUT",
      );
    expect(requests).toHaveLength(0);
    await api.initializeTransaction({ userId: "ada", data: "text" });
    expect(await api.finalizeTransaction(ASSERTED)).toEqual({ userId: "ada", credentialId: ID });
  });
});
