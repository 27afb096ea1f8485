/**
 * One `up` of a stack of one ring, in a process of its own, which ends with it: the SDK keeps what is left of a run that failed, and a
 * later one of the same process may lose its connection to that (docs/decisions/0055).
 */
import { putOffClosures } from "../../dist/src/cli/sdk/put-off.js";

putOffClosures(import.meta.filename);
const modules = Promise.all([
  import("../../dist/src/cli/automation.js"),
  import("../../dist/src/cli/engine/index.js"),
  import("../../dist/src/cli/engine-process.js"),
  import("../../dist/src/index.js"),
]);

const kill = new AbortController();
process.on("message", (order) => {
  if (order === "kill") kill.abort();
  else void up(order).then((outcome) => process.send(outcome));
});
// What is left of a run that failed would keep it alive.
process.on("disconnect", () => process.exit(0));

async function up({ folder, environment, args, anew }) {
  const [{ automation }, { findEngine }, { engineRunner }, { BaikalClientKeys }] = await modules;
  const engine = await findEngine({ environment: process.env, report: () => undefined });
  const { command } = engine.command;
  const signals = { stop: new AbortController().signal, now: kill.signal, onSpawn: () => undefined };
  let ring;
  const stack = await automation.openStack({
    name: "prod",
    workspaceFolder: folder,
    command: engine.command,
    run: engineRunner({ command, environment: process.env, ...signals }),
    environment: { ...engine.environment, ...environment },
    secretsProvider: undefined,
    program: async () => {
      ring = new BaikalClientKeys("clients/billing", args);
      return { kid: ring.activeKid };
    },
  });
  const said = [];
  try {
    await stack.up({
      ...{ suppressOutputs: true, suppressProgress: true, color: "never" },
      ...(anew ? { replace: ["**::clients/billing"] } : {}),
      onEvent: ({ diagnosticEvent }) => {
        if (diagnosticEvent !== undefined) said.push(diagnosticEvent.message);
      },
    });
    return { succeeded: true, said: said.join("\n"), deployed: await deployedOf(ring) };
  } catch (error) {
    return { succeeded: false, said: [...said, String(error)].join("\n") };
  }
}

/** The values of outputs of a run that has ended. */
async function deployedOf(ring) {
  const [kid, privateKey, keys, anchoredAt] = await Promise.all(
    [ring.activeKid, ring.activePrivateKey, ring.keys, ring.anchoredAt].map(
      (output) => new Promise((resolve) => output.apply(resolve)),
    ),
  );
  return { kid, privateKey, keys, anchoredAt };
}
