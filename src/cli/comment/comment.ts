/**
 * An operation as the Markdown of a comment: who comes, goes and changes, by person and system, and what is due in key rings. No
 * secret, nothing foreign outside of code, and never longer than a forge takes (GitHub: 65,536 characters).
 */
import { isAuthnError } from "../../../providers/errors.js";
import type { Operation } from "../operations.js";
import { rowOfResource } from "../report/people.js";
import { changeTexts, inputTexts } from "../report/plan.js";
import type { Report, ResourceReport } from "../report/report.js";
import { dueTexts, isRing, outlook } from "../report/rings.js";
import { countsText, failureTexts } from "../report/summary.js";
import { clientOf } from "../ring/saved-ring.js";
import { type BoundedText, boundedText } from "./budget.js";
import { code, head, lines, row } from "./markdown.js";
import { headings, sections, titles } from "./wording.js";

/** Room is left for what a workflow adds. */
const commentCharacters = 60_000;
/** What one resource or failure may take: a hostile one must not push the others out. */
const longestText = 200;
const mostTexts = 8;

export interface CommentOptions {
  readonly stack: string;
  /** The clock that rings go by, Unix time in milliseconds. */
  readonly nowMs: number;
}

/** Its first line marks it, so that the next one of the same operation and stack finds it and takes its place. */
export function commentOf(report: Report, { stack, nowMs }: CommentOptions): string {
  const comment = opened(report.operation, stack);
  comment.put(`**${countsText(report)}**`, "");
  comment.list(failureTexts(report.failures).map((text) => `- ${bounded(text.split("\n"))}`));
  const people = report.resources.filter((resource) => !isRing(resource));
  for (const outcome of sections) {
    const chosen = people
      .filter((resource) => resource.outcome === outcome)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const hasDetails = outcome === "updated" || outcome === "replaced";
    const columns = ["Person", "Username", "Credential", ...(hasDetails ? ["What"] : [])];
    const rows = chosen.map((resource) => row(personCells(resource, hasDetails)));
    putTable(comment, `${titles[report.operation][outcome]} (${chosen.length})`, columns, rows);
  }
  // What comes next in a ring, and when, is no news of what stands.
  const rings = report.resources.filter(
    (resource) => isRing(resource) && !(report.operation === "drift" && resource.outcome === "unchanged"),
  );
  const rows = rings.map((resource) => row(ringCells(resource, report.operation, nowMs)));
  putTable(comment, "Key rings", ["Client", "Now", "What"], rows);
  return comment.text;
}

/** Of an operation that ended before it had anything to report. */
export function commentOfError(operation: Operation, stack: string, error: unknown): string {
  const comment = opened(operation, stack);
  // What is no error of ours may hold anything.
  const message = isAuthnError(error) ? error.message : "it failed, and its log says why";
  comment.put(`**nothing was done**`, "", `- ${bounded(message.split("\n"))}`);
  return comment.text;
}

function opened(operation: Operation, stack: string): BoundedText {
  const comment = boundedText(commentCharacters);
  comment.put(`<!-- pulumi-authn ${operation} ${stack} -->`, `### ${headings[operation]} ${code(stack)}`, "");
  return comment;
}

function putTable(comment: BoundedText, title: string, columns: readonly string[], rows: readonly string[]): void {
  if (rows.length === 0) return;
  comment.put("", `#### ${title}`, "", ...head(columns));
  comment.list(rows);
}

function personCells(resource: ResourceReport, hasDetails: boolean): readonly string[] {
  const { person, username, device } = rowOfResource(resource);
  const cells = [person, username, device].map((text) => code(cut(text)));
  return hasDetails ? [...cells, bounded(changeTexts(resource))] : cells;
}

function ringCells(resource: ResourceReport, operation: Operation, nowMs: number): readonly string[] {
  const { outcome, name } = resource;
  const state = outcome === "unchanged" ? "" : titles[operation][outcome].toLowerCase();
  return [code(cut(clientOf(name))), state, bounded(ringTexts(resource, operation, nowMs))];
}

function ringTexts(resource: ResourceReport, operation: Operation, nowMs: number): readonly string[] {
  if (resource.outcome === "deleted") return [];
  const next = outlook(resource, nowMs);
  const after = next === undefined ? [] : [next];
  if (resource.outcome !== "updated") return after;
  const due = operation === "drift" ? [] : dueTexts(resource, nowMs);
  return due.length > 0 ? [...due, ...inputTexts(resource)] : [...changeTexts(resource), ...after];
}

function bounded(texts: readonly string[]): string {
  const shown = texts.slice(0, mostTexts).map((text) => code(cut(text)));
  return lines(texts.length > shown.length ? [...shown, `… and ${texts.length - shown.length} more`] : shown);
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= longestText ? text : `${characters.slice(0, longestText - 1).join("")}…`;
}
