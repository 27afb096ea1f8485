/**
 * Ctrl-C: once stops in order, twice at once. A terminal sends the signal to its whole foreground group and npm forwards its own
 * copy, so the same signal within `echoMs` of the last one counted is that one's echo; a second key press comes later than that.
 */

/** npm's copy comes within a few milliseconds; a hand that means to press twice is slower than this, or presses once more. */
export const echoMs = 200;
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type StopSignal = (typeof stopSignals)[number];

export interface Presses {
  readonly count: number;
  readonly last: { readonly signal: StopSignal; readonly atMs: number } | undefined;
}
export const noPresses: Presses = { count: 0, last: undefined };

export function press(presses: Presses, signal: StopSignal, atMs: number): Presses {
  const { last } = presses;
  if (last !== undefined && last.signal === signal && atMs - last.atMs < echoMs) return presses;
  return { count: presses.count + 1, last: { signal, atMs } };
}

export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

export interface StopRequests {
  /** Aborted by the first: end what is under way, begin nothing more. */
  readonly stop: AbortSignal;
  /** Aborted by the second: end now. */
  readonly now: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

export function listenForStop(source: SignalSource, clockMs: () => number): StopRequests {
  const stop = new AbortController();
  const now = new AbortController();
  let presses = noPresses;
  const listener = (signal: StopSignal) => {
    presses = press(presses, signal, clockMs());
    if (presses.count >= 1) stop.abort();
    if (presses.count >= 2) now.abort();
  };
  for (const signal of stopSignals) source.on(signal, listener);
  return {
    stop: stop.signal,
    now: now.signal,
    release: () => {
      for (const signal of stopSignals) source.off(signal, listener);
    },
  };
}
