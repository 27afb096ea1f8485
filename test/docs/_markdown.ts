/** What the tests of the documentation look at: fenced blocks, table rows, links and headings of a Markdown text. */

export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of its first line in the file, counted from 1. */
  readonly line: number;
}

/** The fenced blocks in one language, in their order (CommonMark §4.5, fences of three backticks at the margin). */
export function blocksOf(markdown: string, language: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const { index, 0: whole, 1: word = "", 2: text = "" } of markdown.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)) {
    if (word !== language || whole === "") continue;
    blocks.push({ language, text, line: markdown.slice(0, index).split("\n").length + 1 });
  }
  return blocks;
}

/** The cells of every row of every table whose first cell holds code, that code without its backticks first. */
export function codeRows(markdown: string): readonly (readonly [code: string, ...cells: string[]])[] {
  return markdown.split("\n").flatMap((line): [string, ...string[]][] => {
    const [first, ...rest] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const code = /^`([^`]+)`$/.exec(first ?? "")?.[1];
    return code === undefined ? [] : [[code, ...rest]];
  });
}

/** Every word that stands in code, in a span between backticks or in a fenced block: `verify`, `--agent-latency`. */
export function codeWords(markdown: string): ReadonlySet<string> {
  const fence = /^```.*\n[\s\S]*?^```$/gm;
  const spans = markdown.replaceAll(fence, "").matchAll(/`([^`]+)`/g);
  const code = [...markdown.matchAll(fence), ...spans].map(([whole]) => whole);
  return new Set(code.flatMap((text) => text.match(/(?:--)?[\w$]+(?:-[\w$]+)*/g) ?? []));
}

/** The targets of inline links. */
export function linksOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors that a forge makes of the headings: lower case, spaces to hyphens, punctuation gone. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
