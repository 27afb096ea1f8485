/** Starts a script as a process of its own and asks it things over IPC, one at a time; `serve` is the other side. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const answerSchema = z.union([z.object({ error: z.string() }), z.object({ answer: z.unknown() })]);
const questionSchema = z.object({ ask: z.string(), input: z.unknown() });
const MAX_ERROR_CHARACTERS = 2_000;

/** @typedef {ReturnType<typeof startChild>} Child */

/** @param {URL} script @param {{ cwd: string, environment: NodeJS.ProcessEnv }} surroundings */
export function startChild(script, { cwd, environment }) {
  const child = fork(fileURLToPath(script), [], {
    cwd,
    env: environment,
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
    stderr = (stderr + text).slice(-MAX_ERROR_CHARACTERS);
  });
  // With the last of stderr read; doesn't come where this side hung up first.
  const closed = once(child, "close");
  const ended = once(child, "exit");

  return {
    pid: child.pid ?? Number.NaN,

    /**
     * @template T
     * @param {string} ask @param {unknown} input @param {z.ZodType<T>} schema of the answer
     * @returns {Promise<T>}
     */
    async ask(ask, input, schema) {
      const gone = closed.then(() => {
        throw new Error(`the process ended without an answer to "${ask}": ${stderr}`);
      });
      child.send({ ask, input: input ?? null });
      const [message] = await Promise.race([once(child, "message"), gone]);
      const answer = answerSchema.parse(message);
      if ("error" in answer) throw new Error(answer.error);
      return schema.parse(answer.answer);
    },

    /** Lets it end by itself, and waits for that. */
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Answers the parent's questions until it hangs up. @param {Readonly<Record<string, (input: unknown) => unknown>>} answers */
export function serve(answers) {
  process.on("message", async (message) => {
    const { ask, input } = questionSchema.parse(message);
    try {
      process.send?.({ answer: (await answers[ask]?.(input)) ?? null });
    } catch (error) {
      process.send?.({ error: telling(error instanceof Error ? error.message : String(error)) });
    }
  });
}

/** The engine's words come after all that it was doing. @param {string} text */
function telling(text) {
  return text.slice(Math.max(0, text.search(/\berror: /))).slice(0, MAX_ERROR_CHARACTERS);
}
