/** Who has the ledger to itself, while its process may still live. */
import { isHeld, lockHolderOf } from "../../../providers/host/ledger/index.js";

/** Who holds the ledger now, as `process 7 on host`; undefined where nobody does who may still live. */
export async function otherHolder(folder: string): Promise<string | undefined> {
  const holder = await lockHolderOf(folder);
  if (holder === undefined || !(await isHeld(folder, holder))) return undefined;
  return `process ${holder.pid} on ${holder.hostname}`;
}
