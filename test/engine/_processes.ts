/** The processes of a command, seen while they live: their arguments, which everybody on the machine may read, and their environments (proc(5)). */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

export interface SeenProcess {
  readonly pid: number;
  /** Separated by spaces. */
  readonly arguments: string;
  /** As it was when the process began: lines of `NAME=value`. */
  readonly environment: string;
}

/**
 * Looks until the command has ended. Sees nothing where there is no /proc.
 * @param onProvider is shown the stock host's process as soon as it is there
 */
export async function watchProcesses(
  root: number,
  ended: Promise<unknown>,
  onProvider: (process: SeenProcess) => void = () => undefined,
): Promise<readonly SeenProcess[]> {
  const seen = new Map<string, SeenProcess>();
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const pid of await family(root)) {
      const [command, environment] = await Promise.all([read(pid, "cmdline"), read(pid, "environ")]);
      const found = { pid, arguments: command, environment };
      const isNew = command !== "" && !seen.has(`${pid} ${command}`);
      // Between fork and exec a child shows its parent's: so one process may be seen as two.
      if (isNew) seen.set(`${pid} ${command}`, found);
      if (isNew && /^\S*node .*dynamic-provider/.test(command)) onProvider(found);
    }
    await sleep(50);
  }
  return [...seen.values()];
}

async function family(root: number): Promise<readonly number[]> {
  const names = await readdir("/proc").catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(
    await Promise.all(
      pids.map(async (pid) => {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
        return [pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const;
      }),
    ),
  );
  const isOfFamily = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOfFamily(parents.get(pid)));
  return pids.filter(isOfFamily);
}

async function read(pid: number, file: "cmdline" | "environ"): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "");
  return text.replaceAll("\0", file === "environ" ? "\n" : " ").trim();
}
