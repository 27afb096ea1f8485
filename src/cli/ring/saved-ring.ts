/** A key ring as a resource's saved properties hold it: from an engine event or from the state. Private keys are passed over. */
import { z } from "zod";
import { baikalClientKeysInputs } from "../../../providers/baikal/inputs.js";
import { algorithmOf } from "../../../providers/baikal/intent.js";
import type { Intent } from "../../../providers/baikal/ring/plan.js";
import { policyOf } from "../../../providers/baikal/ring/policy.js";
import { type Ring, ring } from "../../../providers/baikal/ring/ring.js";
import { shown } from "../events/event.js";

export const ringType = "BaikalClientKeys";
export const ringTypeToken = `pulumi-nodejs:dynamic/authn:${ringType}`;

export interface SavedRing {
  /** The resource's: `clients/billing`. */
  readonly name: string;
  /** "" where nothing says it. */
  readonly issuer: string;
  readonly algorithm: string;
  readonly ring: Ring;
  readonly intent: Intent;
}

interface Saved {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const { shape } = baikalClientKeysInputs;
/** What a preview doesn't know yet counts as not declared. */
const declared = z.object({
  algorithm: shape.algorithm.catch(undefined),
  period: shape.period.catch(undefined),
  window: shape.window.catch(undefined),
  verifierCache: shape.verifierCache.catch(undefined),
  publisherCache: shape.publisherCache.catch(undefined),
  tokenLife: shape.tokenLife.catch(undefined),
  clockSkew: shape.clockSkew.catch(undefined),
  rollout: shape.rollout.catch(undefined),
  lead: shape.lead.catch(undefined),
  retireAfter: shape.retireAfter.catch(undefined),
  revoked: shape.revoked.catch(undefined),
  pinned: shape.pinned.catch(undefined),
});
const withGrant = z.object({ grant: z.unknown().nonoptional() });

/** @returns undefined where no ring stands yet, or none that can be read. */
export function savedRing(name: string, { inputs, outputs }: Saved): SavedRing | undefined {
  const found = ring.safeParse(outputs);
  if (!found.success || !found.data.keys.some(({ state }) => state === "active")) return undefined;
  const { held, ...rest } = found.data;
  const visible = declared.parse(shown(inputs));
  const { window, revoked = [], pinned } = visible;
  const algorithm = algorithmOf(visible);
  const issuer = shape.issuer.catch(undefined).parse(shown(outputs["issuer"])) ?? "";
  const intent = {
    policy: policyOf(visible),
    window,
    revoked,
    pinned,
    provesByGrant: provesByGrant(rest, inputs["verify"], outputs["nextStep"]),
  };
  return { name, issuer, algorithm, ring: held === undefined ? rest : { ...rest, held }, intent };
}

/** Of a `verify` that is secret nothing can be read: whether a grant is tried, the ring's own course tells. */
function provesByGrant({ keys, history }: Omit<Ring, "held">, verify: unknown, nextStep: unknown): boolean {
  if (shown(verify) !== "[secret]") return withGrant.safeParse(shown(verify)).success;
  const wasProven =
    keys.some(({ provenAt }) => provenAt !== undefined) || history.some(({ event }) => event === "proven");
  return wasProven || nextStep === "prove";
}

/** `billing` of `clients/billing`. */
export function clientOf(name: string): string {
  return name.replace(/^clients\//, "");
}
