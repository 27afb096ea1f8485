/**
 * Who uses the tenant that one process started for its own operation: a second operation at the same time (of another stack)
 * uses it too, so the first one keeps it up until the last has ended. One file a process.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../../providers/host/alive.js";
import { makePrivateFolder, writePrivateFile } from "../private-file.js";

export async function enterTenant(folder: string, pid: number): Promise<() => Promise<void>> {
  const file = join(folder, String(pid));
  await makePrivateFolder(folder);
  await writePrivateFile(file, "");
  return () => rm(file, { force: true });
}

/** The processes that use it and live; files of dead ones are removed. */
export async function tenantUsers(folder: string): Promise<readonly number[]> {
  await makePrivateFolder(folder);
  const users: number[] = [];
  for (const name of await readdir(folder)) {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid <= 0) continue;
    if (isAlive(pid)) users.push(pid);
    else await rm(join(folder, name), { force: true });
  }
  return users;
}

const lookEveryMs = 200;

/** Ends when nobody uses it, or when the caller is told to end now. */
export async function untilUnused(folder: string, now: AbortSignal, onWait: (users: readonly number[]) => void) {
  let told = false;
  for (let users = await tenantUsers(folder); users.length > 0 && !now.aborted; users = await tenantUsers(folder)) {
    if (!told) onWait(users);
    told = true;
    await sleep(lookEveryMs);
  }
}
