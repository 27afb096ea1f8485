/** One queue for each name: what is begun under one name goes one after the other, under different names side by side. */
import PQueue from "p-queue";

export interface Queues {
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function queues(): Queues {
  const open = new Map<string, PQueue>();
  return {
    async inTurn(name, work) {
      const queue = open.get(name) ?? new PQueue({ concurrency: 1 });
      open.set(name, queue);
      try {
        return await queue.add(work);
      } finally {
        // Thousands of users come and go in one operation.
        if (queue.size === 0 && queue.pending === 0) open.delete(name);
      }
    },
  };
}
