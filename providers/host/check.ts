/**
 * check, offline and without an effect: every fault of one resource's inputs at once, each with its property path, the shape of what came
 * (never a value) and what was expected. Values that a preview doesn't know are passed over.
 */
import type { ZodError } from "zod";
import type { Circumstances, CommonInputs, InputFault, Lifecycle } from "./lifecycle.js";
import { containsUnknown, valueAt } from "./unknown.js";

export type Checked<Inputs> =
  | { readonly kind: "valid"; readonly inputs: Inputs }
  | { readonly kind: "unknown"; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: "faulty"; readonly faults: readonly InputFault[] };

interface Surroundings<Settings> {
  readonly projectFolder: string;
  readonly settings: Settings | undefined;
  readonly circumstances: Circumstances;
}

export async function checkInputs<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Pick<Lifecycle<Inputs, State, Settings, Session>, "inputs" | "judge" | "normal" | "inspect">,
  raw: Readonly<Record<string, unknown>>,
  { projectFolder, settings, circumstances }: Surroundings<Settings>,
): Promise<Checked<Inputs>> {
  const inspected = await lifecycle.inspect?.(raw, projectFolder);
  const parsed = lifecycle.inputs.safeParse({ ...raw, ...inspected?.found });
  const faults = [
    ...(parsed.success ? [] : faultsOf(parsed.error, raw)),
    ...(lifecycle.judge?.(raw, settings, circumstances) ?? []),
    ...(inspected?.faults ?? []),
  ];
  if (faults.length > 0) return { kind: "faulty", faults };
  // A text that merely may be anything parses although it is unknown; it must not be brought to a form.
  if (!parsed.success || containsUnknown(raw)) return { kind: "unknown", inputs: { ...raw, ...inspected?.found } };
  return { kind: "valid", inputs: lifecycle.normal?.(parsed.data) ?? parsed.data };
}

function faultsOf(error: ZodError, raw: unknown): readonly InputFault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        property: pathText([...issue.path, key]),
        reason: "is not a property of this resource: remove it, or check its spelling",
      }));
    }
    const value = valueAt(raw, issue.path);
    if (containsUnknown(value)) return [];
    return [{ property: pathText(issue.path), reason: `${issue.message} (got ${shapeOf(value)})` }];
  });
}

/** `keys[2].kid` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

const SHAPES: ReadonlyMap<string, string> = new Map([
  ["number", "a number"],
  ["boolean", "true or false"],
  ["object", "an object"],
]);

/** What kind of value came, without the value. */
export function shapeOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return value === "" ? "empty text" : `text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return SHAPES.get(typeof value) ?? typeof value;
}
