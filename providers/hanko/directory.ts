/**
 * Reads of credentials that share the pages of the list: a refresh of a thousand asks for some ten pages and not a thousand times. Never
 * older than the last write that it was told of, nor than a minute; what no page shows is asked for by its id before it counts as gone.
 */
import type { Clock } from "../host/lifecycle.js";
import type { HankoApi, HankoCredentialInfo } from "./api.js";

export interface CredentialDirectory {
  /** Undefined: there is no such credential. */
  read(id: string): Promise<HankoCredentialInfo | undefined>;
  /** To be called after each write of ours, whether its outcome is known or not. */
  forget(id: string): void;
}

const KEPT_MS = 60_000;

interface Row {
  readonly info: HankoCredentialInfo;
  /** When its page was asked for. */
  readonly askedAtMs: number;
}

type Found = HankoCredentialInfo | undefined;

/** One who waits for the list to show a credential. */
interface Waiting {
  resolve(found: Found | Promise<Found>): void;
  reject(error: unknown): void;
}

export function credentialDirectory(
  api: Pick<HankoApi, "page" | "credential">,
  clock: Pick<Clock, "now">,
): CredentialDirectory {
  const rows = new Map<string, Row>();
  const awaited = new Map<string, Waiting[]>();
  const asking = new Map<string, Promise<Found>>();
  /** For each request under way, the ids whose part of its answer is out of date already. */
  const underWay = new Set<Set<string>>();
  /** Of the walk through the list: the page to go on with, and when its first page was asked for. */
  let cursor: number | "start" | "end" = "start";
  let begunAtMs = clock.now();
  let isWalking = false;
  /** Over the directory's whole life. */
  let pagesAsked = 0;
  let readsSaved = 0;
  let readsByIdMade = 0;
  /** Of the walk under way: what it has seen, and how many pages are left, where the service says. */
  let walked = { pages: 0, rows: 0 };
  let pagesLeft: number | undefined;

  const request = async <T>(ask: () => Promise<T>) => {
    const forgotten = new Set<string>();
    underWay.add(forgotten);
    try {
      return { answer: await ask(), forgotten };
    } finally {
      underWay.delete(forgotten);
    }
  };

  const askById = async (id: string): Promise<Found> => {
    for (;;) {
      const { answer, forgotten } = await request(() => api.credential(id));
      if (!forgotten.has(id)) return answer;
    }
  };

  const shareAsking = (id: string): Promise<Found> => {
    const settled = () => {
      asking.delete(id);
      readsByIdMade += 1;
    };
    const shared = asking.get(id) ?? askById(id).finally(settled);
    asking.set(id, shared);
    return shared;
  };

  /**
   * A tenant may hold a million others, and ours may be at the end of its list. Pages may cost as much as asking for what they
   * spared and may spare; beyond that, all that are left where they are fewer than the reads so far, which will not have been the
   * last ones; and where nobody knows how many are left, a quarter of those.
   */
  const pagingPays = () => {
    if (cursor === "end") return false;
    const waiting = awaited.size + asking.size;
    if (pagesAsked < readsSaved + waiting) return true;
    return pagesLeft === undefined
      ? pagesAsked < readsSaved + waiting + readsByIdMade / 4
      : pagesLeft <= readsByIdMade + waiting;
  };

  const turnPage = async () => {
    const askedAtMs = clock.now();
    pagesAsked += 1;
    const page = typeof cursor === "number" ? cursor : undefined;
    const { answer, forgotten } = await request(() => api.page(page));
    cursor = answer.next ?? "end";
    walked = { pages: walked.pages + 1, rows: walked.rows + answer.credentials.length };
    const rowsOfPage = Math.max(1, walked.rows / walked.pages);
    pagesLeft = answer.total === undefined ? undefined : Math.ceil((answer.total - walked.rows) / rowsOfPage);
    for (const info of answer.credentials) {
      if (forgotten.has(info.id)) continue;
      rows.set(info.id, { info, askedAtMs });
      const waiting = awaited.get(info.id);
      if (waiting === undefined) continue;
      awaited.delete(info.id);
      readsSaved += 1;
      for (const { resolve } of waiting) resolve(info);
    }
  };

  const walk = async () => {
    isWalking = true;
    // Reads that are asked in one go are judged together.
    await undefined;
    if (clock.now() - begunAtMs >= KEPT_MS) {
      rows.clear();
      cursor = "start";
    }
    if (cursor === "start") {
      begunAtMs = clock.now();
      walked = { pages: 0, rows: 0 };
    }
    try {
      while (awaited.size > 0 && pagingPays()) await turnPage();
      for (const [id, waiting] of awaited) for (const { resolve } of waiting) resolve(shareAsking(id));
    } catch (error) {
      for (const { reject } of [...awaited.values()].flat()) reject(error);
    }
    awaited.clear();
    isWalking = false;
  };

  return {
    async read(id) {
      const row = rows.get(id);
      if (row !== undefined && clock.now() - row.askedAtMs < KEPT_MS) {
        readsSaved += 1;
        return row.info;
      }
      const shared = asking.get(id);
      if (shared !== undefined) return shared;
      return new Promise((resolve, reject) => {
        awaited.set(id, [...(awaited.get(id) ?? []), { resolve, reject }]);
        if (!isWalking) void walk();
      });
    },

    forget(id) {
      rows.delete(id);
      for (const forgotten of underWay) forgotten.add(id);
    },
  };
}
