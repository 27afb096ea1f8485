/** One operation of the engine over one subject's program, in a process of its own: this one is the program's. */
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { cheapStackTraces } from "../../dist/src/cli/stack-traces.js";
import { serve } from "../processes/child.mjs";
import { subjects } from "../subjects/index.mjs";

const jobSchema = z.object({
  operation: z.enum(["create", "noop", "refresh", "destroy"]),
  subject: z.enum(["authn", "bare", "hand"]),
  usernames: z.array(z.string()),
  parallel: z.int(),
  engineRoot: z.string().optional(),
  projectFolder: z.string(),
  workFolder: z.string(),
  /** Set before the first operation; all are secret but the address. */
  config: z.record(z.string(), z.string()).optional(),
});
/** @typedef {z.infer<typeof jobSchema>} Job */

/** @type {{ job: Job, stack: import("@pulumi/pulumi/automation/index.js").Stack, restore: () => void } | undefined} */
let opened;

serve({
  async open(input) {
    const job = jobSchema.parse(input);
    const { register } = await subjects[job.subject].load();
    const { withCheapStackTraces, restore } = cheapStackTraces();
    const program = withCheapStackTraces(async () => register(job.usernames));
    const projectName = `bench-${job.subject}`;
    const pulumiCommand = await PulumiCommand.get(job.engineRoot === undefined ? {} : { root: job.engineRoot });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "bench", projectName, program },
      {
        workDir: job.workFolder,
        pulumiCommand,
        projectSettings: { name: projectName, runtime: "nodejs", main: job.projectFolder },
      },
    );
    if (job.config !== undefined) {
      const entries = Object.entries(job.config).map(([key, value]) => [key, { value, secret: !key.endsWith("url") }]);
      await stack.setAllConfig(Object.fromEntries(entries));
    }
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
    const run = {
      create: () => stack.up(options),
      noop: () => stack.up(options),
      // As `authn` runs them: with today's configuration, which only the program knows.
      refresh: () => stack.refresh({ ...options, runProgram: true }),
      destroy: () => stack.destroy({ ...options, runProgram: true }),
    }[job.operation];
    const begunMs = performance.now();
    await run().finally(restore);
    return { wallSeconds: (performance.now() - begunMs) / 1000, changes };
  },
});

// What the SDK may still have open must not hold this process back once all is answered.
process.once("disconnect", () => process.exit());
