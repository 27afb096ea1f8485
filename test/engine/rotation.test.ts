/**
 * Sixty slots of a schedule that goes wrong, on the real engine and the tenant's clock, with a client that signs and verifiers that
 * cache all along: nothing is rejected. A key and a document that are replaced at once, on the same track, show that it could be.
 */
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { FaultSpec, Tenant } from "../../emulator/testing.js";
import { startTenant } from "../../emulator/testing.js";
import { type Billing, billingOf, type SigningKey } from "./_billing.js";
import { openRotation, type Rotation } from "./_rotation.js";
import { type Mishap, PERIOD_MS, SLOTS, type TrackEvent, track } from "./_track.js";

const MINUTE_MS = 60_000;
const LEAD_MS = 16 * MINUTE_MS;
const RETIREMENT_MS = 106 * MINUTE_MS;
/** How long the application may sign with the key of before. */
const ROLLOUT_MS = 30 * MINUTE_MS;

const token = { service: "baikal", method: "POST", path: "/token" } as const;
const put = { service: "jwks-bucket", method: "PUT" } as const;
const faults: Readonly<Record<Mishap, FaultSpec>> = {
  "the bucket's answer is lost": { ...put, when: "after", reset: true },
  "the bucket is down": { ...put, status: 503, times: 0 },
  "the authserver is down": { ...token, status: 503, times: 0 },
  "the grant is refused": { ...token, status: 400, body: { error: "invalid_grant" } },
  "killed while it publishes": { ...put, when: "after", delayMs: 60_000 },
  "killed while it proves": { ...token, when: "after", delayMs: 60_000 },
};

/** The application: it signs with the key that was deployed last, and for a while with the one before it too. */
function application(billing: Billing, nowMs: () => number) {
  let key: SigningKey | undefined;
  let before: { readonly key: SigningKey; readonly untilMs: number } | undefined;
  return {
    deploy(next: SigningKey) {
      if (next.kid === key?.kid) return;
      if (key !== undefined) before = { key, untilMs: nowMs() + ROLLOUT_MS };
      key = next;
    },
    async sign() {
      if (key === undefined) return;
      const old = before !== undefined && nowMs() < before.untilMs ? [before.key] : [];
      await billing.present([key, ...old]);
    },
  };
}

interface Stage {
  readonly tenant: Tenant;
  nowMs(): number;
}

async function play(
  events: readonly TrackEvent[],
  { tenant, nowMs }: Stage,
  on: { run(mishap: Mishap | undefined): Promise<void>; sign(): Promise<void> },
): Promise<void> {
  const beginningMs = nowMs();
  for (const event of events) {
    const atMs = beginningMs + event.atMs;
    // Runs take real time, which passes for the tenant too.
    if (atMs > nowMs()) tenant.setClock({ now: new Date(atMs).toISOString() });
    await (event.kind === "run" ? on.run(event.mishap) : on.sign());
  }
}

const published = z.object({ keys: z.array(z.object({ kid: z.string() })) });
async function publishedKids({ record }: Tenant): Promise<readonly string[]> {
  const document = await (await fetch(record.baikal.jwksUrl)).json();
  return published.parse(document).keys.map(({ kid }) => kid);
}

/** A lost answer is made up for within the run; every other mishap fails it. */
const isMadeUpFor = (mishap: Mishap | undefined) => mishap === undefined || mishap === "the bucket's answer is lost";

describe("over sixty slots", () => {
  let rotation: Rotation;
  afterEach(() => rotation.close());

  it("a ring rejects nothing, whatever befalls its runs, makes up for each promotion and leaves no key behind", async () => {
    rotation = await openRotation({
      algorithm: "ES256",
      period: "4h",
      rollout: "30m",
      publish: { path: "billing.json" },
      verify: { grant: { sub: "probe" } },
    });
    const { tenant, nowMs } = rotation;
    const billing = billingOf(tenant, nowMs);
    const app = application(billing, nowMs);
    const overdue: string[] = [];
    const befell = new Set<Mishap>();
    const surprises: string[] = [];
    const everPublished = new Set<string>();

    const deploy = async () => {
      const { kid, privateKey, keys, anchoredAt } = rotation.deployed();
      app.deploy({ kid, privateKey });
      for (const one of await publishedKids(tenant)) everPublished.add(one);
      const slotOf = (ms: number) => Math.floor((ms - Date.parse(anchoredAt)) / PERIOD_MS);
      const [active, standby] = (["active", "prepared"] as const).map((state) =>
        keys.find((key) => key.state === state),
      );
      const knownMs = Date.parse(standby?.seenAt ?? "") + LEAD_MS;
      // Slots begin where the ring was made, some seconds after the track: a run in between finds nothing due yet.
      const latestMs = nowMs() - MINUTE_MS;
      if (slotOf(Date.parse(active?.activatedAt ?? "")) < slotOf(latestMs) && knownMs < latestMs)
        overdue.push(`${kid} signs on in slot ${slotOf(nowMs())}`);
    };
    await play(track(SLOTS), rotation, {
      async run(mishap) {
        if (mishap !== undefined) tenant.addFault(faults[mishap]);
        const run = await (mishap?.startsWith("killed") ? rotation.upKilled() : rotation.up());
        tenant.clearFaults();
        if (mishap !== undefined) befell.add(mishap);
        if (run.succeeded !== isMadeUpFor(mishap))
          surprises.push(`${mishap ?? "well"}, ${run.succeeded ? "succeeded" : "failed"}: ${run.said}`);
        if (run.succeeded) await deploy();
      },
      sign: () => app.sign(),
    });

    expect(billing.refused()).toEqual([]);
    const { assertions, rejections } = tenant.state().baikal;
    expect(rejections).toEqual({});
    expect(assertions.rejected).toBe(0);
    expect(assertions.accepted).toBeGreaterThan(1_000);
    expect(overdue).toEqual([]);
    expect(surprises).toEqual([]);
    expect([...befell].sort()).toEqual(Object.keys(faults).sort());

    // The slot after the last, and then nothing but what retires.
    for (const advanceMs of [PERIOD_MS / 2 + 4 * MINUTE_MS, RETIREMENT_MS + MINUTE_MS]) {
      tenant.setClock({ advanceMs });
      expect((await rotation.up()).succeeded).toBe(true);
    }
    const states = rotation.deployed().keys.map(({ kid, state }) => [state, kid]);
    expect(states.map(([state]) => state).sort()).toEqual(["active", "prepared"]);
    expect([...(await publishedKids(tenant))].sort()).toEqual(states.map(([, kid]) => kid).sort());
    expect(everPublished.size).toBeGreaterThan(25);
  }, 600_000);
});

it("plain `pulumi` has settled no ledger: a ring that is to be made anew right after it was made says that it wasn't", async () => {
  const rotation = await openRotation({
    algorithm: "ES256",
    period: "4h",
    publish: { path: "billing.json" },
    verify: { grant: { sub: "probe" } },
  });
  const kidAfter = async (...args: Parameters<Rotation["up"]>) => {
    const { succeeded, said } = await rotation.up(...args);
    expect(succeeded, said).toBe(true);
    return { kid: rotation.deployed().kid, said };
  };
  const first = await kidAfter();
  const same = await kidAfter({ anew: true });
  expect([same.kid, same.said]).toEqual([first.kid, expect.stringContaining("it was not made anew")]);
  await kidAfter();
  const other = await kidAfter({ anew: true });
  expect(other.kid).not.toBe(first.kid);
  expect(other.said).not.toContain("it was not made anew");
  await rotation.close();
}, 60_000);

describe("the measure", () => {
  it("measures: where key and document are replaced at once, on the same track, verifiers reject", async () => {
    const tenant = await startTenant();
    const nowMs = () => Date.now() + tenant.setClock({ advanceMs: 0 }).offsetMs;
    const billing = billingOf(tenant, nowMs);
    const app = application(billing, nowMs);
    const { publishToken, jwksUrl } = tenant.record.baikal;
    await play(
      track(20).filter((event) => event.kind === "sign" || event.mishap === undefined),
      { tenant, nowMs },
      {
        async run() {
          const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
          const jwk = await exportJWK(publicKey);
          const kid = await calculateJwkThumbprint(jwk);
          const body = JSON.stringify({ keys: [{ ...jwk, kid, alg: "ES256", use: "sig" }] });
          const headers = { authorization: `Bearer ${publishToken}` };
          expect((await fetch(jwksUrl, { method: "PUT", headers, body })).ok).toBe(true);
          app.deploy({ kid, privateKey: await exportPKCS8(privateKey) });
        },
        sign: () => app.sign(),
      },
    );
    const { assertions, rejections } = tenant.state().baikal;
    expect(assertions.rejected).toBeGreaterThan(20);
    expect(rejections["unknown key"]).toBeGreaterThan(0);
    expect(billing.refused().some((line) => line.startsWith("verifier"))).toBe(true);
    await tenant.close();
  });
});
