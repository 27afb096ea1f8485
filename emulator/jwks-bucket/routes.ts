/**
 * A bucket in front of which a verifier fetches JWK Sets: anyone reads, the owner of the publish token writes, and entity tags
 * make a write a compare-and-swap, as object stores have it (contracts/baikal.md says only that there is a URL).
 */
import { Hono, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { bearsToken } from "../http/bearer.js";
import { message } from "../http/origin.js";
import type { Documents } from "./documents.js";
import { isPermitted, type Preconditions } from "./preconditions.js";

/** RFC 7517 §8.5.2. */
const MEDIA_TYPE = "application/jwk-set+json";
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

export interface BucketParts {
  readonly documents: Documents;
  readonly token: string;
  /** How long a cache may keep what it fetched, in seconds. */
  readonly maxAgeSeconds: number;
}

export function bucketApp({ documents, token, maxAgeSeconds }: BucketParts): Hono {
  const app = new Hono();
  app.get("/:name", etag(), (context) => {
    const found = documents.find(context.req.param("name"));
    if (found === undefined) return message(404, "No such document");
    const headers = { "content-type": MEDIA_TYPE, "cache-control": `max-age=${maxAgeSeconds}`, etag: found.etag };
    return new Response(found.text, { headers });
  });
  app.put("/:name", requireToken(token), async ({ req }) => {
    const name = req.param("name");
    if (!NAME.test(name))
      return message(400, "The name must be lower-case letters, digits, dots, hyphens or underscores");
    const text = jsonText(await req.arrayBuffer());
    if (text === undefined) return message(400, "The body must be JSON in UTF-8");
    // Nothing is awaited from here on: what the conditions were judged by is what is replaced.
    const before = documents.find(name);
    if (!isPermitted(preconditionsOf(req), before?.etag)) return preconditionFailed(before?.etag);
    const { etag: tag } = documents.put(name, text);
    return new Response(null, { status: before === undefined ? 201 : 200, headers: { etag: tag } });
  });
  app.delete("/:name", requireToken(token), ({ req }) => {
    const name = req.param("name");
    const before = documents.find(name);
    if (!isPermitted(preconditionsOf(req), before?.etag)) return preconditionFailed(before?.etag);
    if (before === undefined) return message(404, "No such document");
    documents.delete(name);
    return new Response(null, { status: 204 });
  });
  app.notFound(() => message(404, "Not found"));
  app.onError((error) => {
    throw error;
  });
  return app;
}

function preconditionsOf(request: { header(name: string): string | undefined }): Preconditions {
  return { ifMatch: request.header("if-match"), ifNoneMatch: request.header("if-none-match") };
}

function preconditionFailed(current: string | undefined): Response {
  const refusal = message(412, "What stands here is not what the precondition says; nothing was changed");
  if (current !== undefined) refusal.headers.set("etag", current);
  return refusal;
}

function requireToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (bearsToken(context.req.header("authorization"), token)) return next();
    const refusal = message(401, "Writing here wants the bucket's publish token");
    refusal.headers.set("www-authenticate", 'Bearer realm="jwks-bucket"');
    return refusal;
  };
}

/** The text, or nothing where it isn't UTF-8 or isn't JSON. */
function jsonText(bytes: ArrayBuffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
