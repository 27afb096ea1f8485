import { expect, test } from "vitest";
import type { Change } from "../../../emulator/store/persistence.js";
import { WriteBehind } from "../../../emulator/store/write-behind.js";

const change = (key: string): Change => ({ table: "t", key, json: "1" });

/** A disk whose writes end when the test says so. */
function slowDisk() {
  const batches: string[][] = [];
  const gates: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[] = [];
  return {
    batches,
    async write(changes: readonly Change[]) {
      batches.push(changes.map(({ key }) => key));
      await new Promise<void>((resolve, reject) => gates.push({ resolve, reject }));
    },
    finish: (batch: number) => gates[batch]?.resolve(),
    fail: (batch: number) => gates[batch]?.reject(new Error("disk full")),
  };
}

test("changes of one synchronous stretch are one batch, later ones wait for it and share the next", async () => {
  const disk = slowDisk();
  const writes = new WriteBehind(disk.write);
  writes.add(change("a"));
  writes.add(change("b"));
  const first = writes.flush();
  await Promise.resolve();
  for (const key of ["c", "d", "e"]) writes.add(change(key));
  let secondDone = false;
  const second = writes.flush().then(() => {
    secondDone = true;
  });
  disk.finish(0);
  await first;
  expect(secondDone).toBe(false);
  await Promise.resolve();
  expect(disk.batches).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
  disk.finish(1);
  await second;
});

test("once a write failed, every flush is refused, also of later changes", async () => {
  const disk = slowDisk();
  const writes = new WriteBehind(disk.write);
  writes.add(change("a"));
  await Promise.resolve();
  disk.fail(0);
  await expect(writes.flush()).rejects.toThrow("disk full");
  writes.add(change("b"));
  await expect(writes.flush()).rejects.toThrow("disk full");
  expect(disk.batches).toEqual([["a"]]);
});
