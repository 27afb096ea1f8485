/** Keyri's calls over HTTP: registration and login as the published sample has them, listing and deletion as assumed. */
import { Hono, type MiddlewareHandler } from "hono";
import { bearsToken } from "../http/bearer.js";
import { message } from "../http/origin.js";
import { assumed, known, paths, statuses } from "./assumptions.js";
import { type LoginParts, refusalOf } from "./login.js";
import { checked, listQuery, readKeyPayload, readLoginPayload } from "./payload.js";
import { readPublicKey } from "./public-key.js";

export function keyriApp(parts: LoginParts & { readonly token: string }): Hono {
  const { keys, token } = parts;
  const app = new Hono();
  app.use(requireToken(token));
  app.post(paths.registration, async ({ req }) => {
    const body = await readKeyPayload(req.raw);
    if ("refused" in body) return message(statuses.refused, body.refused);
    const { pubKey, username } = body.value;
    const key = readPublicKey(pubKey);
    if ("refused" in key) return message(statuses.refused, key.refused);
    if (!keys.add(username, pubKey)) return message(statuses.alreadyRegistered, assumed.alreadyRegistered);
    return message(200, known.registered);
  });
  app.post(paths.login, async ({ req }) => {
    const body = await readLoginPayload(req.raw);
    if ("refused" in body) return message(statuses.refused, body.refused);
    const refusal = refusalOf(body.value, parts);
    return refusal === undefined ? message(200, known.loggedIn) : message(statuses.refused, refusal);
  });
  app.get(paths.keys, (context) => {
    const query = checked(listQuery, context.req.query());
    if ("refused" in query) return message(statuses.refused, query.refused);
    const { username } = query.value;
    return context.json(keys.keysOf(username).map(({ pubKey, createdAt }) => ({ pubKey, username, createdAt })));
  });
  app.delete(paths.keys, async (context) => {
    const body = await readKeyPayload(context.req.raw);
    if ("refused" in body) return message(statuses.refused, body.refused);
    const { pubKey, username } = body.value;
    if (!keys.remove(username, pubKey)) return message(statuses.keyNotFound, assumed.keyNotFound);
    return context.body(null, 204);
  });
  app.notFound(() => message(404, "Not found"));
  app.onError((error) => {
    throw error;
  });
  return app;
}

function requireToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (bearsToken(context.req.header("authorization"), token)) return next();
    const refusal = message(statuses.unauthorized, assumed.unauthorized);
    refusal.headers.set("www-authenticate", 'Bearer realm="keyri"');
    return refusal;
  };
}
