/** `authn ledger forget`: entries dropped without a call, and what may therefore stand for ever. */
import { copyFile } from "node:fs/promises";
import { closest } from "fastest-levenshtein";
import { AuthnError } from "../../../providers/errors.js";
import {
  isLedgerEmpty,
  type LedgerEntry,
  outlineLedger,
  readLedger,
  removeJournals,
  rewriteLedger,
} from "../../../providers/host/ledger/index.js";
import { type ExitCode, exitCode } from "../exit.js";
import { type Answer, answer } from "../report/result.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { oneLine } from "../text.js";
import { type LedgerAccess, ledgerSeed, openLedger, withLedger } from "./access.js";
import { accessOf, withTenant } from "./opening.js";
import { entryText } from "./show.js";

export interface ForgetOptions extends CommonOptions {
  /** Of resources: `ada/phone`. */
  readonly names: readonly string[];
  readonly all: boolean;
  readonly damaged: boolean;
}

type Forgotten = { readonly forgotten: number; readonly lines: readonly string[] };

/** @throws AuthnError ERR_AUTHN_USAGE unless exactly one of names, `--all` and `--damaged` is given */
export function forgetEntries(options: ForgetOptions, surroundings: Surroundings): Promise<ExitCode> {
  const { names, all, damaged, json } = options;
  return answer(options, surroundings, async (): Promise<Answer> => {
    if ([names.length > 0, all, damaged].filter(Boolean).length !== 1) throw oneOfThem();
    const access = await accessOf(options, surroundings);
    const tell = ({ forgotten, lines }: Forgotten): Answer => {
      if (!json) surroundings.stdout.write(`${lines.join("\n")}\n`);
      return { code: exitCode.done, outputs: { forgotten } };
    };
    if (await isLedgerEmpty(access.place.folder)) return tell({ forgotten: 0, lines: ["the ledger is empty"] });
    // Giving everything up is for a seed that is lost, too.
    if (all) return tell(await withLedger(access, () => forgetAll(access)));
    return await withTenant(access, () =>
      withLedger(access, async () => tell(await (damaged ? forgetDamaged(access) : forgetNamed(access, names)))),
    );
  });
}

async function forgetAll({ place }: LedgerAccess): Promise<Forgotten> {
  const journals = await outlineLedger(place.folder);
  const revisions = new Set(journals.flatMap(({ entries }) => [...entries.keys()]));
  await removeJournals(journals.map(({ file }) => file));
  const text = `forgot ${revisions.size} entries; what they made and no state holds stands for ever, unless somebody removes it`;
  return { forgotten: revisions.size, lines: [text] };
}

async function forgetNamed(access: LedgerAccess, names: readonly string[]): Promise<Forgotten> {
  const { folder, scope } = access.place;
  const { entries, seed } = await openLedger(access);
  const unknown = names.filter((name) => !entries.some(({ owner }) => owner.name === name));
  if (unknown.length > 0) throw unknownNames(unknown, entries);
  const gone = entries.filter(({ owner }) => names.includes(owner.name));
  await rewriteLedger(
    folder,
    seed,
    scope,
    entries.filter((entry) => !gone.includes(entry)),
  );
  return {
    forgotten: gone.length,
    lines: [...gone.map((entry) => entryText(entry, false)), `forgot ${gone.length}: what stands of them stays there`],
  };
}

/** What can be read is written anew; a damaged file keeps its bytes beside it, under a name that no journal has. */
async function forgetDamaged(access: LedgerAccess): Promise<Forgotten> {
  const { folder, scope } = access.place;
  const seed = await ledgerSeed(access);
  const { entries, damages } = await readLedger(folder, seed, scope, { salvage: true });
  if (damages.length === 0) return { forgotten: 0, lines: ["no journal is damaged"] };
  const files = (await outlineLedger(folder)).map(({ file }) => file);
  const damaged = files.filter((file) => damages.some((account) => account.includes(file)));
  for (const file of damaged) await copyFile(file, `${file}.damaged`);
  await rewriteLedger(folder, seed, scope, entries);
  return {
    forgotten: damaged.length,
    lines: [
      ...damages,
      ...damaged.map((file) => `set aside as ${file}.damaged`),
      `kept ${entries.length} sound entries; what the others made may stand: compare the services with the state`,
    ].map(oneLine),
  };
}

function oneOfThem(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: "Nothing says what is to be forgotten, or too much does",
    remedy: "Give names (`authn ledger show` lists them), or --all, or --damaged",
  });
}

function unknownNames(unknown: readonly string[], entries: readonly LedgerEntry[]): AuthnError {
  const known = entries.map(({ owner }) => owner.name);
  const meant = known.length === 0 ? [] : unknown.map((name) => oneLine(closest(name, known)));
  return new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: `The ledger has no entry of ${unknown.map(oneLine).join(", ")}`,
    remedy: meant.length === 0 ? "It is empty" : `Did you mean ${meant.join(", ")}?`,
  });
}
