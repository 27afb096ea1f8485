/** One operation of the engine over one subject's program, in a process of its own: this one is the program's. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { putOffClosures } from "../../dist/src/cli/sdk/put-off.js";
import { cheapStackTraces } from "../../dist/src/cli/stack-traces.js";
import { operations } from "../figures.mjs";
import { serve } from "../processes/child.mjs";
import { programNames, resourceNames, resources } from "../resources/index.mjs";
import { settle } from "../settled.mjs";

const texts = z.record(z.string(), z.string());
const jobSchema = z.object({
  resource: z.enum(resourceNames),
  program: z.enum(programNames),
  projectName: z.string(),
  operation: z.enum(operations),
  usernames: z.array(z.string()),
  parallel: z.int(),
  engineRoot: z.string().optional(),
  projectFolder: z.string(),
  workFolder: z.string(),
  /** Set beside what the stack has already. */
  settings: texts,
  secrets: texts,
});
/** @typedef {z.infer<typeof jobSchema>} Job */

/** @type {{ job: Job, stack: import("@pulumi/pulumi/automation/index.js").Stack, restore: () => void } | undefined} */
let opened;

serve({
  async open(input) {
    const job = jobSchema.parse(input);
    const declared = resources[job.resource].programs[job.program];
    if (declared === undefined) throw new Error(`there is no ${job.program} for ${job.resource}`);
    // As `authn` does in its own process.
    if (job.program === "authn") putOffClosures(import.meta.filename);
    const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
    const { register } = await declared.load();
    const { withCheapStackTraces, restore } = cheapStackTraces();
    const program = withCheapStackTraces(async () => register(job.usernames, job.operation));
    const { projectName } = job;
    const pulumiCommand = await PulumiCommand.get(job.engineRoot === undefined ? {} : { root: job.engineRoot });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "bench", projectName, program },
      {
        workDir: job.workFolder,
        pulumiCommand,
        projectSettings: { name: projectName, runtime: "nodejs", main: job.projectFolder },
      },
    );
    const config = { ...entries(job.settings, false), ...entries(job.secrets, true) };
    if (Object.keys(config).length > 0) await stack.setAllConfig(config);
    // The SDK would ask the engine for both after each operation, which takes as long as a small operation itself.
    stack.outputs = async () => ({});
    stack.info = async () => undefined;
    opened = { job, stack, restore };
  },

  async run() {
    if (opened === undefined) throw new Error("nothing was opened");
    const { job, stack, restore } = opened;
    /** @type {Record<string, number>} */
    const changes = {};
    const options = {
      parallel: job.parallel,
      onEvent: (/** @type {import("@pulumi/pulumi/automation/index.js").EngineEvent} */ { summaryEvent }) =>
        void Object.assign(changes, summaryEvent?.resourceChanges),
    };
    // As `authn` runs them: with today's configuration, which only the program knows.
    const refresh = () => stack.refresh({ ...options, runProgram: true });
    const run = {
      create: () => stack.up(options),
      noop: () => stack.up(options),
      refresh,
      refreshWithoutDevices: refresh,
      dueStep: () => stack.up(options),
      destroy: () => stack.destroy({ ...options, runProgram: true }),
    }[job.operation];
    const begunMs = performance.now();
    await run().finally(restore);
    if (job.program === "authn") await settle(placeOf(job));
    return { wallSeconds: (performance.now() - begunMs) / 1000, changes };
  },
});

/** Where the ledger of a job and its state lie. @param {Job} job */
function placeOf({ projectName, projectFolder }) {
  const { AUTHN_HOME: home = "", PULUMI_BACKEND_URL: backend = "" } = process.env;
  const stateFile = join(fileURLToPath(backend), ".pulumi", "stacks", projectName, "bench.json");
  return { home, projectFolder, project: projectName, stack: "bench", stateFile };
}

/** @param {Readonly<Record<string, string>>} values @param {boolean} secret */
function entries(values, secret) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, secret }]));
}

// What the SDK may still have open must not hold this process back once all is answered.
process.once("disconnect", () => process.exit());
