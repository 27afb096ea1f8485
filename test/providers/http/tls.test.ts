import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { expect, it, onTestFinished } from "vitest";
import { closeAllPools } from "../../../providers/http/client.js";
import { CERTIFICATE, PRIVATE_KEY } from "./certificate.js";
import { client, failureOf, hastyClock, POST, portOf } from "./service.js";

async function serveTls(): Promise<{ readonly port: number; readonly requests: () => number }> {
  let requests = 0;
  const server = createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (_, response) => {
    requests += 1;
    response.end("private");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  return { port: portOf(server.address()), requests: () => requests };
}

it("a private certificate authority is trusted where it is configured", async () => {
  const { port } = await serveTls();
  for (const host of ["localhost", "127.0.0.1"]) {
    const answer = await client(`https://${host}:${port}`, { ca: CERTIFICATE }).call(POST);
    expect(answer.text()).toBe("private");
  }
});

it("what one client trusts, another of the same origin does not", async () => {
  const { port, requests } = await serveTls();
  await client(`https://localhost:${port}`, { ca: CERTIFICATE }).call(POST);
  const clock = hastyClock();
  const error = await failureOf(client(`https://localhost:${port}`, {}, { clock }).call(POST));
  expect(error).toMatchObject({ outcome: "not-processed", cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
  expect(error.message).toContain("the certificate of localhost");
  expect(clock.sleeps).toEqual([]);
  expect(requests()).toBe(1);
});

it("a certificate that nobody vouches for is taken on loopback by who asks for that, and by no other client", async () => {
  const { port, requests } = await serveTls();
  for (const host of ["localhost", "127.0.0.1", "other.localhost"]) {
    const answer = await client(`https://${host}:${port}`, { unverifiedTls: true }).call(POST);
    expect(answer.text()).toBe("private");
  }
  const error = await failureOf(client(`https://localhost:${port}`).call(POST));
  expect(error).toMatchObject({ cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
  expect(requests()).toBe(3);
});

it("certificates off loopback are verified, whoever asks for what", () => {
  const settings = { unverifiedTls: true, allowedHosts: ["api.example.com"] };
  expect(() => client("https://api.example.com", settings)).toThrow(
    /certificate of api\.example\.com \(keyri:url\) must be verified: only on loopback/,
  );
});

it("a certificate for another name is refused, and nothing is sent", async () => {
  const { port, requests } = await serveTls();
  const error = await failureOf(client(`https://other.localhost:${port}`, { ca: CERTIFICATE }).call(POST));
  expect(error).toMatchObject({ outcome: "not-processed", cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
  expect(requests()).toBe(0);
});

it("https:// to a server that speaks plain text was never sent", async () => {
  const server = createHttpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const error = await failureOf(client(`https://127.0.0.1:${portOf(server.address())}`).call(POST));
  expect(error.outcome).toBe("not-processed");
});
