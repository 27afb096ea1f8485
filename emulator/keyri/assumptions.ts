/**
 * What nobody states about Keyri's server side, and how this tenant reads it (contracts/keyri.md, marked "assumed" there or
 * left open). Change a reading here and nowhere else.
 */

/** Registration and login are the published sample's; listing and deletion are ours. */
export const paths = {
  registration: "/keyriRegistration",
  login: "/keyriLogin",
  keys: "/keyriKeys",
} as const;

/** The sample's own texts. */
export const known = {
  registered: "Registration Successful",
  loggedIn: "Login Successful",
  userNotFound: "User not found",
  signatureFailed: "Signature verification failed",
} as const;

/** Texts for what the sample leaves without an answer, or accepts where it must not. */
export const assumed = {
  unauthorized: "Unauthorized",
  alreadyRegistered: "Key already registered",
  keyNotFound: "Key not found",
  outsideWindow: "The timestamp in data is more than 60 seconds from the server's time",
  replayed: "This data was used before",
} as const;

/** Statuses for these. A key registered twice is refused: one row for each key. */
export const statuses = { alreadyRegistered: 409, keyNotFound: 404, unauthorized: 401, refused: 400 } as const;

/** How far `data`'s timestamp may be from the server's time, either way; the edge itself is accepted. */
export const WINDOW_MS = 60_000;

/** UTF-16 units, as in a common user table's column. */
export const USERNAME_MAX_LENGTH = 255;

/** `<13-digit Unix milliseconds>_<random decimal>`; no length is stated for the random part. */
export const DATA = /^\d{13}_\d{1,64}$/;
