/**
 * The engine's event stream as this command understands it. Facts: `automation/events.d.ts` of @pulumi/pulumi 3.248.0, and what
 * engine v3.228.0 sends: a secret is an object with a signature key, an unknown value a fixed UUID.
 */
import { z } from "zod";
import { nameOf } from "./urn.js";
import { inOurWords } from "./wording.js";

/** `sig.SpecialSigKey` of the Pulumi SDKs: marks an object that stands for another kind of value. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** `pulumi.runtime.unknownValue` */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const stateSchema = z.object({
  custom: z.boolean().optional(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
});
const stepSchema = z.object({
  metadata: z.object({
    op: z.string(),
    urn: z.string(),
    type: z.string(),
    old: stateSchema.nullish(),
    new: stateSchema.nullish(),
    diffs: z.array(z.string()).nullish(),
    keys: z.array(z.string()).nullish(),
    detailedDiff: z.record(z.string(), z.unknown()).nullish(),
  }),
});
const eventSchema = z.object({
  resourcePreEvent: stepSchema.optional(),
  resOutputsEvent: stepSchema.optional(),
  resOpFailedEvent: stepSchema.optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  summaryEvent: z.object({ durationSeconds: z.number() }).optional(),
});

export interface ResourceState {
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The resource's logical name. */
  readonly name: string;
  /** A declared resource: no component, provider or stack. */
  readonly declared: boolean;
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  /** Properties that the engine or the provider names as changed. */
  readonly changed: readonly string[];
}
export type EngineEvent =
  | { readonly kind: "begun" | "ended" | "failed"; readonly step: Step }
  | {
      readonly kind: "diagnostic";
      readonly severity: string;
      readonly urn: string | undefined;
      readonly message: string;
    }
  | { readonly kind: "summary"; readonly durationSeconds: number };

/** undefined for what this command has no use for. */
export function parseEvent(raw: unknown): EngineEvent | undefined {
  const parsed = eventSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = parsed.data;
  if (resourcePreEvent !== undefined) return { kind: "begun", step: stepOf(resourcePreEvent) };
  if (resOutputsEvent !== undefined) return { kind: "ended", step: stepOf(resOutputsEvent) };
  if (resOpFailedEvent !== undefined) return { kind: "failed", step: stepOf(resOpFailedEvent) };
  if (summaryEvent !== undefined) return { kind: "summary", durationSeconds: summaryEvent.durationSeconds };
  if (diagnosticEvent === undefined || diagnosticEvent.severity === "debug" || diagnosticEvent.ephemeral === true) {
    return undefined;
  }
  const { severity, urn, message } = diagnosticEvent;
  return { kind: "diagnostic", severity, urn: urn === "" ? undefined : urn, message: inOurWords(message) };
}

function stepOf({ metadata }: z.infer<typeof stepSchema>): Step {
  const { op, urn, type } = metadata;
  const custom = (metadata.new ?? metadata.old)?.custom === true;
  return {
    op,
    urn,
    type,
    name: nameOf(urn),
    declared: custom && !type.startsWith("pulumi:"),
    before: stateOf(metadata.old),
    after: stateOf(metadata.new),
    changed: [...(metadata.diffs ?? []), ...(metadata.keys ?? []), ...Object.keys(metadata.detailedDiff ?? {})],
  };
}

function stateOf(state: z.infer<typeof stateSchema> | null | undefined): ResourceState | undefined {
  if (state === null || state === undefined) return undefined;
  return { id: state.id ?? "", inputs: state.inputs ?? {}, outputs: state.outputs ?? {} };
}

/** A value as it may be shown: secrets as "[secret]", what a preview can't know as "[unknown]". */
export function shown(value: unknown): unknown {
  if (value === unknownValue) return "[unknown]";
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.some(([key, signature]) => key === signatureKey && signature === secretSignature)) return "[secret]";
  return Object.fromEntries(entries.map(([key, inner]) => [key, shown(inner)]));
}
