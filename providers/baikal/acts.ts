/** All that is done with a ring, on what it reaches outside: the session of its lifecycle. Loaded at the first call only. */
import type { Beginning, Dependencies, Observed, SessionSettings } from "../host/lifecycle.js";
import { beginRing } from "./begin.js";
import { endRing, lookAtRing } from "./end.js";
import type { BaikalClientKeysInputs } from "./inputs.js";
import type { Declared } from "./intent.js";
import { openRingIo, type RingIo } from "./io.js";
import * as run from "./run.js";
import type { BaikalSettings } from "./settings.js";
import type { BaikalClientKeysState as State } from "./state.js";

type Act = (state: State) => Promise<State>;

export interface RingActs {
  begin(inputs: BaikalClientKeysInputs): Promise<Beginning<State>>;
  takeIn(state: State, declared: Declared): Promise<State>;
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
    takeIn: (state, declared) => run.takeIn(io, state, declared),
    revoke: (state) => run.revoke(io, state),
    rollBack: (state) => run.rollBack(io, state),
    prepare: (state) => run.prepare(io, state),
    publish: (state) => run.publish(io, state),
    observe: (state) => run.tried(io, state, run.observe),
    prove: (state) => run.tried(io, state, run.proveActive),
    promote: (state) => run.tried(io, state, run.promote),
    remove: (state) => run.tried(io, state, run.remove),
    proveFirst: (state) => run.tried(io, state, run.proveFirst),
    look: (state) => lookAtRing(io, state),
    end: (state) => endRing(io, state),
  };
}

export function openRing(settings: SessionSettings<BaikalSettings>, dependencies: Dependencies): RingActs {
  return actsOf(openRingIo(settings, dependencies), () => dependencies.random.uuid());
}
