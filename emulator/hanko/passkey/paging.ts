/** Pages of a list: the query that asks for one, and the headers that lead on from it (contracts/hanko.md, "Lists"). */
import { z } from "zod";

const whole = z.coerce.number("must be a number").int("must be a whole number").min(0, "must not be negative");

export const listQuery = z.object({
  user_id: z.string().optional(),
  // 0 is Go's word for absent.
  page: whole.default(0).transform((page) => page || 1),
  per_page: whole.default(0).transform((perPage) => perPage || 20),
  order: z.enum(["asc", "desc"], "must be asc or desc").default("desc"),
});
export type ListQuery = z.output<typeof listQuery>;

export function pageOf<Row>(rows: readonly Row[], { page, per_page }: ListQuery): readonly Row[] {
  return rows.slice((page - 1) * per_page, page * per_page);
}

export function pagingHeaders(url: URL, total: number, { page, per_page }: ListQuery): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / per_page));
  const links: [rel: string, page: number][] = [];
  if (page > 1 || last === 1) links.push(["first", 1]);
  // Beyond the end too.
  if (page > 1) links.push(["prev", page - 1]);
  if (page < last) links.push(["next", page + 1]);
  links.push(["last", last]);
  const link = links.map(([rel, target]) => `<${addressOf(url, target, per_page)}>; rel="${rel}"`).join(",");
  return { link, "x-total-count": String(total) };
}

function addressOf(url: URL, page: number, perPage: number): string {
  const address = new URL(url);
  address.searchParams.set("page", String(page));
  address.searchParams.set("per_page", String(perPage));
  address.searchParams.sort();
  return address.href;
}
