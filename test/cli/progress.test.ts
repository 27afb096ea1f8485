import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, noticeOf, type Progress, startProgress } from "../../src/cli/progress/progress.js";
import { cutTo, renderProgress } from "../../src/cli/progress/render.js";
import { errorOf, parsed, step, urn } from "./_events.js";

const inputs = { username: "ada" };
const begin = (name: string, op = "create") => step("resourcePreEvent", { op, name, after: inputs });
const end = (name: string, op = "create") => step("resOutputsEvent", { op, name, after: inputs });
const fail = (name: string) => step("resOpFailedEvent", { op: "create", name, after: inputs });

function folded(events: readonly (readonly [ReturnType<typeof begin>, number])[], expected = 0): Progress {
  return events.reduce((progress, [event, atMs]) => advance(progress, event, atMs), startProgress("up", 0, expected));
}

describe("the progress line", () => {
  test("shows done of total, the rate, what is slowest with its age, and failures", () => {
    const progress = folded(
      [
        [begin("ada/phone"), 1_000],
        [begin("bob/phone"), 1_000],
        [begin("carl/phone"), 1_500],
        [end("ada/phone"), 2_000],
        [fail("carl/phone"), 3_000],
      ],
      10,
    );
    expect(renderProgress(progress, 5_000)).toBe(
      "bringing up 2/10, 0.5/s, slowest: bob/phone (create, 4.0 s), 1 failed, 5.0 s",
    );
  });

  test("before the first resource it says what the wait is for", () => {
    expect(renderProgress(folded([]), 900)).toBe("bringing up: the engine starts");
  });

  test("destroy doesn't count what it only registers", () => {
    let progress = startProgress("destroy", 0, 1);
    for (const event of [begin("ada/phone", "same"), end("ada/phone", "same"), begin("ada/phone", "delete")]) {
      progress = advance(progress, event, 10);
    }
    expect(renderProgress(progress, 20)).toBe("destroying 0/1, 0.0 s");
    expect(renderProgress(advance(progress, end("ada/phone", "delete"), 30), 40)).toBe("destroying 1/1, 0.0 s");
  });

  test("a refresh counts a resource as done whatever it came to", () => {
    let progress = startProgress("refresh", 0, 1);
    for (const event of [begin("ada/phone", "refresh"), end("ada/phone", "delete")])
      progress = advance(progress, event, 10);
    expect(renderProgress(progress, 20)).toBe("refreshing 1/1, 0.0 s");
  });

  test("a name with line breaks can't break the line, and no line is longer than the terminal", () => {
    const line = renderProgress(folded([[begin("a\n\u001b[2Jb"), 0]]), 2_000);
    expect(line).toContain("a \\u001b[2Jb");
    expect(cutTo(line, 20)).toHaveLength(20);
  });

  test("whatever comes in whatever order, done is never more than total", () => {
    const names = fc.constantFrom("a/x", "b/x", "c/x");
    const event = fc.tuple(names, fc.constantFrom(begin, end, fail)).map(([name, make]) => make(name));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.nat(5), (events, expected) => {
        const progress = folded(
          events.map((each, index) => [each, index]),
          expected,
        );
        const [, done, total] = /(\d+)\/(\d+)/.exec(renderProgress(progress, 100)) ?? ["", "0", "0"];
        expect(Number(done)).toBeLessThanOrEqual(Number(total));
        expect(progress.failed).toBeLessThanOrEqual(progress.done);
        expect(progress.inFlight.size + progress.done).toBeLessThanOrEqual(progress.begun);
      }),
    );
  });
});

describe("what is said at once", () => {
  test("a failure, with its resource", () => {
    expect(noticeOf(errorOf("Keyri answered 500\n", urn("ada/phone")))).toBe("failed: ada/phone: Keyri answered 500");
  });

  test("the engine's closing words are not", () => {
    expect(noticeOf(errorOf("update failed\n"))).toBeUndefined();
  });

  test("a line that the provider process wrote, such as the request log, is", () => {
    const event = parsed({
      diagnosticEvent: { severity: "info#err", message: "POST /register 200\n", urn: urn("ada/phone") },
    });
    expect(noticeOf(event)).toBe("ada/phone: POST /register 200");
  });
});
