/** Markdown tables that read well as plain text too, and how numbers are written in them. */

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows first column left, the others right @returns {string} */
export function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return `${[line(head), line(rule), ...rows.map(line)].join("\n")}\n`;
}

export const UNKNOWN = "n/a";

/** @param {number | undefined} seconds */
export const seconds = (seconds) => (seconds === undefined ? UNKNOWN : seconds.toFixed(2));
/** @param {number | undefined} seconds */
export const milliseconds = (seconds) => (seconds === undefined ? UNKNOWN : (1_000 * seconds).toFixed(2));
/** @param {number | undefined} bytes */
export const mebibytes = (bytes) => (bytes === undefined ? UNKNOWN : (bytes / 1024 ** 2).toFixed(0));
/** @param {number | undefined} count */
export const whole = (count) => (count === undefined ? UNKNOWN : count.toFixed(0));
/** @param {number | undefined} number */
export const factor = (number) => (number === undefined ? UNKNOWN : number.toFixed(2));
