/**
 * The times that a ring keeps to, and the arithmetic that makes a rotation safe (contracts/baikal.md, "What follows for
 * BaikalClientKeys"): a key is published before it signs for as long as any verifier may not know it, and stays published for as
 * long as a token of it may be shown to one.
 */
import { durationMs, spanText } from "./duration.js";

export const DURATIONS = [
  "period",
  "verifierCache",
  "publisherCache",
  "tokenLife",
  "clockSkew",
  "rollout",
  "lead",
  "retireAfter",
] as const;

/** Durations as declared, each absent where its default holds. */
export interface DeclaredPolicy {
  readonly period?: string | undefined;
  readonly verifierCache?: string | undefined;
  readonly publisherCache?: string | undefined;
  readonly tokenLife?: string | undefined;
  readonly clockSkew?: string | undefined;
  readonly rollout?: string | undefined;
  readonly lead?: string | undefined;
  readonly retireAfter?: string | undefined;
}

/** The policy in milliseconds, defaults filled in. */
export interface Policy {
  readonly periodMs: number;
  readonly verifierCacheMs: number;
  readonly publisherCacheMs: number;
  readonly tokenLifeMs: number;
  /** The greatest difference between any two clocks: of runs, verifiers and the place of the document. */
  readonly clockSkewMs: number;
  /** How long after a promotion some application may still sign with the key before. */
  readonly rolloutMs: number;
  readonly leadMs: number;
  readonly retireAfterMs: number;
}

const DEFAULTS = {
  period: "7d",
  verifierCache: "15m",
  publisherCache: "0s",
  tokenLife: "1h",
  clockSkew: "1m",
  rollout: "0s",
} as const;

export function policyOf(declared: DeclaredPolicy): Policy {
  const ms = (name: keyof typeof DEFAULTS) => durationMs(declared[name] ?? DEFAULTS[name]);
  const times = {
    periodMs: ms("period"),
    verifierCacheMs: ms("verifierCache"),
    publisherCacheMs: ms("publisherCache"),
    tokenLifeMs: ms("tokenLife"),
    clockSkewMs: ms("clockSkew"),
    rolloutMs: ms("rollout"),
  };
  const { lead, retireAfter } = declared;
  return {
    ...times,
    leadMs: lead === undefined ? leastLeadMs(times) : durationMs(lead),
    retireAfterMs: retireAfter === undefined ? leastRetirementMs(times) : durationMs(retireAfter),
  };
}

type Times = Omit<Policy, "periodMs" | "leadMs" | "retireAfterMs">;

/** Until then a verifier, or a cache before it, may hold the document of before. */
export function leastLeadMs({
  verifierCacheMs,
  publisherCacheMs,
  clockSkewMs,
}: Pick<Times, "verifierCacheMs" | "publisherCacheMs" | "clockSkewMs">): number {
  return verifierCacheMs + publisherCacheMs + clockSkewMs;
}

/** Until then a token of the key may be shown to a verifier. */
export function leastRetirementMs(times: Times): number {
  const { tokenLifeMs, verifierCacheMs, publisherCacheMs, clockSkewMs, rolloutMs } = times;
  // A verifier's clock and the run's may both be off from the signer's; caches beyond that cover the second.
  return tokenLifeMs + Math.max(verifierCacheMs + publisherCacheMs, clockSkewMs) + clockSkewMs + rolloutMs;
}

const LONGER = "Give at least that, or leave it out";

export interface PolicyFault {
  readonly property: keyof DeclaredPolicy;
  /** Goes on behind the property's name, with the sum. */
  readonly reason: string;
  readonly remedy: string;
}

/** What breaks the arithmetic; of durations that are well formed. */
export function policyFaults(declared: DeclaredPolicy): readonly PolicyFault[] {
  const policy = policyOf(declared);
  const { verifierCacheMs, publisherCacheMs, clockSkewMs, tokenLifeMs, rolloutMs, periodMs, leadMs, retireAfterMs } =
    policy;
  const caches = `verifierCache ${spanText(verifierCacheMs)} + publisherCache ${spanText(publisherCacheMs)} + clockSkew ${spanText(clockSkewMs)}`;
  const faults: PolicyFault[] = [];
  const [lead, retirement] = [leastLeadMs(policy), leastRetirementMs(policy)];
  if (leadMs < lead) {
    faults.push({
      property: "lead",
      reason: `of ${spanText(leadMs)} is too short: a verifier may not know a new key for ${spanText(lead)} = ${caches}`,
      remedy: LONGER,
    });
  }
  if (retireAfterMs < retirement) {
    faults.push({
      property: "retireAfter",
      reason: `of ${spanText(retireAfterMs)} is too short: a token may be shown for ${spanText(retirement)} = tokenLife ${spanText(tokenLifeMs)} + ${verifierCacheMs + publisherCacheMs < clockSkewMs ? `clockSkew ${spanText(clockSkewMs)} twice` : caches} + rollout ${spanText(rolloutMs)}`,
      remedy: LONGER,
    });
  }
  if (periodMs <= leadMs + retireAfterMs) {
    faults.push({
      property: "period",
      reason: `of ${spanText(periodMs)} is too short: it must exceed ${spanText(leadMs + retireAfterMs)} = lead ${spanText(leadMs)} + retireAfter ${spanText(retireAfterMs)}`,
      remedy: "Give a longer period, or shorter caches and tokens",
    });
  }
  return faults;
}
