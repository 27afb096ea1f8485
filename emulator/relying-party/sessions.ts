/** Sessions by a random cookie, in memory: whoever restarts the tenant signs in again. */
import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** Cookies know no ports: the name keeps it apart from those of others on localhost. */
const COOKIE = "authn-relying-party";
const SESSION_BYTES = 32;
const MAX_SESSIONS = 10_000;

export interface Session {
  /** Who is signed in. */
  readonly userId?: string;
  /** Who is about to register. */
  readonly registering?: { readonly userId: string; readonly username: string };
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();

  of(context: Context): Session {
    return this.#sessions.get(getCookie(context, COOKIE) ?? "") ?? {};
  }

  /** Begins anew, under a new cookie: one that was known before it says who somebody is must be worth nothing after. */
  begin(context: Context, session: Session): void {
    this.end(context);
    const id = randomBytes(SESSION_BYTES).toString("base64url");
    this.#sessions.set(id, session);
    setCookie(context, COOKIE, id, { httpOnly: true, sameSite: "Strict", path: "/" });
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(oldest);
    }
  }

  end(context: Context): void {
    this.#sessions.delete(getCookie(context, COOKIE) ?? "");
  }

  clear(): void {
    this.#sessions.clear();
  }
}
