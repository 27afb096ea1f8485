/**
 * The connections of this process: one pool and one budget for each origin, whichever resource or provider instance asks.
 * Module-level on purpose, since the limits of a service hold for the process as a whole.
 */
import type { LookupFunction } from "node:net";
import { type Dispatcher, Pool } from "undici";
import { type Limits, OriginBudget } from "./budget.js";
import type { ClientSettings } from "./contract.js";
import type { Clock } from "./elapsed.js";
import { isLoopbackHost } from "./guard.js";

/** An idle connection is closed before a server's own limit (5 s in Node.js) can close it under a request; undici's timer may be a second late. */
const IDLE_MS = 3_000;
const CONNECT_TIMEOUT_MS = 10_000;

const budgets = new Map<string, OriginBudget>();
/** By origin and what is trusted there: what one provider instance trusts, another need not. */
const pools = new Map<string, Pool>();

/** `localhost` and the names below it are never asked of DNS (RFC 6761 §6.3): the guard lets them pass as loopback. */
const lookupLoopback: LookupFunction = (_hostname, options, callback) => {
  const addresses = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  if (options.all === true) callback(null, addresses);
  else callback(null, "127.0.0.1", 4);
};

/** Which certificates a client takes: by the settings of the same names. */
type Trust = Pick<ClientSettings, "ca" | "unverifiedTls">;

function createPool(origin: URL, { ca, unverifiedTls }: Trust): Pool {
  return new Pool(origin.origin, {
    connections: null, // the budget bounds them; undici frees one an event-loop turn late, so there may be twice as many
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(ca === undefined ? {} : { ca }),
      // The settings are refused off loopback; asked here too, since this is what lets a stranger in.
      ...(unverifiedTls === true && isLoopbackHost(origin.hostname) ? { rejectUnauthorized: false } : {}),
      ...(isLoopbackHost(origin.hostname) ? { lookup: lookupLoopback } : {}),
    },
  });
}

export interface Origin {
  readonly dispatcher: Dispatcher;
  readonly budget: OriginBudget;
}

/** The origin's connections and budget, made at the first call; a lower limit than those in force is taken over. */
export function acquireOrigin(url: URL, trust: Trust, limits: Limits, clock: Clock): Origin {
  const { origin } = url;
  const budget = budgets.get(origin) ?? new OriginBudget(limits, clock);
  budgets.set(origin, budget);
  budget.tighten(limits);
  const key = `${origin} ${trust.unverifiedTls === true ? "unverified" : ""} ${trust.ca ?? ""}`;
  const pool = pools.get(key) ?? createPool(url, trust);
  pools.set(key, pool);
  return { dispatcher: pool, budget };
}

/** Closes every connection once the requests under way are answered. A later call opens new ones. */
export async function closeAllPools(): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  budgets.clear();
  await Promise.all(open.map((pool) => pool.close()));
}
