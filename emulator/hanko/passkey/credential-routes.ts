/** The credentials of the Passkey API over HTTP: listed in pages, read, renamed, deleted. */
import type { Hono } from "hono";
import { isStorable } from "../limits.js";
import { passkeyPaths } from "../paths.js";
import { json, noContent, problem, uncaught } from "./answers.js";
import { checked, readBody, renameBody } from "./bodies.js";
import { listQuery, pageOf, pagingHeaders } from "./paging.js";
import type { PasskeyCredential, PasskeyRegister } from "./register.js";

export function credentialRoutes(app: Hono, { credentials }: PasskeyRegister): void {
  app.get(passkeyPaths.credentials, ({ req }) => {
    const query = checked(req.query(), listQuery);
    if ("refused" in query) return query.refused;
    const { user_id, order } = query.value;
    const oldestFirst = credentials.list(user_id || undefined);
    const rows = order === "asc" ? oldestFirst : oldestFirst.toReversed();
    const headers = pagingHeaders(new URL(req.url), rows.length, query.value);
    return json(pageOf(rows, query.value).map(shown), headers);
  });
  app.get(passkeyPaths.credential, ({ req }) => {
    const credential = credentials.get(req.param("id"));
    return credential === undefined ? noCredential() : json(shown(credential));
  });
  app.patch(passkeyPaths.credential, async ({ req }) => {
    const body = await readBody(req.raw, renameBody);
    if ("refused" in body) return body.refused;
    const { name, ...others } = body.value;
    const elsewhere = Object.entries(others).find(([key]) => key.toLowerCase() === "credentialid")?.[1];
    const credential = credentials.get(typeof elsewhere === "string" ? elsewhere : req.param("id"));
    if (credential === undefined) return noCredential();
    if (!isStorable(name)) return uncaught();
    credentials.update({ ...credential, name });
    return noContent();
  });
  app.delete(passkeyPaths.credential, ({ req }) =>
    credentials.remove(req.param("id")) ? noContent() : noCredential(),
  );
}

/** Transports are never given back, whatever was sent. */
function shown(credential: PasskeyCredential) {
  return {
    id: credential.id,
    name: credential.name,
    public_key: credential.publicKey,
    attestation_type: credential.attestationType,
    aaguid: credential.aaguid,
    last_used_at: credential.lastUsedAt,
    created_at: credential.createdAt,
    transports: [],
    backup_eligible: credential.backupEligible,
    backup_state: credential.backupState,
    is_mfa: false,
    user_id: credential.userId,
  };
}

function noCredential(): Response {
  return problem(404, "There is no such credential");
}
