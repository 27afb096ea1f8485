/**
 * Whether the engine that started this process still lives. After `kill -9` of the engine the host would live on with requests
 * in flight; it has a process group of its own and gets no signal. The engine's address is an argument of the host, so an open
 * socket to it ends in the moment the engine does, on every system.
 */
import { connect, type Socket } from "node:net";

export interface ParentWatch {
  readonly gone: () => boolean;
  stop(): void;
}

// A server that closes at once must not make a busy loop.
const RECONNECT_MS = 250;

/**
 * @param address `127.0.0.1:port` of the engine
 * @param onGone called once, when the engine's port no longer takes connections
 */
export function watchParent(address: string, onGone: () => void): ParentWatch {
  const match = /^(?:.*:\/\/)?(127\.\d+\.\d+\.\d+|localhost):(\d+)$/.exec(address);
  let isGone = false;
  let stopped = false;
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;

  const open = (host: string, port: number) => {
    let refused = false;
    const openedAt = performance.now();
    socket = connect({ host, port });
    socket.unref();
    // Nothing is ever said on it: the engine's server closes a silent connection in the end, and then another is opened.
    socket.resume();
    socket.on("error", (error) => {
      refused = "code" in error && error.code === "ECONNREFUSED";
    });
    socket.on("close", () => {
      if (stopped) return;
      if (refused) {
        isGone = true;
        onGone();
        return;
      }
      const pause = performance.now() - openedAt < RECONNECT_MS ? RECONNECT_MS : 0;
      timer = setTimeout(() => open(host, port), pause);
      timer.unref();
    });
  };
  if (match?.[1] !== undefined && match[2] !== undefined) open(match[1], Number(match[2]));

  return {
    gone: () => isGone,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      socket?.destroy();
    },
  };
}
