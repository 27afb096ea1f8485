/** What single services of the tenant are set to: JSON files, as strictly parsed as `startTenant`'s options, and one variable. */
import type { ZodType } from "zod";
import { baikalOptions } from "../../../emulator/baikal/settings.js";
import { hankoOptions } from "../../../emulator/hanko/settings.js";
import { describeIssues } from "../../../emulator/invalid.js";
import type { BaikalOptions, HankoOptions } from "../../../emulator/testing.js";
import { AuthnError } from "../../../providers/errors.js";
import { parseJson } from "../json.js";
import { readFileIfPresent } from "../private-file.js";

/** The file of `authn tenant --hanko-settings`. @throws AuthnError `ERR_AUTHN_USAGE` where it can't be used. */
export function readHankoSettings(file: string): Promise<HankoOptions> {
  return readSettings(file, "Hanko", hankoOptions);
}

/** The file of `authn tenant --baikal-settings`. @throws AuthnError `ERR_AUTHN_USAGE` where it can't be used. */
export function readBaikalSettings(file: string): Promise<BaikalOptions> {
  return readSettings(file, "Baikal", baikalOptions);
}

const PROPERTIES = {
  Hanko: "rpId, rpName, origins, userVerification, residentKey, attestation, timeoutMs",
  Baikal: "clients, jwksUrl, jwksCacheSeconds, accessTokenSeconds, bucketMaxAgeSeconds",
} as const;

async function readSettings<T>(file: string, service: keyof typeof PROPERTIES, schema: ZodType<T>): Promise<T> {
  const unusable = (detail: string) =>
    new AuthnError({
      code: "ERR_AUTHN_USAGE",
      what: `${service}'s settings can't be taken from ${file}: ${detail}`,
      remedy: `Give a JSON file with any of ${PROPERTIES[service]}`,
    });
  const text = await readFileIfPresent(file);
  if (text === undefined) throw unusable("there is no such file");
  const settings = schema.safeParse(parseJson(text), {
    error: ({ path }) => (path?.length ? undefined : "it isn't a JSON object"),
  });
  if (settings.success) return settings.data;
  throw unusable(describeIssues(settings.error));
}

const VARIABLE = "AUTHN_BAIKAL_JWKS_URL";

/**
 * Where the authserver fetches the demonstration client's JWKS, as the environment says; a file that says so too wins.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` where the variable holds no address.
 */
export function withJwksUrl(environment: NodeJS.ProcessEnv, given: BaikalOptions = {}): BaikalOptions {
  const jwksUrl = environment[VARIABLE];
  if (!jwksUrl) return given;
  if (baikalOptions.shape.jwksUrl.safeParse(jwksUrl).success) return { ...given, jwksUrl: given.jwksUrl ?? jwksUrl };
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `${VARIABLE} is no http or https address without credentials`,
    remedy: "Set it to where the demonstration client's JWKS is served, or leave it unset for the tenant's own bucket",
  });
}
