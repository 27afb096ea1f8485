/**
 * The declared resources of a saved state with their properties: of a folder backend's file, or as `pulumi stack export` prints
 * it. Shapes: the engine's `apitype.CheckpointV3` and `apitype.DeploymentV3` of v3.228.0.
 */
import { z } from "zod";
import { AuthnError } from "../../providers/errors.js";
import { stateFile } from "./backend.js";
import { nameOf } from "./events/urn.js";
import { parseJson } from "./json.js";
import { noStack } from "./no-stack.js";
import { prepare } from "./preparation.js";
import type { Situation } from "./situation.js";
import { readStateText } from "./state.js";
import type { Surroundings } from "./surroundings.js";

export interface SavedResource {
  /** `pulumi-nodejs:dynamic/authn:BaikalClientKeys` */
  readonly type: string;
  readonly name: string;
  /** Secrets as the engine writes them: objects with a signature. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const properties = z.record(z.string(), z.unknown()).nullish();
const deployment = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        custom: z.boolean().optional(),
        /** Replaced, and still to be deleted: another one stands in its place. */
        delete: z.boolean().optional(),
        inputs: properties,
        outputs: properties,
      }),
    )
    .nullish(),
});
const saved = z.union([
  z.object({ checkpoint: z.object({ latest: deployment.nullish() }) }).transform(({ checkpoint }) => checkpoint.latest),
  z.object({ deployment: deployment.nullish() }).transform(({ deployment: latest }) => latest),
]);

/** @returns undefined where the text is no state. */
export function resourcesOf(text: string): readonly SavedResource[] | undefined {
  const parsed = saved.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return (parsed.data?.resources ?? [])
    .filter((resource) => resource.custom === true && resource.delete !== true && !resource.type.startsWith("pulumi:"))
    .map(({ urn, type, inputs, outputs }) => ({
      type,
      name: nameOf(urn),
      inputs: inputs ?? {},
      outputs: outputs ?? {},
    }));
}

/**
 * The resources without their secrets: from the file where there is one, else by the engine's export.
 * @throws AuthnError ERR_AUTHN_STATE where there is no such stack
 */
export async function savedResources(
  situation: Situation,
  surroundings: Surroundings,
): Promise<readonly SavedResource[]> {
  if (situation.exists === false) throw noStack(situation.stack);
  const text = await readStateText(stateFile(situation.backend, situation.project, situation.stack));
  const read = text === undefined ? undefined : resourcesOf(text);
  return read ?? (await exportedResources(situation, surroundings, { showSecrets: false }));
}

/**
 * The resources by the engine's export, which goes through this process's memory alone.
 * @throws AuthnError ERR_AUTHN_STATE where there is no such stack
 */
export async function exportedResources(
  situation: Situation,
  surroundings: Surroundings,
  { showSecrets }: { readonly showSecrets: boolean },
): Promise<readonly SavedResource[]> {
  if (situation.exists === false) throw noStack(situation.stack);
  const report = (line: string) => surroundings.stderr.write(`${line}\n`);
  const { automation, stack } = await prepare(situation, surroundings, {
    report,
    onSpawn: () => {},
    withoutSecrets: !showSecrets,
  });
  if (situation.exists === undefined && !(await automation.askStackExists(stack))) throw noStack(situation.stack);
  const read = resourcesOf(await automation.exportState(stack, showSecrets));
  if (read !== undefined) return read;
  throw new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `The state of stack ${situation.stack} can't be read`,
    remedy: "Look at it with `pulumi stack export`; was it edited by hand?",
  });
}
