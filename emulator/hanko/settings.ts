/** What Hanko's tenant can be set to: its relying party and what it asks of authenticators. Both APIs share it. */
import { z } from "zod";
import { urlOf } from "../url.js";

export interface HankoOptions {
  /** The relying party's id, a domain; `localhost` unless given. */
  readonly rpId?: string | undefined;
  /** The relying party's name for the user's eyes. */
  readonly rpName?: string | undefined;
  /** Where ceremonies may take place, at least one; the tenant's own demonstration relying party unless given. */
  readonly origins?: readonly string[] | undefined;
  /** What the Passkey API asks for, and the Authentication API where a request doesn't; "preferred" unless given. */
  readonly userVerification?: Requirement | undefined;
  /** As `userVerification`; "required" unless given. */
  readonly residentKey?: Requirement | undefined;
  /** As `userVerification`; "none" unless given. */
  readonly attestation?: Attestation | undefined;
  /** How long a challenge stands, in milliseconds; a minute unless given. */
  readonly timeoutMs?: number | undefined;
}

const requirements = ["required", "preferred", "discouraged"] as const;
const attestations = ["none", "indirect", "direct"] as const;
export type Requirement = (typeof requirements)[number];
export type Attestation = (typeof attestations)[number];
export const requirement = z.enum(requirements, `must be one of ${requirements.join(", ")}`);
export const attestation = z.enum(attestations, `must be one of ${attestations.join(", ")}`);

const DEFAULT_RP_ID = "localhost";
const timeoutRange = "must be a whole number of milliseconds, from one second to a day";

export const hankoOptions = z
  .strictObject({
    rpId: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, "must be a domain in lower case, without scheme and port")
      .default(DEFAULT_RP_ID),
    rpName: z.string("must be text").min(1, "must not be empty").default("Embedded tenant"),
    origins: z
      .array(z.string().refine(isWebOrigin, "must be http or https, a host and at most a port"))
      .min(1)
      .optional(),
    userVerification: requirement.default("preferred"),
    residentKey: requirement.default("required"),
    attestation: attestation.default("none"),
    timeoutMs: z.int(timeoutRange).min(1_000, timeoutRange).max(86_400_000, timeoutRange).default(60_000),
  })
  .superRefine(({ rpId, origins }, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", path: ["origins"], message });
    if (origins === undefined && rpId !== DEFAULT_RP_ID) refuse(`must be given where rpId isn't ${DEFAULT_RP_ID}`);
    for (const origin of origins ?? [])
      if (isWebOrigin(origin) && !isWithin(new URL(origin).hostname, rpId)) refuse("must be at rpId or below it");
  });

export type HankoSettings = z.output<typeof hankoOptions>;

function isWebOrigin(text: string): boolean {
  return /^https?:/.test(text) && urlOf(text)?.origin === text;
}

/** WebAuthn L3 §5.1.3: a relying party's id is the host itself or a parent domain of it. */
function isWithin(host: string, rpId: string): boolean {
  return host === rpId || host.endsWith(`.${rpId}`);
}
