/**
 * The life of `BaikalClientKeys`: a key ring whose document is published, and which each run takes on as far as it is due
 * (contracts/baikal.md, "What follows for BaikalClientKeys"). HTTP and cryptography are loaded by the session.
 */
import type { Change, Lifecycle } from "../host/lifecycle.js";
import type { RingActs } from "./acts.js";
import { dueText, isDue, isUnpublished } from "./due.js";
import { type BaikalClientKeysInputs, baikalClientKeysInputs } from "./inputs.js";
import { algorithmOf, type Declared, modulusLengthOf } from "./intent.js";
import { judgeRing } from "./judge.js";
import { declaredOf, publishedOf, ringOf, stateOf } from "./outputs.js";
import { durationMs } from "./ring/duration.js";
import type { PlanStep } from "./ring/plan.js";
import { type BaikalSettings, baikalSection } from "./settings.js";
import { baikalClientKeysState, type BaikalClientKeysState as State } from "./state.js";

type RingChange = Change<BaikalClientKeysInputs, State, RingActs>;

function declaredIn({ initialKey: _, ...declared }: BaikalClientKeysInputs): Declared {
  return declared;
}

const when = (step: PlanStep, name: string, act: (acts: RingActs, state: State) => Promise<State>): RingChange => ({
  name,
  needed: (state, _inputs, nowMs) => isDue(state, step, nowMs),
  run: act,
});
const publishing = (name: string): RingChange => ({
  name,
  needed: isUnpublished,
  run: (acts, state) => acts.publish(state),
});

export const baikalClientKeysLifecycle: Lifecycle<BaikalClientKeysInputs, State, BaikalSettings, RingActs> = {
  type: "BaikalClientKeys",
  inputs: baikalClientKeysInputs,
  state: baikalClientKeysState,
  schemaVersion: 1,
  migrations: {},
  settings: baikalSection,
  properties: {
    issuer: "update",
    algorithm: "update",
    modulusLength: "update",
    period: "update",
    epoch: "update",
    window: "update",
    verifierCache: "update",
    publisherCache: "update",
    tokenLife: "update",
    clockSkew: "update",
    rollout: "update",
    lead: "update",
    retireAfter: "update",
    publish: "update",
    verify: "update",
    onFailedProof: "update",
    revoked: "update",
    pinned: "update",
    withdraw: "update",
    // It is in the ring from the beginning, and can go from the declaration.
    initialKey: "ignore",
    adopt: "ignore",
  },
  unprintable: ["initialKey", "publish"],
  judge: judgeRing,
  inputsOf: declaredOf,

  effective(inputs) {
    const span = (name: string, standard?: string) => {
      const declared = inputs[name] ?? standard;
      const ms = typeof declared === "string" ? durationMs(declared) : Number.NaN;
      return Number.isNaN(ms) ? declared : ms;
    };
    const algorithm = inputs["algorithm"] ?? algorithmOf({});
    return {
      ...inputs,
      algorithm,
      modulusLength: inputs["modulusLength"] ?? (algorithm === "RS256" ? modulusLengthOf({}) : undefined),
      period: span("period", "7d"),
      verifierCache: span("verifierCache", "15m"),
      publisherCache: span("publisherCache", "0s"),
      tokenLife: span("tokenLife", "1h"),
      clockSkew: span("clockSkew", "1m"),
      rollout: span("rollout", "0s"),
      lead: span("lead"),
      retireAfter: span("retireAfter"),
      onFailedProof: inputs["onFailedProof"] ?? "fail",
      revoked: inputs["revoked"] ?? [],
      withdraw: inputs["withdraw"] ?? false,
    };
  },

  applied: (state, inputs) => stateOf(ringOf(state), state.privateKeys, publishedOf(state), declaredIn(inputs)),
  outputsDrifted: ({ drifted }) => (drifted === true ? "update" : undefined),
  due: dueText,

  async session(settings, dependencies) {
    const { openRing } = await import("./acts.js");
    return openRing(settings, dependencies);
  },

  begin: (acts, inputs) => acts.begin(inputs),

  // Each looks before it acts, and none builds on what a read could call gone.
  steps: [
    { name: "publish", run: (acts, state) => acts.publish(state), lost: "repeat", blind: true },
    {
      name: "observe",
      // A run that goes on here may find another place declared, or the document gone: then it is published first.
      run: async (acts, state) => acts.observe(await acts.publish(state)),
      lost: "repeat",
      blind: true,
    },
    { name: "prove", run: (acts, state) => acts.proveFirst(state), lost: "repeat", blind: true },
  ],

  changes: [
    {
      name: "take in the declaration",
      needed: () => true,
      run: (acts, state, inputs) => acts.takeIn(state, declaredIn(inputs)),
    },
    when("revoke", "revoke", (acts, state) => acts.revoke(state)),
    when("prepare", "prepare a standby", (acts, state) => acts.prepare(state)),
    publishing("publish the document"),
    when("roll back", "roll back", (acts, state) => acts.rollBack(state)),
    when("observe", "look for the document", (acts, state) => acts.observe(state)),
    when("prove", "prove the active key", (acts, state) => acts.prove(state)),
    when("promote", "promote the standby", (acts, state) => acts.promote(state)),
    when("remove", "take out what has retired", (acts, state) => acts.remove(state)),
    publishing("publish what followed"),
    when("observe", "look for what followed", (acts, state) => acts.observe(state)),
  ],

  read: (acts, _id, state) => acts.look(state),
  delete: (acts, _id, state) => acts.end(state),

  secretsOf: ({ privateKeys, publish }) => [
    ...Object.values(privateKeys),
    ...(publish !== undefined && "url" in publish ? Object.values(publish.headers ?? {}) : []),
  ],
};
