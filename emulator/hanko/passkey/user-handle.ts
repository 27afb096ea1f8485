/** Whose a user handle is: 16 bytes are taken for a UUID in binary, so a user id of that length is never found (contracts/hanko.md). */

const UUID_BYTES = 16;

export function misreadUserId(handle: Buffer): string {
  if (handle.length !== UUID_BYTES) return handle.toString("utf8");
  return handle.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
