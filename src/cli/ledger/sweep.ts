/** The sweep: removes what only the ledger knows by the lifecycles' own deletes, and writes down what is left. */
import { realDependencies } from "../../../providers/host/dependencies.js";
import { type LedgerEntry, rewriteLedger } from "../../../providers/host/ledger/index.js";
import { plainMessage } from "../report/failures.js";
import { configurationOf, type LedgerAccess } from "./access.js";
import type { Fates } from "./unheld.js";
import { elsewhereText, lostText, reasonOf, sharedText, subjectOf } from "./wording.js";

export interface Unremoved {
  readonly entry: LedgerEntry;
  /** No secret, no stack trace. */
  readonly reason: string;
}

/** How many deletes go on at the same time; the rate budgets hold beside it. */
const AT_A_TIME = 10;
/** More lines than this no one reads. */
const MOST_LINES = 20;

/**
 * Removes what nobody holds, and tells of each. To be called under the ledger's lock.
 * @returns what could not be removed: its entries stay
 */
export async function sweep(
  access: LedgerAccess,
  contents: { readonly seed: Buffer; readonly entries: readonly LedgerEntry[] },
  fates: Fates,
): Promise<readonly Unremoved[]> {
  const { place, surroundings, report } = access;
  const { unheld, kept } = fates;
  const unremoved: Unremoved[] = [];
  const waiting = [...unheld];
  let done = 0;
  const remove = unheld.length === 0 ? undefined : await removal(access);
  const work = async () => {
    for (let entry = waiting.shift(); entry !== undefined && remove !== undefined; entry = waiting.shift()) {
      try {
        if (surroundings.stop.aborted) throw new Error("stopped before its turn came");
        const outcome = (await remove(entry)) === "removed" ? "removed" : "retained, and forgotten:";
        done += 1;
        if (done > MOST_LINES) continue;
        report(`${outcome} ${subjectOf(entry)}, which neither state nor declaration holds: ${reasonOf(entry)}`);
      } catch (error) {
        unremoved.push({ entry, reason: plainMessage(error instanceof Error ? error.message : String(error)) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  if (done > MOST_LINES) report(`and ${done - MOST_LINES} more that only the ledger knew`);
  for (const line of leftLines(fates)) report(line);
  const keep = new Set([...kept, ...unremoved.map(({ entry }) => entry)]);
  const left = contents.entries.filter((entry) => keep.has(entry));
  if (left.length < contents.entries.length) await rewriteLedger(place.folder, contents.seed, place.scope, left);
  return unremoved;
}

/** What only a person can settle, a line each. */
export function leftLines({ shared, elsewhere: all, lost }: Fates): readonly string[] {
  // What is gone concerns nobody who reads this.
  const elsewhere = all.filter(({ status }) => status !== "closed");
  return [
    ...shared.map(({ entry, holder }) => sharedText(entry, holder)),
    ...(elsewhere.length === 0 ? [] : [elsewhereText(elsewhere)]),
    ...lost.map(lostText),
  ];
}

/** The lifecycles' deletes with today's configuration; loaded only where something is to go. */
async function removal(access: LedgerAccess) {
  const { situation, surroundings, report } = access;
  const [{ removers }, read] = await Promise.all([import("../../../providers/removers.js"), configurationOf(access)]);
  const host = {
    environment: { ...surroundings.environment, AUTHN_HOME: situation.home.folder },
    workingDirectory: situation.project.folder,
    dependencies: { ...realDependencies(), tell: report, warn: (line: string) => report(`warning: ${line}`) },
  };
  return (entry: LedgerEntry) => {
    const remover = removers.get(entry.owner.type);
    if (remover === undefined)
      throw new Error(`this pulumi-authn knows no ${entry.owner.type}: use the version that made it`);
    return remover(entry, read, host);
  };
}
