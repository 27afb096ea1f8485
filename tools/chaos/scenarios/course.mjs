// The course of a scenario without kills: create, change, destroy, each disturbed and then brought to its end, compared as rounds are.

import { declaredBy } from "../changes.mjs";
import { compare, inheritedBy, leavingOf, lostBetween } from "../compare.mjs";
import { declarationOf, resourcesOf } from "../declaration.mjs";

/** @typedef {import("./index.mjs").Play} Play */
/** @typedef {{ operation: import("../changes.mjs").Operation, args: readonly string[] }} Begun */

/** @type {readonly import("../changes.mjs").Operation[]} */
const WHOLE = ["create", "update", "replace", "destroy"];

/**
 * @param {Play} play
 * @param {(begun: Begun) => Promise<void>} disturb runs the command as often as it likes, under whatever befalls it; afterwards all is well again
 */
export async function course({ stage, resources, operations = WHOLE }, disturb) {
  let declaration = declarationOf(resources);
  let before = [];
  let end = { saved: [], standing: [] };
  for (const [turn, operation] of operations.entries()) {
    declaration = declaredBy(declaration, operation, turn).last;
    const declared = resourcesOf(declaration);
    if (operation !== "destroy") await stage.project.declare(declaration);
    const args = [operation === "destroy" ? "destroy" : "up"];
    await disturb({ operation, args });
    const seen = [await stage.tenant.contents()];
    const isAtItsEnd = await stage.toItsEnd(args, operation);
    const looked = await stage.look();
    if (looked === undefined) return;
    const { saved, standing } = looked;
    const leaving = leavingOf({ before, after: declared, forced: [], saved: end.saved });
    stage.found([
      ...compare({ declared, saved, standing, inherited: inheritedBy(end.saved, leaving) }),
      ...lostBetween({ before: end.standing, seen, after: standing, leaving, saved }),
    ]);
    if (!isAtItsEnd || stage.played().findings.length > 0) return;
    before = declared;
    end = { saved, standing };
  }
}
