/** What the ledger means to one `up`, `refresh` or `destroy`: before the engine runs, and after it while the tenant still does. */
import { rmdir } from "node:fs/promises";
import { isElsewhere, isLedgerEmpty, outlineLedger } from "../../../providers/host/ledger/index.js";
import type { Operation } from "../operations.js";
import { isUnderWay, type Prepared } from "../preparation.js";
import { plainMessage } from "../report/failures.js";
import type { Situation } from "../situation.js";
import type { Surroundings } from "../surroundings.js";
import { type LedgerAccess, stateOf, withLedger } from "./access.js";
import { whyCheckpointsHere } from "./checkpoint-facts.js";
import { otherHolder } from "./holder.js";
import { judge } from "./judgement.js";
import { clearPendingCreates } from "./pending-creates.js";
import { type LedgerPlace, ledgerPlace, sealsAll } from "./place.js";
import { heldRevisions, type SavedState } from "./saved-state.js";
import { nothingLeft, type Settlement, settleLedger, unsettled } from "./settlement.js";

export interface OperationLedger {
  /** Nothing is in it, or there is none. */
  isEmpty(): Promise<boolean>;
  /** What the engine's environment gets so that it leaves out its checkpoints; empty where it keeps them. */
  checkpoints(wanted: boolean, engine: Engine): Promise<Readonly<Record<string, string>>>;
  /**
   * What the saved state holds is dropped, as at the end of an operation, should that have been cut off: a replacement that is asked for
   * by name must not take it for a create that nobody has finished.
   */
  confirm(engine: Engine): Promise<void>;
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
  const { configuration } = situation;
  const { environment } = surroundings;
  const place = ledgerPlace(situation, environment);
  const changes = operation === "up" || operation === "destroy";
  const accessTo = (there: LedgerPlace, engine: Engine) => ({ place: there, situation, surroundings, report, engine });

  return {
    leave: async () => {
      if (place !== undefined) await rmdir(place.folder).catch(() => undefined);
    },

    isEmpty: async () => place === undefined || (await isLedgerEmpty(place.folder)),

    checkpoints: async (wanted, engine) => {
      if (!changes) return {};
      const askForeign = async () => place && (await stateOf(accessTo(place, engine))).foreign;
      const reason = await whyCheckpointsHere({ situation, environment, place, wanted, askForeign });
      if (reason !== undefined) return {};
      report(
        `no checkpoints while it runs: the ledger in ${place?.folder} knows what is made (--checkpoints keeps them)`,
      );
      return { PULUMI_SKIP_CHECKPOINTS: "true" };
    },

    confirm: async (engine) => {
      if (place !== undefined && changes) await settleLedger(accessTo(place, engine), { sweeps: false });
    },

    settle: async ({ succeeded, cutOff }, engine) => {
      if (place === undefined || !(changes || operation === "refresh")) return nothingLeft;
      const sweeps = succeeded && changes;
      // A failed operation may have failed because of another one: it doesn't wait for that.
      if (!sweeps && (await otherHolder(place.folder)) !== undefined) return unsettled;
      try {
        const access = accessTo(place, engine);
        const settlement = await settleLedger(access, { sweeps });
        if (sweeps && cutOff && settlement.resolved && sealsAll(configuration, environment)) await clearMarks(access);
        return settlement;
      } catch (error) {
        if (!sweeps) return unsettled;
        const message = plainMessage(error instanceof Error ? error.message : String(error));
        return { ...unsettled, failures: [{ where: undefined, message }] };
      }
    },
  };
}

/** Of creates that were cut off: a warning at every operation. Where they can't be cleared now, the next operation tries again. */
async function clearMarks(access: LedgerAccess): Promise<void> {
  const { place, situation, surroundings, report, engine } = access;
  if ((await otherHolder(place.folder)) !== undefined) return;
  try {
    const { automation, stack } = await engine();
    const isOthers = async ({ resources }: SavedState) => {
      const ours = (await outlineLedger(place.folder)).filter(
        ({ header }) => !isElsewhere(header ?? {}, place.backend),
      );
      const { unresolved, pending } = judge(ours, heldRevisions(resources));
      return unresolved.size > 0 || pending.size > 0 || (await isUnderWay(situation, surroundings));
    };
    const cleared = await withLedger(access, () => clearPendingCreates(automation, stack, situation.home, isOthers));
    if (cleared > 0)
      report(`cleared the engine's mark of ${cleared} create(s) that were cut off: the ledger has resolved them`);
  } catch (error) {
    const message = plainMessage(error instanceof Error ? error.message : String(error));
    report(`the engine's mark of creates that were cut off stays: ${message}`);
  }
}
