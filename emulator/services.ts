/** The table of the systems that this tenant serves. Adding one means a line in each part of this file, and nowhere else. */
import { type BaikalCounts, type BaikalEntry, baikal } from "./baikal/system.js";
import { type HankoCounts, type HankoEntry, hanko } from "./hanko/system.js";
import { type JwksBucketCounts, type JwksBucketEntry, jwksBucket } from "./jwks-bucket/system.js";
import { type KeylessCounts, type KeylessEntry, keyless } from "./keyless/system.js";
import { type KeyriCounts, type KeyriEntry, keyri } from "./keyri/system.js";
import type { OpenSystem, SystemContext } from "./system.js";

/** How many of each kind the tenant holds: `GET /state`. */
export interface State {
  readonly baikal: BaikalCounts;
  readonly hanko: HankoCounts;
  readonly keyless: KeylessCounts;
  readonly jwksBucket: JwksBucketCounts;
  readonly keyri: KeyriCounts;
}

/** Addresses and demonstration keys, named as in the stack's configuration. Holds secrets. */
export interface TenantRecord {
  readonly admin: { readonly url: string; readonly token: string };
  /** The authserver, and the bucket where its clients' keys are published. */
  readonly baikal: BaikalEntry & JwksBucketEntry;
  readonly hanko: HankoEntry;
  readonly keyless: KeylessEntry;
  readonly keyri: KeyriEntry;
}

/** The services that are built, with their titles; they alone get a port. */
export const builtServices = [
  ...keyless.services,
  ...hanko.services,
  ...baikal.services,
  ...keyri.services,
  ...jwksBucket.services,
];

export interface OpenSystems {
  readonly all: readonly OpenSystem<unknown, unknown>[];
  readonly record: Omit<TenantRecord, "admin">;
  state(): State;
}

export async function openSystems(context: SystemContext): Promise<OpenSystems> {
  const open = {
    baikal: await baikal.open(context),
    hanko: await hanko.open(context),
    keyless: await keyless.open(context),
    jwksBucket: await jwksBucket.open(context),
    keyri: await keyri.open(context),
  };
  return {
    all: Object.values(open),
    record: {
      baikal: { ...open.baikal.record, ...open.jwksBucket.record },
      hanko: open.hanko.record,
      keyless: open.keyless.record,
      keyri: open.keyri.record,
    },
    state: () => ({
      baikal: open.baikal.counts(),
      hanko: open.hanko.counts(),
      keyless: open.keyless.counts(),
      jwksBucket: open.jwksBucket.counts(),
      keyri: open.keyri.counts(),
    }),
  };
}
