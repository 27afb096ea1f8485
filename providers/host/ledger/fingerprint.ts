/** What a resource's inputs stand for, so far as changing it would replace the resource: two entries with one fingerprint are of one thing. */
import { createHash } from "node:crypto";
import { clean, type Json } from "../clean.js";
import type { CommonInputs, Lifecycle } from "../lifecycle.js";

/** @returns 22 characters, base64url of 16 bytes */
export function fingerprintOf<Inputs extends CommonInputs, State extends object>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, unknown>, "type" | "properties" | "effective">,
  inputs: Inputs,
  service: string,
): string {
  const effective = lifecycle.effective(Object.fromEntries(Object.entries(inputs)));
  const replacing = Object.entries(lifecycle.properties)
    .filter(([, rule]) => rule === "replace")
    .map(([name]) => [name, sorted(clean(effective[name]) ?? null)]);
  const text = JSON.stringify([lifecycle.type, service, replacing]);
  return createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
}

/** Objects have their members in one order, so that equal values have one text. */
function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}
