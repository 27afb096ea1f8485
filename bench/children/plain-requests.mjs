/** What the services are asked at the least, without Pulumi: the resource's plain requests, with as many under way at a time. */
import PQueue from "p-queue";
import { Agent, request } from "undici";
import { z } from "zod";
import { serve } from "../processes/child.mjs";
import { resourceNames, resources } from "../resources/index.mjs";

const texts = z.record(z.string(), z.string());
const jobSchema = z.object({
  resource: z.enum(resourceNames),
  settings: texts,
  secrets: texts,
  usernames: z.array(z.string()),
  parallel: z.int(),
  projectFolder: z.string(),
  clockOffsetMs: z.int(),
});

/** How far the tenant's clock is from real time. */
let clockOffsetMs = 0;

/** @type {{ job: z.infer<typeof jobSchema>, requests: import("../resources/index.mjs").PlainRequests, agent: Agent } | undefined} */
let opened;

/** @param {keyof import("../resources/index.mjs").PlainRequests} operation */
async function measured(operation) {
  if (opened === undefined) throw new Error("nothing was opened");
  const { job, requests } = opened;
  const ask = requests[operation];
  if (ask === undefined) throw new Error(`${job.resource} has no ${operation}`);
  const queue = new PQueue({ concurrency: job.parallel });
  const cpuBefore = process.cpuUsage();
  const begunMs = performance.now();
  await queue.addAll(job.usernames.map((username) => () => ask(username)));
  const wallSeconds = (performance.now() - begunMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallSeconds, cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** @param {Agent} agent @returns {import("../resources/index.mjs").Request} */
function requestOver(agent) {
  return async (method, url, { headers = {}, body } = {}) => {
    const answer = await request(url, { method, headers, dispatcher: agent, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${new URL(url).pathname}: ${answer.statusCode} ${text}`);
    return text;
  };
}

serve({
  async open(input) {
    const job = jobSchema.parse(input);
    clockOffsetMs = job.clockOffsetMs;
    const agent = new Agent({ connections: job.parallel });
    const requests = await resources[job.resource].plainRequests({
      ...job,
      request: requestOver(agent),
      nowMs: () => Date.now() + clockOffsetMs,
    });
    opened = { job, requests, agent };
  },
  create: () => measured("create"),
  refresh: () => measured("refresh"),
  dueStep(input) {
    clockOffsetMs = z.int().parse(input);
    return measured("dueStep");
  },
  destroy: () => measured("destroy"),
});

process.once("disconnect", () => void opened?.agent.close());
