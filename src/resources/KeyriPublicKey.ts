/** `KeyriPublicKey`: a device's public key, registered for a user in a Keyri backend. */
import * as pulumi from "@pulumi/pulumi";
import { keyriConfigurationKeys } from "../../providers/keyri/inputs.js";
import { type CommonArgs, ownerOf } from "./owned.js";
import { refusePlaintextSecrets } from "./plaintextSecrets.js";
import { providerText } from "./providerText.js";

export interface KeyriPublicKeyArgs extends CommonArgs {
  /** The user the key belongs to: 1 to 255 characters, no control characters. A change replaces the resource. */
  readonly username: pulumi.Input<string>;
  /**
   * A real device's P-256 public key: base64 of its SPKI DER, a PEM PUBLIC KEY, or base64 of the 64 bytes X‖Y. Absent: a pair
   * is generated, derived from `authn:seed` where there is one. A change replaces the resource.
   */
  readonly publicKey?: pulumi.Input<string>;
  /** Sign a login with the generated private key and expect the service to take it. Default: true, false with a given key. */
  readonly prove?: pulumi.Input<boolean>;
  /** Raise it to replace a generated key that leaked. Default: 1. */
  readonly generation?: pulumi.Input<number>;
}

const TYPE = "KeyriPublicKey";

/**
 * A device's public key, registered for a user in a Keyri backend and proven by a signed login.
 *
 * Configuration: `keyri:url`, `keyri:token`. Its `id` is base64url of the SHA-256 of the key's SPKI DER.
 * @example
 * const phone = new KeyriPublicKey("ada/phone", { username: "ada" });
 * export const publicKey = phone.publicKey;
 * export const privateKey = phone.privateKey; // secret
 */
export class KeyriPublicKey extends pulumi.CustomResource {
  declare readonly username: pulumi.Output<string>;
  /** Standard base64 of the SPKI DER, P-256. */
  declare readonly publicKey: pulumi.Output<string>;
  /** Standard base64 of the PKCS#8 DER, secret; undefined for a given key. */
  declare readonly privateKey: pulumi.Output<string | undefined>;
  /** True once a login signed with the key was taken. */
  declare readonly proven: pulumi.Output<boolean>;

  constructor(name: string, args: KeyriPublicKeyArgs, options: pulumi.CustomResourceOptions = {}) {
    const { declaredIn, ...inputs } = args;
    refusePlaintextSecrets(keyriConfigurationKeys);
    super(
      `pulumi-nodejs:dynamic/authn:${TYPE}`,
      name,
      {
        // The SDK makes an output of each name that it finds here, a given one or not.
        publicKey: undefined,
        privateKey: undefined,
        proven: undefined,
        ...inputs,
        owner: ownerOf(TYPE, name, declaredIn, inputs, options?.parent),
        __provider: providerText(TYPE),
      },
      // A key can't stand twice under one user, and a replacement that the engine forces doesn't ask diff.
      { ...pulumi.mergeOptions(options, { additionalSecretOutputs: ["privateKey"] }), deleteBeforeReplace: true },
    );
  }
}
