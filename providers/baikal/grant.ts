/** The token endpoint: what is posted for either grant, and what comes back (contracts/baikal.md, "Token endpoint"; RFC 6749 §4.4, §5). */
import { z } from "zod";
import type { Answer } from "../http/contract.js";
import { HttpError } from "../http/errors.js";
import { EXCERPT_LENGTH, redact } from "../http/redact.js";
import { BaikalError } from "./errors.js";
import { joined, type SpaceList } from "./scope.js";

/** What either grant brings. */
export interface BaikalToken {
  /** A secret. */
  readonly accessToken: string;
  /** "Bearer", in the server's spelling. */
  readonly tokenType: string;
  /** From when the server answered. */
  readonly expiresInSeconds?: number | undefined;
  /** Joined by spaces; "" where the server names none. */
  readonly scope: string;
  readonly purpose: string;
}

/** What a client asks for itself. */
export interface ClientCredentials {
  readonly scope?: SpaceList | undefined;
  readonly purpose?: SpaceList | undefined;
}

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** `application/x-www-form-urlencoded`, a space as `+`. */
export function clientCredentialsForm({ scope, purpose }: ClientCredentials): string {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  for (const [name, list] of Object.entries({ scope: joined(scope), purpose: joined(purpose) }))
    if (list !== "") form.set(name, list);
  return form.toString();
}

/** Scope and purpose stand only inside the assertion. */
export function jwtBearerForm(assertion: string): string {
  return new URLSearchParams({ grant_type: JWT_BEARER, assertion }).toString();
}

export const tokenAnswer = z
  .object({
    access_token: z.string().min(1),
    token_type: z.string().regex(/^bearer$/i, "must be Bearer"), // RFC 6749 §7.1: another type can't be used
    expires_in: z.number().optional(),
    scope: z.string().nullish(),
    purpose: z.string().nullish(),
  })
  .transform(
    ({ access_token, token_type, expires_in, scope, purpose }): BaikalToken => ({
      accessToken: access_token,
      tokenType: token_type,
      expiresInSeconds: expires_in,
      scope: scope ?? "",
      purpose: purpose ?? "",
    }),
  );

/** RFC 6749 §5.2; a proxy before the server may answer anything. */
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

function refusalOf(answer: Answer): z.infer<typeof refusal> | undefined {
  try {
    return refusal.safeParse(JSON.parse(answer.body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** The statuses by which the authserver refuses, with its reason in the body. */
export const REFUSALS: readonly number[] = [400, 401];

/** What a refusal comes to. @param secrets what its text must not show */
export function refusalError(answer: Answer, operation: string, secrets: readonly string[]): BaikalError | HttpError {
  const { status, requestId } = answer;
  const said = refusalOf(answer);
  const text =
    said === undefined ? answer.body.toString("utf8").trim() : `${said.error} ${said.error_description ?? ""}`;
  const excerpt = redact(text.trim(), secrets, EXCERPT_LENGTH);
  const where = `request id ${requestId}`;
  // With 401 it is the client that isn't known, whatever the body says (contracts/baikal.md).
  if (status === 400 && said?.error === "invalid_grant")
    return new BaikalError({
      kind: "invalid-grant",
      reason: redact(said.error_description ?? said.error, secrets, EXCERPT_LENGTH),
      what: `Baikal refused the assertion (${status}: ${excerpt})`,
      where,
      remedy:
        "Check that the authserver has this key by now (it keeps a client's JWKS for a while), baikal:issuer, and this machine's clock",
    });
  return new HttpError({
    outcome: "refused",
    status,
    requestId,
    excerpt,
    operation,
    where,
    what: `Baikal answered ${status} to ${operation.replace(/^baikal /, "")}${excerpt === "" ? "" : `: ${excerpt}`}`,
    remedy:
      status === 401
        ? "Check the client id and secret (baikal:clientId, baikal:clientSecret)"
        : "Correct what the authserver names",
  });
}
