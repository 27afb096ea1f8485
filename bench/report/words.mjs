/** What the rows are called, and how the tables are to be read. */
import { resources } from "../resources/index.mjs";

/** @type {Readonly<Record<import("../figures.mjs").RowName, string>>} */
export const NAMES = {
  authn: "pulumi-authn",
  withoutLedger: "without its ledger",
  bare: "bare resources",
  hand: "written by hand",
  handCheckpoints: "by hand, checkpoints",
  plain: "plain requests",
};

/** @type {Readonly<Record<import("../figures.mjs").OperationName, string>>} */
export const OPERATIONS = {
  create: "create",
  noop: "no-op",
  refresh: "refresh",
  refreshWithoutDevices: "refresh, no devices",
  dueStep: "one due step",
  destroy: "destroy",
};

/** @param {readonly import("../figures.mjs").ResourceName[]} names */
export const legendOf = (names) => `## How to read it

- Everything runs on the real engine with a local backend, against the embedded tenant with its durable store in a process of its own. The
  engine's parallelism is also the number of requests that the plain script has under way.
${names.map((name) => resources[name].legend).join("\n")}
- *plain requests* are made over undici in one Node.js process; no Pulumi, no state.
- *bare resources*: the same inputs and secrets with a constant provider text that does nothing: what the engine and the stock host
  cost by themselves.
- *without its ledger*: \`authn:ledger\` is \`off\`; the ledger's share is what a create is faster by then. *by hand, checkpoints*: as
  people have it who change nothing, the state written at each step, and one round of it; all other rows of such a run write it once,
  at the end.
- Wall is the operation alone: from the call of the Automation API until it returns, without the short engine runs it would add to ask
  for outputs and history. The programs run with cheap stack traces while resources register, as \`authn\` runs them; its
  own subject also leaves out what only closures need, and settles its ledger with the saved state at the end, as \`authn\` does. Plain
  \`pulumi\` does neither: its host starts as the bare one does, and a no-op after a create reads that create's journal once.
- CPU is user and system time in that span, the provider's start included; the program's own start isn't. In runs of few people that
  start outweighs what each of them costs. Peak memory is the largest process's resident set. Both come from /proc, polled every
  25 ms; elsewhere they are n/a. The plain script counts as program.
- State is a resource's own entry in the engine's state file.`;
