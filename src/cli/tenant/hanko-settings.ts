/** The file of `authn tenant --hanko-settings`: JSON, as strictly parsed as the option `hanko` of `startTenant`. */
import { hankoOptions } from "../../../emulator/hanko/settings.js";
import { describeIssues } from "../../../emulator/invalid.js";
import type { HankoOptions } from "../../../emulator/testing.js";
import { AuthnError } from "../../../providers/errors.js";
import { readFileIfPresent } from "../private-file.js";

/** @throws AuthnError `ERR_AUTHN_USAGE` where there is no such file, or it holds anything else. */
export async function readHankoSettings(file: string): Promise<HankoOptions> {
  const text = await readFileIfPresent(file);
  if (text === undefined) throw unusable(file, "there is no such file");
  const settings = hankoOptions.safeParse(parseJson(text), {
    error: ({ path }) => (path?.length ? undefined : "it isn't a JSON object"),
  });
  if (settings.success) return settings.data;
  throw unusable(file, describeIssues(settings.error));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(file: string, detail: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: `Hanko's settings can't be taken from ${file}: ${detail}`,
    remedy: "Give a JSON file with any of rpId, rpName, origins, userVerification, residentKey, attestation, timeoutMs",
  });
}
