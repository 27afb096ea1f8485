import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { MAX_TOTAL_WAIT_MS } from "../../../providers/http/retry.js";
import {
  answer,
  client,
  failureOf,
  GET,
  hastyClock,
  inTurn,
  manualClock,
  POST,
  portOf,
  reset,
  serve,
} from "./service.js";

describe("a repeatable call", () => {
  it.each([429, 502, 503, 504])("is made again after %i", async (status) => {
    const service = await serve(inTurn(answer(status), answer(status), answer(200, "done")));
    const got = await client(service.url).call(GET);
    expect(got.text()).toBe("done");
    expect(got.attempts).toBe(3);
  });

  it.each([400, 401, 404, 409, 500, 501])("is not made again after %i", async (status) => {
    const service = await serve(answer(status));
    await failureOf(client(service.url).call(GET));
    expect(service.requests).toHaveLength(1);
  });

  it("is made again after its connection was reset", async () => {
    const service = await serve(inTurn(reset, answer(200, "done")));
    expect((await client(service.url).call({ ...GET, method: "DELETE" })).text()).toBe("done");
  });

  it("is made again where its answer was cut off", async () => {
    const service = await serve(
      inTurn(
        (_, response) => {
          response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
        },
        answer(200, "whole"),
      ),
    );
    expect((await client(service.url).call(GET)).text()).toBe("whole");
  });

  it("is given up after a few attempts, with growing waits and one request id", async () => {
    const service = await serve(answer(503));
    const clock = hastyClock();
    const error = await failureOf(client(service.url, {}, { clock }).call(GET));
    expect(error).toMatchObject({ status: 503, outcome: "unknown" });
    expect(error.message).toContain("4 attempts");
    expect(clock.sleeps).toEqual([100, 200, 400]);
    expect(new Set(service.requests.map((request) => request.headers["x-request-id"])).size).toBe(1);
  });

  it("is taken as it is where the caller can take the status", async () => {
    const service = await serve(answer(503, "busy"));
    const got = await client(service.url).call({ ...GET, answers: [200, 503] });
    expect([got.status, got.text(), service.requests.length]).toEqual([503, "busy", 1]);
  });
});

describe("headers that are good for one request", () => {
  it("are made anew for each attempt, when its turn has come, and beside the client's own", async () => {
    const service = await serve(inTurn(answer(429, "", { "retry-after": "2" }), reset, answer(200)));
    const clock = hastyClock();
    const begunMs = clock.now();
    let made = 0;
    const headers = () => ({ "X-Nonce": String(++made), "X-Time": String(clock.now() - begunMs) });
    const http = client(service.url, { headers: { "x-nonce": "client's", "x-key": "k" } }, { clock });
    expect(made).toBe(0);
    expect((await http.call({ ...GET, headers })).attempts).toBe(3);
    const sent = service.requests.map((request) => request.headers);
    expect(sent.map((one) => [one["x-nonce"], one["x-time"], one["x-key"]])).toEqual([
      ["1", "0", "k"],
      ["2", "2000", "k"],
      ["3", "2100", "k"],
    ]);
    expect(new Set(sent.map((one) => one["x-request-id"])).size).toBe(1);
  });
});

describe("a POST", () => {
  it("is not made again after its connection was reset, since it may have been processed", async () => {
    const service = await serve(reset);
    const error = await failureOf(client(service.url).call(POST));
    expect(error.outcome).toBe("unknown");
    expect(error.message).toContain("may have taken effect");
    expect(service.requests).toHaveLength(1);
  });

  it.each([500, 502, 503, 504])(
    "is not made again after %i, which leaves open whether it was processed",
    async (status) => {
      const service = await serve(answer(status));
      expect(await failureOf(client(service.url).call(POST))).toMatchObject({ status, outcome: "unknown" });
      expect(service.requests).toHaveLength(1);
    },
  );

  it("is not made again where its answer was cut off", async () => {
    const service = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    });
    expect(await failureOf(client(service.url).call(POST))).toMatchObject({ status: 200, outcome: "unknown" });
    expect(service.requests).toHaveLength(1);
  });

  it("is made again after 429, with the same body", async () => {
    const bodies: string[] = [];
    const service = await serve((_, response, count) => response.writeHead(count === 1 ? 429 : 200).end());
    const server = service.requests;
    const got = await client(service.url).call(POST);
    for (const request of server) bodies.push(String(request.headers["content-length"]));
    expect(got.attempts).toBe(2);
    expect(bodies).toEqual(["18", "18"]);
  });

  it("is made again after 503 with Retry-After", async () => {
    const service = await serve(inTurn(answer(503, "", { "retry-after": "2" }), answer(200)));
    const clock = hastyClock();
    expect((await client(service.url, {}, { clock }).call(POST)).attempts).toBe(2);
    expect(clock.sleeps).toEqual([2_000]);
  });

  it("is made again where the connection was refused, since it was never sent", async () => {
    const service = createServer((_, response) => response.end("done")).listen(0, "127.0.0.1");
    await once(service, "listening");
    const port = portOf(service.address());
    service.close();
    await once(service, "close");
    const clock = hastyClock(async () => {
      service.listen(port, "127.0.0.1");
      await once(service, "listening");
    });
    onTestFinished(() => {
      service.closeAllConnections();
      service.close();
    });
    const got = await client(`http://127.0.0.1:${port}`, {}, { clock }).call(POST);
    expect([got.text(), got.attempts]).toEqual(["done", 2]);
  });

  it("is made again after a reset where the caller says that is harmless", async () => {
    const service = await serve(inTurn(reset, answer(200)));
    expect((await client(service.url).call({ ...POST, repeatable: true })).attempts).toBe(2);
  });

  it("certainly wasn't processed where 429 stays", async () => {
    const service = await serve(answer(429, "slow down"));
    const error = await failureOf(client(service.url).call(POST));
    expect(error).toMatchObject({ status: 429, outcome: "not-processed", code: "ERR_AUTHN_HTTP_NOT_PROCESSED" });
  });
});

it("a call whose earlier attempt may have been processed doesn't claim the opposite when the last was turned away", async () => {
  const service = await serve(inTurn(reset, answer(429)));
  const error = await failureOf(client(service.url).call({ ...GET, method: "PUT" }));
  expect(error).toMatchObject({ status: 429, outcome: "unknown" });
});

describe("Retry-After", () => {
  it.each([
    ["seconds", "3"],
    ["a date", "Mon, 01 Jan 2024 00:00:03 GMT"],
  ])("in %s pauses every request to the origin, once", async (_, value) => {
    const headers = { "retry-after": value, date: "Mon, 01 Jan 2024 00:00:00 GMT" };
    let open = false;
    const service = await serve((request, response) => {
      if (open) response.end("done");
      else answer(429, "", headers)(request, response, 0);
    });
    const clock = manualClock();
    const answered: string[] = [];
    const debug = (line: string) => answered.push(line);
    const calls = [1, 2, 3, 4, 5].map(() => client(service.url, {}, { clock, debug }).call(GET));
    // Time must not pass before the last of them was turned away: that one would begin a pause of its own.
    await expect.poll(() => answered.length).toBe(5);
    expect(clock.sleeps).toEqual([3_000]);
    const other = client(service.url, {}, { clock }).call(GET);
    open = true;
    clock.advance(2_999);
    expect(service.requests).toHaveLength(5);
    clock.advance(1);
    const answers = await Promise.all([...calls, other]);
    expect(answers.map((got) => got.attempts)).toEqual([2, 2, 2, 2, 2, 1]);
    expect(clock.sleeps).toEqual([3_000]);
  });

  it("lets the call that was turned away go before those that came after it", async () => {
    const paths: (string | undefined)[] = [];
    const service = await serve((request, response, count) => {
      paths.push(request.url);
      answer(count === 1 ? 429 : 200, "", { "retry-after": "1" })(request, response, count);
    });
    const clock = manualClock();
    const http = client(service.url, { concurrency: 1 }, { clock });
    const calls = ["/first", "/second", "/third"].map((path) => http.call({ ...GET, path }));
    await expect.poll(() => clock.sleeps).toEqual([1_000]);
    clock.advance(1_000);
    await Promise.all(calls);
    // The second had its turn already when the pause began.
    expect(paths).toEqual(["/first", "/second", "/first", "/third"]);
  });

  it("that is longer than a person would wait is reported at once", async () => {
    const service = await serve(answer(503, "", { "retry-after": String(MAX_TOTAL_WAIT_MS / 1000 + 1) }));
    const clock = hastyClock();
    const error = await failureOf(client(service.url, {}, { clock }).call(POST));
    expect(error.outcome).toBe("not-processed");
    expect(error.message).toContain("asks to wait 61 s");
    expect(clock.sleeps).toEqual([]);
  });
});

describe("what a call is signed with", () => {
  it("is in no error, though the service repeats it", async () => {
    const service = await serve((request, response) => {
      response.writeHead(400).end(`no: ${String(request.headers.authorization)}`);
    });
    const headers = () => ({ authorization: "hanko eyJzaWduYXR1cmUiOiJjYW5hcnkifQ" });
    const error = await failureOf(client(service.url).call({ ...POST, headers }));
    expect(error.message).toContain("no: hanko");
    expect(error.message).not.toContain("eyJzaWduYXR1cmUi");
  });
});
