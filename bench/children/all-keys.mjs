/**
 * The keys of all rings as one JWK Set. An authserver fetches one address a client (contracts/baikal.md, "Client keys"), and the
 * rings of a run are all one client's: each publishes a document of its own, and the authserver is registered to fetch this one.
 */
import { createServer } from "node:http";
import { z } from "zod";

/** @typedef {Pick<import("../resources/index.mjs").Tenant, "journal" | "record">} Bucket */
/** @typedef {import("../../dist/emulator/testing.js").JournalEntry} JournalEntry */
/** @typedef {Awaited<ReturnType<typeof serveAllKeys>>} AllKeys */

const documentSchema = z.object({ keys: z.array(z.unknown()) });

export async function serveAllKeys() {
  /** @type {Map<string, readonly unknown[]>} */
  const keysAt = new Map();
  /** @type {Set<string>} */
  const written = new Set();
  let lastSequence = 0;
  let asked = 0;
  /** @type {Bucket | undefined} */
  let bucket;

  /** @param {readonly JournalEntry[]} entries */
  const note = (entries) => {
    for (const { sequence, service, path, write } of entries) {
      if (service === "jwks-bucket" && write && sequence > lastSequence) written.add(path);
      lastSequence = Math.max(lastSequence, sequence);
    }
  };

  /** @param {Bucket} bucket @param {string} path */
  const fetchAgain = async ({ record }, path) => {
    asked += 1;
    const answer = await fetch(`${record.baikal.publishUrl}${path}`);
    if (answer.ok) keysAt.set(path, documentSchema.parse(await answer.json()).keys);
    else keysAt.delete(path);
  };

  /** Whoever asks is given what was written until it is answered: others may be waiting for the same answer. @param {Bucket} bucket */
  const catchUp = async (bucket) => {
    for (;;) {
      note(bucket.journal(lastSequence));
      const paths = [...written];
      if (paths.length === 0) return;
      written.clear();
      await Promise.all(paths.map((path) => fetchAgain(bucket, path)));
    }
  };

  /** One after the other: what one has begun to fetch, the next must not answer without. */
  let turn = Promise.resolve();

  const server = createServer(async (_request, response) => {
    try {
      if (bucket === undefined) throw new Error("there is no bucket yet");
      const from = bucket;
      const mine = turn.then(() => catchUp(from));
      turn = mine.catch(() => undefined);
      await mine;
      response.end(JSON.stringify({ keys: [...keysAt.values()].flat() }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");

  return {
    url: `http://127.0.0.1:${address.port}/`,

    /** @param {Bucket} tenant */
    follow(tenant) {
      bucket = tenant;
    },

    /**
     * To be called before the journal is cleared.
     * @param {readonly JournalEntry[]} entries @returns {number} how many requests in them were this server's own
     */
    takeOwn(entries) {
      note(entries);
      const own = asked;
      asked = 0;
      return own;
    },

    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
