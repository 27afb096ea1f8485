// The ledger's disk is full, or can't be written: no step is begun that it doesn't know of, and it is said why.
import { isDeepStrictEqual } from "node:util";
import { lastWords } from "../run.mjs";
import { course } from "./course.mjs";

/** Room for the beginning, for half of it, for none. */
const FREE_BYTES = [700, 20_000, 0];

/** @param {import("./index.mjs").Play} play */
export function diskFull(play) {
  const { authn, project, found } = play.stage;
  const { times = FREE_BYTES.length } = play;
  return course(play, async ({ operation, args }) => {
    for (const freeBytes of FREE_BYTES.slice(0, times)) {
      const ran = await authn({ args, disk: { folder: project.ledger, freeBytes } });
      if (ran.code !== 0 && !ran.said.includes("ENOSPC")) {
        found([
          {
            kind: "failed run",
            what: `${operation} with ${freeBytes} bytes left doesn't say why: ${lastWords(ran.said)}`,
          },
        ]);
      }
    }
  });
}

/** @param {import("./index.mjs").Play} play */
export function readOnlyFolder(play) {
  const { authn, project, tenant, found } = play.stage;
  return course(play, async ({ operation, args }) => {
    const before = await tenant.contents();
    const ran = await authn({ args, disk: { folder: project.ledger, freeBytes: "read-only" } });
    if (!isDeepStrictEqual(await tenant.contents(), before))
      found([
        { kind: "unfinished", what: `${operation}: something stands otherwise, and the ledger could not know of it` },
      ]);
    if (ran.code === 0 || !ran.said.includes("EROFS")) {
      found([
        { kind: "failed run", what: `${operation} on a read-only ledger, code ${ran.code}: ${lastWords(ran.said)}` },
      ]);
    }
  });
}
