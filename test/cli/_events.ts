/** Raw engine events as engine v3.228.0 sends them, cut to what matters to a test. */
import { type EngineEvent, parseEvent } from "../../src/cli/events/event.js";

export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function urn(name: string, type = "pulumi-authn:index:FixtureSet$pulumi-nodejs:dynamic/authn:KeyriPublicKey") {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

interface RawStep {
  readonly op: string;
  readonly name: string;
  readonly type?: string;
  readonly id?: string;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}
type StepKind = "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent";

/** A step of a `KeyriPublicKey`, or of another type; `before` and `after` are its inputs. */
export function step(
  kind: StepKind,
  { op, name, type = "KeyriPublicKey", id = "", before, after }: RawStep,
): EngineEvent {
  const state = (inputs: Record<string, unknown>) => ({ custom: true, id, inputs, outputs: {} });
  return parsed({
    [kind]: {
      metadata: {
        op,
        urn: urn(name, `pulumi-authn:index:FixtureSet$pulumi-nodejs:dynamic/authn:${type}`),
        type: `pulumi-nodejs:dynamic/authn:${type}`,
        old: before === undefined ? null : state(before),
        new: after === undefined ? null : state(after),
        detailedDiff: null,
      },
    },
  });
}

export function stackOutputs(outputs: Record<string, unknown>): EngineEvent {
  const type = "pulumi:pulumi:Stack";
  return parsed({
    resOutputsEvent: { metadata: { op: "same", urn: urn("shop-dev", type), type, new: { inputs: {}, outputs } } },
  });
}

export function errorOf(message: string, at?: string): EngineEvent {
  return parsed({ diagnosticEvent: { ...(at === undefined ? {} : { urn: at }), message, severity: "error" } });
}

export function parsed(raw: unknown): EngineEvent {
  const event = parseEvent(raw);
  if (event === undefined) throw new Error("The event was passed over");
  return event;
}
