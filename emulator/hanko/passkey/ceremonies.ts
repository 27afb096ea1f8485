/** What the three ceremonies of the Passkey API have in common: what they are given, and how long a challenge stands. */
import type { Clock } from "../../clock.js";
import type { OpenChallenges } from "../challenges.js";
import type { HankoSettings } from "../settings.js";
import type { RelyingParty } from "../webauthn/relying-party.js";
import type { PasskeyRegister } from "./register.js";
import type { TokenIssuer } from "./tokens.js";

export interface Ceremonies {
  readonly register: PasskeyRegister;
  readonly challenges: OpenChallenges;
  readonly tokens: TokenIssuer;
  readonly party: RelyingParty;
  readonly settings: HankoSettings;
  readonly clock: Clock;
}

/** Measured: without user verification the tenant's own timeout doesn't count. */
const DISCOURAGED_TIMEOUT_MS = 120_000;

export function timeoutMsOf({ userVerification, timeoutMs }: HankoSettings): number {
  return userVerification === "discouraged" ? DISCOURAGED_TIMEOUT_MS : timeoutMs;
}

export function expiryOf({ clock, settings }: Ceremonies): number {
  return clock.nowMs() + timeoutMsOf(settings);
}
