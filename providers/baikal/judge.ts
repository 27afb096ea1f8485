/**
 * What the schema can't see of a ring's inputs: the arithmetic of its times, and what fits together. Pure and offline; inputs come
 * as they are, and may be of the wrong type or unknown.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import type { Circumstances, InputFault } from "../host/lifecycle.js";
import { containsUnknown, UNKNOWN } from "../host/unknown.js";
import { guardHost } from "../http/guard.js";
import { baikalClientKeysInputs } from "./inputs.js";
import { algorithmOf } from "./intent.js";
import { duration } from "./ring/duration.js";
import { type DeclaredPolicy, DURATIONS, policyFaults } from "./ring/policy.js";
import { windowFault } from "./ring/slots.js";
import type { BaikalSettings } from "./settings.js";
import { keyFault } from "./signingKey.js";

type Raw = Readonly<Record<string, unknown>>;

const { shape } = baikalClientKeysInputs;

export function judgeRing(
  raw: Raw,
  settings: BaikalSettings | undefined,
  circumstances: Circumstances,
): readonly InputFault[] {
  return [
    ...timeFaults(raw),
    ...epochFaults(raw, circumstances.nowMs),
    ...windowFaults(raw),
    ...keyFaults(raw, circumstances.olds),
    ...placeFaults(raw, settings, circumstances.allowedHosts),
    ...grantFaults(raw, settings),
    ...pinFaults(raw),
  ];
}

/** Judged only where all of them are sound: a sum with a mistyped part says nothing. */
function timeFaults(raw: Raw): readonly InputFault[] {
  const declared: Record<string, string> = {};
  for (const name of DURATIONS) {
    if (raw[name] === undefined) continue;
    const parsed = duration.safeParse(raw[name]);
    if (!parsed.success) return [];
    declared[name] = parsed.data;
  }
  return policyFaults(declared satisfies DeclaredPolicy).map(({ property, reason, remedy }) => ({
    property,
    reason: `${reason}. ${remedy}`,
  }));
}

function epochFaults({ epoch }: Raw, nowMs: number): readonly InputFault[] {
  const parsed = shape.epoch.safeParse(epoch);
  if (!parsed.success || parsed.data === undefined || Date.parse(parsed.data) <= nowMs) return [];
  return [{ property: "epoch", reason: "lies in the future: slots are counted from it. Give a time that has passed" }];
}

function windowFaults({ window }: Raw): readonly InputFault[] {
  const parsed = shape.window.safeParse(window);
  const fault = parsed.data === undefined || containsUnknown(window) ? undefined : windowFault(parsed.data);
  return fault === undefined ? [] : [fault];
}

function keyFaults(raw: Raw, olds: Raw): readonly InputFault[] {
  const declared = shape.algorithm.safeParse(raw["algorithm"]);
  if (!declared.success) return [];
  const algorithm = algorithmOf({ algorithm: declared.data });
  const before = shape.algorithm.safeParse(olds["algorithm"]);
  const faults: InputFault[] = [];
  if (olds["owner"] !== undefined && before.success && algorithmOf({ algorithm: before.data }) !== algorithm) {
    const reason = `can't change from ${algorithmOf({ algorithm: before.data })} to ${algorithm}: a ring has keys of one type. Declare a second ring that is published elsewhere, move the client there, then remove this one`;
    faults.push({ property: "algorithm", reason });
  }
  if (algorithm === "ES256" && raw["modulusLength"] !== undefined)
    faults.push({ property: "modulusLength", reason: "is of RSA keys only, and this ring's are ES256. Leave it out" });
  const fault = initialKeyFault(raw["initialKey"], algorithm);
  return fault === undefined ? faults : [...faults, { property: "initialKey", reason: fault }];
}

/** Never repeats what was given. */
function initialKeyFault(pem: unknown, algorithm: "RS256" | "ES256"): string | undefined {
  if (typeof pem !== "string" || pem === "" || pem === UNKNOWN) return undefined;
  if (/ENCRYPTED/.test(pem)) return "is encrypted: give it as an unencrypted PEM, from a secret";
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return "can't be read as the PEM of a private key (PKCS#8, PKCS#1 or SEC1)";
  }
  const fault = keyFault(key, algorithm);
  return fault === undefined ? undefined : `can't be used: ${fault}`;
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

function placeFaults(
  raw: Raw,
  settings: BaikalSettings | undefined,
  allowedHosts: readonly string[] | undefined,
): readonly InputFault[] {
  const publish = shape.publish.safeParse(raw["publish"]);
  const verify = shape.verify.safeParse(raw["verify"]);
  const guarded = (property: string, url: string): readonly InputFault[] => {
    const verdict = allowedHosts === undefined ? undefined : guardHost(url, allowedHosts, property);
    if (verdict === undefined || verdict.allowed) return [];
    const reason = (verdict.reason ?? "is refused").replace(`${property} `, "");
    return [{ property, reason: `${reason}. ${verdict.remedy ?? ""}` }];
  };
  const faults: InputFault[] = [];
  if (publish.success && publish.data !== undefined) {
    if ("url" in publish.data) {
      faults.push(...guarded("publish.url", publish.data.url));
      for (const [name, value] of Object.entries(publish.data.headers ?? {})) {
        if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value))
          faults.push({ property: "publish.headers", reason: "must hold header names and printable ASCII values" });
      }
    }
    if (
      "path" in publish.data &&
      !new URL(`/base/${publish.data.path}`, "http://localhost").pathname.startsWith("/base/")
    )
      faults.push({ property: "publish.path", reason: "leads out of baikal:publishUrl. Remove its .. segments" });
    if ("path" in publish.data && settings !== undefined && settings.publishUrl === undefined)
      faults.push({
        property: "publish.path",
        reason: "needs baikal:publishUrl: pulumi config set baikal:publishUrl …",
      });
  }
  if (verify.success && verify.data?.jwksUrl !== undefined) {
    faults.push(...guarded("verify.jwksUrl", verify.data.jwksUrl));
  } else if (raw["publish"] === undefined && raw["verify"] !== UNKNOWN && verify.success) {
    const reason =
      "must name the address where verifiers find the document, since nothing is published here. Or give publish";
    faults.push({ property: "verify.jwksUrl", reason });
  }
  return faults;
}

function grantFaults(raw: Raw, settings: BaikalSettings | undefined): readonly InputFault[] {
  const verify = shape.verify.safeParse(raw["verify"]);
  if (settings === undefined || verify.data?.grant === undefined) return [];
  const issuer = raw["issuer"] ?? settings.issuer;
  const needed = { ...settings, issuer };
  const missing = (["endpoint", "clientId", "clientSecret", "issuer"] as const).filter(
    (key) => needed[key] === undefined,
  );
  if (missing.length === 0) return [];
  const keys = missing.map((key) => `baikal:${key}`).join(", ");
  return [
    { property: "verify.grant", reason: `needs ${keys}: set them in the stack's configuration, or remove the grant` },
  ];
}

function pinFaults({ pinned, revoked }: Raw): readonly InputFault[] {
  if (typeof pinned !== "string" || !Array.isArray(revoked) || !revoked.includes(pinned)) return [];
  return [{ property: "pinned", reason: "names a key that is revoked. Remove it from one of the two" }];
}
