/** The Passkey API over HTTP, below its tenant's id; what isn't there is 404, a wrong method and a trailing slash too. */
import { createHash, timingSafeEqual } from "node:crypto";
import { Hono, type MiddlewareHandler } from "hono";
import { passkeyPaths } from "../paths.js";
import { assertionResponse, registrationResponse } from "../webauthn/responses.js";
import { json, known, problem } from "./answers.js";
import { loginBody, readBody, readResponse, registrationBody, transactionBody } from "./bodies.js";
import type { Ceremonies } from "./ceremonies.js";
import { credentialRoutes } from "./credential-routes.js";
import { finalizeLogin, initializeLogin, initializeTransaction } from "./login.js";
import { finalizeRegistration, initializeRegistration } from "./registration.js";

export interface PasskeyParts extends Ceremonies {
  readonly tenantId: string;
  readonly apiKey: string;
}

export function passkeyApp(parts: PasskeyParts): Hono {
  const { tokens, register, apiKey } = parts;
  const app = new Hono();
  const keyed = requireKey(apiKey);
  app.use(requireTenant(parts.tenantId));
  app.use("/:tenant/credentials/*", keyed);
  app.use("/:tenant/transaction/*", keyed);
  app.post(passkeyPaths.registrationInitialize, keyed, async ({ req }) => {
    const body = await readBody(req.raw, registrationBody);
    return "refused" in body ? body.refused : initializeRegistration(body.value, parts);
  });
  app.post(passkeyPaths.registrationFinalize, async ({ req }) => {
    const response = await readResponse(req.raw, registrationResponse);
    return "refused" in response ? response.refused : finalizeRegistration(response.value, parts);
  });
  app.post(passkeyPaths.loginInitialize, async ({ req }) => {
    const body = await readBody(req.raw, loginBody);
    if ("refused" in body) return body.refused;
    const userId = body.value.user_id ?? undefined;
    if (userId !== undefined && !isKey(req.header("apikey"), apiKey)) return wrongKey();
    return initializeLogin(userId, parts);
  });
  app.post(passkeyPaths.transactionInitialize, async ({ req }) => {
    const body = await readBody(req.raw, transactionBody);
    return "refused" in body ? body.refused : initializeTransaction(body.value, parts);
  });
  for (const purpose of ["login", "transaction"] as const)
    app.post(passkeyPaths[`${purpose}Finalize`], async ({ req }) => {
      const response = await readResponse(req.raw, assertionResponse);
      return "refused" in response ? response.refused : finalizeLogin(response.value, purpose, parts);
    });
  credentialRoutes(app, register);
  app.get(passkeyPaths.jwks, async () => json(await tokens.jwks(), { "cache-control": "max-age=600" }));
  app.notFound(() => problem(404, "Not Found"));
  app.onError((error) => {
    throw error;
  });
  return app;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function requireTenant(tenantId: string): MiddlewareHandler {
  return async ({ req }, next) => {
    const given = new URL(req.url).pathname.split("/")[1] ?? "";
    if (given === "") return problem(404, "Not Found");
    if (!UUID.test(given)) return problem(400, "The tenant's id must be a UUID");
    if (given.toLowerCase() !== tenantId) return problem(404, "There is no such tenant");
    // Hono would serve it as GET.
    return req.raw.method === "HEAD" ? problem(404, "Not Found") : next();
  };
}

function requireKey(apiKey: string): MiddlewareHandler {
  return async ({ req }, next) => (isKey(req.header("apikey"), apiKey) ? next() : wrongKey());
}

function wrongKey(): Response {
  return problem(401, known.wrongKey, "The header apiKey must hold the tenant's key");
}

function isKey(given: string | undefined, apiKey: string): boolean {
  return given !== undefined && timingSafeEqual(digest(given), digest(apiKey));
}

// Digests have one length, whatever the key's: timingSafeEqual takes no other pair.
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
