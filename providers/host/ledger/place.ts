/**
 * Where a stack's ledger lies: a folder of its own in `authn:ledger`, by default in AUTHN_HOME, beside the local state
 * (design: "Configuration").
 */
import { join, resolve } from "node:path";

/** Whose ledger it is. */
export interface LedgerScope {
  readonly project: string;
  /** As `pulumi.getStack()` has it: without organization and project. */
  readonly stack: string;
}

/** The value of `authn:ledger` that turns it off. */
export const LEDGER_OFF = "off";

/**
 * @param place `authn:ledger`: a folder, relative to the project's, or "off"
 * @param home AUTHN_HOME, absolute
 * @param projectFolder absolute
 * @returns the absolute folder, which may not exist; undefined: there is to be no ledger
 */
export function ledgerFolder(
  place: string | undefined,
  home: string,
  projectFolder: string,
  { project, stack }: LedgerScope,
): string | undefined {
  if (place === LEDGER_OFF) return undefined;
  const base = isBesideState(place) ? join(home, "ledger") : resolve(projectFolder, place);
  return join(base, folderName(project), folderName(stack));
}

/** Nobody named another place: it lies in AUTHN_HOME, as `authn`'s own state does. */
function isBesideState(place: string | undefined): place is "" | undefined {
  return place === undefined || place === "";
}

/** The folder of the state that lies beside a ledger in this place; undefined: none does. */
export function stateBeside(place: string | undefined, home: string): string | undefined {
  return isBesideState(place) ? join(home, "state") : undefined;
}

/** A name that leads nowhere else: `.` and `..` would. */
function folderName(name: string): string {
  return encodeURIComponent(name).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length));
}
