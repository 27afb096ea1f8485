/**
 * The document as verifiers get it: fetched past caches from its public address, or read back from its file. The answer's Date
 * is another clock to hold one's own against.
 */
import type { HttpClient } from "../http/contract.js";
import { type Place, parseDocument } from "./places/place.js";
import type { ForeignDocument } from "./ring/document.js";

export interface LiveDocument {
  /** Undefined: nothing stands there. */
  readonly document: ForeignDocument | undefined;
  /** The server's clock, Unix time in milliseconds; it tells whole seconds. */
  readonly dateMs: number | undefined;
}

export interface Live {
  /** Where it is, for messages and to notice a move. */
  readonly name: string;
  fetch(): Promise<LiveDocument>;
}

/** @param http its base address is the URL's origin */
export function liveAddress(url: string, http: HttpClient): Live {
  const { pathname, search, searchParams } = new URL(url);
  return {
    name: url,
    async fetch() {
      const answer = await http.call({
        operation: "baikal look for the live document",
        method: "GET",
        path: pathname,
        ...(search === "" ? {} : { query: Object.fromEntries(searchParams) }),
        headers: {
          accept: "application/jwk-set+json, application/json",
          "cache-control": "no-cache",
          pragma: "no-cache",
        },
        answers: [200, 404, 410],
      });
      return {
        document: answer.status === 200 ? parseDocument(answer.text(), url) : undefined,
        dateMs: dateMsOf(answer.headers),
      };
    },
  };
}

/** A cache repeats the Date of the origin, and says in Age how long ago that was (RFC 9111 §4.2.3, §5.1). */
function dateMsOf({ date = "", age = "0" }: Readonly<Record<string, string>>): number | undefined {
  const dateMs = Date.parse(date) + (/^\d+$/.test(age) ? Number(age) * 1_000 : 0);
  return Number.isNaN(dateMs) ? undefined : dateMs;
}

/** What is published and shown nowhere else is read back from its place. */
export function livePlace(place: Place): Live {
  return {
    name: place.name,
    async fetch() {
      const standing = await place.read();
      return { document: standing.kind === "document" ? standing.document : undefined, dateMs: undefined };
    },
  };
}
