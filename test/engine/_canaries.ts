/**
 * What the canary tests look for: each secret under a name of its own, in each form in which one usually slips through, in each
 * place that the tool writes or prints. A finding says which secret stands where, and as what.
 */
import { createPrivateKey } from "node:crypto";
import { expect } from "vitest";

/** By what a finding calls them. Bytes are looked for as they are too: a picture, the private part of a key. */
export type Canaries = ReadonlyMap<string, string | Buffer>;
/** All text that stands there, by the name of the place: a file's path, "the terminal", "the journal". Bytes as latin1. */
export type Places = ReadonlyMap<string, string>;

/** Of a longer form its beginning and its end are looked for: an excerpt cuts the rest off. */
const WINDOW = 16;
/** What is shorter stands in other texts by chance. */
const SHORTEST = 8;

/** In plain, and as base64 and base64url (wherever that began), hex, in a URL, in JSON, as a list of bytes. */
export function formsOf(secret: string | Buffer): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const text = typeof secret === "string" ? secret : undefined;
  const json = text === undefined ? undefined : JSON.stringify(text).slice(1, -1);
  const aligned = [0, 1, 2].map((offset) => base64Inside(bytes, offset));
  const forms = new Map<string, string | undefined>([
    ["it is", text],
    ["bytes", bytes.toString("latin1")],
    ...aligned.map((core, offset) => [`base64, ${offset} bytes in`, core] as const),
    ...aligned.map((core, offset) => [`base64url, ${offset} bytes in`, urlSafe(core)] as const),
    ["hex", bytes.toString("hex")],
    ["upper-case hex", bytes.toString("hex").toUpperCase()],
    ["a part of a URL", text === undefined ? percent(bytes) : encodeURIComponent(text)],
    ["a form's field", text === undefined ? undefined : new URLSearchParams({ "": text }).toString().slice(1)],
    ["base64 in a URL", encodeURIComponent(bytes.toString("base64"))],
    ["JSON", json],
    ["JSON in JSON", json === undefined ? undefined : JSON.stringify(json).slice(1, -1)],
    ["JSON in ASCII", json?.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)],
    ["a list of bytes", [...bytes.subarray(0, WINDOW)].join(",")],
  ]);
  return new Map([...forms].flatMap(([form, found]) => (found === undefined ? [] : [[form, found]])));
}

/** The characters that any base64 has which holds the bytes so far behind a multiple of three: no neighbour has a part in them. */
function base64Inside(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  return encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

function percent(bytes: Buffer): string {
  return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
}

/** What is private of a key, as bytes: so PEM, DER and JWK are found alike. */
export function privateParts(name: string, key: string): readonly (readonly [string, Buffer])[] {
  const pem = key.includes("-----") ? key : `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
  const { d, p, q } = createPrivateKey(pem).export({ format: "jwk" });
  return Object.entries({ d, p, q }).flatMap(([part, value]) =>
    value === undefined ? [] : [[`the ${part} of ${name}`, Buffer.from(value, "base64url")] as const],
  );
}

interface Needle {
  readonly text: string;
  readonly secret: string;
  readonly form: string;
}

/** @returns one line for each secret in each place: `x.json holds keyri:token, as hex` */
export function findLeaks(canaries: Canaries, places: Places): readonly string[] {
  const needles = needlesOf(canaries);
  return [...places].flatMap(([place, text]) => {
    const found = new Map<string, string>();
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      for (const { text: needle, secret, form } of needles.get(text.slice(at, at + SHORTEST)) ?? [])
        if (!found.has(secret) && text.startsWith(needle, at)) found.set(secret, form);
    }
    return [...found].map(([secret, form]) => `${place} holds ${secret}, as ${form}`);
  });
}

/** By their first characters: each place is read once, however many secrets there are. */
function needlesOf(canaries: Canaries): ReadonlyMap<string, readonly Needle[]> {
  const needles = new Map<string, Needle[]>();
  for (const [secret, value] of canaries) {
    if (Buffer.from(value).length < SHORTEST) throw new Error(`${secret} is too short to be told from other text`);
    for (const [form, whole] of formsOf(value)) {
      for (const text of new Set([whole.slice(0, WINDOW), whole.slice(-WINDOW)])) {
        const start = text.slice(0, SHORTEST);
        const alike = needles.get(start) ?? [];
        needles.set(start, alike);
        alike.push({ text, secret, form });
      }
    }
  }
  return needles;
}

export function expectNowhere(canaries: Canaries, places: Places): void {
  expect(findLeaks(canaries, places)).toEqual([]);
}
