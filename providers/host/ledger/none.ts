/** Where there is no ledger: no `authn:seed` to seal it with, or `authn:ledger: off`. The engine's state is all that is known then. */
import { noAccount } from "./account.js";
import type { Ledger } from "./ledger.js";
import type { Standing } from "./standing.js";

const nothing: Standing = {
  takeUp: () => undefined,
  leftovers: () => [],
  ahead: () => undefined,
  isGone: () => false,
  isClosed: () => false,
  confirm: () => undefined,
  handOver: () => undefined,
  isTaken: () => false,
  unresolved: () => [],
};

export const noLedger: Ledger = {
  standing: nothing,
  settled: () => Promise.resolve(nothing),
  account: () => noAccount,
};
