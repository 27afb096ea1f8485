import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ClientSettings, createHttpClient } from "../../../providers/http/client.js";
import { outcomeOf } from "../../../providers/http/errors.js";
import { answer, client, failureOf, GET, hastyClock, POST, portOf, REQUEST_ID, reset, serve } from "./service.js";

const TOKEN = "tok-5up3r/s3cr3t+value=";

describe("what is sent", () => {
  it("names the package's version and the request, and measures the body", async () => {
    const service = await serve(answer(200));
    await client(service.url, { headers: { Authorization: "Bearer t" } }).call(POST);
    const { headers, method, url } = service.requests[0] ?? {};
    expect([method, url]).toEqual(["POST", "/keys"]);
    expect(headers).toMatchObject({
      "user-agent": expect.stringMatching(/^pulumi-authn\/\d+\.\d+\.\d+/),
      "x-request-id": REQUEST_ID,
      "content-length": "18",
      authorization: "Bearer t",
    });
    expect(headers).not.toHaveProperty("accept-encoding");
    expect(headers).not.toHaveProperty("transfer-encoding");
  });

  it("goes below the base URL's path, with the query encoded", async () => {
    const service = await serve(answer(200));
    const query = { username: "a b&c=d/é", limit: "1" };
    await client(`${service.url}/base/v1/`).call({ ...GET, path: "/keys/a%2Fb", query });
    const sent = new URL(service.requests[0]?.url ?? "", service.url);
    expect(sent.pathname).toBe("/base/v1/keys/a%2Fb");
    expect(Object.fromEntries(sent.searchParams)).toEqual(query);
  });

  it.each(["keys", "/keys/..", "/keys/%2e%2E/admin", "/keys?x=1", "/a b", "/ké", "/a\r\nX: y", "/a#b", "/a\\b"])(
    "is never a malformed path: %j",
    async (path) => {
      const service = await serve(answer(200));
      await expect(client(service.url).call({ ...GET, path })).rejects.toMatchObject({ code: "ERR_AUTHN_INPUT" });
      expect(service.requests).toHaveLength(0);
    },
  );

  it("is nothing where a header's value is malformed, and the value isn't shown", async () => {
    const service = await serve(answer(200));
    const error = await failureOf(client(service.url, { headers: { authorization: "Bearer x\r\ny: z" } }).call(POST));
    expect(error.outcome).toBe("not-processed");
    expect(error.message).not.toContain("Bearer");
    expect(service.requests).toHaveLength(0);
  });

  it("is nothing once the host's parent is gone", async () => {
    const service = await serve(answer(503));
    let asked = 0;
    const stopped = () => {
      asked += 1;
      return asked > 2;
    };
    await expect(client(service.url, {}, { stopped }).call(GET)).rejects.toMatchObject({
      code: "ERR_AUTHN_ORPHANED_HOST",
    });
    expect(service.requests).toHaveLength(2);
  });

  it("reaches a name below localhost without asking DNS", async () => {
    const service = await serve(answer(200, "here"));
    const got = await client(service.url.replace("127.0.0.1", "keyri.localhost")).call(GET);
    expect(got.text()).toBe("here");
  });
});

describe("settings that can't work", () => {
  const create = (settings: Partial<ClientSettings>) => () => client("http://127.0.0.1:9", settings);

  it("are refused by the guard before anything else", () => {
    expect(create({ baseUrl: "https://api.example.com" })).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHN_HOST_REFUSED",
        message: expect.stringContaining("'authn:allowedHosts[0]' api.example.com"),
      }),
    );
  });

  it.each([
    { baseUrl: "http://127.0.0.1/?tenant=1" },
    { timeoutMs: 0 },
    { timeoutMs: 2 ** 31 },
    { concurrency: 0 },
    { maxRequestsPerSecond: -1 },
    { ca: "no certificate" },
  ])("are named: %j", (settings) => {
    expect(create(settings)).toThrow(expect.objectContaining({ code: "ERR_AUTHN_CONFIGURATION" }));
  });

  it("are refused also where the list changes after the client was made", async () => {
    const allowedHosts = ["api.example.com"];
    const guarded = createHttpClient(
      {
        service: "Keyri",
        urlProperty: "keyri:url",
        baseUrl: "https://api.example.com",
        allowedHosts,
        timeoutMs: 1,
        secrets: [],
      },
      { clock: hastyClock(), random: { uuid: () => REQUEST_ID, fraction: () => 0 } },
    );
    allowedHosts.pop();
    const error = await guarded.call(GET).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ERR_AUTHN_HOST_REFUSED" });
    expect(outcomeOf(error)).toBe("not-processed");
  });
});

describe("an error", () => {
  it("names the service, status, excerpt, request id and what to check", async () => {
    const service = await serve(answer(401, "bad token"));
    const error = await failureOf(client(service.url).call(POST));
    expect(error.message).toBe(
      `Keyri answered 401 to register: bad token (request id ${REQUEST_ID}). Check keyri:token`,
    );
    expect(error).toMatchObject({ outcome: "refused", code: "ERR_AUTHN_HTTP_REFUSED", excerpt: "bad token" });
    expect(Object.keys(error)).not.toContain("excerpt");
  });

  it("bounds the excerpt and shows no control characters", async () => {
    const service = await serve(answer(400, `\u001b[2J${"x".repeat(10_000)}`));
    const { message } = await failureOf(client(service.url).call(POST));
    expect(message).toContain("\\x1b[2Jxxx");
    expect(message.length).toBeLessThan(350);
  });

  it("names where a redirect leads, and does not follow it", async () => {
    const service = await serve(answer(302, "", { location: "https://user:pw@elsewhere.example/x?token=1" }));
    const error = await failureOf(client(service.url).call(GET));
    expect(error).toMatchObject({ status: 302, outcome: "refused" });
    expect(error.message).toContain("a redirect to elsewhere.example, which is not followed");
    expect(error.message).not.toMatch(/pw|token/);
    expect(service.requests).toHaveLength(1);
  });

  it("shows no secret that a redirect's host holds", async () => {
    const service = await serve(answer(302, "", { location: "https://s3cr3t-tenant.example/" }));
    const error = await failureOf(client(service.url, { secrets: ["s3cr3t-tenant"] }).call(GET));
    expect(error.message).toContain("a redirect to ***.example");
  });

  it("names host, port, setting and cause where nobody listens", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = portOf(server.address());
    server.close();
    await once(server, "close");
    const error = await failureOf(client(`http://127.0.0.1:${port}`).call(POST));
    expect(error.message).toContain(`Keyri could not be reached at 127.0.0.1:${port} for register (ECONNREFUSED)`);
    expect(error.message).toContain("Check keyri:url");
    expect(error).toMatchObject({ outcome: "not-processed", cause: { code: "ECONNREFUSED" } });
  });

  it("says so where no answer comes in time", async () => {
    const service = await serve(() => undefined);
    const error = await failureOf(client(service.url, { timeoutMs: 1_000 }).call(POST));
    expect(error.message).toContain("did not answer register within 1000 ms");
    expect(error.outcome).toBe("unknown");
    expect(service.requests).toHaveLength(1);
  });

  it("ends an answer that drips for longer than the time limit", async () => {
    const service = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("."), 5);
      response.on("close", () => clearInterval(drip));
    });
    // Long enough for the headers to come first on a busy machine; the drip has no end of its own.
    const error = await failureOf(client(service.url).call({ ...POST, timeoutMs: 1_500 }));
    expect(error.message).toContain("the whole body did not come in time (1500 ms)");
    expect(error).toMatchObject({ status: 200, outcome: "unknown" });
  });

  it("tells of a body beyond the limit without holding it", async () => {
    const service = await serve(answer(200, "x".repeat(2_000)));
    const error = await failureOf(client(service.url).call({ ...GET, maxBodyBytes: 1_000 }));
    expect(error.message).toContain("the body is too large (more than 1000 bytes)");
    expect(service.requests).toHaveLength(1);
    const whole = await client(service.url).call({ ...GET, maxBodyBytes: 2_000 });
    expect(whole.body).toHaveLength(2_000);
  });

  it("refuses an answer beyond 1 MiB by default", async () => {
    const service = await serve(answer(200, "x".repeat(1024 * 1024 + 1)));
    expect((await failureOf(client(service.url).call(GET))).message).toContain("more than 1048576 bytes");
  });

  it("refuses a compressed answer, which was not asked for", async () => {
    const service = await serve(answer(200, "\u001f\u008b", { "content-encoding": "gzip" }));
    expect((await failureOf(client(service.url).call(POST))).message).toContain("compressed");
  });

  it("keeps the status where the body of a refusal is cut off", async () => {
    const service = await serve((_, response) => {
      response.writeHead(422, { "content-length": "100" }).write("half", () => response.destroy());
    });
    expect(await failureOf(client(service.url).call(POST))).toMatchObject({ status: 422, outcome: "refused" });
  });

  it("tells of an answer that isn't HTTP", async () => {
    const server = createTcpServer((socket) => {
      socket.on("data", () => socket.end("SSH-2.0-OpenSSH\r\n")).on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const error = await failureOf(client(`http://127.0.0.1:${portOf(server.address())}`).call(POST));
    expect(error).toMatchObject({ outcome: "unknown", cause: { code: "HTTPParserError" } });
  });

  it.each([
    ["as it is", TOKEN],
    ["in base64", Buffer.from(TOKEN).toString("base64")],
    ["percent-encoded", encodeURIComponent(TOKEN)],
    ["in JSON", JSON.stringify({ token: TOKEN }).replaceAll("/", "\\/")],
  ])("never shows a secret that the service sends back %s", async (_, echoed) => {
    const service = await serve(answer(400, `invalid: ${echoed}`));
    const error = await failureOf(client(service.url, { secrets: [TOKEN] }).call(POST));
    expect(error.message).toContain("***");
    for (const text of [error.message, error.excerpt, error.stack ?? "", inspect(error, { showHidden: true })]) {
      expect(text).not.toContain("3cr3t");
      expect(text).not.toContain(echoed);
    }
  });

  it("has a bare cause, that holds nothing of what was received", async () => {
    const service = await serve(reset);
    const error = await failureOf(client(service.url).call(POST));
    expect(Object.keys(error.cause ?? {})).toEqual(["code"]);
  });
});

describe("the request log", () => {
  it("has one redacted line for each attempt", async () => {
    const service = await serve(answer(503, TOKEN));
    const lines: string[] = [];
    const debug = (line: string) => lines.push(line);
    const call = { ...GET, path: `/keys/${encodeURIComponent(TOKEN)}`, query: { username: "ada", token: TOKEN } };
    await failureOf(client(service.url, { secrets: [TOKEN], headers: { "x-key": TOKEN } }, { debug }).call(call));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(
      `http GET ${service.url}/keys/***?username=***&token=*** 503 0 ms attempt 1 id ${REQUEST_ID}`,
    );
  });
});
