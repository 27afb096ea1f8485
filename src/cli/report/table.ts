/** The tables at the end of `up`: people with their credentials, and clients with their key rings. */
import Table from "cli-table3";
import type { Colors } from "picocolors/types.js";
import type { Outcome } from "../operations.js";
import { oneLine } from "../text.js";
import type { PersonRow } from "./people.js";
import type { RingRow } from "./rings.js";

/** More rows than this no one reads: then only what changed is shown. */
const readableRows = 60;

export function renderTable(rows: readonly PersonRow[], colors: Colors): string {
  let person = "";
  return render(["Person", "Username", "Device", "Key"], rows, colors, (row) => {
    const first = row.person !== person;
    person = row.person;
    return [first ? row.person : "", first ? row.username : "", row.device, row.key];
  });
}

export function renderRings(rows: readonly RingRow[], colors: Colors): string {
  return render(["Client", "Issuer", "Signs with", "Keys", "Next step"], rows, colors, (row) => [
    row.client,
    row.issuer,
    row.signsWith,
    row.keys,
    row.next,
  ]);
}

/** What was done to each is the last column. */
function render<Row extends { readonly state: Outcome }>(
  head: readonly string[],
  rows: readonly Row[],
  colors: Colors,
  cellsOf: (row: Row) => readonly string[],
): string {
  if (rows.length === 0) return "";
  const changed = rows.filter((row) => row.state !== "unchanged");
  const chosen = (rows.length <= readableRows ? rows : changed).slice(0, readableRows);
  const hidden = rows.length - chosen.length;
  const table = new Table({
    head: [...head, "State"],
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
  for (const row of chosen) table.push([...cellsOf(row).map(oneLine), paint[row.state](row.state)]);
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
