// How each operation changes what is declared. Pure.
import { person, resourcesOf } from "./declaration.mjs";

/** @typedef {import("./declaration.mjs").Declaration} Declaration */
/** @typedef {import("./declaration.mjs").Person} Person */
/**
 * `abandon`: what was begun is taken back before it has come to its end; `reconsider`: it is changed once more.
 * @typedef {"create" | "update" | "replace" | "swap" | "force" | "rotate" | "abandon" | "reconsider" | "destroy"} Operation
 */

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
