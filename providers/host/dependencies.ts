/** The real clock and random source, for the host's process and the clients; tests pass their own. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Dependencies } from "./lifecycle.js";

/** @param stopped true once nothing may be sent any more */
export function realDependencies(stopped: () => boolean = () => false): Dependencies {
  return {
    clock: { now: () => Date.now(), sleep: (ms) => delay(ms) },
    random: {
      uuid: () => randomUUID(),
      fraction: () => randomInt(2 ** 32) / 2 ** 32,
      bytes: (length) => randomBytes(length),
    },
    tell: (line) => void process.stderr.write(`${line}\n`),
    warn: (line) => void process.stderr.write(`warning: ${line}\n`),
    stopped,
    ...(process.env["AUTHN_DEBUG"] === "http" ? { debug: (line: string) => process.stderr.write(`${line}\n`) } : {}),
  };
}
