/**
 * How the three services refuse: the agent's `{ title, statusCode, detail }`, which is known of its 422, and which the other
 * refusals here share for want of a stated shape. No value that was sent is repeated: paths and bodies hold secrets.
 */

const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  409: "Conflict",
  415: "Unsupported Media Type",
  422: "Filter Triggered",
  429: "Too Many Requests",
} as const;

export type ProblemStatus = keyof typeof titles;

export interface Refusal {
  readonly status: ProblemStatus;
  readonly detail: string;
}

export function problem(status: ProblemStatus, detail: string): Response {
  return Response.json({ title: titles[status], statusCode: status, detail }, { status });
}
