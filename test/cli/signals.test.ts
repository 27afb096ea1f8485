import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { echoMs, listenForStop } from "../../src/cli/signals.js";
import { cheapStackTraces } from "../../src/cli/stack-traces.js";

describe("Ctrl-C", () => {
  function listening() {
    const source = new EventEmitter();
    let nowMs = 0;
    const requests = listenForStop(source, () => nowMs);
    const send = (signal: string, atMs: number) => {
      nowMs = atMs;
      source.emit(signal, signal);
    };
    return { requests, send, source };
  }

  test("once asks for an orderly stop, once more for an end at once", () => {
    const { requests, send } = listening();
    send("SIGINT", 1_000);
    expect([requests.stop.aborted, requests.now.aborted]).toEqual([true, false]);
    send("SIGINT", 2_000);
    expect(requests.now.aborted).toBe(true);
  });

  test("npm's copy of the same key press doesn't count as a second one", () => {
    const { requests, send } = listening();
    send("SIGINT", 1_000);
    send("SIGINT", 1_000 + echoMs - 1);
    expect(requests.now.aborted).toBe(false);
    send("SIGINT", 1_000 + echoMs);
    expect(requests.now.aborted).toBe(true);
  });

  test("a SIGTERM counts as one press", () => {
    const { requests, send } = listening();
    send("SIGTERM", 0);
    expect([requests.stop.aborted, requests.now.aborted]).toEqual([true, false]);
  });

  test("afterwards the signals are the process's own again", () => {
    const { requests, source } = listening();
    requests.release();
    expect(source.eventNames()).toEqual([]);
  });
});

describe("cheap stack traces", () => {
  test("are off while the program runs and as they were afterwards", async () => {
    const before = Error.stackTraceLimit;
    const traces = cheapStackTraces();
    const limit = await traces.withCheapStackTraces(async () => Error.stackTraceLimit)();
    traces.restore();
    expect([limit, Error.stackTraceLimit]).toEqual([0, before]);
  });

  test("are as they were after a program that fails", async () => {
    const before = [Error.stackTraceLimit, Error.prepareStackTrace];
    const failing = cheapStackTraces().withCheapStackTraces(async () => {
      throw new Error("no fixtures");
    });
    await expect(failing()).rejects.toThrow("no fixtures");
    expect([Error.stackTraceLimit, Error.prepareStackTrace]).toEqual(before);
  });
});
