/** How the Passkey API answers: JSON that ends in a newline, and refusals of one shape (contracts/hanko.md, "Errors"). */

export type ProblemStatus = 400 | 401 | 404 | 409 | 422;

export function json(value: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): Response {
  const contentType = { "content-type": "application/json; charset=UTF-8" };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: { ...contentType, ...headers } });
}

export function noContent(): Response {
  return new Response(null, { status: 204 });
}

export function problem(status: ProblemStatus, title: string, details = ""): Response {
  return json({ title, details, status }, {}, status);
}

/** What the real server gives where its database refuses: no word of why. */
export function uncaught(): Response {
  return json({ title: "Internal Server Error", status: 500 }, {}, 500);
}

/** The texts that the contract states. */
export const known = {
  wrongKey: "The api key is invalid",
  unknownChallenge: "received challenge does not match with any stored one",
  attestationFailed: "failed to validate attestation",
} as const;
