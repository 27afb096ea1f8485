/** The facts by which an operation keeps the engine's checkpoints or leaves them out, gathered; nothing is started for the cheap ones. */
import type { Situation } from "../situation.js";
import { type CheckpointFacts, whyCheckpoints } from "./checkpoints.js";
import { otherHolder } from "./holder.js";
import { type LedgerPlace, sealsAll } from "./place.js";
import { onSameDisk } from "./same-disk.js";

export interface CheckpointQuestion {
  readonly situation: Pick<Situation, "backend" | "configuration" | "holds">;
  readonly environment: NodeJS.ProcessEnv;
  readonly place: LedgerPlace | undefined;
  /** `--checkpoints` */
  readonly wanted: boolean;
  /** The first type in the state that isn't ours; asked only where no file tells, and all else speaks for leaving them out. */
  readonly askForeign: () => Promise<string | undefined>;
}

/** Why the engine keeps its checkpoints, as a clause; undefined where it may leave them out. */
export async function whyCheckpointsHere(question: CheckpointQuestion): Promise<string | undefined> {
  const { situation, environment, place, wanted, askForeign } = question;
  const { backend, configuration, holds } = situation;
  const facts: CheckpointFacts = {
    wanted,
    chosen: environment["PULUMI_SKIP_CHECKPOINTS"],
    backendUrl: backend.url,
    ledger: place && {
      sealsAll: sealsAll(configuration, environment),
      given: place.given,
      // Of a checkout that CI cleans the ledger goes, and a state outside it stays.
      besideState:
        backend.folder !== undefined &&
        (backend.ours || !environment["CI"]) &&
        (await onSameDisk(backend.folder, place.folder)),
      lockedBy: await otherHolder(place.folder),
    },
    foreign: holds?.foreign,
  };
  const reason = whyCheckpoints(facts);
  if (reason !== undefined || holds !== undefined) return reason;
  return whyCheckpoints({ ...facts, foreign: await askForeign() });
}
