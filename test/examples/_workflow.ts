/** GitHub's workflow files, read by the `yaml` library: what they hold that a test looks at, and nothing that it doesn't know. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const texts = z.record(z.string(), z.string());
const step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  run: z.string().optional(),
  env: texts.default({}),
});
const permissions = z.record(z.string(), z.enum(["read", "write"]));
const job = z.strictObject({
  if: z.string().optional(),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  environment: z.string().optional(),
  permissions: permissions.optional(),
  env: texts.default({}),
  steps: z.array(step),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() }),
  jobs: z.record(z.string(), job),
});

export type Job = z.infer<typeof job>;
type Workflow = z.infer<typeof workflow>;

/** By the file's name without its extension. */
export async function readWorkflows(folder: string): Promise<ReadonlyMap<string, Workflow>> {
  const found = new Map<string, Workflow>();
  for (const name of await readdir(folder)) {
    found.set(name.replace(/\.yml$/, ""), workflow.parse(parse(await readFile(join(folder, name), "utf8"))));
  }
  return found;
}
