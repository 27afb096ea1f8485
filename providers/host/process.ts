/**
 * The stock host's process as the providers use it: its environment, and its end when the engine is gone.
 */
import { hostname } from "node:os";
import { realDependencies } from "./dependencies.js";
import { watchParent } from "./parent.js";
import type { HostProcess } from "./session.js";

// A request under way may end and be recorded; nothing new is sent meanwhile.
const LAST_REQUEST_MS = 10_000;

/** @param engineAddress the host's first argument, the engine's `127.0.0.1:port` */
export function stockHostProcess(engineAddress: string | undefined): HostProcess {
  // A crash report would hold the environment, and with it what is secret there; Nodes before 22.13 can't leave it out.
  if (process.report !== undefined) Reflect.set(process.report, "excludeEnv", true);
  // The engine's end breaks both pipes. The stock host prints such an error to the same pipe, which is one more, without end.
  for (const pipe of [process.stdout, process.stderr]) pipe.on("error", () => undefined);
  let underWay = 0;
  let orphaned = false;
  const endIfIdle = () => {
    if (orphaned && underWay === 0) process.exit(1);
  };
  const watch =
    engineAddress === undefined
      ? undefined
      : watchParent(engineAddress, () => {
          orphaned = true;
          setTimeout(() => process.exit(2), LAST_REQUEST_MS).unref();
          endIfIdle();
        });
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    dependencies: realDependencies(() => watch?.gone() ?? false),
    // The engine's address: a host without one, as a test starts it, is an operation of its own.
    operation: { id: `${engineAddress ?? process.pid}@${hostname()}`, pid: process.pid },
    ledgers: new Map(),
    atEnd(act) {
      // The engine's way to end its hosts in order; nothing else of this process listens to it.
      process.once("SIGINT", () => {
        act();
        process.exit(130);
      });
      process.once("exit", act);
    },
    enter() {
      underWay += 1;
      return () => {
        underWay -= 1;
        endIfIdle();
      };
    },
  };
}
