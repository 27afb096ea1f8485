/**
 * The one place where text from outside becomes fit to be shown: secrets masked in every form in which a service echoes them,
 * control characters made visible, length bounded. Every error text, excerpt and log line of the HTTP layer passes through it.
 */
import { pieces } from "./pieces.js";

/** How much of an answer an error shows, in characters. */
export const EXCERPT_LENGTH = 200;

const MASK = "***";
const CUT = "…";
/** How much of a text is looked at, as a multiple of what is to be shown: what is masked makes room for what follows. */
const LOOKED_AT = 10;
/** Below this many characters a secret is masked only where it stands as a whole token: elsewhere it would hide ordinary words. */
const SHORT = 4;
/** A line of a multi-line secret (PEM) of at least this many characters is a secret by itself. */
const LONG_LINE = 16;
/** C0 and C1 controls, line separators, and the marks that reorder or hide text (Unicode bidirectional and zero-width). */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

interface Form {
  readonly text: string;
  readonly wholeToken: boolean;
}

/**
 * The base64 characters that any text holds which encodes the secret somewhere inside (RFC 4648 §4): for each of the three
 * alignments, those that no neighbouring byte has a part in. `Basic` credentials hold a password so.
 */
function base64Cores(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(from, to);
  });
}

/** `encodeURIComponent` that leaves half a surrogate pair as the replacement character, as UTF-8 encoders do. */
function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}

function lowerCaseEscapes(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase());
}

function formsOf(secret: string): readonly Form[] {
  const base64 = Buffer.from(secret, "utf8").toString("base64");
  const base64url = Buffer.from(secret, "utf8").toString("base64url");
  const hex = Buffer.from(secret, "utf8").toString("hex");
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const percent = percentEncode(secret);
  const strict = percent.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ "": secret }).toString().slice(1);
  const short = secret.length < SHORT;
  const twice = JSON.stringify(json).slice(1, -1);
  const whole = [secret, json, twice, json.replaceAll("/", "\\/"), ascii, ascii.replaceAll("/", "\\/")];
  const percentForms = [percent, strict, form].flatMap((text) => [text, lowerCaseEscapes(text)]);
  const encoded = [
    base64,
    base64.replace(/=+$/, ""),
    base64url,
    encodeURIComponent(base64),
    lowerCaseEscapes(encodeURIComponent(base64)),
    hex,
    hex.toUpperCase(),
  ];
  const inside = short
    ? []
    : base64Cores(secret).flatMap((core) => [core, core.replaceAll("+", "-").replaceAll("/", "_")]);
  const all = new Set([...whole, ...percentForms, ...encoded, ...inside]);
  return [...all].filter((text) => text !== "").map((text) => ({ text, wholeToken: short || text.length < SHORT }));
}

/** A client passes the same frozen list for its whole life, so its forms are worked out once. Any other list may have grown meanwhile. */
const known = new WeakMap<readonly string[], readonly Form[]>();

function formsOfAll(secrets: readonly string[]): readonly Form[] {
  const cached = known.get(secrets);
  if (cached !== undefined) return cached;
  const lines = secrets.flatMap((secret) =>
    secret
      .split(/\r?\n/)
      .filter((line) => line.length >= LONG_LINE && line.length < secret.length && !line.startsWith("-----")),
  );
  const forms = [...secrets, ...lines].filter((secret) => secret !== "").flatMap(formsOf);
  if (Object.isFrozen(secrets)) known.set(secrets, forms);
  return forms;
}

const TOKEN_CHARACTER = /[\p{L}\p{N}_]/u;

function* occurrences(text: string, form: Form): Generator<readonly [start: number, end: number]> {
  for (let start = text.indexOf(form.text); start !== -1; start = text.indexOf(form.text, start + 1)) {
    const end = start + form.text.length;
    const inToken = TOKEN_CHARACTER.test(text.charAt(start - 1)) || TOKEN_CHARACTER.test(text.charAt(end));
    if (!(form.wholeToken && inToken)) yield [start, end];
  }
}

/** Masks in one pass over the original text, so that secrets that overlap leave no rest of one another. */
function mask(text: string, forms: readonly Form[]): string {
  const spans = forms
    .flatMap((form) => [...occurrences(text, form), ...(form.wholeToken ? [] : pieces(text, form.text, CUT))])
    .sort(([a], [b]) => a - b);
  let masked = "";
  let position = 0;
  for (const [start, end] of spans) {
    if (start >= position) masked += text.slice(position, start) + MASK;
    position = Math.max(position, end);
  }
  return masked + text.slice(position);
}

function showUnprintable(character: string): string {
  const code = character.charCodeAt(0);
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * Masks secrets, shows control characters as `\xNN`, and bounds the length.
 * @param secrets values as they are configured; masked also as base64, base64url, hex, percent-encoded and JSON-escaped, and in parts.
 * @param maxLength in characters (code points); a longer text ends in an ellipsis. Without it the length is not bounded.
 */
export function redact(text: string, secrets: readonly string[], maxLength?: number): string {
  const looked = maxLength === undefined ? text : text.slice(0, maxLength * LOOKED_AT);
  const shown = mask(looked, formsOfAll(secrets)).replace(UNPRINTABLE, showUnprintable);
  if (maxLength === undefined || shown.length <= maxLength) return shown;
  const characters = Array.from(shown);
  return characters.length <= maxLength ? shown : `${characters.slice(0, maxLength - 1).join("")}${CUT}`;
}
