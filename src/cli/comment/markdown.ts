/**
 * Foreign text in a forge's Markdown: GitHub Flavored Markdown 0.29, §6.2 (a character reference never makes structure), and what a
 * forge does with text outside of code: it notifies who is mentioned, and links numbers, hashes and addresses.
 */
import { oneLine } from "../text.js";

const plain = /[\p{L}\p{N} -]/u;

/** Text as inline code, on one line; whatever it holds, it is shown and does nothing. */
export function code(text: string): string {
  const characters = [...oneLine(text)].map((character) =>
    plain.test(character) ? character : `&#${character.codePointAt(0)};`,
  );
  return characters.length === 0 ? "" : `<code>${characters.join("")}</code>`;
}

/** One row of a table; its cells are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The first two lines of a table. */
export function head(titles: readonly string[]): readonly string[] {
  return [row(titles), row(titles.map(() => "---"))];
}

/** Several lines in one cell or list item. */
export function lines(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("<br>");
}
