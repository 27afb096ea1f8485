/** Turns zod's issues into one line that names each faulty property; values are never repeated, they may be secrets. */
import type { z } from "zod";

/** For example `times: must be at least 0; colour: is not known here`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map(describeIssue).join("; ");
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const inside = at === "" ? "" : `${at}.`;
    return issue.keys.map((key) => `${inside}${key}: is not known here`).join("; ");
  }
  return at === "" ? issue.message : `${at}: ${issue.message}`;
}
