/** A JWKS (RFC 7517 §5) as the text that is published. On its own, so that a program gets it without cryptography. */

interface KeySet {
  readonly keys: readonly object[];
}

/** The bytes that are published: the same for the same keys, whatever order their members come in from the engine. */
export function documentText({ keys, ...more }: KeySet): string {
  return `${JSON.stringify({ keys: keys.map(sorted), ...sorted(more) })}\n`;
}

function sorted(members: object): object {
  return Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
}
