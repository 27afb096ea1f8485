// A stream of chances that a seed determines: SHA-256 over the seed and a counter. Not for secrets.
import { createHash } from "node:crypto";

/** @typedef {ReturnType<typeof randomFrom>} SeededRandom */

/** @param {string} seed */
export function randomFrom(seed) {
  let count = 0;
  const word = () => {
    const digest = createHash("sha256").update(`${seed}:${count}`).digest();
    count += 1;
    return digest.readUIntBE(0, 6);
  };
  /** 0 <= x < 1 */
  const fraction = () => word() / 2 ** 48;
  /** 0 <= n < below @param {number} below */
  const integer = (below) => Math.floor(fraction() * below);
  return {
    fraction,
    integer,
    /** @template T @param {readonly T[]} list @returns {T} */
    oneOf: (list) => {
      const chosen = list[integer(list.length)];
      if (chosen === undefined) throw new RangeError("there is nothing to choose from");
      return chosen;
    },
    /** By weight. @template {string} T @param {Readonly<Record<T, number>>} weights @returns {T} */
    weighted: (weights) => {
      const entries = /** @type {[T, number][]} */ (Object.entries(weights));
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      throw new RangeError("there is nothing to choose from");
    },
    /** @template T @param {readonly T[]} list @returns {T[]} */
    shuffled: (list) => {
      const left = [...list];
      return list.flatMap(() => left.splice(integer(left.length), 1));
    },
    /** Of a seed of its own. */
    seed: () => word().toString(36),
  };
}
