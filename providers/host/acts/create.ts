/**
 * create: goes on with what an earlier operation made and no saved state holds, else begins. What the same owner left of other inputs goes
 * first, as in a replacement (design: "One lifecycle contract").
 */
import { outcomeOf } from "../../http/errors.js";
import type { LedgerEntry, Properties } from "../ledger/entry.js";
import type { CommonInputs, OpenStep } from "../lifecycle.js";
import { parseState } from "../state.js";
import { finishOpenStep, runChanges, runSteps } from "../steps.js";
import { type Acted, type Acting, announcing, subjectOf } from "./acting.js";
import { lookedAt } from "./look.js";
import { removeLeftover } from "./remove.js";

/** @param isForced a replacement that nothing declared asks for: it is to be another one */
export async function create<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  inputs: Inputs,
  isForced: boolean,
): Promise<Acted<State>> {
  const { lifecycle, ledger, standing, warn } = acting;
  const about = subjectOf(acting, "create", inputs);
  const known = isForced ? undefined : standing.takeUp(inputs.owner, about.fingerprint);
  const leftovers = standing.leftovers(inputs.owner, acting.service);
  // Where both are one and the same to the service, nothing must be deleted that is going to be gone on with.
  for (const leftover of leftovers) {
    if (leftover.id === known?.id) await ledger.account(leftover, leftover).close();
    else await removeLeftover(acting, leftover);
  }
  if (known?.lost !== undefined && known.id === undefined)
    warn(`${lifecycle.type} ${inputs.owner.name}: ${known.lost}`);
  if (known?.status === "deleting") await removeLeftover(acting, known);
  else if (known?.id !== undefined && known.state !== undefined)
    return takeOver(acting, inputs, known, known.id, known.state);
  return begin(acting, inputs);
}

async function begin<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  inputs: Inputs,
): Promise<Acted<State>> {
  const { lifecycle, session, ledger } = acting;
  const account = ledger.account(subjectOf(acting, "create", inputs));
  const lost = lifecycle.lostBeginning?.(inputs);
  if (lost !== undefined) await account.intend("intent", { open: { step: "begin", outcome: "unknown" }, lost }, true);
  const beginning = await lifecycle.begin(session, inputs).catch(async (error: unknown) => {
    if (outcomeOf(error) !== "unknown") await account.close();
    throw error;
  });
  const { id, state, from, adopted = false, reached = false } = beginning;
  // The host turns an id that is no text into an empty one, and what was made is lost: so before anything is made.
  if (typeof id !== "string" || id === "") throw new TypeError(`${lifecycle.type} began without an id`);
  const progress = await runSteps(lifecycle.steps, from, session, state, announcing(acting, account, id, adopted));
  if (!progress.done && !reached && nothingStands(progress.stopped.open, lifecycle.steps[0]?.name)) {
    await account.close();
    throw progress.stopped.error;
  }
  return { id, progress, adopted, account };
}

/** The service is read first: the same id, the same keys, nobody twice. */
async function takeOver<Inputs extends CommonInputs, State extends object, Settings, Session>(
  acting: Acting<Inputs, State, Settings, Session>,
  inputs: Inputs,
  known: LedgerEntry,
  id: string,
  properties: Properties,
): Promise<Acted<State>> {
  const { lifecycle, session, ledger, nowMs } = acting;
  const { state: before, frame } = parseState(lifecycle, properties);
  const adopted = frame.adopted ?? false;
  const account = ledger.account({ ...known, owner: inputs.owner }, known);
  const announce = announcing(acting, account, id, adopted);
  const begun = lifecycle.applied(before, inputs);
  const looked = await lookedAt(acting, id, begun, known.open);
  if (looked === "gone") {
    // What was complete and is taken away counts as never made.
    await account.close();
    return begin(acting, inputs);
  }
  const resumed = await finishOpenStep(lifecycle, session, id, looked.state, looked.open, announce);
  if (!resumed.done) return { id, progress: resumed, adopted, account };
  const changed = await runChanges(lifecycle.changes, session, resumed.state, inputs, {
    nowMs,
    isResumed: true,
    announce,
  });
  const progress = changed.done ? { ...changed, state: lifecycle.applied(changed.state, inputs) } : changed;
  return { id, progress, adopted, account };
}

/** A first step that certainly did nothing leaves nothing to record: the plain error makes the engine forget the resource. */
function nothingStands(open: OpenStep, firstStep: string | undefined): boolean {
  return open.step === firstStep && open.outcome !== "unknown";
}
