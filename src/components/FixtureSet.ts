/** `FixtureSet`: the people of validated fixtures as resources, and their ids and keys in one stable shape. */
import * as pulumi from "@pulumi/pulumi";
import type { Fixtures, KeylessPerson, KeyriDevice, Person } from "../fixtures/model.js";
import { type KeylessDevice, KeylessUser } from "../resources/KeylessUser.js";
import { KeyriPublicKey } from "../resources/KeyriPublicKey.js";

export interface FixtureSetArgs {
  /** What `loadFixtures` gave. */
  readonly fixtures: Fixtures;
}

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

export interface PersonOutputs {
  readonly displayName: pulumi.Input<string>;
  readonly username: pulumi.Input<string>;
  /** By the device's name. */
  readonly keyri: Readonly<Record<string, KeyriDeviceOutputs>>;
  /** Absent for people without a face in the fixtures. */
  readonly keyless?: KeylessUserOutputs;
}

/**
 * Declares every person of a set of fixtures. Resources are named `<person>/<device>`, a face `<person>/keyless`.
 * @example
 * const fixtures = await loadFixtures("fixtures/demo", { base: process.cwd(), placeholders });
 * const set = new FixtureSet("people", { fixtures });
 * export const people = set.people;
 */
export class FixtureSet extends pulumi.ComponentResource {
  /** By the person's key in the fixtures. */
  readonly people: Readonly<Record<string, PersonOutputs>>;

  constructor(name: string, { fixtures }: FixtureSetArgs, options?: pulumi.ComponentResourceOptions) {
    super("pulumi-authn:index:FixtureSet", name, {}, options);
    this.people = Object.fromEntries(fixtures.people.map((person) => [person.key, this.#declare(person)]));
    this.registerOutputs();
  }

  #declare(person: Person): PersonOutputs {
    const secretAt = secretPathsOf(person);
    return {
      displayName: secretAt("displayName", person.displayName),
      username: secretAt("username", person.username),
      keyri: Object.fromEntries(
        person.keyri.map((device, index) => [device.device, this.#declareDevice(person, device, index)]),
      ),
      ...(person.keyless === undefined ? {} : { keyless: this.#declareFace(person, person.keyless) }),
    };
  }

  #declareDevice(person: Person, device: KeyriDevice, index: number): KeyriDeviceOutputs {
    const secretAt = secretPathsOf(person);
    const { device: label, publicKey, prove, generation, adopt, onDelete } = device;
    const key = new KeyriPublicKey(
      `${person.key}/${label}`,
      {
        username: secretAt("username", person.username),
        ...(publicKey === undefined ? {} : { publicKey: secretAt(`keyri.${index}.publicKey`, publicKey) }),
        ...(prove === undefined ? {} : { prove }),
        ...(generation === undefined ? {} : { generation }),
        ...(adopt === undefined ? {} : { adopt }),
        ...(onDelete === undefined ? {} : { onDelete }),
        declaredIn: `${person.key} in ${person.source.file}`,
      },
      { parent: this },
    );
    return { id: key.id, username: key.username, publicKey: key.publicKey, privateKey: key.privateKey };
  }

  #declareFace(person: Person, { source, externalUserId, ...face }: KeylessPerson): KeylessUserOutputs {
    const secretAt = secretPathsOf(person);
    const { keylessId, username, enrolled, enrolledAt, devices, clientState } = new KeylessUser(
      `${person.key}/keyless`,
      {
        ...face,
        username: secretAt("username", person.username),
        ...(externalUserId === undefined ? {} : { externalUserId: secretAt("keyless.externalUserId", externalUserId) }),
        declaredIn: `${person.key} in ${source.file}`,
      },
      { parent: this },
    );
    return { id: keylessId, username, enrolled, enrolledAt, devices, clientState };
  }
}

/** Values that came from a placeholder are secret, whatever they are. */
function secretPathsOf({ secretPaths }: Person): (path: string, value: string) => pulumi.Input<string> {
  return (path, value) => (secretPaths.includes(path) ? pulumi.secret(value) : value);
}
