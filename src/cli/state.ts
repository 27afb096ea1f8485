/**
 * What a stack's state holds, as far as it can be read without the engine: the file of a folder backend. Shape: the engine's
 * checkpoint (`apitype.CheckpointV3` of v3.228.0, the same in what follows it).
 */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { nameOf } from "./events/urn.js";
import { parseJson } from "./json.js";
import { hasCode } from "./private-file.js";

export interface StackState {
  /** undefined where only the engine can tell. */
  readonly exists: boolean | undefined;
  /** undefined where only the engine can tell. */
  readonly holds: Holdings | undefined;
}

export interface Holdings {
  /** Nothing at all: no resource of any kind, and none whose making was cut off. */
  readonly nothing: boolean;
  /** The names of the declared resources; stack, components and providers are none. */
  readonly declared: readonly string[];
  /** The type of a custom resource that isn't of this package; absent: all are. */
  readonly foreign?: string | undefined;
}

/** Whether a type token names a resource of this package. */
export function isOurs(type: string): boolean {
  return type.startsWith("pulumi-nodejs:dynamic/authn:");
}

const checkpoint = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z.array(z.object({ urn: z.string(), custom: z.boolean().optional(), type: z.string() })).nullish(),
        pending_operations: z.array(z.unknown()).nullish(),
      })
      .nullish(),
  }),
});

const empty: Holdings = { nothing: true, declared: [] };

export async function readState(file: string | undefined): Promise<StackState> {
  if (file === undefined) return { exists: undefined, holds: undefined };
  const text = await readStateText(file);
  return text === undefined ? { exists: false, holds: empty } : { exists: true, holds: holdingsOf(text) };
}

/** @returns undefined where there is no such file. */
export async function readStateText(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const bytes = await readFile(file);
    return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** @returns undefined where the text can't be read as a state: what is wrong with it, the engine says better. */
export function holdingsOf(text: string): Holdings | undefined {
  const state = checkpoint.safeParse(parseJson(text));
  if (!state.success) return undefined;
  const { latest } = state.data.checkpoint;
  const resources = latest?.resources ?? [];
  const declared = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  return {
    nothing: resources.length === 0 && (latest?.pending_operations ?? []).length === 0,
    declared: declared.map(({ urn }) => nameOf(urn)),
    foreign: declared.find(({ type }) => !isOurs(type))?.type,
  };
}
