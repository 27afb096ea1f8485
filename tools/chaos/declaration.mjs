// What a round declares, as a value: people with a face, two devices and a passkey each, and clients with rings. Pure.

/**
 * @typedef {object} Person
 * @property {string} key
 * @property {string} username
 * @property {{ portrait: number, externalUserId?: string }} [face]
 * @property {readonly { device: string, generation: number, prove: boolean }[]} devices
 * @property {readonly { key: string, name: string, generation: number }[]} passkeys
 */
/** @typedef {{ key: string, rollout: string }} Client */
/** @typedef {{ people: readonly Person[], clients: readonly Client[] }} Declaration */
/**
 * @typedef {object} Declared one resource
 * @property {string} name
 * @property {"KeyriPublicKey" | "HankoCredential" | "KeylessUser" | "BaikalClientKeys"} type
 * @property {string} made what it is made of: another value means that another one stands in its place
 * @property {Readonly<Record<string, string>>} shows what is to be seen of it at the service, by the names of its outputs
 */

const PARTS = 4;
const keyOf = (number) => `p${String(number).padStart(5, "0")}`;

/** @param {number} number @param {number} parts how many resources: its devices, passkey and face, in this order @returns {Person} */
export function person(number, parts) {
  const key = keyOf(number);
  const devices = ["phone", "tablet"].map((device) => ({ device, generation: 1, prove: device === "phone" }));
  return {
    key,
    username: key,
    devices: devices.slice(0, parts),
    passkeys: parts > 2 ? [{ key: "laptop", name: "laptop", generation: 1 }] : [],
    ...(parts > 3 ? { face: { portrait: 1 } } : {}),
  };
}

/** @param {number} count of resources: a tenth of them rings @returns {Declaration} */
export function declarationOf(count) {
  const rings = Math.max(1, Math.round(count / 10));
  const left = count - rings;
  const people = Array.from({ length: Math.ceil(left / PARTS) }, (_, index) =>
    person(index + 1, Math.min(PARTS, left - index * PARTS)),
  );
  const clients = Array.from({ length: rings }, (_, index) => ({
    key: index === 0 ? "billing" : `client-${index}`,
    rollout: "5m",
  }));
  return { people, clients };
}

/** @param {Declaration} declaration @returns {readonly Declared[]} */
export function resourcesOf({ people, clients }) {
  return [...people.flatMap(resourcesOfPerson), ...clients.map(ringOf)];
}

/** @param {Person} person @returns {readonly Declared[]} */
function resourcesOfPerson({ key, username, face, devices, passkeys }) {
  const of = (type, name, made, shows) => ({
    type,
    name: `${key}/${name}`,
    made: JSON.stringify([username, made]),
    shows,
  });
  return [
    ...devices.map(({ device, generation }) => of("KeyriPublicKey", device, generation, { username })),
    ...passkeys.map((passkey) => {
      const { generation, name } = passkey;
      return of("HankoCredential", passkey.key, generation, { userId: username, name });
    }),
    ...(face === undefined
      ? []
      : [of("KeylessUser", "keyless", face.portrait, { username, externalUserId: face.externalUserId ?? username })]),
  ];
}

/** @param {Client} client @returns {Declared} */
function ringOf({ key }) {
  return { type: "BaikalClientKeys", name: `clients/${key}`, made: "", shows: { path: `${key}.json` } };
}
