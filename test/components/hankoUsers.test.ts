import { describe, expect, test } from "vitest";
import { FixtureSet } from "../../src/components/FixtureSet.js";
import { refuseUsersOfTwoNames } from "../../src/components/hankoUsers.js";
import type { Fixtures } from "../../src/fixtures/model.js";
import { load } from "../fixtures/_load.js";

/** One person each, of one Hanko user, loaded from a file each. */
async function loaded(...people: readonly string[]): Promise<Fixtures> {
  const loads = people.map((fields, index) => {
    const file = `${index}.yaml`;
    return load({ [file]: `people: { p${index}: { ${fields}, hanko: [{ name: a, userId: canary }] } }` });
  });
  const fixtures = await Promise.all(loads);
  return { people: fixtures.flatMap((one) => one.people), clients: [], files: fixtures.flatMap((one) => one.files) };
}

describe("one Hanko user of several loads", () => {
  test("with two usernames is refused before anything is declared, and both places are named, no value", async () => {
    const fixtures = await loaded("displayName: Ada, username: ada1", "displayName: Ada, username: ada2");
    const set = () => new FixtureSet("people", { fixtures });
    expect(set).toThrow(
      expect.objectContaining({
        code: "ERR_AUTHN_FIXTURES",
        where: "p0 at people/0.yaml:1:59 and p1 at people/1.yaml:1:59",
      }),
    );
    expect(set).not.toThrow(/canary|ada1|ada2/);
  });

  test("with two display names is refused, every pair at once", async () => {
    const names = ["Ada", "Ada Lovelace", "Countess"].map((name) => `displayName: ${name}, username: ada`);
    const { people } = await loaded(...names);
    expect(() => refuseUsersOfTwoNames(people)).toThrow(/p0 at .* and p1 at .*; p0 at .* and p2 at /);
  });

  test("with one of each is one user with several passkeys", async () => {
    const { people } = await loaded("displayName: Ada, username: ada", "displayName: Ada, username: ada");
    expect(() => refuseUsersOfTwoNames(people)).not.toThrow();
  });

  test("is known by the username where no user id is given", async () => {
    const passkey = "hanko: [{ name: a }]";
    const [one, other] = await Promise.all([
      load(`people: { ada: { displayName: Ada, ${passkey} } }`),
      load(`people: { countess: { displayName: Ada Lovelace, username: ada, ${passkey} } }`),
    ]);
    expect(() => refuseUsersOfTwoNames([...one.people, ...other.people])).toThrow(/ada at .* and countess at /);
  });
});
