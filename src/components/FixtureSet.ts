/** `FixtureSet`: the people and clients of validated fixtures as resources. */
import * as pulumi from "@pulumi/pulumi";
import type {
  Client,
  ClientRing,
  Fixtures,
  HankoPasskey,
  KeylessPerson,
  KeyriDevice,
  Person,
} from "../fixtures/model.js";
import { BaikalClientKeys } from "../resources/BaikalClientKeys.js";
import { HankoCredential } from "../resources/HankoCredential.js";
import { KeylessUser } from "../resources/KeylessUser.js";
import { KeyriPublicKey } from "../resources/KeyriPublicKey.js";
import type { BaikalClientKeysOutputs, ClientOutputs } from "./clientOutputs.js";
import { refuseUsersOfTwoNames } from "./hankoUsers.js";
import type { HankoCredentialOutputs, KeylessUserOutputs, KeyriDeviceOutputs, PersonOutputs } from "./personOutputs.js";

export interface FixtureSetArgs {
  /** What `loadFixtures` gave; people and clients of several loads may stand in one. */
  readonly fixtures: Fixtures;
}

/**
 * Declares every person and client of a set of fixtures. Resources are named `<person>/<device>`, a face `<person>/keyless`, a passkey
 * `<person>/passkey-<n>` by its place in the list, or `<person>/<key>` where the fixtures give it a key; a client's ring
 * `clients/<client>`.
 * Throws `ERR_AUTHN_FIXTURES` where passkeys of one user declare different usernames or display names.
 * @example
 * const fixtures = await loadFixtures("fixtures/demo", { base: process.cwd(), placeholders });
 * const set = new FixtureSet("people", { fixtures });
 * export const people = set.people;
 */
export class FixtureSet extends pulumi.ComponentResource {
  /** By the person's key in the fixtures. */
  readonly people: Readonly<Record<string, PersonOutputs>>;
  /** By the client's key in the fixtures. */
  readonly clients: Readonly<Record<string, ClientOutputs>>;

  constructor(name: string, { fixtures }: FixtureSetArgs, options?: pulumi.ComponentResourceOptions) {
    refuseUsersOfTwoNames(fixtures.people);
    super("pulumi-authn:index:FixtureSet", name, {}, options);
    this.people = Object.fromEntries(fixtures.people.map((person) => [person.key, this.#declare(person)]));
    this.clients = Object.fromEntries(fixtures.clients.map((client) => [client.key, this.#declareClient(client)]));
    this.registerOutputs();
  }

  #declare(person: Person): PersonOutputs {
    const secretAt = secretPathsOf(person);
    const passkeys = person.hanko?.map((passkey, index) => {
      return [passkey.name, this.#declarePasskey(person, passkey, index)] as const;
    });
    return {
      displayName: secretAt("displayName", person.displayName),
      username: secretAt("username", person.username),
      keyri: Object.fromEntries(
        person.keyri.map((device, index) => [device.device, this.#declareDevice(person, device, index)]),
      ),
      ...(person.keyless === undefined ? {} : { keyless: this.#declareFace(person, person.keyless) }),
      ...(passkeys === undefined || passkeys.length === 0 ? {} : { hanko: Object.fromEntries(passkeys) }),
    };
  }

  #declareClient({ baikal, ...client }: Client): ClientOutputs {
    return baikal === undefined ? {} : { baikal: this.#declareRing(client, baikal) };
  }

  #declareRing(client: Client, { source, issuer, publish, verify, ...ring }: ClientRing): BaikalClientKeysOutputs {
    const secretIn = secretPartsOf(client);
    const keys = new BaikalClientKeys(
      `clients/${client.key}`,
      {
        ...ring,
        ...(issuer === undefined ? {} : { issuer: secretIn("baikal.issuer", issuer) }),
        ...(publish === undefined ? {} : { publish: secretIn("baikal.publish", publish) }),
        ...(verify === undefined ? {} : { verify: secretIn("baikal.verify", verify) }),
        declaredIn: `${client.key} in ${source.file}`,
      },
      { parent: this },
    );
    const { jwks, activeKid, activePrivateKey, nextStep, nextStepAt, history } = keys;
    return {
      ...{ issuer: keys.issuer, algorithm: keys.algorithm, jwks, activeKid, activePrivateKey, keys: keys.keys },
      ...{ nextStep, nextStepAt, history },
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

  #declarePasskey(person: Person, passkey: HankoPasskey, index: number): HankoCredentialOutputs {
    const secretAt = secretPathsOf(person);
    const { key, source, userId, ...declared } = passkey;
    const credential = new HankoCredential(
      `${person.key}/${key}`,
      {
        ...declared,
        userId:
          userId === undefined ? secretAt("username", person.username) : secretAt(`hanko.${index}.userId`, userId),
        username: secretAt("username", person.username),
        displayName: secretAt("displayName", person.displayName),
        declaredIn: `${person.key} in ${source.file}`,
      },
      { parent: this },
    );
    const { credentialId: id, username, name, publicKey, privateKey, userHandle, browser } = credential;
    const { algorithm, backupEligible, residentKey, userVerification, attachment, rpId, origin } = credential;
    return {
      ...{ id, userId: credential.userId, username, name, publicKey, privateKey, userHandle, browser },
      ...{ algorithm, backupEligible, residentKey, userVerification, attachment, rpId, origin },
    };
  }
}

/** As `secretPathsOf`, of a value that may hold several: it is secret as a whole where one of them is. */
function secretPartsOf({ secretPaths }: Client): <T>(path: string, value: T) => T | pulumi.Output<pulumi.Unwrap<T>> {
  return (path, value) =>
    secretPaths.some((secret) => secret === path || secret.startsWith(`${path}.`)) ? pulumi.secret(value) : value;
}

/** Values that came from a placeholder are secret, whatever they are. */
function secretPathsOf({ secretPaths }: Person): (path: string, value: string) => pulumi.Input<string> {
  return (path, value) => (secretPaths.includes(path) ? pulumi.secret(value) : value);
}
