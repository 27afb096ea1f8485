/**
 * What the engine does with one resource, in the order in which it does it: for the lifecycle tests, which want thousands of
 * runs. It keeps what the engine would keep, and nothing else. The engine tests run the real one.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { HostedProvider } from "../../providers/host/adapter.js";

type Properties = Readonly<Record<string, unknown>>;

export interface Kept {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** A partial failure: the next up calls update, unless a refresh clears the mark. */
  readonly initErrors: readonly string[];
}

export type Done = "created" | "updated" | "replaced" | "unchanged" | "failed";

const partialFailure = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.unknown()),
  reasons: z.array(z.string()),
});

export class EngineModel {
  readonly #provider: HostedProvider;
  kept: Kept | undefined;
  /** What the person was told by the last operation that failed. */
  error = "";

  constructor(provider: HostedProvider) {
    this.#provider = provider;
  }

  async up(declared: Properties, options: { readonly replace?: boolean } = {}): Promise<Done> {
    // What is to be replaced by name is checked as if it were new, and diff isn't asked (engine v3.228.0, step_generator.go).
    const isForced = options.replace === true;
    const checked = await this.#provider.check((isForced ? undefined : this.kept)?.inputs ?? {}, declared);
    if (checked.failures !== undefined && checked.failures.length > 0) {
      this.error = checked.failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
      return "failed";
    }
    const inputs = throughTheWire(checked.inputs ?? declared);
    const { kept } = this;
    if (kept === undefined) return this.#create(inputs);
    const { changes, replaces } = isForced
      ? { changes: true, replaces: ["id"] }
      : await this.#provider.diff(kept.id, kept.outputs, inputs);
    if (replaces.length > 0) {
      // Every class says delete before replace.
      if (!(await this.destroy())) return "failed";
      const done = await this.#create(inputs);
      return done === "created" ? "replaced" : done;
    }
    const differs = changes ?? JSON.stringify(kept.inputs) !== JSON.stringify(inputs);
    if (differs || kept.initErrors.length > 0) return this.#update(kept, inputs);
    this.kept = { ...kept, inputs };
    return "unchanged";
  }

  async refresh(): Promise<boolean> {
    const { kept } = this;
    if (kept === undefined) return true;
    try {
      const { id, props = {}, inputs = kept.inputs } = await this.#provider.read(kept.id, kept.outputs);
      this.kept = id === undefined ? undefined : { id, inputs, outputs: throughTheWire(props), initErrors: [] };
      return true;
    } catch (error) {
      this.error = String(error instanceof Error ? error.message : error);
      return false;
    }
  }

  async destroy(): Promise<boolean> {
    const { kept } = this;
    if (kept === undefined) return true;
    try {
      await this.#provider.delete(kept.id, kept.outputs);
      this.kept = undefined;
      return true;
    } catch (error) {
      this.error = String(error instanceof Error ? error.message : error);
      return false;
    }
  }

  async #create(inputs: Properties): Promise<Done> {
    try {
      const { id, outs } = await this.#provider.create(inputs);
      this.kept = { id, inputs, outputs: throughTheWire(outs), initErrors: [] };
      return "created";
    } catch (error) {
      return this.#failed(error, inputs);
    }
  }

  async #update({ id, outputs }: Kept, inputs: Properties): Promise<Done> {
    try {
      const { outs } = await this.#provider.update(id, outputs, inputs);
      this.kept = { id, inputs, outputs: throughTheWire(outs), initErrors: [] };
      return "updated";
    } catch (error) {
      return this.#failed(error, inputs);
    }
  }

  #failed(error: unknown, inputs: Properties): Done {
    this.error = error instanceof Error ? error.message : String(error);
    const partial = partialFailure.safeParse(error);
    if (partial.success) {
      const { id, properties, reasons } = partial.data;
      this.kept = { id, inputs, outputs: throughTheWire(properties), initErrors: reasons };
    }
    return "failed";
  }
}

const propertyBag = z.record(z.string(), z.unknown());

/** What gRPC does to properties: only JSON passes, and it throws for what isn't. */
function throughTheWire(properties: object): Properties {
  const arrived = propertyBag.parse(JSON.parse(JSON.stringify(properties)));
  if (!isDeepStrictEqual(arrived, properties)) throw new TypeError("what isn't JSON doesn't pass the wire");
  return arrived;
}
