/** What the ledger means to one `up`, `refresh` or `destroy`: before the engine runs, and after it while the tenant still does. */
import { rmdir } from "node:fs/promises";
import { isLedgerEmpty } from "../../../providers/host/ledger/index.js";
import type { Operation } from "../operations.js";
import { isUnderWay, type Prepared } from "../preparation.js";
import { plainMessage } from "../report/failures.js";
import type { Situation } from "../situation.js";
import type { Surroundings } from "../surroundings.js";
import { stateOf } from "./access.js";
import { whyCheckpointsHere } from "./checkpoint-facts.js";
import { otherHolder } from "./holder.js";
import { clearPendingCreates } from "./pending-creates.js";
import { ledgerPlace, sealsAll } from "./place.js";
import { nothingLeft, type Settlement, settleLedger, unsettled } from "./settlement.js";

export interface OperationLedger {
  /** Nothing is in it, or there is none. */
  isEmpty(): Promise<boolean>;
  /** What the engine's environment gets so that it leaves out its checkpoints; empty where it keeps them. */
  checkpoints(wanted: boolean, engine: Engine): Promise<Readonly<Record<string, string>>>;
  settle(ending: OperationEnding, engine: Engine): Promise<Settlement>;
  /** Takes its folder away, where nothing is in it: of a stack for each pull request one would be left each time. */
  leave(): Promise<void>;
}

type Engine = () => Promise<Prepared>;

export interface OperationEnding {
  readonly succeeded: boolean;
  /** The engine told of creates that an earlier run left unfinished. */
  readonly cutOff: boolean;
}

export function ledgerOf(
  operation: Operation,
  situation: Situation,
  surroundings: Surroundings,
  report: (line: string) => void,
): OperationLedger {
  const { configuration, home } = situation;
  const { environment } = surroundings;
  const place = ledgerPlace(situation, environment);
  const changes = operation === "up" || operation === "destroy";

  return {
    leave: async () => {
      if (place !== undefined) await rmdir(place.folder).catch(() => undefined);
    },

    isEmpty: async () => place === undefined || (await isLedgerEmpty(place.folder)),

    checkpoints: async (wanted, engine) => {
      if (!changes) return {};
      const askForeign = async () =>
        place && (await stateOf({ place, situation, surroundings, report, engine })).foreign;
      const reason = await whyCheckpointsHere({ situation, environment, place, wanted, askForeign });
      if (reason !== undefined) return {};
      report(
        `no checkpoints while it runs: the ledger in ${place?.folder} knows what is made (--checkpoints keeps them)`,
      );
      return { PULUMI_SKIP_CHECKPOINTS: "true" };
    },

    settle: async ({ succeeded, cutOff }, engine) => {
      if (place === undefined || !(changes || operation === "refresh")) return nothingLeft;
      const sweeps = succeeded && changes;
      // A failed operation may have failed because of another one: it doesn't wait for that.
      if (!sweeps && (await otherHolder(place.folder)) !== undefined) return unsettled;
      try {
        const settlement = await settleLedger({ place, situation, surroundings, report, engine }, { sweeps });
        if (sweeps && cutOff && settlement.resolved && sealsAll(configuration, environment)) {
          const { automation, stack } = await engine();
          const cleared = await clearPendingCreates(automation, stack, home, () => isUnderWay(situation, surroundings));
          if (cleared > 0)
            report(`cleared the engine's mark of ${cleared} create(s) that were cut off: the ledger has resolved them`);
        }
        return settlement;
      } catch (error) {
        if (!sweeps) return unsettled;
        const message = plainMessage(error instanceof Error ? error.message : String(error));
        return { ...unsettled, failures: [{ where: undefined, message }] };
      }
    },
  };
}
