/** The path of one credential on either API; its id is base64url, so that it is one segment as it is (RFC 4648 §5). */
import { AuthnError } from "../errors.js";

/** @throws AuthnError `ERR_AUTHN_INPUT` for what is no credential id */
export function credentialPath(id: string): { readonly path: string; readonly route: string } {
  if (!/^[A-Za-z0-9_-]+$/.test(id))
    throw new AuthnError({
      code: "ERR_AUTHN_INPUT",
      what: "A credential id is unpadded base64url, and this one isn't",
      remedy: "Give the id as the service or the browser has it",
    });
  return { path: `/credentials/${id}`, route: "/credentials/{id}" };
}
