/** The stack's outputs for a person to read. */
import { stringify } from "yaml";
import { escapeControls } from "../text.js";

export function renderOutputs(outputs: unknown): string {
  if (typeof outputs === "object" && outputs !== null && Object.keys(outputs).length === 0) {
    return "This stack has no outputs.";
  }
  return escapeControls(stringify(outputs, { lineWidth: 0 }).trimEnd());
}
