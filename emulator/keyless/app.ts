/** What the three services have in common: how an app refuses a wrong key, a path that can't be read, and what isn't there. */
import { createHash, timingSafeEqual } from "node:crypto";
import { Hono, type MiddlewareHandler } from "hono";
import { problem } from "./problem.js";

export function keylessApp(): Hono {
  const app = new Hono();
  app.use(requireReadablePath);
  app.notFound(() => problem(404, "There is no such path"));
  app.onError((error) => {
    throw error;
  });
  return app;
}

/** Every call needs the key in this header. */
export function requireKey(header: string, key: string): MiddlewareHandler {
  return async (context, next) => {
    const given = context.req.header(header);
    // Digests have one length, whatever the key's: timingSafeEqual takes no other pair.
    if (given !== undefined && timingSafeEqual(digest(given), digest(key))) return next();
    return problem(401, `The header ${header} must hold the service's API key`);
  };
}

/** `image/jpeg` of `image/jpeg; charset=x`, in lower case. */
export function mediaType(headers: Headers): string | undefined {
  return headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
}

// Hono passes an escape that isn't UTF-8 on as it stands: then two paths would mean one user.
const requireReadablePath: MiddlewareHandler = async (context, next) => {
  try {
    decodeURIComponent(new URL(context.req.url).pathname);
  } catch {
    return problem(400, "The path holds a percent sign that doesn't begin the escape of UTF-8");
  }
  return next();
};

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
