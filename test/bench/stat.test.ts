import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { parsePeakBytes, parseStat } from "../../bench/processes/stat.mjs";
import { watchTree } from "../../bench/processes/watch.mjs";

const line = (name: string) => `4711 (${name}) S 42 4711 4711 0 -1 4194560 900 800 7 6 250 30 11 9 20 0 12 0 100 1 2`;

test("times and parent are found behind a process name with blanks and parentheses", () => {
  for (const name of ["node", "a b", "x) S 1 (y"]) {
    expect(parseStat(line(name))).toEqual({ parent: 42, ownTicks: 280, reapedTicks: 20 });
  }
});

test("the peak is the high-water mark, and unknown for a process that has ended", () => {
  expect(parsePeakBytes("Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t    200 kB\nVmRSS:\t  100 kB\n")).toBe(204_800);
  expect(parsePeakBytes("Name:\tnode\nState:\tZ (zombie)\n")).toBeUndefined();
});

test.runIf(process.platform === "linux")(
  "what a program starts counts as the engine's, and what that starts as the provider's",
  async () => {
    // Each holds memory of its own before it starts the next, and stays until its stdin ends.
    const holding = (megabytes: number, then: string) =>
      `const held = Buffer.alloc(${megabytes} * 2 ** 20, 1); process.stdin.resume().on("end", () => process.exit(held[0] - 1)); ${then}`;
    const starting = (child: string) =>
      `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: ["inherit", "inherit", "ignore"] });`;
    const provider = holding(300, 'process.stdout.write("ready");');
    const engine = holding(200, starting(provider));
    const program = holding(100, starting(engine));
    const root = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "ignore"] });
    const watch = watchTree(root.pid ?? Number.NaN);
    await once(root.stdout, "data");
    watch.mark();
    root.stdin.end();
    root.stdout.resume();
    await once(root, "close");
    const usage = watch.stop();
    const megabytes = [usage?.program, usage?.engine, usage?.provider].map((part) =>
      Math.floor((part?.peakBytes ?? 0) / 2 ** 20 / 100),
    );
    expect(megabytes).toEqual([1, 2, 3]);
  },
);
