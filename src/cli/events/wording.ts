/** What the engine says in words that mislead here, in ours. Texts: engine v3.228.0. */
import { nameOf } from "./urn.js";

const pending = /^Attempting to deploy or update resources with \d+ pending operations/;
const pendingLine = /^\s*\* (urn:\S.*), interrupted while (\w+)$/gm;

const cutOffBefore = "an earlier run was cut off";

/** Whether a message, in our words, is about creates that an earlier run left unfinished. */
export function tellsOfCutOff(message: string): boolean {
  return message.startsWith(cutOffBefore);
}

/** A refused input: the engine repeats the resource, which stands beside it anyway, and the value, which may be a secret. */
const refusedInput = /^\S+ resource '[^\n]*?'(?:: property (\S+) value \{[\s\S]*?\})? has a problem: /;

export function inOurWords(message: string): string {
  return pending.test(message)
    ? cutOff(message)
    : message.replace(refusedInput, (_, property?: string) => (property === undefined ? "" : `${property}: `));
}

function cutOff(message: string): string {
  const what = [...message.matchAll(pendingLine)].map(([, urn = "", doing = ""]) => `${doing} ${nameOf(urn)}`);
  const list = what.length === 0 ? "" : ` while ${what.join(", ")}`;
  return `${cutOffBefore}${list}; \`authn up\` takes over what it left, \`authn refresh\` clears this mark`;
}
