/** `authn rotation`: the past and coming steps of a stack's key rings, from the saved state alone. */
import { type ExitCode, exitCode } from "../exit.js";
import { answer } from "../report/result.js";
import { savedResources } from "../saved-resources.js";
import { lookAround } from "../situation.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { chosenRings, ringResources } from "./chosen.js";
import { ringsNowMs } from "./clock.js";
import { rotationJson, rotationOf, rotationText, unfinishedText } from "./rotation.js";
import { savedRing } from "./saved-ring.js";
import { showsUnicode } from "./terminal.js";
import { ascii, unicode } from "./timeline.js";

const columnsElsewhere = 80;

export interface RotationOptions extends CommonOptions {
  /** Names of rings or of their clients; none: all. */
  readonly names: readonly string[];
}

/** @throws AuthnError ERR_AUTHN_STATE without a stack or a ring, ERR_AUTHN_USAGE for a name that no ring has */
export function showRotation(options: RotationOptions, surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, environment, clockMs } = surroundings;
  return answer(options, surroundings, async () => {
    const situation = await lookAround(options, surroundings);
    const resources = ringResources(await savedResources(situation, surroundings), options.stack);
    const nowMs = await ringsNowMs(situation, clockMs());
    const rings = chosenRings(resources, options.names, options.stack).map((resource) => {
      const saved = savedRing(resource.name, resource);
      return { name: resource.name, rotation: saved === undefined ? undefined : rotationOf(saved, nowMs) };
    });
    if (!options.json) {
      const glyphs = showsUnicode(stdout, environment, process.platform) ? unicode : ascii;
      const columns = stdout.columns ?? columnsElsewhere;
      const texts = rings.map(({ name, rotation }) =>
        rotation === undefined ? unfinishedText(name) : rotationText(rotation, glyphs, columns),
      );
      stdout.write(`${texts.join("\n\n")}\n`);
    }
    const asData = rings.map(({ name, rotation }) =>
      rotation === undefined ? { name, unfinished: true } : rotationJson(rotation),
    );
    return { code: exitCode.done, outputs: { rings: asData } };
  });
}
