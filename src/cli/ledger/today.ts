/**
 * Today's configuration with its secrets, for the calls that `authn` makes itself: plain values from the project's files, encrypted
 * ones from the engine's own process, and only where somebody asks for one. No secret is an argument of a process.
 */
import { z } from "zod";
import { AuthnError } from "../../../providers/errors.js";
import type { ReadConfiguration } from "../../../providers/host/configuration.js";
import type { Configuration } from "../configuration.js";
import { parseJson } from "../json.js";

/** `pulumi config --json --show-secrets` of engine v3.228.0: a list or a map has its JSON as the value. */
const printed = z.record(z.string(), z.object({ value: z.string().optional() }));

/**
 * @param wanted the keys that are going to be read: without an encrypted one among them the engine isn't asked
 * @param ask the engine's answer, as it prints it
 */
export async function todaysReader(
  { values, secretKeys }: Configuration,
  wanted: (key: string) => boolean,
  ask: () => Promise<string>,
): Promise<ReadConfiguration> {
  if (![...secretKeys].some(wanted)) return (key) => values[key];
  const answer = printed.safeParse(parseJson(await ask()));
  if (!answer.success) {
    throw new AuthnError({
      code: "ERR_AUTHN_ENGINE",
      what: "The engine printed a configuration that can't be read",
      where: "pulumi config",
      remedy: "See what `pulumi config --json` prints",
    });
  }
  return (key) => (secretKeys.has(key) ? answer.data[key]?.value : values[key]);
}
