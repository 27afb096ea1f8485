/** What the generic lifecycle test must know of a resource. */
import type { FaultSpec, Tenant } from "../../emulator/testing.js";
import type { HostedProvider } from "../../providers/host/adapter.js";

export type Properties = Readonly<Record<string, unknown>>;
export type Target = Pick<FaultSpec, "service" | "method" | "path">;

export interface Subject {
  readonly name: string;
  /** Declared under the name `ada/phone`. */
  readonly declared: Properties;
  /** How many steps its making has after it began. */
  readonly steps: number;
  /** An in-place change, and one that replaces. */
  readonly changed: Properties;
  /** Absent: nothing that is declared replaces it. */
  readonly replaced?: Properties;
  /** What leaves it in the service when it is destroyed. */
  readonly retained: Properties;
  /** Each call of create whose lost answer leaves something open, in its order. */
  readonly calls: readonly Target[];
  /** The other calls of create: what is lost of them is asked for again. */
  readonly asked: readonly Target[];
  readonly removal: Target;
  /** The outputs that must survive a failure: what was made must not be made again. */
  readonly identity: readonly string[];
  /** Whether what was taken away while it was half-made comes back under the same id; else it has to be replaced. */
  readonly comesBack: boolean;
  /** What stands outside is a copy of what the state has: it is never gone, and taken away it is put back as it was. */
  readonly isCopy?: boolean;
  readonly secrets: readonly string[];
  /** Configuration that leads nowhere, by its key. */
  readonly unreachable: string;
  /** The configuration's secrets. */
  credentials(tenant: Tenant): readonly string[];
  provider(tenant: Tenant, configuration?: Readonly<Record<string, string>>): HostedProvider;
  /** How many of it stand in the service. */
  count(tenant: Tenant): number;
  /** Takes it away behind the tool's back. */
  remove(tenant: Tenant, outputs: Properties): Promise<void>;
}
