/**
 * Judges a signed login: the key is this user's, its timestamp is fresh, the signature is over `data` itself, and `data` is
 * used for the first time (contracts/keyri.md, formats and traps).
 */
import { verify } from "node:crypto";
import type { Clock } from "../clock.js";
import { assumed, known, WINDOW_MS } from "./assumptions.js";
import type { KeyRegister } from "./keys.js";
import type { LoginPayload } from "./payload.js";
import { decodeBase64, readPublicKey } from "./public-key.js";
import type { ReplayGuard } from "./replay.js";

export interface LoginParts {
  readonly keys: KeyRegister;
  readonly replay: ReplayGuard;
  readonly clock: Clock;
}

const TIMESTAMP_DIGITS = 13;

/** Why the login is refused; `undefined` where it succeeds. */
export function refusalOf(login: LoginPayload, { keys, replay, clock }: LoginParts): string | undefined {
  if (!keys.has(login.username, login.pubKey)) return known.userNotFound;
  const timestampMs = Number(login.data.slice(0, TIMESTAMP_DIGITS));
  if (Math.abs(clock.nowMs() - timestampMs) > WINDOW_MS) return assumed.outsideWindow;
  if (!isSigned(login)) return known.signatureFailed;
  // Last: what bears no valid signature must not be able to use up somebody's data.
  return replay.use(login.pubKey, login.data, timestampMs) ? undefined : assumed.replayed;
}

function isSigned({ pubKey, data, signature }: LoginPayload): boolean {
  const reading = readPublicKey(pubKey);
  const der = decodeBase64(signature);
  if (!("key" in reading) || der === undefined) return false;
  return verify("sha256", Buffer.from(data, "utf8"), { key: reading.key, dsaEncoding: "der" }, der);
}
