/** What the tests of secrets look for: a secret in each form in which one usually slips through, in all that was printed or written. */
import { expect } from "vitest";

/** In plain, and as base64, in a URL and in JSON. */
export function formsOf(secret: string): readonly string[] {
  return [
    secret,
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

export interface Places {
  /** Everything on the terminal. */
  readonly said: string;
  readonly journal: string;
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
}

/** @param canaries by what a failure calls them */
export function expectNowhere(canaries: Readonly<Record<string, string>>, { said, journal, files }: Places): void {
  for (const [name, secret] of Object.entries(canaries)) {
    for (const form of formsOf(secret)) {
      expect(said.includes(form), `${name} was printed`).toBe(false);
      expect(journal.includes(form), `${name} stands in the tenant's journal`).toBe(false);
      for (const [path, text] of files) expect(text.includes(form), `${name} stands in ${path}`).toBe(false);
    }
  }
}
