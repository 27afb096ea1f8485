/** What `authn` does once its engine has ended: the ledger's journals go whose entries the saved state holds. Plain `pulumi` leaves them. */
import { readFile } from "node:fs/promises";
import { isLedgerEmpty, ledgerFolder, outlineLedger, removeJournals } from "../dist/providers/host/ledger/index.js";
import { judge } from "../dist/src/cli/ledger/judgement.js";
import { savedStateOf } from "../dist/src/cli/ledger/saved-state.js";

/** @param {{ home: string, projectFolder: string, project: string, stack: string, stateFile: string }} place of AUTHN_HOME, the stack and its state */
export async function settle({ home, projectFolder, project, stack, stateFile }) {
  const folder = ledgerFolder(undefined, home, projectFolder, { project, stack });
  if (folder === undefined || (await isLedgerEmpty(folder))) return;
  const saved = savedStateOf(await readFile(stateFile, "utf8"));
  if (saved === undefined) throw new Error(`${stateFile} can't be read`);
  const held = new Set(saved.resources.map(({ revision }) => revision));
  const { finished, unresolved } = judge(await outlineLedger(folder), held);
  if (unresolved.size > 0) throw new Error(`the state doesn't hold ${unresolved.size} entries of the ledger`);
  await removeJournals(finished);
}
