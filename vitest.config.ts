import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const UNITS = "cli,emulator,fixtures,lifecycle,providers";
/** Of those folders, what starts processes, or counts on one of its own. */
const APART = [
  "test/cli/{command,keys}.test.ts",
  "test/emulator/baikal/quiet.test.ts",
  "test/providers/host/stockHost.test.ts",
  "test/fixtures/hostile.test.ts",
];

export default defineConfig({
  test: {
    // Much of a run is waiting, for the engine and for time-outs: with no more processes than cores, these would idle.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Limits against what hangs, far from what a loaded machine takes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // They run in the order of their names: what takes long first, so that no core idles at the end.
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: [`test/!(${UNITS.replaceAll(",", "|")})/**/*.test.ts`, ...APART],
          globalSetup: ["test/engine/_setup.ts"],
        },
      },
      {
        extends: true,
        // Files share a process and what it has loaded, which is most of what a small one costs.
        test: { name: "units", include: [`test/{${UNITS}}/**/*.test.ts`], exclude: APART, isolate: false },
      },
    ],
  },
});
