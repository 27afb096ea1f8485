// Whether what is declared, what the state holds and what stands at the services is the same, identity by identity. Pure.

/** @typedef {import("./declaration.mjs").Declared} Declared */
/** @typedef {import("./contents.mjs").Standing} Standing */
/** @typedef {import("./saved.mjs").Saved} Saved */
/** @typedef {{ kind: "orphan" | "duplicate" | "lost key" | "missing" | "difference", what: string }} Finding */

const place = ({ type, id }) => `${type} ${id}`;
const inWords = ({ type, id, shows }) => `${type} ${id.slice(0, 24)} ${JSON.stringify(shows)}`;
const same = (one, other) => Object.keys(one).every((key) => one[key] === other[key]);

/**
 * @param {object} sides
 * @param {readonly Declared[]} sides.declared
 * @param {readonly Saved[]} sides.saved
 * @param {readonly Standing[]} sides.standing
 * @param {ReadonlySet<string>} [sides.inherited] the kids that a ring may keep without a private key: `inheritedBy`
 * @returns {readonly Finding[]}
 */
export function compare({ declared, saved, standing, inherited = new Set() }) {
  return [
    ...declaredAndSaved(declared, saved),
    ...savedAndStanding(saved, standing),
    ...keysOf(saved, standing),
    ...foreignersOf(saved, inherited),
  ];
}

/** @returns {readonly Finding[]} */
function declaredAndSaved(declared, saved) {
  const wanted = new Map(declared.map((one) => [`${one.type} ${one.name}`, one]));
  const seen = new Map();
  /** @type {Finding[]} */
  const findings = [];
  for (const one of saved) {
    const name = `${one.type} ${one.name}`;
    const twin = wanted.get(name);
    if (seen.has(name)) findings.push({ kind: "duplicate", what: `the state holds ${name} twice` });
    else if (twin === undefined)
      findings.push({ kind: "difference", what: `the state holds ${name}, which nobody declares` });
    else if (!same(twin.shows, one.shows)) {
      const what = `the state has ${JSON.stringify(one.shows)} of ${name}, declared is ${JSON.stringify(twin.shows)}`;
      findings.push({ kind: "difference", what });
    }
    seen.set(name, one);
    for (const fault of one.faults) {
      findings.push({ kind: fault.includes("private key") ? "lost key" : "difference", what: `of ${name}: ${fault}` });
    }
  }
  for (const name of wanted.keys())
    if (!seen.has(name)) findings.push({ kind: "missing", what: `the state lacks ${name}` });
  return findings;
}

/** @returns {readonly Finding[]} */
function savedAndStanding(saved, standing) {
  const known = new Map(saved.map((one) => [place(one), one]));
  const there = new Set(standing.map(place));
  const owners = new Set(saved.map(ownerOf));
  /** @type {Finding[]} */
  const findings = [];
  for (const one of standing) {
    const twin = known.get(place(one));
    // A second one of somebody who is known, or one of nobody.
    if (twin === undefined)
      findings.push({ kind: owners.has(ownerOf(one)) ? "duplicate" : "orphan", what: inWords(one) });
    else if (!same(twin.shows, one.shows) || "uncommitted" in one.shows) {
      findings.push({
        kind: "difference",
        what: `${inWords(one)} stands, the state has ${JSON.stringify(twin.shows)}`,
      });
    }
  }
  for (const one of saved)
    if (!there.has(place(one)))
      findings.push({ kind: "missing", what: `${inWords(one)} of ${one.name} doesn't stand` });
  return findings;
}

const ownerOf = ({ type, shows }) => `${type} ${shows.username ?? shows.userId ?? shows.path ?? ""}`;

/** @returns {readonly Finding[]} */
function keysOf(saved, standing) {
  const rings = new Map(
    standing.flatMap((one) => (one.type === "BaikalClientKeys" ? [[one.id, new Set(one.kids)]] : [])),
  );
  return saved.flatMap(({ type, id, kids }) => {
    const published = rings.get(id);
    if (type !== "BaikalClientKeys" || published === undefined) return [];
    return [
      ...kids
        .filter((kid) => !published.has(kid))
        .map((kid) => ({ kind: "lost key", what: `${kid} of ${id} isn't published` })),
      ...[...published]
        .filter((kid) => !kids.includes(kid))
        .map((kid) => ({ kind: "lost key", what: `${kid} is published at ${id}, and nobody has its private key` })),
    ];
  });
}

/**
 * A ring keeps the public keys of the one it replaces. One that keeps what its own first attempt published has lost that one's private keys.
 * @param {readonly Saved[]} saved @param {ReadonlySet<string>} inherited @returns {readonly Finding[]}
 */
function foreignersOf(saved, inherited) {
  return saved.flatMap(({ name, foreignKids }) =>
    foreignKids
      .filter((kid) => !inherited.has(kid))
      .map((kid) => ({
        kind: "lost key",
        what: `of ${name}: it keeps ${kid} as another one's, and none that left had it`,
      })),
  );
}

/**
 * The kids whose private keys may be gone: those of rings that an operation takes away, and what rings kept of such before.
 * @param {readonly Saved[]} saved before the operation @param {ReadonlySet<string>} leaving as `leavingOf` gives it
 * @returns {ReadonlySet<string>}
 */
export function inheritedBy(saved, leaving) {
  return new Set(saved.flatMap(({ id, kids, foreignKids }) => (leaving.has(id) ? kids : foreignKids)));
}

/**
 * What once stood and was wanted to the end, and is gone: it was made a second time, or lost.
 * @param {object} sides
 * @param {readonly Standing[]} sides.before what stood when the operation began
 * @param {readonly (readonly Standing[])[]} sides.seen what stood after each kill
 * @param {readonly Standing[]} sides.after
 * @param {ReadonlySet<string>} sides.leaving the ids that the operation takes away
 * @param {readonly Saved[]} sides.saved after
 * @returns {readonly Finding[]}
 */
export function lostBetween({ before, seen, after, leaving, saved }) {
  const end = new Set(after.flatMap(identities));
  const removed = new Set(saved.flatMap(({ id, removedKids }) => removedKids.map((kid) => `kid ${id} ${kid}`)));
  const began = new Set(before.flatMap(identities));
  const lost = new Set();
  for (const one of [before, ...seen].flat()) {
    for (const identity of identities(one)) {
      if (end.has(identity) || removed.has(identity)) continue;
      if (began.has(identity) && leaving.has(one.id)) continue;
      lost.add(
        `${identity} ${JSON.stringify(one.shows)} stood${began.has(identity) ? "" : " after a kill"}, and is gone`,
      );
    }
  }
  return [...lost].map((what) => ({ kind: "lost key", what }));
}

/** @param {Standing} one */
function identities(one) {
  return one.type === "BaikalClientKeys" ? one.kids.map((kid) => `kid ${one.id} ${kid}`) : [place(one)];
}

/**
 * The ids of what an operation replaces or removes.
 * @param {{ before: readonly Declared[], after: readonly Declared[], forced: readonly string[], saved: readonly Saved[] }} sides saved: before
 * @returns {ReadonlySet<string>}
 */
export function leavingOf({ before, after, forced, saved }) {
  const made = new Map(after.map(({ name, made }) => [name, made]));
  const names = new Set([
    ...before.filter(({ name, made: was }) => made.get(name) !== was).map(({ name }) => name),
    ...forced,
  ]);
  return new Set(saved.filter(({ name }) => names.has(name)).map(({ id }) => id));
}
