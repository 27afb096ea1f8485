/** What the service is asked at the least, without Pulumi: registration and signed login, look-up, removal; with as many under way at a time. */
import { generateKeyPairSync, randomInt, sign } from "node:crypto";
import PQueue from "p-queue";
import { Pool } from "undici";
import { z } from "zod";
import { serve } from "../processes/child.mjs";

const jobSchema = z.object({
  url: z.string(),
  token: z.string(),
  usernames: z.array(z.string()),
  parallel: z.int(),
});
/** @typedef {{ username: string, pubKey: string }} Key */

/** @type {z.infer<typeof jobSchema> | undefined} */
let job;
/** @type {Pool | undefined} */
let pool;
/** @type {Key[]} */
let keys = [];

/** @param {"GET" | "POST" | "DELETE"} method @param {string} path @param {object} [content] */
async function request(method, path, content) {
  if (pool === undefined || job === undefined) throw new Error("nothing was opened");
  const { statusCode, body } = await pool.request({
    method,
    path,
    headers: { authorization: `Bearer ${job.token}`, "content-type": "application/json" },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
  return text;
}

/** @param {string} username @returns {Promise<Key>} */
async function create(username) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pubKey = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  await request("POST", "/keyriRegistration", { pubKey, username });
  const data = `${Date.now()}_${randomInt(2 ** 47)}`;
  const signature = sign("sha256", Buffer.from(data), privateKey).toString("base64");
  await request("POST", "/keyriLogin", { keyriPayload: JSON.stringify({ pubKey, username, data, signature }) });
  return { username, pubKey };
}

/** @param {Key} key */
async function refresh({ username, pubKey }) {
  const text = await request("GET", `/keyriKeys?username=${encodeURIComponent(username)}`);
  if (!text.includes(pubKey)) throw new Error(`${username} has no such key`);
}

/** @param {Key} key */
async function destroy(key) {
  await request("DELETE", "/keyriKeys", key);
}

/**
 * @template From, To
 * @param {readonly From[]} items @param {(item: From) => Promise<To>} work
 */
async function measured(items, work) {
  const queue = new PQueue({ concurrency: job?.parallel ?? 1 });
  const cpuBefore = process.cpuUsage();
  const begunMs = performance.now();
  const made = await queue.addAll(items.map((item) => () => work(item)));
  const wallSeconds = (performance.now() - begunMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const figures = { wallSeconds, cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 };
  return { made, figures };
}

serve({
  open(input) {
    job = jobSchema.parse(input);
    pool = new Pool(job.url, { connections: job.parallel });
  },
  async create() {
    const { made, figures } = await measured(job?.usernames ?? [], create);
    keys = made;
    return figures;
  },
  refresh: async () => (await measured(keys, refresh)).figures,
  destroy: async () => (await measured(keys, destroy)).figures,
});

process.once("disconnect", () => void pool?.close());
