/**
 * What nobody states about Hanko's two APIs, and how this tenant reads it (contracts/hanko.md, marked "assumed" there or left
 * open). Change a reading here and nowhere else.
 */

/** Authentication API: how far a request's time may be from the server's, either way; a nonce is used once meanwhile. */
export const SIGNATURE_WINDOW_MS = 5 * 60_000;

/** Authentication API: how much of a list is given where the client doesn't say. Known; that it is in order of creation isn't. */
export const AUTHENTICATION_PAGE_SIZE = 10;

/** Authentication API: what a credential is called until it is renamed, and how long a name may be. */
export const UNNAMED = "";
export const NAME_MAX_LENGTH = 255;

/** Passkey API: the real server's is 4096 bits, which would take seconds to make. */
export const TOKEN_KEY_BITS = 2048;

/** Discoverable challenges never expire; the oldest go once there are so many. */
export const OPEN_CHALLENGES = 20_000;

/** What the Passkey API calls an authenticator of that model; its own list is far longer. */
export const authenticatorNames: ReadonlyMap<string, string> = new Map([
  ["fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "iCloud Keychain"],
  ["ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"],
  ["08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"],
  ["bada5566-a7aa-401f-bd96-45619a55120d", "1Password"],
]);
