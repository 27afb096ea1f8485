/** The Authentication API over HTTP, at its origin's root: every call is signed, and a trailing slash makes no difference. */
import { Hono, type MiddlewareHandler } from "hono";
import { AUTHENTICATION_PAGE_SIZE } from "../assumptions.js";
import { authenticationPaths as paths } from "../paths.js";
import { assertionResponse, registrationResponse } from "../webauthn/responses.js";
import {
  authenticationBody,
  checked,
  listQuery,
  readBody,
  registrationBody,
  renameBody,
  transactionBody,
} from "./bodies.js";
import {
  type Ceremonies,
  finalizeLogin,
  finalizeRegistration,
  initializeLogin,
  initializeRegistration,
} from "./ceremonies.js";
import { problem } from "./problem.js";
import { shown } from "./register.js";
import { refusalOf, type SignatureParts } from "./signature.js";

export interface AuthenticationParts extends Ceremonies, SignatureParts {}

export function authenticationApp(parts: AuthenticationParts): Hono {
  const { credentials } = parts;
  const app = new Hono({ strict: false });
  app.use(requireSignature(parts));
  app.post(paths.registrationInitialize, async ({ req }) => {
    const body = await readBody(req, registrationBody);
    return "refused" in body ? body.refused : initializeRegistration(body.value, parts);
  });
  app.post(paths.registrationFinalize, async ({ req }) => {
    const response = await readBody(req, registrationResponse);
    return "refused" in response ? response.refused : finalizeRegistration(response.value, parts);
  });
  app.post(paths.authenticationInitialize, async ({ req }) => {
    const body = await readBody(req, authenticationBody);
    return "refused" in body ? body.refused : initializeLogin(body.value, parts);
  });
  app.post(paths.transactionInitialize, async ({ req }) => {
    const body = await readBody(req, transactionBody);
    return "refused" in body ? body.refused : initializeLogin(body.value, parts, body.value.transaction);
  });
  for (const [path, purpose] of [
    [paths.authenticationFinalize, "login"],
    [paths.transactionFinalize, "transaction"],
  ] as const)
    app.post(path, async ({ req }) => {
      const response = await readBody(req, assertionResponse);
      return "refused" in response ? response.refused : finalizeLogin(response.value, purpose, parts);
    });
  app.get(paths.credentials, ({ req }) => {
    const query = checked(req.query(), listQuery);
    if ("refused" in query) return query.refused;
    const { user_id, page, page_size } = query.value;
    const size = page_size || AUTHENTICATION_PAGE_SIZE;
    const from = ((page || 1) - 1) * size;
    return Response.json(
      credentials
        .list(user_id || undefined)
        .slice(from, from + size)
        .map(shown),
    );
  });
  app.get(paths.credential, ({ req }) => {
    const credential = credentials.get(req.param("id"));
    return credential === undefined ? noCredential() : Response.json(shown(credential));
  });
  app.put(paths.credential, async ({ req }) => {
    const body = await readBody(req, renameBody);
    if ("refused" in body) return body.refused;
    const credential = credentials.get(req.param("id"));
    if (credential === undefined) return noCredential();
    const renamed = { ...credential, name: body.value.name };
    credentials.update(renamed);
    return Response.json(shown(renamed));
  });
  app.delete(paths.credential, ({ req }) =>
    credentials.remove(req.param("id")) ? new Response(null, { status: 204 }) : noCredential(),
  );
  app.notFound(() => problem(404, "There is no such path"));
  app.onError((error) => {
    throw error;
  });
  return app;
}

function requireSignature(parts: SignatureParts): MiddlewareHandler {
  return async ({ req }, next) => {
    const refusal = refusalOf(
      {
        authorization: req.header("authorization"),
        method: req.raw.method,
        path: new URL(req.url).pathname,
        body: new Uint8Array(await req.arrayBuffer()),
      },
      parts,
    );
    return refusal === undefined ? next() : problem(401, "Check the API key", refusal);
  };
}

function noCredential(): Response {
  return problem(404, "There is no such credential");
}
