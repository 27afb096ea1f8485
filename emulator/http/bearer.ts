/** Bearer tokens in the Authorization header (RFC 6750 §2.1), compared in a time that says nothing about where they differ. */
import { createHash, timingSafeEqual } from "node:crypto";

export function bearsToken(authorization: string | undefined, expected: string): boolean {
  const token = /^bearer +([^ ]+) *$/i.exec(authorization ?? "")?.[1];
  return token !== undefined && timingSafeEqual(digest(token), digest(expected));
}

// Digests have one length, whatever the token's: timingSafeEqual takes no other pair.
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
