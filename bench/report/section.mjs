/** What the report is put together from: sections, notes, and the table of aims with their verdicts. */
import { verdict } from "./aim.mjs";
import { factor, table } from "./table.mjs";

const MOST_NOTE_CHARACTERS = 600;

/** @param {readonly string[]} parts @returns {string} those that aren't empty, a blank line between */
export function section(...parts) {
  return parts
    .map((part) => part.trimEnd())
    .filter((part) => part !== "")
    .join("\n\n");
}

/** @param {readonly import("./aim.mjs").Aim[]} aims */
export function aimsTable(aims) {
  const rows = aims.map((aim) => [aim.aim, factor(aim.measured), boundOf(aim), verdict(aim)]);
  return table(["aim", "measured", "should be", ""], rows);
}

/** @param {import("./aim.mjs").Aim} aim */
export const boundOf = (aim) => `${"most" in aim ? `<= ${aim.most}` : `>= ${aim.least}`}${aim.unit}`;

/** @param {readonly string[]} notes */
export const notesText = (notes) => notes.map((note) => `- ${oneLine(note)}`).join("\n");

/** @param {string} text */
const oneLine = (text) => text.replaceAll(/\s+/g, " ").trim().slice(0, MOST_NOTE_CHARACTERS);
