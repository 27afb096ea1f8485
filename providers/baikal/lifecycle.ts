/**
 * The life of `BaikalClientKeys`: a key ring whose document is published, and which each run takes on as far as it is due
 * (contracts/baikal.md, "What follows for BaikalClientKeys"). HTTP and cryptography are loaded by the session.
 */
import { isDeepStrictEqual } from "node:util";
import { clean } from "../host/clean.js";
import type { Change, Lifecycle } from "../host/lifecycle.js";
import type { RingActs } from "./acts.js";
import { dueText, isDue, isUnpublished } from "./due.js";
import { type BaikalClientKeysInputs, baikalClientKeysInputs } from "./inputs.js";
import { algorithmOf, type Declared, modulusLengthOf } from "./intent.js";
import { judgeRing } from "./judge.js";
import { declaredOf, publishedOf, ringOf, stateOf } from "./outputs.js";
import type { PlanStep } from "./ring/plan.js";
import { DURATIONS, policyOf } from "./ring/policy.js";
import { WINDOW_DEFAULTS } from "./ring/slots.js";
import { type BaikalSettings, baikalSection } from "./settings.js";
import { baikalClientKeysState, type BaikalClientKeysState as State } from "./state.js";

type RingChange = Change<BaikalClientKeysInputs, State, RingActs>;

function declaredIn({ initialKey: _, ...declared }: BaikalClientKeysInputs): Declared {
  return declared;
}

function isTakenIn(state: State, inputs: BaikalClientKeysInputs): boolean {
  return isDeepStrictEqual(clean(declaredOf(state)), clean(declaredIn(inputs)));
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

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
    const declared = Object.fromEntries(DURATIONS.map((name) => [name, textOf(inputs[name])]));
    const policy = policyOf(declared);
    // Whatever isn't known yet stays as it came.
    const times = DURATIONS.map((name) => {
      const ms = policy[`${name}Ms`];
      return [name, Number.isNaN(ms) ? inputs[name] : ms];
    });
    const { window, algorithm = algorithmOf({}) } = inputs;
    return {
      ...inputs,
      ...Object.fromEntries(times),
      algorithm,
      modulusLength: inputs["modulusLength"] ?? (algorithm === "RS256" ? modulusLengthOf({}) : undefined),
      window: typeof window === "object" && window !== null ? { ...WINDOW_DEFAULTS, ...window } : window,
      verify: inputs["verify"] ?? {},
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
    {
      name: "publish",
      // A run that goes on here may find another place declared, the document gone, or a key revoked: that waits for no proof.
      run: async (acts, state) => acts.publish(await acts.revoke(state)),
      lost: "repeat",
      blind: true,
    },
    { name: "observe", run: (acts, state) => acts.observe(state), lost: "repeat", blind: true, resumesAt: "publish" },
    { name: "prove", run: (acts, state) => acts.proveFirst(state), lost: "repeat", blind: true, resumesAt: "publish" },
  ],

  changes: [
    {
      name: "take in the declaration",
      needed: () => true,
      run: (acts, state, inputs, isResumed) => acts.takeIn(state, declaredIn(inputs), isResumed),
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
    {
      // By a wrong clock only revocations are taken in: the rest mustn't look as if it were, nor the run as if it had come through.
      name: "take in what waited",
      needed: (state, inputs) => state.waits === true || !isTakenIn(state, inputs),
      run: (acts, state, inputs) => acts.takeIn(state, declaredIn(inputs), false),
    },
  ],

  read: (acts, _id, state) => acts.look(state),
  delete: (acts, _id, state) => acts.end(state),

  secretsOf: ({ privateKeys, publish }) => [
    ...Object.values(privateKeys),
    ...(publish !== undefined && "url" in publish ? Object.values(publish.headers ?? {}) : []),
  ],
};
