/**
 * Where a ring's document is published. A place compares before it writes where it can, so that two runs at once can't fork a
 * ring: the later one meets a conflict and changes nothing.
 */
import { z } from "zod";
import { AuthnError } from "../../errors.js";
import { type ForeignDocument, foreignDocument } from "../ring/document.js";

/** What stands there. A version is good for one comparison; absent: the place has none. */
export type Standing =
  | { readonly kind: "document"; readonly document: ForeignDocument; readonly version: string | undefined }
  | { readonly kind: "absent" }
  /** It takes documents and shows none. */
  | { readonly kind: "hidden" };

export interface Place {
  /** Where it is, for messages and to notice a move: `public/jwks.json`, `https://…/billing.json`. */
  readonly name: string;
  read(): Promise<Standing>;
  /** @throws AuthnError `ERR_AUTHN_ALREADY_EXISTS` where somebody else wrote since `standing` was read */
  write(text: string, standing: Standing): Promise<void>;
  remove(standing: Standing): Promise<void>;
}

/** @throws AuthnError `ERR_AUTHN_ALREADY_EXISTS`: what stands there is no JWKS, and is not to be lost */
export function parseDocument(text: string, name: string): ForeignDocument {
  const parsed = foreignDocument.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `What stands at ${name} is no JWKS: ${z.prettifyError(parsed.error)}`,
    remedy: "Remove it, or publish to another place",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function conflict(name: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `Another run published to ${name} at the same moment`,
    remedy: "Run the command again; nothing was changed here",
  });
}
