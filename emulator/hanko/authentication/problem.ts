/** How the Authentication API refuses (contracts/hanko.md, "Errors"); 401 means the key, and nothing else does. */

const statusTexts = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found" } as const;

export type ProblemStatus = keyof typeof statusTexts;

export function problem(status: ProblemStatus, message: string, details = ""): Response {
  const body = { message, details, debug_message: "", status_text: statusTexts[status], status_code: status };
  return Response.json(body, { status });
}
