/** `authn ledger rekey`: sealed with AUTHN_PREVIOUS_SEED so far, with today's seed from now on. Killed halfway, it is run again. */
import { isAuthnError } from "../../../providers/errors.js";
import { contentsOf } from "../../../providers/host/ledger/contents.js";
import { type JournalFile, readJournals } from "../../../providers/host/ledger/folder.js";
import { openHeader } from "../../../providers/host/ledger/header.js";
import { isLedgerEmpty, type LedgerScope, rewriteLedger } from "../../../providers/host/ledger/index.js";
import { type ExitCode, exitCode } from "../exit.js";
import { answer } from "../report/result.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { type LedgerAccess, ledgerSeed, withLedger } from "./access.js";
import { accessOf, withTenant } from "./opening.js";
import { previousSeed } from "./seed.js";

/** @throws AuthnError ERR_AUTHN_LEDGER where a journal is sealed with neither of the two */
export function rekeyLedger(options: CommonOptions, surroundings: Surroundings): Promise<ExitCode> {
  return answer(options, surroundings, async () => {
    const access = await accessOf(options, surroundings);
    const rekeyed = (await isLedgerEmpty(access.place.folder))
      ? 0
      : await withTenant(access, () => withLedger(access, () => rekey(access)));
    const text =
      rekeyed === 0 ? "nothing to do: no journal is sealed with another seed" : `sealed ${rekeyed} entries anew`;
    if (!options.json) surroundings.stdout.write(`${text}\n`);
    return { code: exitCode.done, outputs: { rekeyed } };
  });
}

async function rekey(access: LedgerAccess): Promise<number> {
  const { folder, scope } = access.place;
  const seed = await ledgerSeed(access);
  const journals = await readJournals(folder);
  const ofToday = journals.filter((journal) => isSealedWith(journal, seed, scope));
  if (ofToday.length === journals.length) return 0;
  const others = journals.filter((journal) => !ofToday.includes(journal));
  const before = contentsOf(others, previousSeed(access.surroundings.environment), scope);
  // Left by a run that was killed after it had written, and before it took the old ones away.
  const already = contentsOf(ofToday, seed, scope);
  const entries = new Map([...before.entries, ...already.entries].map((entry) => [entry.revision, entry]));
  await rewriteLedger(folder, seed, scope, [...entries.values()]);
  return entries.size;
}

function isSealedWith({ header, line, file }: JournalFile, seed: Buffer, scope: LedgerScope): boolean {
  // One that was cut off before its first record is sealed with nothing.
  if (header === undefined || line === undefined) return true;
  try {
    openHeader(header, line, { seed, scope, file });
    return true;
  } catch (error) {
    if (isAuthnError(error) && error.code === "ERR_AUTHN_LEDGER") return false;
    throw error;
  }
}
