/** One tenant for one AUTHN_HOME: whoever runs it holds a file with its process id from before it starts until it has closed. */
import { rm } from "node:fs/promises";
import { isAlive } from "../../../providers/host/alive.js";
import { createPrivateFileOnce, readFileIfPresent } from "../private-file.js";

export type Claim =
  | { readonly ours: true; release(): Promise<void> }
  | { readonly ours: false; readonly holder: number };

export async function claimTenant(file: string, pid: number): Promise<Claim> {
  const known = await readFileIfPresent(file);
  // A dead one's file: two who remove it at once still can't both create the next.
  if (known !== undefined && !isAlive(Number(known))) await rm(file, { force: true });
  const holder = Number(await createPrivateFileOnce(file, String(pid)));
  if (holder !== pid) return { ours: false, holder };
  return { ours: true, release: () => rm(file, { force: true }) };
}
