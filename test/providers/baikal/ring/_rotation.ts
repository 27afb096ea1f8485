/**
 * A ring in its world, run by run: what the engine keeps of it, who signs with what meanwhile, and what verifiers are shown. Each
 * saved state is held against what always holds of a ring.
 */
import { expect } from "vitest";
import { z } from "zod";
import { actsOf } from "../../../../providers/baikal/acts.js";
import type { Declared } from "../../../../providers/baikal/intent.js";
import { baikalClientKeysLifecycle } from "../../../../providers/baikal/lifecycle.js";
import { FORMER_LENGTH, HISTORY_LENGTH, MOST_KEYS } from "../../../../providers/baikal/ring/ring.js";
import { baikalClientKeysState } from "../../../../providers/baikal/state.js";
import { adapt } from "../../../../providers/host/adapter.js";
import { type Done, EngineModel, type Kept } from "../../../support/engineModel.js";
import { type Refusal, refusals, type Signing, type Times } from "./_audit.js";
import { type Circumstances, type Showing, type Version, World } from "./_world.js";

const CONFIGURATION: Readonly<Record<string, string>> = {
  "baikal:endpoint": "http://127.0.0.1:1",
  "baikal:clientId": "billing",
  "baikal:clientSecret": "secret",
  "baikal:issuer": "https://billing.example/",
};
const OWNER = { project: "project", stack: "stack", type: "BaikalClientKeys", name: "billing" };
/** What a guard says to a programmer: no run may ever come to that. */
const GUARDS =
  /one prepared key at most|whole lead|bounded size|always has|has retired for the whole|key of the ring|never removed|of this ring can|the ring has|one of this ring's own/;
const PUBLIC_MEMBERS = new Set(["alg", "kty", "crv", "x", "y", "kid", "use"]);
const LATEST = Number.MAX_SAFE_INTEGER;

export type Declaration = Omit<Declared, "owner">;
export type State = z.infer<typeof baikalClientKeysState>;

export class Rotation {
  readonly world: World;
  declaration: Declaration;
  kept: Kept | undefined;
  /** Of the last run that failed. */
  error = "";
  readonly revoked = new Set<string>();
  /** What was read of what is kept, once. */
  #read: { readonly kept: Kept; readonly state: State } | undefined;
  readonly #skewMs: number;
  readonly #unannounced = new Set<string>();
  readonly #signings: Signing[] = [];
  readonly #times: Times[] = [];
  readonly #shown: { readonly place: string; readonly fromMs: number }[] = [];
  /** Runs of which something may stand that no state knows of: each may leave a key behind, for a while. */
  #lostRuns = 0;
  #rolloutMs = 0;
  readonly #ids = new Set<string>();
  #begun = 0;

  constructor(declaration: Declaration, skewMs: number, showing: Showing, serverOffsetMs: number) {
    this.declaration = declaration;
    this.#skewMs = skewMs;
    this.world = new World(showing, serverOffsetMs);
  }

  get state(): State | undefined {
    const { kept } = this;
    if (kept === undefined) return undefined;
    if (this.#read?.kept !== kept) this.#read = { kept, state: baikalClientKeysState.parse(kept.outputs) };
    return this.#read.state;
  }

  async run(circumstances: Circumstances): Promise<Done | "killed"> {
    const startedMs = this.world.nowMs;
    const { engine, up } = this.#begin(circumstances);
    const done = await up();
    if (circumstances.killedAt !== undefined) {
      this.#lostRuns += 1;
      return "killed";
    }
    this.#save(engine.kept, startedMs, done !== "failed");
    if (done === "failed") this.#fail(engine.error);
    return done;
  }

  /** Two runs of one state, call by call in the given order; of two states that are saved, one may be refused. */
  async runTwice(
    circumstances: readonly [Circumstances, Circumstances],
    order: readonly number[],
    isLastKept: boolean,
  ) {
    const startedMs = this.world.nowMs;
    const waiting: (() => void)[] = [];
    const turn = () => new Promise<void>((go) => void waiting.push(go));
    let saved = 0;
    const runs = circumstances.map(async (one) => {
      const { engine, up } = this.#begin({ ...one, turn });
      const done = await up();
      if (done === "failed") this.#fail(engine.error);
      if (saved === 0 || isLastKept) this.#save(engine.kept, startedMs, true);
      saved += 1;
    });
    this.#lostRuns += 1;
    for (let index = 0; saved < runs.length; index++) {
      await new Promise((settled) => setImmediate(settled));
      const [go] = waiting.splice((order[index % order.length] ?? 0) % Math.max(1, waiting.length), 1);
      go?.();
    }
    await Promise.all(runs);
  }

  /** Looks at what stands; a run follows. */
  async refresh(circumstances: Circumstances): Promise<void> {
    const { engine } = this.#begin(circumstances);
    await engine.refresh();
    this.#save(engine.kept, this.world.nowMs, false);
  }

  /** Every time at which a verifier could have refused a token that nothing had announced. */
  refusals(): readonly Refusal[] {
    return refusals({
      shown: this.#shownVersions(),
      times: this.#times,
      signings: this.#signings.map((one) => ({ ...one, untilMs: Math.min(one.untilMs, this.world.nowMs) })),
      skewMs: this.#skewMs,
      revoked: this.revoked,
      unannounced: this.#unannounced,
    });
  }

  #begin(circumstances: Circumstances) {
    const { world } = this;
    world.warnings.length = 0;
    const io = world.io(circumstances);
    const lifecycle = {
      ...baikalClientKeysLifecycle,
      session: () => Promise.resolve(actsOf(io, () => `ring-${++this.#begun}`)),
    };
    const provider = adapt(lifecycle, {
      environment: {},
      workingDirectory: "/",
      enter: () => () => undefined,
      operation: { id: "operation", pid: 0 },
      ledgers: new Map(),
      dependencies: {
        clock: { now: () => io.nowMs(), sleep: () => Promise.resolve() },
        random: { uuid: () => "uuid", fraction: () => 0.5, bytes: (length) => Buffer.alloc(length) },
        warn: io.warn,
        stopped: () => false,
      },
    });
    void provider.configure({ config: { get: (key) => CONFIGURATION[key] } });
    const engine = new EngineModel(provider);
    engine.kept = this.kept;
    const up = () => engine.up(JSON.parse(JSON.stringify({ ...this.declaration, owner: OWNER })));
    return { engine, up };
  }

  #fail(error: string): void {
    this.error = error;
    expect(error).not.toMatch(GUARDS);
    expect(error).not.toContain("PRIVATE");
  }

  #save(kept: Kept | undefined, startedMs: number, cameThrough: boolean): void {
    if (kept === undefined) return;
    // A ring begins with a key that signs at once; of two that begin at the same time, either.
    const isNew = !this.#ids.has(kept.id);
    this.#ids.add(kept.id);
    this.kept = kept;
    const { state } = this;
    if (state === undefined) return;
    this.#judge(state);
    if (isNew) this.#unannounced.add(state.activeKid);
    for (const { event, kid, note } of state.history)
      if (event === "promoted at once" && kid !== undefined && (note !== undefined || this.#isBlind()))
        this.#unannounced.add(kid);
    this.#keepTimes(state);
    this.#sign(state.activeKid, cameThrough);
    const { place } = state;
    if (place !== undefined && state.publishedDigest !== undefined && this.#shown.at(-1)?.place !== place) {
      const first = this.world.versionsAt(place).find(({ atMs }) => atMs >= startedMs);
      this.#shown.push({ place, fromMs: first?.atMs ?? this.world.nowMs });
    }
  }

  /** A revocation by a wrong clock can't tell whether every verifier knows the standby, and says so. */
  #isBlind(): boolean {
    return this.world.warnings.some((line) => line.includes("verifiers may refuse what signs then"));
  }

  /** What always holds. */
  #judge(state: State): void {
    const { keys, history, former, jwks, privateKeys, activeKid } = state;
    const of = (name: string) => keys.filter((key) => key.state === name);
    expect(of("active").map(({ kid }) => kid)).toEqual([activeKid]);
    expect(of("prepared").length).toBeLessThanOrEqual(1);
    expect(keys.length).toBeLessThanOrEqual(MOST_KEYS + 1 + this.#lostRuns);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    expect(history.length).toBeLessThanOrEqual(HISTORY_LENGTH);
    expect(former.length).toBeLessThanOrEqual(FORMER_LENGTH);
    expect(jwks.keys.map((key) => key["kid"]).sort()).toEqual(keys.map(({ kid }) => kid).sort());
    expect(jwks.keys.flatMap((key) => Object.keys(key)).filter((member) => !PUBLIC_MEMBERS.has(member))).toEqual([]);
    const own = keys.filter(({ foreign }) => foreign !== true).map(({ kid }) => kid);
    expect(Object.keys(privateKeys).sort()).toEqual(own.sort());
    expect(state.activePrivateKey).toBe(`PRIVATE ${activeKid}`);
    expect(JSON.stringify([jwks, history, keys, this.world.warnings])).not.toContain("PRIVATE");
  }

  #keepTimes({ policy }: State): void {
    const ms = (name: string) => z.number().parse(policy[name]);
    const [verifierCacheMs, publisherCacheMs] = [ms("verifierCacheMs"), ms("publisherCacheMs")];
    const tokenLifeMs = ms("tokenLifeMs");
    this.#rolloutMs = ms("rolloutMs");
    this.#times.push({ fromMs: this.world.nowMs, verifierCacheMs, publisherCacheMs, tokenLifeMs });
  }

  /**
   * Some applications take the key from the state as soon as it is saved, others only after a run that came through: these sign on
   * with the one before until then, and for the rollout.
   */
  #sign(kid: string, cameThrough: boolean): void {
    const { nowMs } = this.world;
    if (cameThrough) {
      const untilMs = nowMs + this.#rolloutMs;
      for (const [index, one] of this.#signings.entries())
        if (one.kid !== kid && one.untilMs === LATEST) this.#signings[index] = { ...one, untilMs };
    }
    if (!this.#signings.some((one) => one.kid === kid && one.untilMs === LATEST))
      this.#signings.push({ kid, fromMs: nowMs, untilMs: LATEST });
  }

  /** One document after the other, whichever place verifiers were at. */
  #shownVersions(): readonly Version[] {
    return this.#shown.flatMap(({ place, fromMs }, index) => {
      const untilMs = this.#shown[index + 1]?.fromMs ?? LATEST;
      const versions = this.world.versionsAt(place);
      const first = index === 0 ? [] : [{ atMs: fromMs, text: this.world.textAt(place, fromMs) }];
      const from = index === 0 ? Number.NEGATIVE_INFINITY : fromMs;
      return [...first, ...versions.filter(({ atMs }) => atMs > from && atMs < untilMs)];
    });
  }
}
