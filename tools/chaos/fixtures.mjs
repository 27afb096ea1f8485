// A declaration as the fixtures that a person would write for it.

/** @typedef {import("./declaration.mjs").Declaration} Declaration */

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
