/** What a `FixtureSet` gives of each person: the ids and keys of what was declared for them, in one stable shape. */
import type * as pulumi from "@pulumi/pulumi";
import type { HankoCredential } from "../resources/HankoCredential.js";
import type { KeylessDevice } from "../resources/KeylessUser.js";

/** A person's device and its key. */
export interface KeyriDeviceOutputs {
  /** base64url of the SHA-256 of the key's SPKI DER. */
  readonly id: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  /** Standard base64 of the SPKI DER, P-256. */
  readonly publicKey: pulumi.Output<string>;
  /** Standard base64 of the PKCS#8 DER, secret; undefined where the public key was given. */
  readonly privateKey: pulumi.Output<string | undefined>;
}

/** A person's face at Keyless. */
export interface KeylessUserOutputs {
  /** The keylessId: upper-case hex. */
  readonly id: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  readonly enrolled: pulumi.Output<boolean>;
  /** When this stack enrolled the user, RFC 3339; undefined for one that it took over. */
  readonly enrolledAt: pulumi.Output<string | undefined>;
  readonly devices: pulumi.Output<readonly KeylessDevice[]>;
  /** Secret; undefined unless the fixtures say `keepClientState`. */
  readonly clientState: pulumi.Output<string | undefined>;
}

/** A person's passkey at Hanko. */
export interface HankoCredentialOutputs {
  /** The credential's id: base64url. */
  readonly id: pulumi.Output<string>;
  readonly userId: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;
  readonly name: pulumi.Output<string | undefined>;
  /** Standard base64 of the SPKI DER. */
  readonly publicKey: pulumi.Output<string>;
  /** Standard base64 of the PKCS#8 DER, secret. */
  readonly privateKey: pulumi.Output<string>;
  /** base64url. */
  readonly userHandle: pulumi.Output<string>;
  /** Undefined: ES256. */
  readonly algorithm: HankoCredential["algorithm"];
  /** Undefined: false. */
  readonly backupEligible: HankoCredential["backupEligible"];
  /** Undefined: preferred, preferred, platform. */
  readonly residentKey: HankoCredential["residentKey"];
  readonly userVerification: HankoCredential["userVerification"];
  readonly attachment: HankoCredential["attachment"];
  readonly rpId: pulumi.Output<string>;
  readonly origin: pulumi.Output<string>;
  /** Ready for Playwright and for the DevTools protocol, secret. */
  readonly browser: HankoCredential["browser"];
}

export interface PersonOutputs {
  readonly displayName: pulumi.Input<string>;
  readonly username: pulumi.Input<string>;
  /** By the device's name. */
  readonly keyri: Readonly<Record<string, KeyriDeviceOutputs>>;
  /** Absent for people without a face in the fixtures. */
  readonly keyless?: KeylessUserOutputs;
  /** By the credential's name; absent for people without a passkey in the fixtures. */
  readonly hanko?: Readonly<Record<string, HankoCredentialOutputs>>;
}
