// What a round declares, as a value: people with a face, two devices and a passkey each, and clients with rings; and how each operation
// changes it. Pure.

/**
 * `abandon`: what was begun is taken back before it has come to its end; `reconsider`: it is changed once more.
 * @typedef {"create" | "update" | "replace" | "swap" | "force" | "rotate" | "abandon" | "reconsider" | "destroy"} Operation
 */

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
function person(number, parts) {
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

/**
 * What is declared while an operation is killed. Of an update and a replacement every second person has a part, so that the others show that they are
 * left alone.
 * @type {Readonly<Record<Operation, (before: Declaration, turn: number) => Declaration>>}
 */
const changes = {
  create: (before) => before,
  // By a flag of the command, and by the clock: nothing else is declared.
  force: (before) => before,
  rotate: (before) => before,
  destroy: () => ({ people: [], clients: [] }),
  abandon: (before, turn) => changes.swap(before, turn),
  reconsider: (before, turn) => changes.replace(before, turn),
  update: ({ people, clients }, turn) => ({
    people: people.map((one, index) => (index % 2 === 0 ? updated(one, turn) : one)),
    clients: clients.map((client) => ({ ...client, rollout: `${5 + (turn % 5)}m` })),
  }),
  replace: ({ people, clients }, turn) => ({
    people: people.map((one, index) => (index % 2 === 0 ? one : index % 4 === 1 ? renewed(one) : renamed(one, turn))),
    clients,
  }),
  // Every third leaves, and as many others come.
  swap: ({ people, clients }, turn) => ({
    people: [
      ...people.filter((_, index) => index % 3 !== 0),
      ...people.flatMap(({ devices, passkeys, face }, index) => {
        const parts = devices.length + passkeys.length + (face === undefined ? 0 : 1);
        return index % 3 === 0 ? [person(10_000 * turn + index, parts)] : [];
      }),
    ],
    clients: [
      ...clients.filter((_, index) => index % 3 !== 1),
      ...clients.flatMap((client, index) => (index % 3 === 1 ? [{ ...client, key: `client-${turn}-${index}` }] : [])),
    ],
  }),
};

/** @param {Person} person @param {number} turn @returns {Person} */
function updated(person, turn) {
  return {
    ...person,
    devices: person.devices.map((device) => ({ ...device, prove: true })),
    passkeys: person.passkeys.map((passkey) => ({ ...passkey, name: `laptop ${turn}` })),
    ...(person.face === undefined ? {} : { face: { ...person.face, externalUserId: `${person.username}-at-${turn}` } }),
  };
}

/** The same person with another key everywhere. @param {Person} person @returns {Person} */
function renewed(person) {
  const next = (one) => ({ ...one, generation: one.generation + 1 });
  return {
    ...person,
    devices: person.devices.map(next),
    passkeys: person.passkeys.map(next),
    ...(person.face === undefined ? {} : { face: { ...person.face, portrait: person.face.portrait + 1 } }),
  };
}

/** @param {Person} person @param {number} turn @returns {Person} */
function renamed(person, turn) {
  const { externalUserId: _, ...face } = person.face ?? { portrait: 0 };
  return { ...person, username: `${person.key}-v${turn}`, ...(person.face === undefined ? {} : { face }) };
}

/** What is declared for its last runs, which come to its end. @type {Readonly<Partial<typeof changes>>} */
const lastThoughts = {
  abandon: (before) => before,
  reconsider: (before, turn) => changes.replace(changes.replace(before, turn), turn + 100),
};

/**
 * @param {Declaration} before @param {Operation} operation @param {number} turn which operation of its round it is
 * @returns {{ begun: Declaration, last: Declaration }} what is declared while it is killed, and in the end
 */
export function declaredBy(before, operation, turn) {
  const begun = changes[operation](before, turn);
  return { begun, last: lastThoughts[operation]?.(before, turn) ?? begun };
}

/** The names that a forced replacement is asked for. @param {Declaration} declaration @returns {readonly string[]} */
export function forcedNames(declaration) {
  return resourcesOf(declaration)
    .filter((_, index) => index % 5 === 0)
    .map(({ name }) => name);
}

/**
 * The fixtures as JSON, which YAML takes (YAML 1.2.2 §1.3).
 * @param {Declaration} declaration
 */
export function fixturesOf({ people, clients }) {
  return JSON.stringify(
    {
      people: Object.fromEntries(
        people.map(({ key, username, face, devices, passkeys }) => [
          key,
          {
            displayName: key,
            username,
            keyri: devices,
            hanko: passkeys,
            ...(face === undefined
              ? {}
              : {
                  keyless: {
                    image: portraitFile(key, face.portrait),
                    scenario: "SELFIE",
                    ...(face.externalUserId === undefined ? {} : { externalUserId: face.externalUserId }),
                  },
                }),
          },
        ]),
      ),
      clients: Object.fromEntries(
        clients.map(({ key, rollout }) => [
          key,
          {
            baikal: {
              algorithm: "ES256",
              rollout,
              publish: { path: `${key}.json` },
              withdraw: true,
              // The authserver knows one client, whose document this is.
              ...(key === "billing"
                ? { verify: { grant: { sub: "key-rotation" } } }
                : { issuer: `https://${key}.example/` }),
            },
          },
        ]),
      ),
    },
    undefined,
    1,
  );
}

/** Seen from the fixture file. @param {string} key @param {number} portrait */
function portraitFile(key, portrait) {
  return `faces/${key}-${portrait}.jpg`;
}

/** @param {Declaration} declaration @returns {readonly string[]} */
export function portraitsOf({ people }) {
  return people.flatMap(({ key, face }) => (face === undefined ? [] : [portraitFile(key, face.portrait)]));
}
