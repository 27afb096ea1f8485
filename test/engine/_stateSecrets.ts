/** Every secret that a stack holds, learnt from its decrypted state: so that none is forgotten, whichever resource it comes from. */
import { z } from "zod";
import { privateParts } from "./_canaries.js";

/** How the engine marks a secret of a state (its `resource.SecretSig`). */
const secretValue = z.object({
  "4dabf18193072939515e22adb298388d": z.literal("1b47061264138c4ac30d75fd1eb44270"),
  plaintext: z.string(),
});
/** Below this, a text within a secret is a word of its format. */
const SHORTEST = 12;

/** @param exported what `pulumi stack export --show-secrets` prints */
export function secretsOfState(exported: string): ReadonlyMap<string, string | Buffer> {
  const found = new Map<string, string | Buffer>();
  visit(JSON.parse(exported), "", found);
  return found;
}

function visit(value: unknown, path: string, found: Map<string, string | Buffer>): void {
  const secret = secretValue.safeParse(value).data;
  if (secret !== undefined) {
    for (const text of textsIn(secret.plaintext)) learn(text, `${path} ${found.size}`, found);
  } else if (typeof value === "object" && value !== null) {
    const name = z.looseObject({ urn: z.string() }).safeParse(value).data?.urn.split("::").at(-1);
    for (const [key, item] of Object.entries(value))
      visit(item, name === undefined ? join(path, key) : `${name} ${key}`, found);
  }
}

function learn(text: string, name: string, found: Map<string, string | Buffer>): void {
  try {
    for (const [part, bytes] of privateParts(name, text)) found.set(part, bytes);
  } catch {
    found.set(name, text);
  }
}

/** What stands in a secret output beside its secrets, and in plain elsewhere. */
const OPEN = ["id", "credentialId", "keylessId", "publicKey", "rpId", "origin"];

/** The texts of JSON that stands in a text, a client state's parts too. */
function textsIn(json: string): readonly string[] {
  const texts: string[] = [];
  JSON.parse(json, (key, value: unknown) => {
    const isSecret = typeof value === "string" && value.length >= SHORTEST && !OPEN.includes(key);
    if (isSecret && !/^https?:/.test(value)) texts.push(...(value.startsWith("{") ? textsIn(value) : [value]));
    return value;
  });
  return texts;
}

function join(path: string, key: string): string {
  return path === "" || /^(?:deployment|resources|\d+)$/.test(path) ? key : `${path}.${key}`;
}
