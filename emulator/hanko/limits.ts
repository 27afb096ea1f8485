/** What the Passkey API's database takes; anything beyond it is an uncaught 500 (contracts/hanko.md, "Measured"). */

const TEXT_MAX_LENGTH = 255;
const SIGN_COUNT_MAX = 2 ** 31 - 1;
const CREDENTIAL_ID_MAX_BYTES = 187;

/** PostgreSQL counts code points, and has no NUL. */
export function isStorable(text: string): boolean {
  return characters(text) <= TEXT_MAX_LENGTH && !text.includes("\0");
}

export function characters(text: string): number {
  return [...text].length;
}

export interface Storable {
  /** base64url. */
  readonly id: string;
  readonly signCount: number;
  readonly transports: readonly string[];
}

export function isStorableCredential({ id, signCount, transports }: Storable): boolean {
  return (
    Buffer.byteLength(id, "base64url") <= CREDENTIAL_ID_MAX_BYTES &&
    signCount <= SIGN_COUNT_MAX &&
    new Set(transports).size === transports.length
  );
}
