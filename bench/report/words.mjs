/** What the rows are called, and how the tables are to be read. */

/** @type {Readonly<Record<import("../figures.mjs").RowName, string>>} */
export const NAMES = {
  authn: "pulumi-authn",
  bare: "bare resources",
  hand: "written by hand",
  plain: "plain requests",
};

/** @type {Readonly<Record<import("../figures.mjs").OperationName, string>>} */
export const OPERATIONS = { create: "create", noop: "no-op", refresh: "refresh", destroy: "destroy" };

export const LEGEND = `## How to read it

- Everything runs on the real engine with a local backend, against the embedded tenant with its durable store in a process of its own. The
  engine's parallelism is also the number of requests that the plain script has under way.
- *pulumi-authn*: one \`KeyriPublicKey\` a person, derived from a seed, so that create looks whether the key stands already, registers
  it and proves it by a signed login.
- *plain requests*: registration and signed login, look-up, removal over undici in one Node.js process; no Pulumi, no state.
- *bare resources*: the same inputs and secrets with a constant provider text that does nothing: what the engine and the stock host
  cost by themselves.
- *written by hand*: a class that implements \`pulumi.dynamic.ResourceProvider\` with \`fetch\` and \`node:crypto\`, serialised by the SDK,
  asking the same; no retries, adoption or drift.
- Wall is the operation alone: from the call of the Automation API until it returns, without the short engine runs it would add to ask
  for outputs and history. The programs run with cheap stack traces while resources register, as \`authn\` runs them.
- CPU is user and system time in that span, the provider's start included; the program's own start isn't. Peak memory is the
  largest process's resident set. Both come from /proc, polled every 25 ms; elsewhere they are n/a. The plain script counts as program.
- State is a resource's own entry in the engine's state file.`;
