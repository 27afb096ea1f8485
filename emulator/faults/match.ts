/** Whether a fault meets a request. Pure; an absent condition meets everything. */
import type { ServiceName } from "../slots.js";

/** The part of a request that faults look at. */
export interface Exchange {
  readonly service: ServiceName;
  /** Upper case. */
  readonly method: string;
  /** Percent-encoded as sent, without the query. */
  readonly path: string;
}

export type FaultCondition = { readonly [Part in keyof Exchange]?: Exchange[Part] | undefined };

export function meets(condition: FaultCondition, exchange: Exchange): boolean {
  return (
    (condition.service === undefined || condition.service === exchange.service) &&
    (condition.method === undefined || condition.method === exchange.method) &&
    (condition.path === undefined || pathMeets(condition.path, exchange.path))
  );
}

function pathMeets(pattern: string, path: string): boolean {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === path;
  return path.length >= before.length + after.length && path.startsWith(before) && path.endsWith(after);
}
