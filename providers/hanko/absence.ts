/**
 * Whom a 404 speaks of: "no such credential" is what a wrong address or an unknown tenant says too (contracts/hanko.md), so it is believed
 * only once the service has shown its list.
 */
import { once } from "../host/once.js";
import type { HankoApi } from "./api.js";

export function withProvenAbsence(api: HankoApi): HankoApi {
  let proven = false;
  const page: HankoApi["page"] = async (cursor, userId) => {
    const listed = await api.page(cursor, userId);
    proven = true;
    return listed;
  };
  const showList = once(() => page());
  const prove = async () => {
    if (!proven) await showList();
  };
  return {
    ...api,
    page,
    async credential(id) {
      const found = await api.credential(id);
      if (found === undefined) await prove();
      return found;
    },
    async remove(id) {
      const removed = await api.remove(id);
      if (!removed) await prove();
      return removed;
    },
  };
}
