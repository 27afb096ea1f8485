// The instants between two steps at which a provider can die, and what tells of them: undici's channels (its "Diagnostics Channel"
// documentation) and the ledger's own. Loaded by every Node process of a run, so it imports nothing.

/**
 * @typedef {object} Moment
 * @property {string} channel of `node:diagnostics_channel`
 * @property {(message: any) => boolean} isIt
 */

/** Requests that read change nothing outside: to die around them is to die anywhere. */
const writes = ({ request }) => request.method !== "GET" && request.method !== "HEAD";
const ledger = (moment) => ({ channel: "pulumi-authn:ledger", isIt: (message) => message.moment === moment });

/** @satisfies {Readonly<Record<string, Moment>>} */
export const moments = {
  "before the request": { channel: "undici:client:sendHeaders", isIt: writes },
  "request sent": { channel: "undici:request:bodySent", isIt: writes },
  "answer begun": { channel: "undici:request:headers", isIt: writes },
  "answer read": { channel: "undici:request:trailers", isIt: writes },
  "before the ledger's write": ledger("before write"),
  "after the ledger's write": ledger("after write"),
  "ledger synced": ledger("after sync"),
};

/** @typedef {keyof typeof moments} MomentName */
