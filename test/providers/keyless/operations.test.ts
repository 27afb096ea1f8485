/** The Operations Service's wire: what each call sends, what each status comes to, and whom a 404 speaks of. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../../providers/http/errors.js";
import type { KeylessOperationsApi } from "../../../providers/keyless/operations.js";
import { API_KEY, AUTHENTICATION_KEY, HTML, type Reply, refusalOf, reply, serve, truncated } from "./_service.js";

const ID = "AB12";
const DEVICE = "MFkw+/A=";
const SUCCESS = { success: true };
const ROW = { userId: "ab12", biometricPublicSigningKey: "k", createdAt: "2024-01-01", updatedAt: "2024-01-02" };
type Ask = (operations: KeylessOperationsApi) => Promise<unknown>;

const register: Ask = (api) => api.registerUncommitted('{"state":1}');
const commit: Ask = (api) => api.commit(ID);
const deleteUser: Ask = (api) => api.deleteUser(ID);
const devices: Ask = (api) => api.devices(ID);
const revoke: Ask = (api) => api.revokeDevice(ID, DEVICE);
const usersOf: Ask = (api) => api.usersOf("ada /?#%");
const link: Ask = (api) => api.linkExternalUser(ID, "ada");
const move: Ask = (api) => api.moveExternalUser(ID, "ada");
const unlink: Ask = (api) => api.unlinkExternalUser("ada/ü");

describe("the Operations Service", () => {
  it.each<[string, Ask, Reply, string, unknown]>([
    ["registers", register, reply(201), "POST /v2/uncommitted-users", true],
    ["finds registered", register, reply(409), "POST /v2/uncommitted-users", false],
    ["commits", commit, reply(204), "POST /v2/uncommitted-users/AB12/commit", true],
    ["doesn't know to commit", commit, reply(404), "POST /v2/uncommitted-users/AB12/commit", false],
    ["has committed already", commit, reply(409), "POST /v2/uncommitted-users/AB12/commit", false],
    ["deletes", deleteUser, reply(200, SUCCESS), "DELETE /v2/users/AB12", true],
    ["has deleted already", deleteUser, reply(404), "DELETE /v2/users/AB12", false],
    ["knows no devices of", devices, reply(200, []), "GET /v2/users/AB12/devices", []],
    ["doesn't know", devices, reply(404), "GET /v2/users/AB12/devices", undefined],
    ["revokes", revoke, reply(200, SUCCESS), "DELETE /v2/users/AB12/devices/MFkw%2B%2FA%3D", true],
    ["has revoked already", revoke, reply(404), "DELETE /v2/users/AB12/devices/MFkw%2B%2FA%3D", false],
    ["finds nobody", usersOf, reply(200, []), "GET /v2/external-users/ada%20%2F%3F%23%25/users", []],
    ["links", link, reply(201), "POST /v2/users/AB12/external-user", true],
    ["has linked already", link, reply(409), "POST /v2/users/AB12/external-user", false],
    ["moves", move, reply(200), "PATCH /v2/users/AB12/external-user", undefined],
    ["unlinks", unlink, reply(204), "DELETE /v2/external-users/ada%2F%C3%BC", undefined],
  ])("%s a user", async (_, ask, answer, line, result) => {
    const { operations, requests } = await serve(answer);
    expect(await ask(operations)).toEqual(result);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([line]);
    expect(requests[0]?.headers["x-api-key"]).toBe(API_KEY);
    expect(JSON.stringify(requests)).not.toContain(AUTHENTICATION_KEY);
  });

  it("gets a server state byte for byte as JSON, and a commit without a body or a type", async () => {
    const { operations, requests } = await serve((response, count) => reply(count === 1 ? 201 : 204)(response, count));
    const serverState = '{ "b" : 1,\n "a": "ü" }';
    await operations.registerUncommitted(serverState);
    await operations.commit(ID);
    expect(requests[0]?.body.toString("utf8")).toBe(serverState);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(requests[1]?.body).toHaveLength(0);
    expect(requests[1]?.headers).toMatchObject({ "content-length": "0" });
    expect(requests[1]?.headers).not.toHaveProperty("content-type");
  });

  it("gets an external id as JSON", async () => {
    const { operations, requests } = await serve(reply(201));
    await operations.linkExternalUser(ID, 'a"da');
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual({ externalUserId: 'a"da' });
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it("tells devices and users, their ids in upper case, whatever else the rows hold", async () => {
    const rows = [
      { publicSigningKey: DEVICE, state: "ACTIVE", createdAt: "2024-01-01T00:00:00Z", publicEncryptionKey: "k" },
      { publicSigningKey: "B", state: "REVOKED", createdAt: 17 },
    ];
    const { operations } = await serve((response, count) => reply(200, count === 1 ? rows : [ROW])(response, count));
    expect(await operations.devices(ID)).toEqual([
      { publicSigningKey: DEVICE, state: "ACTIVE", createdAt: "2024-01-01T00:00:00Z" },
      { publicSigningKey: "B", state: "REVOKED" },
    ]);
    expect(await operations.usersOf("ada")).toEqual([{ userId: "AB12", createdAt: "2024-01-01" }]);
  });
});

describe("an answer that isn't the Operations Service's", () => {
  const all: readonly [string, Ask][] = [
    ["uncommitted user", register],
    ["commit", commit],
    ["delete user", deleteUser],
    ["devices", devices],
    ["revoke device", revoke],
    ["users of an external id", usersOf],
    ["link external id", link],
    ["move external id", move],
    ["unlink external id", unlink],
  ];

  it.each(all)("is told, by status, as %s's", async (operation, ask) => {
    for (const status of [400, 401, 406, 415, 500]) {
      const { operations, requests } = await serve(reply(status, `no: ${API_KEY}`));
      const error = await refusalOf(ask(operations));
      expect(error.message).toContain(`Keyless Operations Service answered ${status} to ${operation}: no: ***`);
      expect(error.message).not.toContain(API_KEY);
      expect(outcomeOf(error)).toBe(status === 500 ? "unknown" : "refused");
      if (status === 401) expect(error.message).toContain("Check keyless:apiKey and keyless:operationsUrl");
      expect(requests).toHaveLength(1);
    }
  });

  it.each(all)("is never taken for success where the status is another: %s", async (_, ask) => {
    const { operations } = await serve(reply(202));
    expect((await refusalOf(ask(operations))).message).toContain("answered 202");
  });

  it.each<[string, Ask, unknown]>([
    ["a deletion without success", deleteUser, { success: false }],
    ["a deletion with HTML", deleteUser, HTML],
    ["a revocation with nothing", revoke, ""],
    ["devices that are no list", devices, { devices: [] }],
    ["devices with HTML", devices, HTML],
    ["a device without its key", devices, [{ state: "ACTIVE" }]],
    ["a device whose key is a number", devices, [{ publicSigningKey: 1, state: "ACTIVE" }]],
    ["users without an id", usersOf, [{ createdAt: "2024-01-01" }]],
    ["a user whose id is a number", usersOf, [{ userId: 12 }]],
  ])("is told: %s", async (_, ask, body) => {
    const { operations } = await serve(reply(200, body));
    expect((await refusalOf(ask(operations))).code).toBe("ERR_AUTHN_HTTP_UNKNOWN_OUTCOME");
  });

  it.each<[string, Ask]>([
    ["devices", devices],
    ["delete user", deleteUser],
    ["users of an external id", usersOf],
  ])("is told where it breaks off: %s", async (operation, ask) => {
    const { operations } = await serve(truncated);
    const { message } = await refusalOf(ask(operations));
    expect(message).toContain(`to ${operation}, but the connection broke before the whole body came`);
  });

  it("shows nothing of a server state that it repeats, neither whole nor in part", async () => {
    const serverState = JSON.stringify({
      share: "share-canary-of-the-server",
      nested: [{ key: "key-canary-in-a-list" }],
    });
    for (const echo of [serverState, "bad value share-canary-of-the-server", "bad value key-canary-in-a-list"]) {
      const { operations } = await serve(reply(400, { error: echo }));
      const { message } = await refusalOf(operations.registerUncommitted(serverState));
      expect(message).toContain("answered 400");
      expect(message).not.toContain("canary");
    }
  });
});

describe("what is asked again", () => {
  it("is what does no harm twice, and never a POST that may have been processed", async () => {
    const times = async (ask: Ask) => {
      const { operations, requests } = await serve(reply(502));
      await refusalOf(ask(operations));
      return requests.length > 1;
    };
    for (const ask of [deleteUser, devices, revoke, usersOf, move, unlink]) expect(await times(ask)).toBe(true);
    for (const ask of [register, commit, link]) expect(await times(ask)).toBe(false);
  });
});

describe("names in paths", () => {
  it("arrive as they are, whatever they hold", async () => {
    const { operations, requests, log } = await serve(reply(200, []));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), async (name) => {
        fc.pre(name !== "." && name !== "..");
        await operations.usersOf(name);
        const segments = (requests.at(-1)?.url ?? "").split("/");
        expect(segments).toHaveLength(5);
        expect(decodeURIComponent(segments[3] ?? "")).toBe(name);
      }),
      { numRuns: 60 },
    );
    expect(new Set(log.map((line) => line.split(" ")[2]?.replace(/^http:\/\/[^/]*/, "")))).toEqual(
      new Set(["/v2/external-users/{username}/users"]),
    );
  });

  it.each([".", "..", "", "\ud800"])(
    "are refused before anything is sent where no path can hold them: %j",
    async (name) => {
      const { operations, requests } = await serve(reply(200, []));
      const error = await refusalOf(operations.usersOf(name));
      expect(error.code).toBe("ERR_AUTHN_INPUT");
      expect(error.message).toContain("no address for this username");
      expect(requests).toHaveLength(0);
    },
  );
});
