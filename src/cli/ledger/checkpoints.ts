/**
 * Whether the engine may leave out its checkpoints, the whole state written twice for each changed resource: only where the ledger
 * alone would be enough after a crash. Pure.
 */

export interface CheckpointFacts {
  /** `--checkpoints` */
  readonly wanted: boolean;
  /** The caller's own PULUMI_SKIP_CHECKPOINTS. */
  readonly chosen: string | undefined;
  /** PULUMI_BACKEND_URL */
  readonly backendUrl: string;
  /** Every resource has an entry; undefined: there is no ledger. */
  readonly ledger:
    | {
        readonly sealsAll: boolean;
        /** `authn:ledger` names its place. */
        readonly given: boolean;
        /** It lies on the disk of the backend's folder. */
        readonly besideState: boolean;
        /** By an operation that may be under way. */
        readonly lockedBy: string | undefined;
      }
    | undefined;
  /** The type of a custom resource in the state that isn't ours. */
  readonly foreign: string | undefined;
}

/** Why the engine keeps its checkpoints, as a clause; undefined where it may leave them out. */
export function whyCheckpoints({ wanted, chosen, backendUrl, ledger, foreign }: CheckpointFacts): string | undefined {
  if (chosen !== undefined) return "PULUMI_SKIP_CHECKPOINTS is set in the environment";
  if (wanted) return "--checkpoints asks for them";
  if (/^https?:/.test(backendUrl)) return "the backend is a service, which keeps the record itself";
  if (ledger === undefined) return "authn:ledger is off";
  if (!ledger.sealsAll) return "without authn:seed there is no ledger";
  if (!ledger.given && !ledger.besideState)
    return "the ledger may not last as long as the state: it isn't sure to stay beside it, and authn:ledger doesn't name its place";
  if (ledger.lockedBy !== undefined) return `the ledger is locked by ${ledger.lockedBy}`;
  if (foreign !== undefined) return `the state holds a ${foreign}, which no ledger knows`;
  return undefined;
}
