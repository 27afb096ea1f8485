/** update: finishes what is open, then makes the in-place changes; from what the ledger knows where that is more than the state does. */
import { revisionOf } from "../ledger/revision.js";
import type { CommonInputs } from "../lifecycle.js";
import { parseState } from "../state.js";
import { finishOpenStep, runChanges } from "../steps.js";
import { type Acted, type Acting, announcing, subjectOf } from "./acting.js";
import { isChange, lookedAt } from "./look.js";

export async function update<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  id: string,
  olds: Readonly<Record<string, unknown>>,
  inputs: Inputs,
): Promise<Acted<State>> {
  const { lifecycle, session, ledger, standing, nowMs } = acting;
  const base = revisionOf(lifecycle.type, id, olds);
  const ahead = standing.ahead(base);
  const { state: before, frame } = parseState(lifecycle, ahead?.state ?? olds);
  const unfinished = ahead === undefined ? frame.open : ahead.open;
  // What a change whose answer was lost came to, only the service can tell.
  const isUncertain = unfinished?.outcome === "unknown" && isChange(lifecycle, unfinished);
  const looked = isUncertain ? await lookedAt(acting, id, before, unfinished) : "gone";
  const known = looked === "gone" ? before : looked.state;
  const open = unfinished === undefined || isChange(lifecycle, unfinished) ? undefined : unfinished;
  const adopted = frame.adopted ?? false;
  const account = ledger.account(subjectOf(acting, "update", inputs, base), ahead);
  const announce = announcing(acting, account, id, adopted);
  // What is unfinished is finished as it is declared now: whoever gives up on a proof must not be asked for it again.
  const begun = open === undefined ? known : lifecycle.applied(known, inputs);
  const resumed = await finishOpenStep(lifecycle, session, id, begun, open, announce);
  if (!resumed.done) return { id, progress: resumed, adopted, account, revision: frame.revision };
  const changed = await runChanges(lifecycle.changes, session, resumed.state, inputs, {
    nowMs,
    // What was reached and never saved, nobody was told of either.
    isResumed: unfinished !== undefined || ahead !== undefined,
    announce,
  });
  const progress = changed.done ? { ...changed, state: lifecycle.applied(changed.state, inputs) } : changed;
  return { id, progress, adopted, account, revision: frame.revision };
}
