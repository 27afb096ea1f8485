/** A destroy that needs no engine run: the state is empty, or there is none. What only the ledger knows still goes. */
import { AuthnError } from "../../providers/errors.js";
import { stateFile } from "./backend.js";
import { shownAddress } from "./backend-address.js";
import { companyOf } from "./company.js";
import type { OperationLedger } from "./ledger/of-operation.js";
import { nothingLeft, type Settlement } from "./ledger/settlement.js";
import { once } from "./once.js";
import { clearLocks, type Prepared, prepare } from "./preparation.js";
import type { Failure } from "./report/failures.js";
import type { Situation } from "./situation.js";
import { readState } from "./state.js";
import { refuseWhenStopped } from "./stopped.js";
import type { Surroundings } from "./surroundings.js";

/** Running the engine would register what holds the people, for nothing: the stack is as it should be. */
export async function nothingToDestroy(
  situation: Situation,
  { remove }: { readonly remove: boolean },
  surroundings: Surroundings,
  ledger: OperationLedger,
  report: (line: string) => void,
): Promise<readonly Failure[]> {
  const engine = once(() => prepare(situation, surroundings, { report, onSpawn: () => {} }));
  const { failures, resolved } = await settled();
  if (!remove || failures.length > 0) return failures;
  if (!resolved) return [ledgerKeepsStack(situation)];
  const prepared = await engine();
  refuseWhenStopped(surroundings.stop);
  await removeStack(situation, prepared, ledger, report);
  return [];

  async function settled(): Promise<Settlement> {
    await clearLocks(situation, surroundings, report);
    if (await ledger.isEmpty()) return nothingLeft;
    const company = companyOf("destroy", situation, surroundings, report);
    try {
      await company.tenant();
      refuseWhenStopped(surroundings.stop);
      return await ledger.settle({ succeeded: true, cutOff: false }, engine);
    } finally {
      await company.leave();
    }
  }
}

/**
 * Of a stack that isn't in this backend nothing is swept: another backend's state may hold what the ledger knows.
 * @throws AuthnError ERR_AUTHN_LEDGER
 */
export async function refuseStateless({ backend, stack }: Situation, ledger: OperationLedger): Promise<void> {
  if (await ledger.isEmpty()) return;
  throw new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `There is no stack ${stack} in ${backend.folder ?? shownAddress(backend.url)}, but its ledger isn't empty`,
    remedy:
      "See `authn ledger status`; if its state lies elsewhere, set PULUMI_BACKEND_URL; if it is to have another one beside that, name a ledger of its own (authn:ledger); and if it is lost, `authn ledger sweep --without-state` lists what was made for it, with `--any-backend` also what was made for one at another address",
  });
}

export async function removeStack(
  { backend, project, stack: name }: Situation,
  { automation, stack }: Prepared,
  ledger: OperationLedger,
  report: (line: string) => void,
): Promise<void> {
  // Of people who were declared and never made, the engine leaves the component and the provider in the state.
  const { holds } = await readState(stateFile(backend, project, name));
  const onlyLeftovers = holds !== undefined && !holds.nothing && holds.declared.length === 0;
  await automation.removeStack(stack, onlyLeftovers);
  await ledger.leave();
  report(`removed stack ${name}`);
}

export function ledgerKeepsStack({ stack }: Situation): Failure {
  const message = `Stack ${stack} isn't removed: its ledger knows of what may still stand. See \`authn ledger show\`, then \`authn ledger sweep\` or \`authn ledger forget\``;
  return { where: undefined, message };
}
