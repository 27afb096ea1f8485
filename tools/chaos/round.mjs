// Plays one round: each operation killed as planned, then run to its end, then compared with what is declared and what stands.
import { declaredBy, forcedNames } from "./changes.mjs";
import { compare, inheritedBy, leavingOf, lostBetween } from "./compare.mjs";
import { declarationOf, resourcesOf } from "./declaration.mjs";
import { lastWords } from "./run.mjs";
import { openStage } from "./stage.mjs";

/** @typedef {import("./declaration.mjs").Declaration} Declaration */
/**
 * @typedef {object} End how an operation left it
 * @property {readonly import("./declaration.mjs").Declared[]} declared
 * @property {readonly import("./saved.mjs").Saved[]} saved
 * @property {readonly import("./contents.mjs").Standing[]} standing
 */
/**
 * @typedef {object} Scene
 * @property {import("./plan.mjs").Act} act
 * @property {Declaration} begun what is declared while it is killed
 * @property {Declaration} last what is declared in the end
 * @property {End} end of the operation before
 * @property {import("./plan.mjs").Round} round
 * @property {import("./stage.mjs").Stage} stage
 */

const PERIOD_MS = 7 * 86_400_000;

/** @param {import("./plan.mjs").Round} round @param {import("./stage.mjs").Setting} setting @returns {Promise<import("./stage.mjs").Played>} */
export async function playRound(round, setting) {
  const stage = await openStage({ ...setting, resources: round.resources, hankoApi: round.hankoApi });
  try {
    let declaration = declarationOf(round.resources);
    /** @type {End} */
    let end = { declared: [], saved: [], standing: [] };
    for (const [index, act] of round.acts.entries()) {
      const { begun, last } = declaredBy(declaration, act.operation, index);
      end = await playAct({ act, begun, last, end, round, stage });
      declaration = last;
      // What comes after is but what follows from it.
      if (stage.played().findings.length > 0) break;
    }
    return stage.played();
  } finally {
    await stage.close();
  }
}

/** @param {Scene} scene @returns {Promise<End>} */
async function playAct(scene) {
  const { act, begun, last, end, stage } = scene;
  const { operation, isLeftOff = false } = act;
  const { isDone, seen, args } = await playKills(scene);
  if (isLeftOff) return end;
  if (begun !== last) await stage.project.declare(last);
  const isAtItsEnd = isDone || (await stage.toItsEnd(args, operation));
  const looked = await stage.look();
  if (looked === undefined) return end;
  const found = findingsOf(scene, seen, looked);
  const told = isAtItsEnd ? found : found.filter(({ kind }) => kind !== "missing");
  stage.found(told.map(({ kind, what }) => ({ kind, what: `after ${operation}: ${what}` })));
  return { declared: resourcesOf(last), ...looked };
}

/** @param {Scene} scene @returns what stood after each kill, whether a run came through all the same, and the arguments of the next */
async function playKills({ act: { operation, kills }, begun, last, round, stage }) {
  const { project, tenant } = stage;
  const forced = operation === "force" ? forcedNames(begun) : [];
  const command = operation === "destroy" ? "destroy" : "up";
  const plain = [command, ...(round.checkpoints && stage.canCheckpoint ? ["--checkpoints"] : [])];
  let args = [...plain, ...forced.flatMap((name) => ["--replace", name])];
  if (operation === "rotate") await tenant.advanceClock(PERIOD_MS);
  if (operation !== "destroy") await project.declare(begun);

  const isChanged = begun !== last;
  const seen = [];
  let isDone = false;
  for (const [index, kill] of kills.entries()) {
    // The last one strikes where what was taken back is taken away.
    if (isChanged && index > 0 && index === kills.length - 1) {
      await project.declare(last);
      isDone = false;
    }
    const ran = isDone ? undefined : await stage.authn({ args, kill });
    const at = kill.at === "boundary" ? kill.moment : kill.at;
    stage.note({ operation, at, targets: kill.targets }, ran?.struck === true);
    if (ran === undefined) continue;
    // What it had begun to force, it has to finish without being told again.
    args = plain;
    if (ran.struck) seen.push(await tenant.contents());
    else if (ran.code === 0) isDone = true;
    else stage.found([{ kind: "failed run", what: `${operation}, before its kill struck: ${lastWords(ran.said)}` }]);
  }
  return { isDone: isDone && (!isChanged || kills.length > 1), seen, args };
}

/** @param {Scene} scene @param {readonly End["standing"][]} seen @param {Pick<End, "saved" | "standing">} looked */
function findingsOf({ act: { operation }, begun, last, end }, seen, { saved, standing }) {
  const declared = resourcesOf(last);
  const forced = operation === "force" ? forcedNames(begun) : [];
  const leaving = new Set(
    [begun, last].flatMap((after) => [
      ...leavingOf({ before: end.declared, after: resourcesOf(after), forced, saved: end.saved }),
    ]),
  );
  // What was made for a declaration that was taken back has to go, as everything has in a destroy.
  const stays = begun === last && operation !== "destroy";
  return [
    ...compare({ declared, saved, standing, inherited: inheritedBy(end.saved, leaving) }),
    ...lostBetween({
      before: end.standing,
      seen: stays ? seen : [],
      after: standing,
      leaving,
      saved,
    }),
  ];
}
