/** The name that the ledger has for what a saved state knows of a resource. */
import { createHash } from "node:crypto";

/**
 * The revision in a saved state's outputs; of a state from before there was a ledger, one that its type and id yield.
 * @returns 16 characters, base64url
 */
export function revisionOf(type: string, id: string, outputs: Readonly<Record<string, unknown>>): string {
  const { revision } = outputs;
  if (typeof revision === "string") return revision;
  return createHash("sha256")
    .update(JSON.stringify([type, id]))
    .digest()
    .subarray(0, 12)
    .toString("base64url");
}
