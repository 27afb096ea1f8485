/**
 * What a saved state says to the ledger: which revisions it holds, and which creates the engine believes to be unfinished. No
 * secret is needed for it. Shapes: the engine's `apitype.CheckpointV3` and `apitype.DeploymentV3` of v3.228.0.
 */
import { z } from "zod";
import { AuthnError } from "../../../providers/errors.js";
import { revisionOf } from "../../../providers/host/ledger/index.js";
import { stateFile } from "../backend.js";
import { nameOf, shortType } from "../events/urn.js";
import { parseJson } from "../json.js";
import type { Situation } from "../situation.js";
import { isOurs, readStateText } from "../state.js";

export interface HeldResource {
  /** `KeyriPublicKey` */
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly revision: string;
}

export interface PendingOperation {
  /** `creating` */
  readonly doing: string;
  /** The resource's type token. */
  readonly type: string;
  /** No component. */
  readonly custom: boolean;
}

export interface SavedState {
  /** Of this package, those that are replaced and still to be deleted among them. */
  readonly resources: readonly HeldResource[];
  /** The type of a custom resource that is no one's of this package; undefined: there is none. */
  readonly foreign: string | undefined;
  readonly pending: readonly PendingOperation[];
}

const deployment = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        custom: z.boolean().optional(),
        id: z.string().optional(),
        outputs: z.looseObject({ revision: z.unknown() }).partial().nullish(),
      }),
    )
    .nullish(),
  pending_operations: z
    .array(z.object({ type: z.string(), resource: z.object({ type: z.string(), custom: z.boolean().optional() }) }))
    .nullish(),
});
const saved = z.union([
  z.object({ checkpoint: z.object({ latest: deployment.nullish() }) }).transform(({ checkpoint }) => checkpoint.latest),
  z.object({ deployment: deployment.nullish() }).transform(({ deployment: latest }) => latest),
]);

/** @returns undefined where the text is no state */
export function savedStateOf(text: string): SavedState | undefined {
  const parsed = saved.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const custom = (parsed.data?.resources ?? []).filter(
    (resource) => resource.custom === true && !resource.type.startsWith("pulumi:"),
  );
  return {
    resources: custom
      .filter(({ type }) => isOurs(type))
      .map(({ urn, type: token, id = "", outputs }) => {
        const type = shortType(token);
        return { type, name: nameOf(urn), id, revision: revisionOf(type, id, outputs ?? {}) };
      }),
    foreign: custom.find(({ type }) => !isOurs(type))?.type,
    pending: (parsed.data?.pending_operations ?? []).map(({ type, resource }) => ({
      doing: type,
      type: resource.type,
      custom: resource.custom === true,
    })),
  };
}

/** What the ledger's entries are held against. */
export function heldRevisions(resources: readonly HeldResource[]): ReadonlySet<string> {
  return new Set(resources.map(({ revision }) => revision));
}

/**
 * @param exportState the engine's export, asked only where no file can be read
 * @throws AuthnError ERR_AUTHN_STATE
 */
export async function readSavedState(
  { backend, project, stack }: Pick<Situation, "backend" | "project" | "stack">,
  exportState: () => Promise<string>,
): Promise<SavedState> {
  const file = stateFile(backend, project, stack);
  const text = await readStateText(file);
  // Without a file only the engine may say that nothing is held: the sweep goes by it, and what isn't found mustn't pass for empty.
  const read = (text === undefined ? undefined : savedStateOf(text)) ?? savedStateOf(await exportState());
  if (read !== undefined) return read;
  throw new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `The state of stack ${stack} can't be read`,
    remedy: "Look at it with `pulumi stack export`; was it edited by hand?",
  });
}
