/** `FixtureSet`: the people of validated fixtures as resources, and their ids and keys in one stable shape. */
import * as pulumi from "@pulumi/pulumi";
import type { Fixtures, KeyriDevice, Person } from "../fixtures/model.js";
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

export interface PersonOutputs {
  readonly displayName: pulumi.Input<string>;
  readonly username: pulumi.Input<string>;
  /** By the device's name. */
  readonly keyri: Readonly<Record<string, KeyriDeviceOutputs>>;
}

/**
 * Declares every person of a set of fixtures. Resources are named `<person>/<device>`.
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
}

/** Values that came from a placeholder are secret, whatever they are. */
function secretPathsOf({ secretPaths }: Person): (path: string, value: string) => pulumi.Input<string> {
  return (path, value) => (secretPaths.includes(path) ? pulumi.secret(value) : value);
}
