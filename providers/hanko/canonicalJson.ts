/**
 * JSON as Go's json.Marshal writes it, which the challenge of a transaction is made of: keys in the order of their UTF-8
 * bytes, and what HTML could trip over escaped (contracts/hanko.md, "Measured").
 */
import { AuthnError } from "../errors.js";

const ESCAPED = /[<>&\u2028\u2029]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * @param value what JSON.stringify takes; null is refused, as the server does, while `{}`, `""`, `0` and `false` are fine
 * @throws AuthnError `ERR_AUTHN_INPUT` for what has no JSON form, or none that arrives unchanged
 */
export function canonicalJson(value: unknown): string {
  const plain = asPlainJson(value);
  if (plain === null) throw unfit("they are null");
  return write(plain);
}

/** Once through JSON, so that what is hashed is what is sent: dates are text, undefined properties are gone. */
function asPlainJson(value: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw unfit("they can't be written as JSON", cause);
  }
  if (text === undefined) throw unfit("they are undefined, a function or a symbol");
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

// Text is built by hand, since an object can't hold keys like "10" and "9" in the order of their bytes.
function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .map(([key, member]) => ({ bytes: Buffer.from(key, "utf8"), text: `${quote(key)}:${write(member)}` }))
      .sort((one, other) => Buffer.compare(one.bytes, other.bytes));
    return `{${members.map(({ text }) => text).join(",")}}`;
  }
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

function quote(text: string): string {
  if (LONE_SURROGATE.test(text)) throw unfit("a text in them has half a surrogate pair, which UTF-8 can't carry");
  return JSON.stringify(text).replace(
    ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function unfit(reason: string, cause?: unknown): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `The transaction's data can't be signed: ${reason}`,
    remedy: "Give a value that JSON can hold and that is not null",
    cause,
  });
}
