/** The relying party that ceremonies are for, and whether one took place where it may. */
import { urlOf } from "../../url.js";

export interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
}

/** True where this is one of the relying party's origins; case and path don't count (contracts/hanko.md). */
export function isOriginOf({ origins }: RelyingParty, origin: string): boolean {
  const wanted = serialised(origin);
  return wanted !== undefined && origins.some((own) => serialised(own) === wanted);
}

function serialised(origin: string): string | undefined {
  return /^https?:/i.test(origin) ? urlOf(origin)?.origin : undefined;
}
