/** The table at the end of `up`. */
import Table from "cli-table3";
import type { Colors } from "picocolors/types.js";
import type { Outcome } from "../operations.js";
import { oneLine } from "../text.js";
import type { PersonRow } from "./people.js";

/** More rows than this no one reads: then only what changed is shown. */
const readableRows = 60;

export function renderTable(rows: readonly PersonRow[], colors: Colors): string {
  if (rows.length === 0) return "";
  const changed = rows.filter((row) => row.state !== "unchanged");
  const chosen = (rows.length <= readableRows ? rows : changed).slice(0, readableRows);
  const hidden = rows.length - chosen.length;
  const table = new Table({
    head: ["Person", "Username", "Device", "Key", "State"],
    style: { head: [], border: [], compact: true },
    chars: plainBorders,
  });
  const paint: Readonly<Record<Outcome, (text: string) => string>> = {
    created: colors.green,
    updated: colors.yellow,
    replaced: colors.yellow,
    deleted: colors.red,
    failed: colors.red,
    unchanged: colors.dim,
  };
  let person = "";
  for (const row of chosen) {
    const first = row.person !== person;
    person = row.person;
    const cells = [first ? row.person : "", first ? row.username : "", row.device, row.key].map(oneLine);
    table.push([...cells, paint[row.state](row.state)]);
  }
  const note = hidden === 0 ? "" : `\n… and ${hidden} more${chosen.length === changed.length ? ", unchanged" : ""}`;
  return chosen.length === 0 ? "" : `${table.toString()}${note}`;
}

const plainBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
} as const;
