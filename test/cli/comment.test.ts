import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuthnError } from "../../providers/errors.js";
import { commentOf, commentOfError } from "../../src/cli/comment/comment.js";
import { code } from "../../src/cli/comment/markdown.js";
import type { EngineEvent } from "../../src/cli/events/event.js";
import type { Operation } from "../../src/cli/operations.js";
import { reportOf } from "../../src/cli/report/report.js";
import { errorOf, secret, step, urn } from "./_events.js";

const end = "resOutputsEvent";
const options = { stack: "main", nowMs: Date.parse("2026-01-02T00:00:00Z") };
const comment = (operation: Operation, events: readonly EngineEvent[]) =>
  commentOf(reportOf(operation, events), options);
const user = (username: unknown, more: Record<string, unknown> = {}) => ({ username, ...more });

/** What a reader sees of Markdown whose foreign text is in references only. */
const read = (markdown: string) =>
  markdown.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

describe("a comment", () => {
  test("shows who comes, changes, is replaced and goes, by person and system, what goes first", () => {
    const text = comment("preview", [
      step(end, { op: "create", name: "ada/phone", after: user("ada") }),
      step(end, { op: "create", name: "ada/keyless", type: "KeylessUser", after: user("ada") }),
      step(end, {
        op: "update",
        name: "grace/passkey-1",
        type: "HankoCredential",
        before: user("grace", { name: "phone" }),
        after: user("grace", { name: "tablet" }),
      }),
      step(end, { op: "replace", name: "alan/phone", before: user("alan"), after: user("turing") }),
      step(end, { op: "delete", name: "bob/phone", before: user("bob") }),
      step(end, { op: "same", name: "eve/phone", before: user("eve"), after: user("eve") }),
    ]);
    expect(read(text).split("\n")).toEqual([
      "<!-- pulumi-authn preview main -->",
      "### Preview of stack <code>main</code>",
      "",
      "**2 to create, 1 to update, 1 to replace, 1 to delete, 1 unchanged**",
      "",
      "",
      "#### Goes (1)",
      "",
      "| Person | Username | Credential |",
      "| --- | --- | --- |",
      "| <code>bob</code> | <code>bob</code> | <code>keyri phone</code> |",
      "",
      "#### Is replaced (1)",
      "",
      "| Person | Username | Credential | What |",
      "| --- | --- | --- | --- |",
      "| <code>alan</code> | <code>turing</code> | <code>keyri phone</code> | <code>username: alan → turing</code> |",
      "",
      "#### Changes (1)",
      "",
      "| Person | Username | Credential | What |",
      "| --- | --- | --- | --- |",
      "| <code>grace</code> | <code>grace</code> | <code>hanko tablet</code> | <code>name: phone → tablet</code> |",
      "",
      "#### Comes (2)",
      "",
      "| Person | Username | Credential |",
      "| --- | --- | --- |",
      "| <code>ada</code> | <code>ada</code> | <code>keyless</code> |",
      "| <code>ada</code> | <code>ada</code> | <code>keyri phone</code> |",
      "",
    ]);
  });

  test("of drift says what is gone and what differs, and is marked as another than a preview's", () => {
    const text = comment("drift", [
      step(end, { op: "delete", name: "ada/phone", before: user("ada") }),
      step(end, {
        op: "update",
        name: "grace/passkey-1",
        type: "HankoCredential",
        before: user("grace", { name: "a" }),
        after: user("grace", { name: "b" }),
      }),
    ]);
    expect(text).toMatch(/^<!-- pulumi-authn drift main -->\n/);
    expect(text).toMatch(/1 different, 1 gone[\s\S]*Gone \(1\)[\s\S]*Different \(1\)/);
  });

  test("holds no secret, neither in a username nor in what changes", () => {
    const before = { username: secret, publicKey: "old", token: secret };
    const after = { username: { ...secret, ciphertext: "canary" }, publicKey: "new", token: "plain" };
    const text = comment("preview", [step(end, { op: "update", name: "ada/phone", before, after })]);
    expect(text).not.toContain("canary");
    expect(text).not.toContain("1b47061264138c4ac30d75fd1eb44270");
    expect(read(text)).toContain("publicKey: old → new");
  });

  test("has what failed before all else, each on lines of its own, and an error that isn't ours not at all", () => {
    const text = comment("up", [
      step("resOpFailedEvent", { op: "create", name: "ada/phone", after: user("ada") }),
      errorOf("Keyri answered 500\nto @everyone", urn("ada/phone")),
    ]);
    expect(text).toContain("- <code>ada&#47;phone&#58; Keyri answered 500</code><br><code>to &#64;everyone</code>");
    const ours = new AuthnError({ code: "ERR_AUTHN_USAGE", what: "There is <no> stack", remedy: "Make one" });
    expect(commentOfError("preview", "main", ours)).toContain("There is &#60;no&#62; stack");
    expect(commentOfError("preview", "main", new Error("canary"))).not.toContain("canary");
  });

  test("never holds more than a forge takes, says how many are left out, and shows what goes rather than what comes", () => {
    const hostile = "@|`<&".repeat(51);
    const many = (op: string, count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) =>
        step(end, { op, name: `${prefix}${index}/phone`, [op === "delete" ? "before" : "after"]: user(hostile) }),
      );
    const text = comment("preview", [...many("create", 3_000, "new"), ...many("delete", 20, "old")]);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("3000 to create, 20 to delete");
    for (let index = 0; index < 20; index += 1) expect(text).toContain(`<code>old${index}</code>`);
    const shown = [...text.matchAll(/<code>new\d+<\/code>/g)].length;
    expect(shown).toBeGreaterThan(5);
    expect(text).toContain(`\n… and ${3_000 - shown} more\n`);
  });
});

test("foreign text is shown as it is and does nothing: no mention, no link, no HTML, no Markdown, on one line", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."@#|`<>&*_~[]()!:/.-\\\"'\n\t\u0000\u202eaé9", "www.", "http://", "GH-1", "<!--"),
  });
  fc.assert(
    fc.property(text, (foreign) => {
      const shown = code(foreign);
      const [, inner = ""] = /^<code>([\s\S]*)<\/code>$/.exec(shown) ?? [];
      expect(inner.replace(/&#\d+;/g, "")).toMatch(/^[\p{L}\p{N} -]*$/u);
      const plain = foreign.replaceAll("\n", " ").replaceAll("\t", "  ").trim();
      expect(read(inner).replaceAll("\\u0000", "\u0000").replaceAll("\\u202e", "\u202e")).toBe(plain);
    }),
  );
});
