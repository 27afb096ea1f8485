/** Where the time goes: each process's CPU time a resource, ours beside what a resource costs that does nothing. Pure. */
import { figuresOf, operations } from "../figures.mjs";
import { minus, ratio, times } from "./arithmetic.mjs";
import { section } from "./section.mjs";
import { factor, table } from "./table.mjs";
import { OPERATIONS } from "./words.mjs";

/** @typedef {import("../figures.mjs").Run} Run */

const ROLES = /** @type {const} */ (["program", "engine", "provider"]);

/** @param {readonly Run[]} runs */
export function whereText(runs) {
  const rows = runs.filter(({ skipCheckpoints }) => skipCheckpoints).flatMap(rowsOf);
  if (rows.length === 0) return [];
  const columns = ROLES.flatMap((role) => [role, "beyond bare"]);
  return [section("## Where the time goes", "CPU milliseconds a resource:", table(["", "", ...columns], rows), WORDS)];
}

/** @param {Run} run @returns {string[][]} */
function rowsOf(run) {
  return operations.flatMap((operation, index) => {
    const [authn, bare] = [figuresOf(run, "authn", operation), figuresOf(run, "bare", operation)];
    if (authn === undefined || bare === undefined) return [];
    const title = index === 0 ? `${run.resource}, ${run.users}` : "";
    const cells = ROLES.flatMap((role) => {
      const each = (/** @type {number | undefined} */ seconds) => factor(times(ratio(seconds, run.users), 1_000));
      const [own, others] = [authn[`${role}CpuSeconds`], bare[`${role}CpuSeconds`]];
      return [each(own), each(minus(own, others))];
    });
    return [[title, OPERATIONS[operation], ...cells]];
  });
}

const WORDS = `*beyond bare* is what this package adds to a resource that does nothing, its requests among it. All else is the engine's and its SDK's:

- *program*: the SDK makes an output of each property of a resource, of some fifteen promises each, and follows every promise through
  \`AsyncLocalStorage\`; a quarter of the time is garbage collection. A larger young generation (\`--max-semi-space-size\`) doesn't
  help. Stack traces, which were more than half, are off while resources register. Stack outputs are walked one after the other and
  cost a quarter of a program's memory, but hardly any time.
- *engine*: it asks for check and diff of each resource, one at a time, and writes the whole state: once where checkpoints are off,
  twice a step where they are on, which is quadratic and nothing a provider could change.
- *provider*: half a second to a second is the host's start, most of it a TypeScript compiler and a package installer for closures that
  nobody serialises here (under \`authn\` they aren't loaded), then a message in and out of each call.

Of this package's own, a create's largest part was OpenSSL reading a private key back from its PKCS#8 text for the proof (a sixth of the
provider's time for \`KeyriPublicKey\`): what was just made is proven with the key at hand. Outputs that only show what was declared aren't given to the SDK where nothing was: for
\`HankoCredential\` that took a quarter off the program. Fixture files are read in 0.1 to 0.2 ms a person, at 1,000 as at 10,000.`;
