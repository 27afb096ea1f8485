/** Sixty slots of a schedule as schedules go wrong: runs on time, late, doubled, missed, and what befalls them; a client signs all along. */

const MINUTE_MS = 60_000;
export const PERIOD_MS = 240 * MINUTE_MS;
export const SLOTS = 60;

/** What strikes a run; each is put right for the next. */
export type Mishap =
  | "the bucket's answer is lost"
  | "the bucket is down"
  | "the authserver is down"
  | "the grant is refused"
  | "killed while it publishes"
  | "killed while it proves";

export type TrackEvent =
  | { readonly kind: "run"; readonly atMs: number; readonly mishap: Mishap | undefined }
  | { readonly kind: "sign"; readonly atMs: number };

const at = (minute: number, mishap?: Mishap) => ({ minute, mishap });

/** The runs of twenty slots, by their minutes in the slot. */
const PATTERN: readonly (readonly { readonly minute: number; readonly mishap: Mishap | undefined }[])[] = [
  [at(1)],
  [at(47)],
  [],
  [at(1), at(2)],
  [at(2, "the bucket's answer is lost")],
  [],
  [at(1, "the bucket is down"), at(25)],
  [at(190)],
  [],
  [at(1, "the authserver is down")],
  [at(20)],
  [],
  [at(5, "the grant is refused")],
  [],
  [],
  [at(1, "killed while it publishes"), at(40)],
  // A day on which nobody minds the failure.
  [at(3, "the bucket is down")],
  [at(1)],
  [at(6, "killed while it proves")],
  [at(10)],
];

/** Just before a run, so that every cache is full with the document of before; and around each time that the policy names. */
const AROUND_A_RUN = [-2, 0.5, 4, 13, 15.5, 17, 29, 58, 74, 105];
const STEADILY_MINUTES = 120;

/** The first so many slots: times from the beginning of the track, in their order. */
export function track(slots: number): readonly TrackEvent[] {
  const runs = Array.from({ length: slots }, (_, slot) =>
    (PATTERN[slot % PATTERN.length] ?? []).map(({ minute, mishap }) => {
      return { kind: "run" as const, atMs: slot * PERIOD_MS + minute * MINUTE_MS, mishap };
    }),
  ).flat();
  const around = runs.flatMap(({ atMs }) => AROUND_A_RUN.map((minutes) => atMs + minutes * MINUTE_MS));
  const steadily = Array.from({ length: (slots * PERIOD_MS) / (STEADILY_MINUTES * MINUTE_MS) }, (_, index) => {
    return index * STEADILY_MINUTES * MINUTE_MS;
  });
  const signings = [...around, ...steadily].filter((atMs) => atMs > 0).map((atMs) => ({ kind: "sign" as const, atMs }));
  return [...runs, ...signings].sort((one, other) => one.atMs - other.atMs);
}
