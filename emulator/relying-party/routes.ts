/** A relying party to try passkeys at in a browser: its page, and the backend that stands between the page and the Passkey API. */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";
import type { Clock } from "../clock.js";
import { message } from "../http/origin.js";
import { describeIssues } from "../invalid.js";
import { type PageFile, pageFile } from "./page.js";
import { PasskeyRefusal, PasskeyService, type PasskeyServiceParts } from "./passkey-service.js";
import type { Session, Sessions } from "./sessions.js";
import type { RelyingPartyUsers } from "./users.js";

export interface RelyingPartyParts {
  readonly users: RelyingPartyUsers;
  readonly sessions: Sessions;
  readonly service: PasskeyServiceParts;
  /** Where the page stands: `http://localhost:4188`. */
  readonly origin: string;
  readonly clock: Clock;
}

const USERNAME_MAX_LENGTH = 64;
const registration = z.object({
  username: z
    .string("must be text")
    .trim()
    .min(1, "must not be empty")
    .max(USERNAME_MAX_LENGTH, `must have at most ${USERNAME_MAX_LENGTH} characters`),
});

export function relyingPartyApp({ users, sessions, service: serviceParts, origin, clock }: RelyingPartyParts): Hono {
  const service = new PasskeyService(serviceParts, clock);
  const app = new Hono();
  app.use(secured(origin));
  app.get("/", (context) => {
    const here = new URL(context.req.url).origin;
    return here === origin ? asset("text/html", "index.html") : context.redirect(`${origin}/`);
  });
  app.get("/page.js", () => asset("text/javascript", "page.js"));
  app.get("/page.css", () => asset("text/css", "page.css"));
  app.get("/favicon.ico", (context) => context.body(null, 204));
  app.get("/session", (context) => context.json({ user: userOf(sessions.of(context)) }));
  app.post("/registration/start", async (context) => {
    const body = registration.safeParse(await context.req.json());
    if (!body.success) return message(400, describeIssues(body.error));
    const { username } = body.data;
    if (users.has(username)) return message(409, "Somebody with this username is registered already");
    const registering = { userId: users.newId(), username };
    const options = await service.beginRegistration(registering.userId, username);
    sessions.begin(context, { registering });
    return context.json(options);
  });
  app.post("/registration/finish", async (context) => {
    const { registering } = sessions.of(context);
    if (registering === undefined) return message(400, "No registration was started here");
    const { sub, cred } = await service.finishRegistration(await context.req.json());
    if (sub !== registering.userId) return message(400, "This registration was started by somebody else");
    if (!users.add(registering.username, sub)) {
      await service.remove(cred);
      return message(409, "Somebody with this username has registered meanwhile");
    }
    return signIn(context, sub);
  });
  app.post("/sign-in/start", async (context) => context.json(await service.beginLogin()));
  app.post("/sign-in/finish", async (context) => {
    const { sub } = await service.finishLogin(await context.req.json());
    return signIn(context, sub);
  });
  app.get("/passkeys", async (context) => {
    const { userId } = sessions.of(context);
    if (userId === undefined) return message(401, "Nobody is signed in");
    const credentials = await service.credentialsOf(userId);
    return context.json(
      credentials.map(({ id, name, created_at }) => ({ id, name: name ?? id, createdAt: created_at })),
    );
  });
  app.post("/sign-out", (context) => {
    sessions.end(context);
    return context.body(null, 204);
  });
  app.notFound(() => message(404, "Not found"));
  app.onError((error) => {
    if (error instanceof PasskeyRefusal) return message(error.status < 500 ? error.status : 502, error.message);
    if (error instanceof SyntaxError) return message(400, "The body must be JSON");
    throw error;
  });
  return app;

  function signIn(context: Context, userId: string): Response {
    const session = { userId };
    sessions.begin(context, session);
    return context.json({ user: userOf(session) });
  }

  function userOf({ userId }: Session) {
    return userId === undefined ? null : { id: userId, name: users.nameOf(userId) };
  }
}

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

async function asset(type: string, name: PageFile): Promise<Response> {
  return new Response(await pageFile(name), { headers: { "content-type": `${type}; charset=utf-8` } });
}

/** No other page may act here, not even with a form: what changes anything comes from this origin, as JSON. */
function secured(origin: string): MiddlewareHandler {
  return async (context, next) => {
    const from = context.req.header("origin");
    if (context.req.method !== "GET" && from !== undefined && from !== origin)
      return message(403, "Pages of other origins may not call this");
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    return undefined;
  };
}
