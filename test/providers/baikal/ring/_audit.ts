/**
 * Every verifier at once. One that caches a document for V, behind a cache that serves copies up to P old, goes at an instant t by a
 * document that stood somewhere in (t - P - V, t]; so a token is refused by some verifier exactly where, in that time, a document
 * without its key stood. The audit looks for such a time in each token's life, for all tokens that could have been signed.
 */
import { z } from "zod";
import type { Version } from "./_world.js";

/** An application signed, or may have signed, with a key from an instant until another. */
export interface Signing {
  readonly kid: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The times that the world keeps to from an instant on. */
export interface Times {
  readonly fromMs: number;
  readonly verifierCacheMs: number;
  readonly publisherCacheMs: number;
  readonly tokenLifeMs: number;
}

export interface Evidence {
  /** The document that verifiers are shown, in the order of time. */
  readonly shown: readonly Version[];
  readonly times: readonly Times[];
  readonly signings: readonly Signing[];
  /** How much later than the signer's clock a verifier's may end a token's life. */
  readonly skewMs: number;
  /** Tokens of these may be refused: they are revoked. */
  readonly revoked: ReadonlySet<string>;
  /** Tokens of these may be refused until the first document that has them is everywhere: that was said. */
  readonly unannounced: ReadonlySet<string>;
}

export interface Refusal {
  readonly kid: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Gap {
  readonly fromMs: number;
  readonly untilMs: number;
}

const document = z.object({ keys: z.array(z.object({ kid: z.string() })) });

/** When which token would have been refused by a verifier that was asked at the worst moment. */
export function refusals({ shown, times, signings, skewMs, revoked, unannounced }: Evidence): readonly Refusal[] {
  const kidsShown = shown.map(({ atMs, text }) => ({ atMs, kids: kidsOf(text) }));
  const reach = (name: "verifierCacheMs" | "publisherCacheMs" | "tokenLifeMs", gap: Gap) => reachOf(times, name, gap);
  return signings.flatMap(({ kid, fromMs, untilMs }) => {
    if (revoked.has(kid)) return [];
    const lifeEndsMs = reach("tokenLifeMs", { fromMs, untilMs }) + skewMs;
    return gapsOf(kid, kidsShown, unannounced.has(kid)).flatMap((gap) => {
      const copiedUntilMs = reach("publisherCacheMs", gap);
      const heldUntilMs = reach("verifierCacheMs", { ...gap, untilMs: copiedUntilMs });
      const refused = { fromMs: Math.max(fromMs, gap.fromMs), untilMs: Math.min(heldUntilMs, lifeEndsMs) };
      return refused.fromMs < refused.untilMs ? [{ kid, ...refused }] : [];
    });
  });
}

function kidsOf(text: string | undefined): ReadonlySet<string> {
  return new Set(text === undefined ? [] : document.parse(JSON.parse(text)).keys.map(({ kid }) => kid));
}

/** When the document that was shown didn't have the key. */
function gapsOf(
  kid: string,
  shown: readonly { readonly atMs: number; readonly kids: ReadonlySet<string> }[],
  skipsFirst: boolean,
): readonly Gap[] {
  const gaps: Gap[] = [];
  let fromMs: number | undefined = Number.NEGATIVE_INFINITY;
  for (const { atMs, kids } of shown) {
    if (kids.has(kid)) {
      if (fromMs !== undefined) gaps.push({ fromMs, untilMs: atMs });
      fromMs = undefined;
    } else fromMs ??= atMs;
  }
  if (fromMs !== undefined) gaps.push({ fromMs, untilMs: Number.POSITIVE_INFINITY });
  return skipsFirst ? gaps.slice(1) : gaps;
}

/** The latest end of what begins before `untilMs` and lasts as long as was the rule when it began. */
function reachOf(times: readonly Times[], name: keyof Omit<Times, "fromMs">, { fromMs, untilMs }: Gap): number {
  let latest = untilMs;
  for (const [index, rule] of times.entries()) {
    const endMs = Math.min(untilMs, times[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY);
    const beginsBefore = index === 0 ? true : rule.fromMs < untilMs;
    if (beginsBefore && endMs > fromMs) latest = Math.max(latest, endMs + rule[name]);
  }
  return latest;
}
