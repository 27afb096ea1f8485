/** What reading and settling a ledger needs of its surroundings: the saved state, the seed, today's configuration. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ReadConfiguration } from "../../../providers/host/configuration.js";
import { type LedgerContents, type LedgerLock, lockLedger, readLedger } from "../../../providers/host/ledger/index.js";
import type { Prepared } from "../preparation.js";
import type { Situation } from "../situation.js";
import type { Surroundings } from "../surroundings.js";
import { otherHolder } from "./holder.js";
import type { LedgerPlace } from "./place.js";
import { readSavedState, type SavedState } from "./saved-state.js";
import { seedOf } from "./seed.js";
import { todaysReader } from "./today.js";

export interface LedgerAccess {
  readonly place: LedgerPlace;
  readonly situation: Situation;
  readonly surroundings: Surroundings;
  /** Whole lines for a person. */
  readonly report: (line: string) => void;
  /** The engine, got ready where it has to be asked: for an encrypted value, or for a state that is no file here. */
  readonly engine: () => Promise<Prepared>;
}

export function stateOf({ situation, engine }: LedgerAccess): Promise<SavedState> {
  return readSavedState(situation, async () => {
    const { automation, stack } = await engine();
    return await automation.exportState(stack, false);
  });
}

export function configurationOf(
  { situation, engine }: LedgerAccess,
  wanted: (key: string) => boolean = () => true,
): Promise<ReadConfiguration> {
  return todaysReader(situation.configuration, wanted, async () => {
    const { automation, stack } = await engine();
    return await automation.readConfiguration(stack);
  });
}

/** @throws AuthnError where there is no seed, or one that is none */
export async function ledgerSeed(access: LedgerAccess): Promise<Buffer> {
  const { situation, surroundings } = access;
  const configured = await configurationOf(access, (key) => key === "authn:seed");
  return seedOf({ configured, environment: surroundings.environment, home: situation.home.folder });
}

export async function openLedger(access: LedgerAccess): Promise<LedgerContents & { readonly seed: Buffer }> {
  const { folder, scope } = access.place;
  const seed = await ledgerSeed(access);
  return { seed, ...(await readLedger(folder, seed, scope)) };
}

/** Runs the work as the ledger's only user. @throws AuthnError ERR_AUTHN_LEDGER where another operation is under way */
export async function withLedger<T>(
  { place, surroundings, report }: Pick<LedgerAccess, "place" | "surroundings" | "report">,
  work: () => Promise<T>,
): Promise<T> {
  const { pid, clockMs, now } = surroundings;
  const holder = await otherHolder(place.folder);
  if (holder !== undefined) report(`waiting for the ledger, which ${holder} holds`);
  const clock = { now: clockMs, sleep: (ms: number) => sleep(ms, undefined, { signal: now }) };
  const lock: LedgerLock = await lockLedger(place.folder, `authn:${pid}`, clock);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
