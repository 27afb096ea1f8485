/** The list of credentials to its end, page by page (contracts/hanko.md: neither API gives it at once). */
import type { HankoApi, HankoCredentialInfo } from "./api.js";

/** @param userId absent: of all users */
export async function everyCredential(
  api: Pick<HankoApi, "page">,
  userId?: string,
): Promise<readonly HankoCredentialInfo[]> {
  // A credential that was registered or removed meanwhile moves the others to another page.
  const seen = new Map<string, HankoCredentialInfo>();
  let cursor: number | undefined;
  do {
    const before = seen.size;
    const { credentials, next } = await api.page(cursor, userId);
    for (const info of credentials) seen.set(info.id, info);
    // A service that gives the same page for ever has no more to tell.
    cursor = seen.size === before ? undefined : next;
  } while (cursor !== undefined);
  return [...seen.values()];
}
