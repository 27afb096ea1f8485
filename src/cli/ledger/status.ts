/** `authn ledger status`: all that can be told of a ledger without its seed. */
import {
  type EntryStatus,
  type JournalOutline,
  lockHolderOf,
  outlineLedger,
} from "../../../providers/host/ledger/index.js";
import { shownAddress } from "../backend-address.js";
import { type ExitCode, exitCode } from "../exit.js";
import { plainMessage } from "../report/failures.js";
import { answer } from "../report/result.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { type LedgerAccess, stateOf } from "./access.js";
import { whyCheckpointsHere } from "./checkpoint-facts.js";
import { otherHolder } from "./holder.js";
import { judge } from "./judgement.js";
import { accessOf } from "./opening.js";
import { heldRevisions, type SavedState } from "./saved-state.js";
import { type JournalStatus, type Status, statusText } from "./status-text.js";

/** @throws AuthnError ERR_AUTHN_USAGE where the ledger is off */
export function showStatus(options: CommonOptions, surroundings: Surroundings): Promise<ExitCode> {
  return answer(options, surroundings, async () => {
    const status = await statusOf(await accessOf(options, surroundings));
    if (!options.json) surroundings.stdout.write(`${statusText(status)}\n`);
    return { code: exitCode.done, outputs: status };
  });
}

async function statusOf(access: LedgerAccess): Promise<Status> {
  const { place, situation, surroundings } = access;
  const journals = await outlineLedger(place.folder);
  const state = await savedStateOr(access, journals.length === 0);
  const known = typeof state === "string" ? undefined : state;
  const held = heldRevisions(known?.resources ?? []);
  const { statuses, settled, pending, unresolved } = judge(journals, held, place.backend);
  const statusesOf = (revisions: ReadonlySet<string>) => [...revisions].flatMap((one) => statuses.get(one) ?? []);
  const holder = await otherHolder(place.folder);
  return {
    folder: place.folder,
    project: place.scope.project,
    stack: place.scope.stack,
    backend: situation.backend.folder ?? shownAddress(situation.backend.url),
    stateUnknown: typeof state === "string" ? state : undefined,
    lock: holder === undefined ? undefined : { holder, since: (await lockHolderOf(place.folder))?.startedAt },
    journals: journals.map(journalStatus),
    confirmed: settled.size,
    pending: countsOf(statusesOf(pending)),
    unresolved: countsOf(statusesOf(unresolved)),
    checkpointsBecause: await whyCheckpointsHere({
      situation,
      environment: surroundings.environment,
      place,
      wanted: false,
      askForeign: async () => known?.foreign,
    }),
  };
}

/** The saved state, or in words why it isn't known; the rest can be told all the same. */
async function savedStateOr(access: LedgerAccess, isEmpty: boolean): Promise<SavedState | string> {
  const { exists, holds, stack } = access.situation;
  if (exists === false) return `there is no stack ${stack} in it`;
  if (isEmpty && holds === undefined) return "not asked for: the ledger is empty";
  try {
    return await stateOf(access);
  } catch (error) {
    return plainMessage(error instanceof Error ? error.message : String(error));
  }
}

function journalStatus(journal: JournalOutline): JournalStatus {
  const { file, bytes, header, entries, tornBytes, damagedAt, isAlive } = journal;
  return {
    file,
    bytes,
    entries: entries.size,
    startedAt: header?.startedAt,
    writtenBy: isAlive ? header?.pid : undefined,
    tornBytes,
    damagedAt,
  };
}

function countsOf(statuses: readonly EntryStatus[]): Partial<Record<EntryStatus, number>> {
  const counts: Partial<Record<EntryStatus, number>> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
