/** The state file that the engine's local backend leaves, and how large a resource is in it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const stateSchema = z.object({
  checkpoint: z.object({
    latest: z.object({
      resources: z.array(z.looseObject({ inputs: z.record(z.string(), z.unknown()).optional() })).optional(),
    }),
  }),
});
/** As the engine writes the file. */
const INDENT = 4;

/** @param {string} backendFolder @param {string} project @param {string} stack */
export async function stateBytesPerResource(backendFolder, project, stack) {
  return bytesPerResource(await readFile(join(backendFolder, ".pulumi", "stacks", project, `${stack}.json`), "utf8"));
}

/** @param {string} text @returns {number} the mean of the dynamic resources' own entries; the stack's and the provider's don't count */
export function bytesPerResource(text) {
  const { resources = [] } = stateSchema.parse(JSON.parse(text)).checkpoint.latest;
  const dynamic = resources.filter(({ inputs }) => inputs !== undefined && "__provider" in inputs);
  const bytes = dynamic.map((resource) => Buffer.byteLength(JSON.stringify(resource, undefined, INDENT)));
  return bytes.reduce((sum, size) => sum + size, 0) / bytes.length;
}
