/** Where progress is shown: a live line on a terminal, elsewhere a plain line every few seconds. The edge of progress/. */
import { escapeControls } from "../text.js";
import { cutTo } from "./render.js";

export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}
export interface Display {
  /** A line that stays. */
  say(line: string): void;
  /** Shows the line that changes, as `line` gives it, until `end`. */
  follow(line: () => string): void;
  end(): void;
}

const liveEveryMs = 100;
const plainEveryMs = 5_000;

export async function displayOn(stream: Output): Promise<Display> {
  // A terminal without a size (some CI systems have such) can't hold a line that changes.
  return stream.isTTY === true && stream.columns ? await liveDisplay(stream, stream.columns) : plainDisplay(stream);
}

async function liveDisplay(stream: Output, columnsAtFirst: number): Promise<Display> {
  const { createLogUpdate } = await import("log-update");
  const live = createLogUpdate(stream);
  let current: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (current !== undefined) live(cutTo(current(), (stream.columns ?? columnsAtFirst) - 1));
  };
  return {
    say: (line) => {
      live.clear();
      stream.write(`${escapeControls(line)}\n`);
      draw();
    },
    follow: (line) => {
      current = line;
      timer ??= setInterval(draw, liveEveryMs).unref();
      draw();
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      current = undefined;
      live.clear();
      live.done();
    },
  };
}

function plainDisplay(stream: Output): Display {
  let timer: NodeJS.Timeout | undefined;
  let last = "";
  const write = (line: string) => stream.write(`${escapeControls(line)}\n`);
  return {
    say: write,
    follow: (line) => {
      clearInterval(timer);
      timer = setInterval(() => {
        const text = line();
        if (text !== last) write(text);
        last = text;
      }, plainEveryMs).unref();
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
