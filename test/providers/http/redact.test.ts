import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../../providers/http/redact.js";

const secret = fc.string({ minLength: 8, maxLength: 60, unit: "binary" }).filter((text) => /[^*]{8}/u.test(text));

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64 without padding": (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  "in base64url": (text) => Buffer.from(text).toString("base64url"),
  "in percent-encoded base64": (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
  "percent-encoded": (text) => encodeURIComponent(text),
  "percent-encoded in lower case": (text) => encodeURIComponent(text).replace(/%../g, (part) => part.toLowerCase()),
  "form-encoded": (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "in hex": (text) => Buffer.from(text).toString("hex"),
  "in upper-case hex": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "JSON-escaped in JSON": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "JSON-escaped": (text) => JSON.stringify(text).slice(1, -1),
  "JSON-escaped in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
};

describe("redact", () => {
  it.each(Object.keys(ENCODINGS))("masks a secret %s", (name) => {
    fc.assert(
      fc.property(secret, fc.constantFrom(" ", '"', ": ", "\n"), (value, space) => {
        const form = ENCODINGS[name]?.(value) ?? "";
        expect(redact(`before${space}${form}${space}after`, [value])).toBe(
          redact(`before${space}***${space}after`, []),
        );
      }),
    );
  });

  it("masks a password inside Basic credentials, whatever the length of the user name before it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,9}$/), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), (user, password) => {
        const basic = Buffer.from(`${user}:${password}`).toString("base64");
        const shown = redact(`Basic ${basic}`, [password]).replace("Basic ", "");
        const rest = shown.split("***").map((part) => Buffer.from(part, "base64").toString("latin1"));
        expect(shown).toContain("***");
        expect(rest.join("").length).toBeLessThanOrEqual(user.length + 4);
      }),
    );
  });

  it("leaves nothing of secrets that overlap", () => {
    expect(redact("x abcdefghijkl y", ["abcdefgh", "efghijkl"])).toBe("x *** y");
  });

  it("masks each line of a secret that has several", () => {
    const pem =
      "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG\nCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----";
    expect(redact("at CCqGSM49AwEHBG0wawIBAQQg", [pem])).toBe("at ***");
  });

  it("masks a short secret where it stands alone, and leaves the words that contain it", () => {
    expect(redact("abc, abcde, (abc) and cab", ["abc"])).toBe("***, abcde, (***) and cab");
  });

  it("masks a part of a secret that is long enough to give it away, wherever it begins and ends", () => {
    const long = fc.string({ minLength: 16, maxLength: 90 }).filter((text) => !text.includes("*"));
    fc.assert(
      fc.property(long, fc.nat(80), fc.integer({ min: 16, max: 90 }), (value, from, length) => {
        const part = value.slice(from, from + length);
        fc.pre(part.length >= 16);
        expect(redact(`it was: ${part}|`, [value])).not.toContain(part.slice(0, 16));
      }),
    );
  });

  it("masks what a text that was cut off still shows of a secret, when it gets to know the secret later", () => {
    const cut = redact("no user ada.lovelace@example.com here", [], 15);
    expect(cut).toBe("no user ada.lo…");
    expect(redact(cut, ["ada.lovelace@example.com"])).toBe("no user ***…");
    expect(redact("…so grace…", ["grace.hopper"])).toBe("…so ***…");
  });

  it("leaves words that have less than that in common with a secret", () => {
    expect(redact("user@example.com is unknown", ["ada@example.com"])).toBe("user@example.com is unknown");
  });

  it("takes no longer for a body of a megabyte, of which little is shown", () => {
    const body = "abcdefgh".repeat(131_072);
    expect(redact(body, ["abcdefgh".repeat(1_000)], 200).length).toBeLessThanOrEqual(200);
  });

  it("leaves text without secrets as it is", () => {
    expect(redact("Größe 5 µm: ok 🙂", ["", "geheim"])).toBe("Größe 5 µm: ok 🙂");
  });

  it("shows control characters and terminal escapes instead of sending them to the terminal", () => {
    expect(redact("a\u001b[31mred\u0007\r\n\u009b2J\u202egnp", [])).toBe(
      "a\\x1b[31mred\\x07\\x0d\\x0a\\x9b2J\\u202egnp",
    );
  });

  it("never lets a control character through", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/\p{Cc}/u.test(redact(text, []))));
  });

  it("bounds the length, and masks before it cuts", () => {
    expect(redact("abcdefghij", [], 5)).toBe("abcd…");
    expect(redact("token=0123456789", ["0123456789"], 12)).toBe("token=***");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, maxLength) => {
        expect(Array.from(redact(text, [], maxLength)).length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });
});
