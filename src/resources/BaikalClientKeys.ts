/** `BaikalClientKeys`: the signing keys of a client of a Baikal authserver, as a ring that rotates and is published as a JWKS. */
import * as pulumi from "@pulumi/pulumi";
import { type BaikalAlgorithm, baikalConfigurationKeys } from "../../providers/baikal/inputs.js";
import type { JwksDocument } from "../../providers/baikal/ring/document.js";
import { documentText } from "../../providers/baikal/ring/documentText.js";
import type { PlanStep } from "../../providers/baikal/ring/plan.js";
import type { Policy } from "../../providers/baikal/ring/policy.js";
import type { HistoryEntry, RingKey } from "../../providers/baikal/ring/ring.js";
import type { BaikalGrantArgs, BaikalPublishArgs, BaikalVerifyArgs, BaikalWindowArgs } from "./baikalArgs.js";
import { type CommonArgs, ownerOf } from "./owned.js";
import { refusePlaintextSecrets } from "./plaintextSecrets.js";
import { providerText } from "./providerText.js";
import { showUndeclared } from "./undeclared.js";

export type {
  BaikalGrantArgs,
  BaikalPublishArgs,
  BaikalVerifyArgs,
  BaikalWindowArgs,
  HistoryEntry as BaikalHistoryEntry,
  JwksDocument as BaikalJwks,
  RingKey as BaikalRingKey,
};

type Duration = pulumi.Input<string>;

/**
 * Durations are a whole number and one of s, m, h, d, w: `90s`, `15m`, `7d`. Their sums are checked before anything happens:
 * `lead` and `retireAfter` may be longer than the caches and tokens ask for, never shorter, and `period` exceeds both together.
 */
export interface BaikalClientKeysArgs extends Omit<CommonArgs, "onDelete"> {
  /** The client's own issuer, `iss` of its assertions. Default: `baikal:issuer`. */
  readonly issuer?: pulumi.Input<string>;
  /** What its keys sign with, one type in a ring. Default: RS256. A change is refused: a second ring, published elsewhere, is the way. */
  readonly algorithm?: pulumi.Input<BaikalAlgorithm>;
  /** Bits of an RSA key. Default: 2048; 3072 and 4096 are taken with a warning: they cost more than they are worth. */
  readonly modulusLength?: pulumi.Input<2048 | 3072 | 4096>;
  /** How long a key signs, until the next one does. Default: `7d`. */
  readonly period?: Duration;
  /** Where the slots of one period begin, RFC 3339, not in the future. Default: when the ring was made. */
  readonly epoch?: pulumi.Input<string>;
  /** When promotions are welcome. Default: at any time. */
  readonly window?: pulumi.Input<BaikalWindowArgs>;
  /** How long a verifier may keep the document that it fetched. Default: `15m`. */
  readonly verifierCache?: Duration;
  /** How long what stands before the document (a CDN) may keep it. Default: `0s`. */
  readonly publisherCache?: Duration;
  /** The longest life of an assertion, or of a token that a verifier checks by these keys. Default: `1h`. */
  readonly tokenLife?: Duration;
  /** The greatest difference between any two clocks concerned. Default: `1m`. */
  readonly clockSkew?: Duration;
  /** How long until every application signs with a promoted key. Default: `0s`. */
  readonly rollout?: Duration;
  /** How long a key is published before it signs. Default and least: `verifierCache` + `publisherCache` + `clockSkew`. */
  readonly lead?: Duration;
  /**
   * How long a key stays published after it signed. Default and least: `tokenLife` + `verifierCache` + `publisherCache` +
   * `clockSkew` + `rollout`.
   */
  readonly retireAfter?: Duration;
  /**
   * Where the document goes. Default: nowhere; the `jwks` output feeds another resource, which publishes it, and `verify.jwksUrl`
   * says where it is then found.
   */
  readonly publish?: pulumi.Input<BaikalPublishArgs>;
  /** How a key is proven before it signs. Default: it is looked for where the document is published, and no grant is tried. */
  readonly verify?: pulumi.Input<BaikalVerifyArgs>;
  /** What a proof that fails does: the run fails (`fail`, the default), or warns. The active key signs on either way. */
  readonly onFailedProof?: pulumi.Input<"fail" | "warn">;
  /** The kids of keys that nobody may trust any more, at most 100: they leave the document at once. */
  readonly revoked?: pulumi.Input<pulumi.Input<string>[]>;
  /** The kid of the key that signs until this is taken back: the active one, the standby, or one that retires. */
  readonly pinned?: pulumi.Input<string>;
  /**
   * The private key that signs today, PEM, unencrypted: the ring begins with it. Always secret; of no account once the ring is
   * made. Other keys of a document that is published already are kept for as long as tokens of theirs live.
   */
  readonly initialKey?: pulumi.Input<string>;
  /** Whether delete takes the document away. Default: false, since tokens that were signed live on. */
  readonly withdraw?: pulumi.Input<boolean>;
}

const TYPE = "BaikalClientKeys";

/**
 * A client's signing keys: one that signs, a published standby beside it, and those that retire. Each `pulumi up` takes the step
 * that is due, if any; a key signs only after it was seen published for the whole lead and proven.
 *
 * Configuration: `baikal:issuer`; `baikal:publishUrl` and `baikal:publishToken` where `publish` names a path; `baikal:endpoint`,
 * `baikal:clientId` and `baikal:clientSecret` where a grant is tried.
 * @example
 * const keys = new BaikalClientKeys("billing", { publish: { path: "billing.json" }, verify: { grant: { sub: "probe" } } });
 * export const signingKey = keys.activePrivateKey; // secret
 */
export class BaikalClientKeys extends pulumi.CustomResource {
  /** As declared, or `baikal:issuer`; undefined where neither says. */
  declare readonly issuer: pulumi.Output<string | undefined>;
  /** As declared; undefined is RS256. */
  declare readonly algorithm: pulumi.Output<BaikalAlgorithm | undefined>;
  /** The document, public: its keys active, prepared, retiring, each with `kid` and `use`; `ring` tells two rings apart. */
  declare readonly jwks: pulumi.Output<JwksDocument>;
  /** RFC 7638 thumbprint (SHA-256, base64url) of the key that signs. */
  declare readonly activeKid: pulumi.Output<string>;
  /** The key that signs, PKCS#8 PEM, secret. */
  declare readonly activePrivateKey: pulumi.Output<string>;
  /** The ring's keys with their states and times (RFC 3339, UTC). */
  declare readonly keys: pulumi.Output<readonly RingKey[]>;
  /** What comes next; `wait` where nothing is in sight. */
  declare readonly nextStep: pulumi.Output<PlanStep | "wait">;
  /** RFC 3339, UTC; in the past for a step that is due. */
  declare readonly nextStepAt: pulumi.Output<string | undefined>;
  /** What has happened, at most 50 entries, the newest last. */
  declare readonly history: pulumi.Output<readonly HistoryEntry[]>;
  /** Where the slots begin, RFC 3339, UTC: as declared, or when the ring was made. */
  declare readonly anchoredAt: pulumi.Output<string>;
  /** The times that hold, defaults filled in, in milliseconds. */
  declare readonly policy: pulumi.Output<Policy>;

  /** The document's text, as it is published: JSON, the same for the same keys. For a resource that publishes it. */
  get jwksText(): pulumi.Output<string> {
    // Where refresh or destroy runs the program, a ring that was never made has no document.
    this.#jwksText ??= this.jwks.apply((jwks: JwksDocument | undefined) => documentText(jwks ?? { keys: [] }));
    return this.#jwksText;
  }

  #jwksText: pulumi.Output<string> | undefined;

  constructor(name: string, args: BaikalClientKeysArgs, options: pulumi.CustomResourceOptions = {}) {
    const { declaredIn, publish, verify, initialKey, ...plain } = args;
    refusePlaintextSecrets(baikalConfigurationKeys);
    const inputs = {
      ...plain,
      // Outputs as a whole: the owner names what is secret by the input's name.
      ...(publish === undefined ? {} : { publish: concealedHeaders(publish) }),
      ...(verify === undefined ? {} : { verify: pulumi.output(verify) }),
      ...(initialKey === undefined ? {} : { initialKey: pulumi.secret(initialKey) }),
    };
    super(
      `pulumi-nodejs:dynamic/authn:${TYPE}`,
      name,
      {
        // The SDK makes an output of each name that it finds here, a given one or not.
        issuer: undefined,
        jwks: undefined,
        activeKid: undefined,
        activePrivateKey: undefined,
        keys: undefined,
        nextStep: undefined,
        nextStepAt: undefined,
        history: undefined,
        anchoredAt: undefined,
        policy: undefined,
        ...inputs,
        owner: ownerOf(TYPE, name, declaredIn, inputs, options?.parent),
        __provider: providerText(TYPE),
      },
      // Not deleted before it is replaced: a ring that is made anew keeps the keys of the document of before.
      pulumi.mergeOptions(options, { additionalSecretOutputs: secretOutputs(args) }),
    );
    showUndeclared(this, args, ["algorithm"]);
  }
}

/** Headers are credentials, however they are given. */
function concealedHeaders(publish: pulumi.Input<BaikalPublishArgs>): pulumi.Output<pulumi.Unwrap<BaikalPublishArgs>> {
  return pulumi
    .output(publish)
    .apply((place) =>
      "headers" in place && place.headers !== undefined ? pulumi.secret(place) : pulumi.output(place),
    );
}

/** Whether an output is secret is known too late here. */
function secretOutputs({ issuer, publish, verify }: BaikalClientKeysArgs): string[] {
  return [
    ...["activePrivateKey", "privateKeys"],
    // The state has these once more: the issuer as it was declared, the addresses as they were last used.
    ...(holdsOutput(issuer) ? ["declaredIssuer"] : []),
    ...([publish, verify].some(holdsOutput) ? ["place", "liveAt"] : []),
  ];
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}
