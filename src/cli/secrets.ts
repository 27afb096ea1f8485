/**
 * The passphrase of a stack's secrets: the caller's (PULUMI_CONFIG_PASSPHRASE or _FILE), else, for the local backend of
 * AUTHN_HOME alone, one that is made once and kept there (0600).
 */
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { AuthnError } from "../../providers/errors.js";
import type { Backend } from "./backend.js";
import type { Home } from "./home.js";
import { createPrivateFileOnce, readFileIfPresent } from "./private-file.js";
import type { StackSettings } from "./project.js";

export interface PassphraseQuestion {
  readonly environment: NodeJS.ProcessEnv;
  readonly backend: Backend;
  readonly home: Home;
  readonly cwd: string;
  readonly stack: string;
  /** The project's own file of the stack. */
  readonly settings: StackSettings | undefined;
}

/** What the engine's environment needs besides the caller's own; empty where nothing does. */
export async function passphraseEnvironment(question: PassphraseQuestion): Promise<Record<string, string>> {
  const { environment, backend, home, settings, stack } = question;
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined) return {};
  if (file) return { PULUMI_CONFIG_PASSPHRASE_FILE: resolve(question.cwd, file) };
  if (!usesPassphrase(backend, settings)) return {};
  if (settings?.encryptionsalt !== undefined) {
    throw missingPassphrase(
      `The file of stack ${stack} has an encryptionsalt: its secrets have a passphrase of their own`,
    );
  }
  if (!backend.ours) throw missingPassphrase(`The secrets of stack ${stack} need a passphrase in this backend`);
  const passphrase =
    (await readFileIfPresent(home.passphraseFile)) ??
    (await createPrivateFileOnce(home.passphraseFile, `${randomBytes(24).toString("base64url")}\n`));
  if (passphrase.trim() === "") {
    throw new AuthnError({
      code: "ERR_AUTHN_CONFIGURATION",
      what: `${home.passphraseFile} is empty`,
      remedy: "Put the passphrase of the local state back into it; without it the state's secrets can't be read",
    });
  }
  // The file, not what stands in it: whatever the engine starts inherits its environment.
  return { PULUMI_CONFIG_PASSPHRASE_FILE: home.passphraseFile };
}

function usesPassphrase(backend: Backend, settings: StackSettings | undefined): boolean {
  const provider = settings?.secretsprovider;
  if (settings?.encryptionsalt !== undefined) return true;
  if (provider !== undefined && provider !== "default") return provider === "passphrase";
  // Pulumi Cloud keeps keys itself; every self-managed backend has a passphrase unless told otherwise.
  return !/^https?:/.test(backend.url);
}

function missingPassphrase(what: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what,
    remedy: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
  });
}
