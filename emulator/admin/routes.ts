/** The admin origin: the tenant's powers over HTTP, behind a bearer token, and a page that says what runs where. */
import { Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";
import type { Administration } from "../administration.js";
import { TenantError } from "../errors.js";
import { bearsToken } from "../http/bearer.js";
import { message } from "../http/origin.js";
import type { TenantIdentity } from "../identity.js";
import { adminPage, type ListedService } from "./page.js";

export interface AdminParts {
  readonly administration: Administration;
  readonly identity: TenantIdentity;
  readonly token: string;
  readonly services: readonly ListedService[];
}

const sinceQuery = z.coerce.number().int().min(0);

export function adminApp({ administration, identity, token, services }: AdminParts): Hono {
  const app = new Hono();
  app.get("/", () => adminPage(services));
  app.get("/health", (context) => context.json({ status: "ok", id: identity.id }));
  app.use(requireToken(token));
  app.get("/state", (context) => context.json(administration.state()));
  app.get("/journal", (context) => {
    const since = sinceQuery.safeParse(context.req.query("since") ?? 0);
    if (!since.success) return message(400, "since: must be the sequence number of an entry");
    return context.json(administration.journal(since.data));
  });
  app.delete("/journal", (context) => {
    administration.clearJournal();
    return context.body(null, 204);
  });
  app.get("/faults", (context) => context.json(administration.faults()));
  app.post("/faults", async (context) => context.json({ id: administration.addFault(await context.req.json()) }, 201));
  app.delete("/faults", (context) => {
    administration.clearFaults();
    return context.body(null, 204);
  });
  app.delete("/faults/:id", (context) =>
    administration.removeFault(context.req.param("id"))
      ? context.body(null, 204)
      : message(404, "No such fault stands; it may be spent"),
  );
  app.post("/clock", async (context) => context.json(administration.setClock(await context.req.json())));
  app.post("/reset", async (context) => {
    await administration.reset();
    return context.body(null, 204);
  });
  app.notFound(() => message(404, "Not found"));
  app.onError((error) => {
    if (error instanceof TenantError && error.problem !== "store") return message(400, error.message);
    if (error instanceof SyntaxError) return message(400, "The body must be JSON");
    throw error;
  });
  return app;
}

function requireToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (bearsToken(context.req.header("authorization"), token)) return next();
    const refusal = message(401, "The admin origin wants its bearer token; the tenant's record has it");
    refusal.headers.set("www-authenticate", 'Bearer realm="admin"');
    return refusal;
  };
}
