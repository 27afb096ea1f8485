/**
 * A document at an address that takes PUT: compared by ETag (RFC 9110 §13.1) where it has one. Some stores show nothing to those
 * who may write, or answer 403 for what isn't there: they are written to without a comparison.
 */
import type { Answer, HttpClient } from "../../http/contract.js";
import { conflict, type Place, parseDocument, type Standing } from "./place.js";

export interface HttpPlace {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const MEDIA_TYPE = "application/jwk-set+json";
const HIDDEN: readonly number[] = [401, 403, 405];

/** @param http its base address is the URL's origin; its secrets are the header values */
export function httpPlace({ url, headers }: HttpPlace, http: HttpClient): Place {
  const { pathname, search, searchParams } = new URL(url);
  const at = {
    path: pathname,
    route: "/{document}",
    ...(search === "" ? {} : { query: Object.fromEntries(searchParams) }),
  };
  const read = async (): Promise<Standing> => {
    const answer = await http.call({
      ...at,
      operation: "baikal read the published document",
      method: "GET",
      headers: { ...headers, accept: `${MEDIA_TYPE}, application/json`, "cache-control": "no-cache" },
      answers: [200, 404, 410, ...HIDDEN],
    });
    if (answer.status === 404 || answer.status === 410) return { kind: "absent" };
    if (HIDDEN.includes(answer.status)) return { kind: "hidden" };
    return { kind: "document", document: parseDocument(answer.text(), url), version: answer.headers["etag"] };
  };
  return {
    name: url,
    read,
    async write(text, standing) {
      const answer = await http.call({
        ...at,
        operation: "baikal publish the document",
        method: "PUT",
        // A signed address may have been signed for another type.
        headers: { "content-type": MEDIA_TYPE, ...headers, ...condition(standing) },
        body: text,
        answers: [200, 201, 202, 204, 409, 412],
      });
      await settle(answer, read, text);
    },
    async remove(standing) {
      const answer = await http.call({
        ...at,
        operation: "baikal withdraw the document",
        method: "DELETE",
        headers: { ...headers, ...condition(standing) },
        answers: [200, 202, 204, 404, 410, 412],
      });
      if (answer.status === 412) throw conflict(url);
    },
  };

  /** A PUT that is repeated after a lost answer meets its own document: that is no conflict. */
  async function settle({ status }: Answer, look: typeof read, text: string): Promise<void> {
    if (status !== 409 && status !== 412) return;
    const standing = await look();
    if (standing.kind === "document" && JSON.stringify(standing.document) === JSON.stringify(JSON.parse(text))) return;
    throw conflict(url);
  }
}

function condition(standing: Standing): Readonly<Record<string, string>> {
  if (standing.kind === "absent") return { "if-none-match": "*" };
  if (standing.kind !== "document" || standing.version === undefined) return {};
  // A weak validator never matches If-Match (RFC 9110 §13.1.1): it would refuse every write.
  return standing.version.startsWith("W/") ? {} : { "if-match": standing.version };
}
