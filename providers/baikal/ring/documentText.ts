/** A JWKS as the text that is published. On its own, so that a program gets it without cryptography. */
import type { JwksDocument } from "./document.js";

/** The bytes that are published: the same for the same keys, whatever order their members come in. */
export function documentText({ keys, ring }: JwksDocument): string {
  const sorted = keys.map((key) =>
    Object.fromEntries(Object.entries(key).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
  return `${JSON.stringify({ keys: sorted, ...(ring === undefined ? {} : { ring }) })}\n`;
}
