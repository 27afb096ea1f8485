/** `KeylessUser`: a person's face, enrolled by a Keyless agent, registered, and ready for a login on the web. */
import * as pulumi from "@pulumi/pulumi";
import { keylessConfigurationKeys } from "../../providers/keyless/inputs.js";
import { type CommonArgs, ownerOf } from "./owned.js";
import { refusePlaintextSecrets } from "./plaintextSecrets.js";
import { providerText } from "./providerText.js";

export interface KeylessUserArgs extends CommonArgs {
  /** The user's name at the Authentication Service: 1 to 255 characters, no control characters. A change replaces the resource. */
  readonly username: pulumi.Input<string>;
  /**
   * The portrait's path, relative to the project's folder or absolute within it: any raster image, at most 50 MiB. The picture is
   * compared by its SHA-256 and never enters the state; another picture replaces the resource.
   */
  readonly image: pulumi.Input<string>;
  /** What the picture is: a selfie, a picture from a trusted source, or a document's portrait. A change replaces the resource. */
  readonly scenario: pulumi.Input<"SELFIE" | "TRUSTED_SOURCE" | "DOCUMENT">;
  /**
   * `offline` (the default): the agent computes, then the user is registered and committed; `online`: the agent registers at once.
   * Of no account once the user is enrolled.
   */
  readonly enrollment?: pulumi.Input<"offline" | "online">;
  /** Turn the picture as its Exif data says before the face is looked for. Default: false. A change replaces the resource. */
  readonly exifTranspose?: pulumi.Input<boolean>;
  /** The tenant's name at the Authentication Service. Default: `keyless:customer`. A change replaces the resource. */
  readonly customer?: pulumi.Input<string>;
  /** The name under which the Operations Service finds the user. Default: the username. */
  readonly externalUserId?: pulumi.Input<string>;
  /** The public signing keys of devices to be revoked, in base64 as `devices` shows them. */
  readonly revokedDevices?: pulumi.Input<pulumi.Input<string>[]>;
  /** Keep `clientState` as a secret output after its import. Default: false. Turned on later, it waits for the next enrolment. */
  readonly keepClientState?: pulumi.Input<boolean>;
}

/** A device that the Operations Service knows for a user. */
export interface KeylessDevice {
  /** Base64. */
  readonly publicSigningKey: string;
  /** `ACTIVE` */
  readonly state?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

const TYPE = "KeylessUser";

/**
 * A person's face, enrolled by a Keyless agent and registered under a username, its client state imported, so that the person
 * can log in on the web without enrolling again.
 *
 * Configuration: `keyless:agentUrl`, `keyless:operationsUrl`, `keyless:authenticationUrl`, `keyless:customer`, `keyless:apiKey`.
 * @example
 * const ada = new KeylessUser("ada", { username: "ada", image: "faces/ada.jpg", scenario: "SELFIE" });
 * export const keylessId = ada.keylessId;
 */
export class KeylessUser extends pulumi.CustomResource {
  declare readonly username: pulumi.Output<string>;
  /** Upper-case hex; the Operations Service's `userId`. */
  declare readonly keylessId: pulumi.Output<string>;
  /** Whether a login with the username finds this very keylessId, as last seen. */
  declare readonly enrolled: pulumi.Output<boolean>;
  /** When this stack enrolled the user, RFC 3339; undefined for one that it took over. */
  declare readonly enrolledAt: pulumi.Output<string | undefined>;
  declare readonly devices: pulumi.Output<readonly KeylessDevice[]>;
  /** Of the picture that is declared, lower-case hex. */
  declare readonly imageSha256: pulumi.Output<string>;
  /** What the agent gave for the user's device, secret; undefined unless `keepClientState`. */
  declare readonly clientState: pulumi.Output<string | undefined>;

  constructor(name: string, args: KeylessUserArgs, options: pulumi.CustomResourceOptions = {}) {
    const { declaredIn, ...inputs } = args;
    refusePlaintextSecrets(keylessConfigurationKeys);
    super(
      `pulumi-nodejs:dynamic/authn:${TYPE}`,
      name,
      {
        // The SDK makes an output of each name that it finds here, a given one or not.
        keylessId: undefined,
        enrolled: undefined,
        enrolledAt: undefined,
        devices: undefined,
        imageSha256: undefined,
        clientState: undefined,
        ...inputs,
        owner: ownerOf(TYPE, name, declaredIn, inputs, options?.parent),
        __provider: providerText(TYPE),
      },
      {
        // The external id that was set may be secret, and the engine knows that only of the input.
        ...pulumi.mergeOptions(options, {
          additionalSecretOutputs: ["clientState", "serverState", "linkedExternalUserId"],
        }),
        // A user can't stand twice under one name, and a replacement that the engine forces doesn't ask diff.
        deleteBeforeReplace: true,
      },
    );
  }
}
