/** What the acts on one resource have at hand, and how each step is announced to the ledger before it begins. */
import { AuthnError } from "../../errors.js";
import { cleanProperties } from "../clean.js";
import type { Account } from "../ledger/account.js";
import type { EntrySubject, Properties } from "../ledger/entry.js";
import { fingerprintOf } from "../ledger/fingerprint.js";
import type { Ledger } from "../ledger/ledger.js";
import type { Standing } from "../ledger/standing.js";
import type { CommonInputs, Lifecycle, OpenStep } from "../lifecycle.js";
import { framed } from "../state.js";
import type { Announce, Progress } from "../steps.js";

export interface Acting<Inputs extends CommonInputs, State extends object, Settings, Session> {
  readonly lifecycle: Lifecycle<Inputs, State, Settings, Session>;
  readonly session: Session;
  readonly ledger: Pick<Ledger, "account">;
  /** What earlier operations left in it. */
  readonly standing: Standing;
  /** The address that stands for the service. */
  readonly service: string;
  /** True once this process lost its engine. */
  stopped(): boolean;
  /** Unix time in milliseconds. */
  nowMs(): number;
  warn(line: string): void;
}

/** How far a create or an update came, and the account that is to be settled with it. */
export interface Acted<State> {
  readonly id: string;
  readonly progress: Progress<State>;
  readonly adopted: boolean;
  readonly account: Account;
  /** What the state had before. */
  readonly revision?: string | undefined;
}

/** What the ledger calls the resource. */
export function subjectOf<Inputs extends CommonInputs, State extends object, Settings, Session>(
  { lifecycle, service }: Pick<Acting<Inputs, State, Settings, Session>, "lifecycle" | "service">,
  operation: EntrySubject["operation"],
  inputs: Inputs,
  base?: string,
): EntrySubject {
  return { owner: inputs.owner, fingerprint: fingerprintOf(lifecycle, inputs, service), service, operation, base };
}

/** The state as the ledger keeps it: as the engine would, less what is open. */
export function recorded<Inputs extends CommonInputs, State extends object>(
  { schemaVersion }: Pick<Lifecycle<Inputs, State, unknown, unknown>, "schemaVersion">,
  state: State,
  adopted: boolean,
): Properties {
  return cleanProperties(framed(state, { schemaVersion, adopted }));
}

/** Before each step: is the engine still there, and does the ledger know what is going to happen. */
export function announcing<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  account: Account,
  id: string,
  adopted: boolean,
): Announce<State> {
  return async (step, state, weight) => {
    if (acting.stopped()) throw engineIsGone();
    // Without any record the state would have no revision.
    if (weight === "unwritten" && account.revision !== undefined) return;
    const open: OpenStep = { step, outcome: "unknown" };
    await account.intend(
      "intent",
      { id, state: recorded(acting.lifecycle, state, adopted), open },
      weight === "durable",
    );
  };
}

export function engineIsGone(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ORPHANED_HOST",
    what: "The engine that started this process is gone",
    remedy: "Run the command again",
  });
}
