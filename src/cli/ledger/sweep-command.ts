/** `authn ledger sweep`: what neither state nor declaration holds, listed, and with `--yes` removed by the lifecycles' own deletes. */
import { AuthnError } from "../../../providers/errors.js";
import { isLedgerEmpty, outlineLedger } from "../../../providers/host/ledger/index.js";
import { type ExitCode, exitCode } from "../exit.js";
import { clearLocks } from "../preparation.js";
import { answer } from "../report/result.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { type LedgerAccess, openLedger, stateOf, withLedger } from "./access.js";
import { judge } from "./judgement.js";
import { accessOf, withTenant } from "./opening.js";
import { heldRevisions, type SavedState } from "./saved-state.js";
import { entryText, shownEntry } from "./show.js";
import { leftLines, sweep, type Unremoved } from "./sweep.js";
import { fatesOf } from "./unheld.js";
import { subjectOf } from "./wording.js";

export interface SweepOptions extends CommonOptions {
  /** Without it nothing is changed. */
  readonly yes: boolean;
  /** The stack's state is lost: all that was made for it is unheld. */
  readonly withoutState: boolean;
  /** What was made for another state of this project and stack is judged by this one. */
  readonly anyBackend: boolean;
}

/** @throws AuthnError ERR_AUTHN_LEDGER where the ledger can't be read, or something could not be removed */
export function sweepLedger(options: SweepOptions, surroundings: Surroundings): Promise<ExitCode> {
  const write = (line: string) => (options.json ? undefined : surroundings.stdout.write(`${line}\n`));
  return answer(options, surroundings, async () => {
    const access = await accessOf(options, surroundings);
    if (await isLedgerEmpty(access.place.folder)) {
      write("the ledger is empty");
      return { code: exitCode.done, outputs: { unheld: [], removed: false } };
    }
    const { unheld } = await withTenant(access, () =>
      withLedger(access, async () => {
        // What an engine at work has made, its state may not hold yet.
        await clearLocks(access.situation, access.surroundings, access.report);
        const { resources } = await comparedState(access, options);
        const contents = await openLedger(access);
        const held = heldRevisions(resources);
        const { folder, backend } = access.place;
        const ofBackend = options.anyBackend ? undefined : backend;
        const judgement = judge(await outlineLedger(folder), held, ofBackend);
        const fates = fatesOf(contents.entries, judgement, resources, ofBackend);
        if (options.yes) refuseLeft(await sweep(access, contents, fates));
        else for (const line of leftLines(fates)) access.report(line);
        return fates;
      }),
    );
    if (unheld.length === 0) write("nothing to remove");
    else if (options.yes) write(`${unheld.length} removed`);
    else write([...unheld.map((entry) => entryText(entry, false)), wouldRemove(unheld.length)].join("\n"));
    const shown = unheld.map((entry) => shownEntry(entry, false));
    return { code: exitCode.done, outputs: { unheld: shown, removed: options.yes } };
  });
}

async function comparedState(
  access: LedgerAccess,
  { withoutState }: SweepOptions,
): Promise<Pick<SavedState, "resources">> {
  const { exists, backend, stack } = access.situation;
  if (exists ?? (await isInBackend(access))) return await stateOf(access);
  if (withoutState) return { resources: [] };
  throw new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `There is no stack ${stack} in ${backend.folder ?? "this backend"}, so nobody can tell what its state holds`,
    remedy: "Set PULUMI_BACKEND_URL to where its state lies, or give --without-state where that is lost",
  });
}

async function isInBackend({ engine }: LedgerAccess): Promise<boolean> {
  const { automation, stack } = await engine();
  return await automation.askStackExists(stack);
}

const wouldRemove = (count: number) =>
  `--yes removes ${count === 1 ? "it" : `these ${count}`}; what is declared still, an \`up\` takes over as it is, or makes again`;

function refuseLeft(unremoved: readonly Unremoved[]): void {
  if (unremoved.length === 0) return;
  const lines = unremoved.map(({ entry, reason }) => `  ${subjectOf(entry)}: ${reason}`).join("\n");
  throw new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `Not all could be removed:\n${lines}\nTheir entries stay in the ledger`,
    remedy: "Put right what is named and run it again",
  });
}
