/**
 * The state of a resource as the engine keeps it: the lifecycle's outputs and the adapter's frame around them (schema version,
 * open step, adoption, revision). Older shapes are migrated when read; newer or broken ones are refused by name.
 */
import { z } from "zod";
import { AuthnError } from "../errors.js";
import { type CommonInputs, type Lifecycle, OUTCOMES, type StateFrame } from "./lifecycle.js";

const frameSchema = z.object({
  schemaVersion: z.int().min(0).default(0),
  open: z.object({ step: z.string(), outcome: z.enum(OUTCOMES) }).optional(),
  adopted: z.boolean().optional(),
  revision: z.string().optional(),
});

export interface Framed<State> {
  readonly state: State;
  readonly frame: StateFrame;
}

export function parseState<Inputs extends CommonInputs, State extends object>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, unknown>, "type" | "state" | "schemaVersion" | "migrations">,
  properties: Readonly<Record<string, unknown>>,
): Framed<State> {
  const { __provider, ...outputs } = properties;
  const frame = frameSchema.safeParse(outputs);
  if (!frame.success) throw unreadable(lifecycle.type, frame.error);
  if (frame.data.schemaVersion > lifecycle.schemaVersion) {
    throw new AuthnError({
      code: "ERR_AUTHN_STATE",
      what: `The state of this ${lifecycle.type} has schema version ${frame.data.schemaVersion}, this pulumi-authn knows up to ${lifecycle.schemaVersion}`,
      remedy: "Update pulumi-authn to the version that wrote the state, or a later one",
    });
  }
  const parsed = lifecycle.state.safeParse(migrated(lifecycle, outputs, frame.data.schemaVersion));
  if (!parsed.success) throw unreadable(lifecycle.type, parsed.error);
  return { state: parsed.data, frame: { ...frame.data, schemaVersion: lifecycle.schemaVersion } };
}

/** What goes back to the engine. */
export function framed<State extends object>(state: State, frame: StateFrame): object {
  const { schemaVersion, open, adopted, revision } = frame;
  return { ...state, schemaVersion, open, adopted: adopted || undefined, revision };
}

function migrated(
  lifecycle: Pick<Lifecycle<CommonInputs, object, unknown, unknown>, "type" | "schemaVersion" | "migrations">,
  outputs: Record<string, unknown>,
  from: number,
): Record<string, unknown> {
  let current = outputs;
  for (let version = from; version < lifecycle.schemaVersion; version++) {
    const migrate = lifecycle.migrations[version];
    if (migrate === undefined) {
      throw new AuthnError({
        code: "ERR_AUTHN_STATE",
        what: `The state of this ${lifecycle.type} has schema version ${version}, which this pulumi-authn can't read`,
        remedy: "Update in smaller steps, or remove the resource from the state and let `up` make it again",
      });
    }
    current = migrate(current);
  }
  return current;
}

function unreadable(type: string, error: z.ZodError): AuthnError {
  const paths = [...new Set(error.issues.map((issue) => issue.path.join(".") || "(all)"))].join(", ");
  return new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `The state of this ${type} can't be read: ${paths}`,
    remedy: "Was it edited by hand? Restore it from the stack's history (pulumi stack export --version …)",
  });
}
