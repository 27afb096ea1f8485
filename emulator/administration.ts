/** What one can do to a running tenant, in process and over its admin origin alike: look, make faults, move the clock, empty it. */
import type { ClockChange, ClockReading, TenantClock } from "./clock.js";
import type { FaultSpec } from "./faults/fault.js";
import type { FaultList, StandingFault } from "./faults/fault-list.js";
import type { Journal, JournalEntry } from "./journal.js";
import type { OpenSystems, State } from "./services.js";

export interface Administration {
  /** How many of each kind the services hold. */
  state(): State;
  /** The requests that the services answered, oldest first; with `since`, those after that sequence number. */
  journal(since?: number): readonly JournalEntry[];
  clearJournal(): void;
  /**
   * Makes a fault stand; the first one that meets a request is applied.
   * @returns its id.
   * @throws TenantError where the description isn't a fault's.
   */
  addFault(fault: FaultSpec): string;
  faults(): readonly StandingFault[];
  /** False where no such fault stands. */
  removeFault(id: string): boolean;
  clearFaults(): void;
  /**
   * Moves the tenant's clock, which ticks on from there, also after a restart.
   * @throws TenantError where the change isn't one.
   */
  setClock(change: ClockChange): ClockReading;
  /** Empties all services, the journal and the faults, and sets the clock right; identity and tokens stay. */
  reset(): Promise<void>;
}

export interface AdministrationParts {
  readonly systems: OpenSystems;
  readonly journal: Journal;
  readonly faults: FaultList;
  readonly clock: TenantClock;
  readonly flush: () => Promise<void>;
}

export function administrationOf({ systems, journal, faults, clock, flush }: AdministrationParts): Administration {
  return {
    state: () => systems.state(),
    journal: (since) => journal.since(since),
    clearJournal: () => journal.clear(),
    addFault: (fault) => faults.add(fault),
    faults: () => faults.list(),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    setClock: (change) => clock.change(change),
    async reset() {
      for (const system of systems.all) system.reset();
      journal.clear();
      faults.clear();
      clock.reset();
      await flush();
    },
  };
}
