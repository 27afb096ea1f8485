/** delete, of what a state holds and of what only the ledger knows: announced before it is asked for, and never asked for twice. */
import { outcomeOf } from "../../http/errors.js";
import type { Account } from "../ledger/account.js";
import type { LedgerEntry, Reached } from "../ledger/entry.js";
import { revisionOf } from "../ledger/revision.js";
import type { CommonInputs, Lifecycle, StateFrame } from "../lifecycle.js";
import { parseState } from "../state.js";
import { type Acting, engineIsGone, recorded, subjectOf } from "./acting.js";

/** The resource that a state holds. */
export async function remove<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  id: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { lifecycle, ledger, standing, warn } = acting;
  const revision = revisionOf(lifecycle.type, id, properties);
  // A name that only type and id yield is that of what was made again, too.
  if (properties["revision"] !== undefined && standing.isClosed(revision)) return;
  // Its successor in this operation, made before it goes, went on with it and is the same thing. Only a state that the ledger wasn't
  // settled with brings that about, and a replacement that the engine forces, which shows in no call.
  if (standing.isTaken(revision)) {
    const { owner } = lifecycle.inputsOf(parseState(lifecycle, properties).state);
    warn(
      `${lifecycle.type} ${owner.name}: it was not made anew, since the ledger had not been settled: its keys are those of before. Run the operation once without replacing, then replace it`,
    );
    return;
  }
  const ahead = standing.ahead(revision);
  const { state, frame } = parseState(lifecycle, ahead?.state ?? properties);
  const open = ahead === undefined ? frame.open : ahead.open;
  const about = subjectOf(acting, "delete", lifecycle.inputsOf(state), ahead?.base);
  const account = ledger.account(about, revision);
  const unsaved = ahead === undefined ? undefined : ledger.account(about, ahead);
  if (!isRetained(lifecycle, state, frame)) {
    const known = recorded(lifecycle, state, frame.adopted ?? false);
    await removed(acting, account, { id, state: known, open }, () => lifecycle.delete(acting.session, id, state, open));
    await unsaved?.close();
    await account.close();
  } else await unsaved?.close();
}

/** Announced before, and taken back where the service did certainly nothing: it stands as before. */
async function removed(
  { stopped }: Pick<Acting<CommonInputs, object, unknown, unknown>, "stopped">,
  account: Account,
  known: Reached,
  remove: () => Promise<void>,
): Promise<void> {
  if (stopped()) throw engineIsGone();
  await account.intend("deleting", { id: known.id, state: known.state }, true);
  try {
    await remove();
  } catch (error) {
    if (outcomeOf(error) !== "unknown") await account.settle(known);
    throw error;
  }
}

/** What an earlier operation made, and neither a state nor the declaration holds. */
export async function removeLeftover<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Pick<Acting<Inputs, State, Settings, Session>, "lifecycle" | "session" | "ledger" | "stopped">,
  entry: LedgerEntry,
): Promise<"removed" | "retained"> {
  const { lifecycle, session, ledger } = acting;
  const account = ledger.account(entry, entry);
  if (entry.id === undefined || entry.state === undefined) return "retained";
  const { state, frame } = parseState(lifecycle, entry.state);
  const retained = isRetained(lifecycle, state, frame);
  if (!retained) {
    const { id, open } = entry;
    await removed(acting, account, { id, state: entry.state, open }, () => lifecycle.delete(session, id, state, open));
  }
  await account.close();
  return retained ? "retained" : "removed";
}

function isRetained<Inputs extends CommonInputs, State extends object>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, unknown>, "inputsOf">,
  state: State,
  { adopted }: StateFrame,
): boolean {
  return (lifecycle.inputsOf(state).onDelete ?? (adopted ? "retain" : "delete")) === "retain";
}
