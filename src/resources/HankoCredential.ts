/** `HankoCredential`: a passkey of a software authenticator, registered with Hanko, on either generation of its API. */
import * as pulumi from "@pulumi/pulumi";
import type { BrowserCredential } from "../../providers/hanko/authenticator/browserCredential.js";
import {
  type HankoAlgorithm,
  type HankoAttachment,
  type HankoAttestation,
  type HankoTransport,
  hankoConfigurationKeys,
} from "../../providers/hanko/inputs.js";
import { browserOutput } from "./browserOutput.js";
import { type CommonArgs, ownerOf } from "./owned.js";
import { refusePlaintextSecrets } from "./plaintextSecrets.js";
import { providerText } from "./providerText.js";
import { showUndeclared } from "./undeclared.js";

type Requirement = "required" | "preferred" | "discouraged";

/** Only a change of `name` is sent to the service in place; `prove` and `onDelete` are recorded; any other replaces the resource. */
export interface HankoCredentialArgs extends CommonArgs {
  /** The user's id at the service, 1 to 255 characters; on the Passkey API not of 16 bytes, since nobody can log in with such a one. */
  readonly userId: pulumi.Input<string>;
  /** 1 to 128 characters. The service has one for a user, so all credentials of one declare the same. */
  readonly username: pulumi.Input<string>;
  /** 1 to 128 characters, the same for all credentials of one user. Default: the username. */
  readonly displayName?: pulumi.Input<string>;
  /** The credential's name, 1 to 255 characters. Default: the one that the service gives it. A change is an update in place. */
  readonly name?: pulumi.Input<string>;
  /**
   * What it signs with. Default: ES256. A pair for ES256 or EdDSA is derived from `authn:seed` where there is one, any other is random.
   */
  readonly algorithm?: pulumi.Input<HankoAlgorithm>;
  /** The attestation statement: `none` (the default), or `packed`, signed with the credential's own key. */
  readonly attestation?: pulumi.Input<HankoAttestation>;
  /** Whether the user can sign in with it without being named first. Default: `preferred`, which makes it so. */
  readonly residentKey?: pulumi.Input<Requirement>;
  /** Whether the authenticator asks for a finger, a face or a PIN. Default: `preferred`, which it does. */
  readonly userVerification?: pulumi.Input<Requirement>;
  /** In the computer or phone, or beside it. Default: `platform`. */
  readonly attachment?: pulumi.Input<HankoAttachment>;
  /** Without repetition, in any order. Default: `internal`. */
  readonly transports?: pulumi.Input<pulumi.Input<HankoTransport>[]>;
  /** The authenticator's model, a UUID. Default: all zeros. */
  readonly aaguid?: pulumi.Input<string>;
  /** Whether it may be copied between devices, as synchronised passkeys are. Default: false. */
  readonly backupEligible?: pulumi.Input<boolean>;
  /** The counter that the registration reports, 0 to 2^31-1. Default: 0. */
  readonly signCount?: pulumi.Input<number>;
  /** The relying party's domain. Default: `hanko:rpId`. */
  readonly rpId?: pulumi.Input<string>;
  /** The origin that it is registered at: `https://example.com`. Default: `hanko:origin`. */
  readonly origin?: pulumi.Input<string>;
  /** Log in with the credential once it is registered and expect the service to take it. Default: true. */
  readonly prove?: pulumi.Input<boolean>;
  /** Raise it to replace a credential whose key leaked. Default: 1. */
  readonly generation?: pulumi.Input<number>;
}

const TYPE = "HankoCredential";

/**
 * A passkey, registered for a user by a software authenticator and proven by a login; its private key is an output, so that tests,
 * and browsers in tests, sign in with it.
 *
 * Configuration: `hanko:api` (`passkey` or `authentication`), `hanko:url`, `hanko:rpId`, `hanko:origin`, and `hanko:tenantId` and
 * `hanko:apiKey`, or `hanko:apiKeyId` and `hanko:apiSecret`. Its `id` is the credential's.
 * @example
 * const laptop = new HankoCredential("ada/laptop", { userId: "ada", username: "ada", name: "laptop" });
 * export const browser = laptop.browser; // secret
 */
export class HankoCredential extends pulumi.CustomResource {
  /** base64url; the resource's id too. */
  declare readonly credentialId: pulumi.Output<string>;
  declare readonly userId: pulumi.Output<string>;
  declare readonly username: pulumi.Output<string>;
  /** As declared, or as the service named it. */
  declare readonly name: pulumi.Output<string | undefined>;
  /** As declared; undefined is ES256. */
  declare readonly algorithm: pulumi.Output<HankoAlgorithm | undefined>;
  /** As declared; undefined is false. Whoever signs with the key must say the same, or servers refuse it. */
  declare readonly backupEligible: pulumi.Output<boolean | undefined>;
  /** These three as declared: whoever signs as this credential does as its authenticator would. */
  declare readonly residentKey: pulumi.Output<Requirement | undefined>;
  declare readonly userVerification: pulumi.Output<Requirement | undefined>;
  declare readonly attachment: pulumi.Output<HankoAttachment | undefined>;
  /** Standard base64 of the SPKI DER. */
  declare readonly publicKey: pulumi.Output<string>;
  /** Standard base64 of the PKCS#8 DER, secret. */
  declare readonly privateKey: pulumi.Output<string>;
  /** base64url: what the service calls the user when a browser asks. Secret where the user id is an output. */
  declare readonly userHandle: pulumi.Output<string>;
  /** The counter of the last signature made here. */
  declare readonly signCount: pulumi.Output<number>;
  /** RFC 3339, by the service's clock. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** True once a login with the credential was taken. */
  declare readonly proven: pulumi.Output<boolean>;
  declare readonly rpId: pulumi.Output<string>;
  declare readonly origin: pulumi.Output<string>;
  /**
   * For Playwright (`context.credentials.create(playwright.rpId, playwright.options)`; ES256 and RS256 only) and the DevTools protocol
   * (`WebAuthn.addCredential`, its `credential` is `devTools`; EdDSA too), secret. Made anew in each run, its counter from the clock;
   * this resource's state keeps the key once only. Undefined where refresh or destroy runs the program and it was never registered.
   */
  get browser(): pulumi.Output<BrowserCredential | undefined> {
    // Only for those who ask: an output of ten others takes more of the program's memory than the rest of the resource.
    this.#browser ??= this.#ready();
    return this.#browser;
  }

  #browser: pulumi.Output<BrowserCredential | undefined> | undefined;
  readonly #displayName: HankoCredentialArgs["displayName"];

  constructor(name: string, args: HankoCredentialArgs, options: pulumi.CustomResourceOptions = {}) {
    const { declaredIn, ...inputs } = args;
    refusePlaintextSecrets(hankoConfigurationKeys);
    super(
      `pulumi-nodejs:dynamic/authn:${TYPE}`,
      name,
      {
        // The SDK makes an output of each name that it finds here, a given one or not.
        credentialId: undefined,
        name: undefined,
        publicKey: undefined,
        privateKey: undefined,
        userHandle: undefined,
        signCount: undefined,
        createdAt: undefined,
        proven: undefined,
        rpId: undefined,
        origin: undefined,
        ...inputs,
        owner: ownerOf(TYPE, name, declaredIn, inputs, options?.parent),
        __provider: providerText(TYPE),
      },
      // A derived credential id can't stand twice, and a replacement that the engine forces doesn't ask diff.
      { ...pulumi.mergeOptions(options, { additionalSecretOutputs: secretOutputs(args) }), deleteBeforeReplace: true },
    );
    showUndeclared(this, args, ["algorithm", "backupEligible", "residentKey", "userVerification", "attachment"]);
    this.#displayName = args.displayName;
  }

  #ready(): pulumi.Output<BrowserCredential | undefined> {
    const displayName = this.#displayName;
    const { credentialId, username, publicKey, privateKey, userHandle, signCount, rpId } = this;
    const { backupEligible, residentKey } = this;
    const registered = { credentialId, username, publicKey, privateKey, userHandle, signCount, rpId };
    const browser = pulumi
      .output({ ...registered, backupEligible, residentKey, displayName })
      .apply((credential) => browserOutput(credential, Date.now()));
    return pulumi.secret(browser);
  }
}

/** Whether an output is secret is known too late here. */
function secretOutputs({ userId, name, signCount, rpId, origin }: HankoCredentialArgs): string[] {
  const isOutput = (value: unknown) => pulumi.Output.isInstance(value);
  return [
    "privateKey",
    // The user id in another alphabet.
    ...(isOutput(userId) ? ["userHandle"] : []),
    // The state has them once more as they were declared.
    ...([name, signCount, rpId, origin].some(isOutput) ? ["declared"] : []),
  ];
}
