/**
 * The one contract of every resource: what a system's folder gives, and what the adapter makes of it for the stock host.
 * A lifecycle is data and pure functions, except for the calls in `begin`, steps, changes, `read` and `delete`.
 */
import type { ZodType } from "zod";
import type { AuthnSettings, ConfigurationSection } from "./configuration.js";
import type { Derivation } from "./derivation.js";
import type { OnDelete, Owner } from "./inputs.js";

/** The clock and the random source are passed in everywhere, so that tests can hold them. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
export interface Random {
  uuid(): string;
  /** 0 <= x < 1, for jitter; never for secrets. */
  fraction(): number;
  bytes(length: number): Buffer;
}
export interface Dependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly debug?: (line: string) => void;
  /** Tells the person who runs the operation what is going to be done, or was. */
  readonly tell?: (line: string) => void;
  /** Tells them something that is no failure, and that they ought to look at. */
  readonly warn: (line: string) => void;
  /** True once this process lost its engine: nothing may be sent any more. */
  readonly stopped: () => boolean;
}

/** What every input shape has, and so every lifecycle can rely on. */
export interface CommonInputs {
  readonly owner: Owner;
  readonly onDelete?: OnDelete | undefined;
}

/** What is known of a failed request: certainly nothing happened, it may have been processed, or the service said no. */
export const OUTCOMES = ["not-processed", "unknown", "refused"] as const;

/** A step whose outcome is open: the one that failed, and what is known of its request. */
export interface OpenStep {
  readonly step: string;
  readonly outcome: (typeof OUTCOMES)[number];
}

/** What the adapter adds to each state. Absent `open`: the resource is complete. */
export interface StateFrame {
  readonly schemaVersion: number;
  readonly open?: OpenStep | undefined;
  /** Taken over by `adopt: always`, and so retained on delete unless said otherwise. */
  readonly adopted?: boolean | undefined;
  /** The ledger's name for what this state knows; absent without a ledger, and from before there was one. */
  readonly revision?: string | undefined;
}

/** One call of create that changes something outside. */
export interface Step<State, Session> {
  readonly name: string;
  /** Makes the call; the answer is the state that it reached. */
  run(session: Session, state: State): Promise<State>;
  /**
   * What a lost answer means, and how the next run finds out: "repeat" where a second call does no harm; else a read of the
   * service that says whether the step took effect, and with it the state reached (undefined: it did not).
   */
  readonly lost: "repeat" | ((session: Session, state: State) => Promise<State | undefined>);
  /** The step to go on at where this one is open: what was declared since may concern what an earlier one did. Default: itself. */
  readonly resumesAt?: string;
  /**
   * Where what the step builds on can't be looked at: it then finds out itself. Otherwise `read` tells, and once it says gone,
   * all is made again.
   */
  readonly blind?: boolean;
  /**
   * Whether the ledger can do without a record of its beginning: it calls nothing, reads only, or all since the last record may be done once
   * more. Default: it can't.
   */
  readonly unwritten?: (state: State) => boolean;
}

/** One in-place change: what the state lacks of the inputs is ensured, in the order of the list. */
export interface Change<Inputs, State, Session> {
  /** Not the name of a step: an open step is gone on with, an open change is judged anew. */
  readonly name: string;
  /** @param nowMs Unix time in milliseconds */
  needed(state: State, inputs: Inputs, nowMs: number): boolean;
  /** @param isResumed the run before this one failed: what it reached is in the state, and nobody was told of it as a success */
  run(session: Session, state: State, inputs: Inputs, isResumed: boolean): Promise<State>;
}

/** What create found before it changed anything: the id and state to begin with, and the step to begin at (absent: done). */
export interface Beginning<State> {
  readonly id: string;
  readonly state: State;
  readonly from: string | undefined;
  /** Finding it took work, or made something: it is kept even where the first step did nothing. */
  readonly reached?: boolean;
  /** Something stood already and was taken over by `adopt: always`. */
  readonly adopted?: boolean;
}

/** What read found: nothing, or the state as it really is; `inputsOf` it are the inputs that refresh records. */
export type Observed<State> = { readonly gone: true } | { readonly gone: false; readonly state: State };

/** What the project's files say of inputs as they came: faults, and what check adds to the inputs. */
export interface Inspected {
  readonly faults: readonly InputFault[];
  readonly found: Readonly<Record<string, unknown>>;
}

/** What judging takes into account beside the inputs. */
export interface Circumstances {
  /** Unix time in milliseconds. */
  readonly nowMs: number;
  /** `authn:allowedHosts`; absent where the configuration has faults of its own, or can't be known yet. */
  readonly allowedHosts: readonly string[] | undefined;
  /** The inputs that the state was made of; empty at the first time. */
  readonly olds: Readonly<Record<string, unknown>>;
}

/** How diff treats a property: a change replaces the resource, updates it in place, or is of no account. */
export type PropertyRule = "replace" | "update" | "ignore";

export interface Lifecycle<Inputs extends CommonInputs, State extends object, Settings, Session> {
  /** The type's name, as in its token: `KeyriPublicKey`. */
  readonly type: string;
  readonly inputs: ZodType<Inputs>;
  /**
   * Faults that the schema can't see, of inputs as they came: a property may be of the wrong type, or unknown in a preview.
   * Pure and offline. Settings are absent where they have faults of their own, or can't be known yet.
   */
  judge?(
    raw: Readonly<Record<string, unknown>>,
    settings: Settings | undefined,
    circumstances: Circumstances,
  ): readonly InputFault[];
  /** What only the project's files can tell of inputs, which may be of the wrong type or unknown. Offline, and changes nothing. */
  inspect?(raw: Readonly<Record<string, unknown>>, projectFolder: string): Promise<Inspected>;
  /** Sound inputs in their one normal form. Pure. */
  normal?(inputs: Inputs): Inputs;
  /** The inputs whose values no message may show, whoever declares them: one may hold a private key by mistake. */
  readonly unprintable: readonly string[];
  /** The outputs without the adapter's frame; begins with the inputs, so that delete has what it needs. */
  readonly state: ZodType<State>;
  readonly schemaVersion: number;
  /** From version n to n + 1, by n. */
  readonly migrations: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
  readonly properties: Readonly<Record<Exclude<keyof Inputs & string, "owner">, PropertyRule>>;
  /** The declared inputs that a state stands for, without defaults: what diff compares and refresh records. Pure. */
  inputsOf(state: State): Inputs;
  /** The inputs with their defaults filled in, so that a default written out is no change. Pure; may see unknown values. */
  effective(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /**
   * The state with those declared inputs that change without a replacement. Pure. What was reached of them stands in fields of
   * its own (`proven` beside `prove`): a change is needed for as long as the two differ.
   */
  applied(state: State, inputs: Inputs): State;
  /** Drift that only outputs show, and what mends it: an update in place, or a replacement. Pure. */
  outputsDrifted?(state: State): "update" | "replace" | undefined;
  /**
   * What the clock makes due though nothing else has changed, in words for a person; undefined: nothing. Pure, and asked only where
   * an `up` or its preview is under way: a refresh shows what stands, not what is to come.
   */
  due?(state: State, inputs: Inputs, nowMs: number): string | undefined;
  readonly settings: ConfigurationSection<Settings>;
  /** Opens what the calls need; loads HTTP and cryptography only here. */
  session(settings: SessionSettings<Settings>, dependencies: Dependencies): Promise<Session>;
  begin(session: Session, inputs: Inputs): Promise<Beginning<State>>;
  /** What a beginning that was cut off may leave, and no call can find, in words; undefined: nothing. Pure. */
  lostBeginning?(inputs: Inputs): string | undefined;
  readonly steps: readonly Step<State, Session>[];
  readonly changes: readonly Change<Inputs, State, Session>[];
  read(session: Session, id: string, state: State): Promise<Observed<State>>;
  /** Undoes whatever the state says was reached, at any step. What is gone already counts as deleted. */
  delete(session: Session, id: string, state: State, open: OpenStep | undefined): Promise<void>;
  /** The values in a state that no text may show. */
  secretsOf(state: State): readonly string[];
}

export interface InputFault {
  /** The property's path: `username`, `publicKey`, `keys[2].kid`. */
  readonly property: string;
  /** What was expected, the shape of what came (never a secret's value), and the remedy. */
  readonly reason: string;
}

/** What a session is opened with. */
export interface SessionSettings<Settings> {
  readonly authn: AuthnSettings;
  readonly system: Settings;
  /** Absolute; the base of the paths that inputs name. */
  readonly projectFolder: string;
  /** Absent without `authn:seed`: then everything generated is random. */
  readonly derivation: Derivation | undefined;
}
