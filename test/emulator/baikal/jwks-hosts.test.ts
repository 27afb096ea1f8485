/** A client's JWKS host that means the authserver ill: what it serves is bounded, and it can't send the authserver anywhere. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { baikalTenant, clientKey } from "./_setup.js";

const trusted = await clientKey();
const LIMIT_BYTES = 1_048_576;

async function grantedBy(respond: RequestListener) {
  const theirs = createServer(respond).listen(0, "127.0.0.1");
  await once(theirs, "listening");
  onTestFinished(() => {
    theirs.closeAllConnections();
    theirs.close();
  });
  const { port } = z.object({ port: z.number() }).parse(theirs.address());
  const { grant } = await baikalTenant({
    baikal: { jwksUrl: `http://127.0.0.1:${port}/keys.json`, jwksCacheSeconds: 0 },
  });
  return grant({ key: trusted });
}

const body = JSON.stringify({ keys: [trusted.jwk] });

test("a JWKS that never ends is given up at its limit, and the connection broken off", async () => {
  let closed = false;
  const answer = await grantedBy((_, response) => {
    response.on("close", () => {
      closed = true;
    });
    const more = (): void => {
      while (!closed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  expect(answer).toMatchObject({
    status: 400,
    body: { error_description: expect.stringContaining(`more than ${LIMIT_BYTES} bytes`) },
  });
  await expect.poll(() => closed).toBe(true);
});

test("a JWKS that grows beyond its limit when it is decompressed is given up too", async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(body), Buffer.alloc(2 * LIMIT_BYTES, " ")]));
  const answer = await grantedBy((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
  expect(answer).toMatchObject({
    status: 400,
    body: { error_description: expect.stringContaining(`more than ${LIMIT_BYTES} bytes`) },
  });
});

test("a JWKS as large as its limit is read", async () => {
  const padded = body.padEnd(LIMIT_BYTES, " ");
  expect((await grantedBy((_, response) => response.end(padded))).status).toBe(200);
});

test("a redirect is not followed", async () => {
  const paths: (string | undefined)[] = [];
  const answer = await grantedBy(({ url }, response) => {
    paths.push(url);
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect(answer).toMatchObject({ status: 400, body: { error_description: expect.stringContaining("answered 302") } });
  expect(paths).toEqual(["/keys.json"]);
});
