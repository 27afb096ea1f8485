/** The configuration's faults, found before anything is started. The systems' own rules are their sections' (providers/host). */
import { AuthnError } from "../../providers/errors.js";
import type { Configuration } from "./configuration.js";

/** Each fault as one sentence that names the key and the remedy. */
export type CheckConfiguration = (configuration: Configuration, environment: NodeJS.ProcessEnv) => readonly string[];

/** What this command itself reads. */
export const checkOwnConfiguration: CheckConfiguration = ({ values, secretKeys }) => {
  const faults: string[] = [];
  const tenant = values["authn:tenant"];
  if (tenant !== undefined && tenant !== "embedded") faults.push('authn:tenant can only be "embedded"');
  for (const key of ["authn:tenant", "authn:fixtures"]) {
    if (secretKeys.has(key)) faults.push(`${key} must be plain text: set it again without --secret`);
  }
  return faults;
};

/** @throws AuthnError ERR_AUTHN_CONFIGURATION that lists every fault. */
export function refuseFaults(faults: readonly string[], stack: string): void {
  if (faults.length === 0) return;
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The configuration of stack ${stack} is wrong:\n${faults.map((fault) => `  ${fault}`).join("\n")}\nNothing was started`,
    remedy: "Put it right and run the command again",
  });
}
