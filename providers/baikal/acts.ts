/** All that is done with a ring, on what it reaches outside: the session of its lifecycle. Loaded at the first call only. */
import type { Beginning, Dependencies, Observed, SessionSettings } from "../host/lifecycle.js";
import { beginRing } from "./begin.js";
import { endRing, lookAtRing } from "./end.js";
import type { BaikalClientKeysInputs } from "./inputs.js";
import type { Declared } from "./intent.js";
import { openRingIo, type RingIo } from "./io.js";
import { takeIn } from "./run/declaration.js";
import { observe } from "./run/observing.js";
import { proveActive, proveFirst } from "./run/proving.js";
import { publish } from "./run/publishing.js";
import { tried } from "./run/tried.js";
import { prepare, promote, remove, revoke, rollBack } from "./run/turning.js";
import type { BaikalSettings } from "./settings.js";
import type { BaikalClientKeysState as State } from "./state.js";

type Act = (state: State) => Promise<State>;

export interface RingActs {
  begin(inputs: BaikalClientKeysInputs): Promise<Beginning<State>>;
  /** @param isResumed the run before failed, and handed nothing over */
  takeIn(state: State, declared: Declared, isResumed: boolean): Promise<State>;
  readonly revoke: Act;
  readonly rollBack: Act;
  readonly prepare: Act;
  readonly publish: Act;
  /** These four prove something: what fails there is the run's failure, or a warning. */
  readonly observe: Act;
  readonly prove: Act;
  readonly promote: Act;
  readonly remove: Act;
  /** The first proof: a verifier that may not know the key yet may refuse it. */
  readonly proveFirst: Act;
  look(state: State): Promise<Observed<State>>;
  end(state: State): Promise<void>;
}

/** @param newId makes the resource's id */
export function actsOf(io: RingIo, newId: () => string): RingActs {
  return {
    begin: (inputs) => beginRing(io, inputs, newId()),
    takeIn: (state, declared, isResumed) => takeIn(io, state, declared, isResumed),
    revoke: (state) => revoke(io, state),
    rollBack: (state) => rollBack(io, state),
    prepare: (state) => prepare(io, state),
    publish: (state) => publish(io, state),
    observe: (state) => tried(io, state, observe),
    prove: (state) => tried(io, state, proveActive),
    promote: (state) => tried(io, state, promote),
    remove: (state) => tried(io, state, remove),
    proveFirst: (state) => tried(io, state, proveFirst),
    look: (state) => lookAtRing(io, state),
    end: (state) => endRing(io, state),
  };
}

export function openRing(settings: SessionSettings<BaikalSettings>, dependencies: Dependencies): RingActs {
  return actsOf(openRingIo(settings, dependencies), () => dependencies.random.uuid());
}
