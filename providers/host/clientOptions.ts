/** The options of a client for users' own tests, judged by the schema of the configuration that they stand for. */
import { type ZodType, z } from "zod";
import { AuthnError } from "../errors.js";

/** @throws AuthnError `ERR_AUTHN_CONFIGURATION` that names what can't be used, and no value */
export function usableOptions<Settings>(client: string, schema: ZodType<Settings>, options: object): Settings {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `These options of ${client} can't be used: ${z.prettifyError(parsed.error)}`,
    remedy: "Correct what is named",
  });
}
