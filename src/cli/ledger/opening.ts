/** A stack's ledger for a command that works on it outside an operation; its stack may be one of plain `pulumi`. */
import { AuthnError } from "../../../providers/errors.js";
import { loggedInBackend } from "../../../providers/host/ledger/index.js";
import { companyOf } from "../company.js";
import { once } from "../once.js";
import { prepare } from "../preparation.js";
import { lookAround } from "../situation.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import type { LedgerAccess } from "./access.js";
import { ledgerPlace } from "./place.js";

/** @throws AuthnError ERR_AUTHN_USAGE where the ledger is off */
export async function accessOf(options: CommonOptions, given: Surroundings): Promise<LedgerAccess> {
  const { situation, surroundings } = await whereTheStateIs(options, given);
  const place = ledgerPlace(situation, surroundings.environment);
  if (place === undefined) {
    throw new AuthnError({
      code: "ERR_AUTHN_USAGE",
      what: `Stack ${options.stack} keeps no ledger: authn:ledger is off`,
      remedy: "Take that setting away, or name a folder in it",
    });
  }
  const report = (line: string) => surroundings.stderr.write(`${line}\n`);
  const engine = once(() => prepare(situation, surroundings, { report, onSpawn: () => {} }));
  return { place, situation, surroundings, report, engine };
}

/** A stack that this command's own backend doesn't have, and for which none is named, is where `pulumi login` says. */
async function whereTheStateIs(options: CommonOptions, surroundings: Surroundings) {
  const situation = await lookAround(options, surroundings);
  const { environment } = surroundings;
  const url = situation.backend.ours && situation.exists === false ? await loggedInBackend(environment) : undefined;
  if (url === undefined) return { situation, surroundings };
  const loggedIn = { ...surroundings, environment: { ...environment, PULUMI_BACKEND_URL: url } };
  return { situation: await lookAround(options, loggedIn), surroundings: loggedIn };
}

/** Runs the work while the embedded tenant runs, where the stack uses that: its seed and its services are needed. */
export async function withTenant<T>(
  { situation, surroundings, report }: LedgerAccess,
  work: () => Promise<T>,
): Promise<T> {
  const company = companyOf("destroy", situation, surroundings, report);
  try {
    await company.tenant();
    return await work();
  } finally {
    await company.leave();
  }
}
