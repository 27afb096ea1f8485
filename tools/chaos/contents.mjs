// What the tenant holds, to the last identity, and of whomever: read from a copy of its store, as a crash of this moment would leave it.
// Tables and rows are the emulator's (keyri/keys.ts, hanko/*/register.ts, keyless/users.ts, jwks-bucket/documents.ts).
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { z } from "zod";

/**
 * @typedef {object} Standing one thing that stands at a service
 * @property {string} id what is never the same of two
 * @property {import("./declaration.mjs").Declared["type"]} type
 * @property {Readonly<Record<string, string>>} shows as `Declared`'s
 * @property {readonly string[]} kids of a ring's published keys
 */

/** Both generations of Hanko's API, whichever the round uses. @type {readonly (readonly [import("./declaration.mjs").Declared["type"], string])[]} */
const tables = [
  ["KeyriPublicKey", "keyri-users"],
  ["HankoCredential", "hanko-passkey-credentials"],
  ["HankoCredential", "hanko-authentication-credentials"],
  ["KeylessUser", "keyless-users"],
  ["BaikalClientKeys", "jwks-bucket-documents"],
];
const keyriRow = z.object({ keys: z.array(z.object({ pubKey: z.string() })) });
const passkeyRow = z.object({ id: z.string(), userId: z.string(), name: z.string() });
const keylessRow = z.object({
  committed: z.boolean(),
  username: z.string().optional(),
  externalUserId: z.string().optional(),
});
const documentRow = z.object({ text: z.string() });
const jwks = z.object({ keys: z.array(z.object({ kid: z.string() })) });

/** @type {Readonly<Record<import("./declaration.mjs").Declared["type"], (key: string, row: unknown) => readonly Omit<Standing, "type">[]>>} */
const readers = {
  KeyriPublicKey: (username, row) =>
    keyriRow.parse(row).keys.map(({ pubKey }) => ({ id: pubKey, shows: { username }, kids: [] })),
  HankoCredential: (_, row) => {
    const { id, userId, name } = passkeyRow.parse(row);
    return [{ id, shows: { userId, name }, kids: [] }];
  },
  KeylessUser: (id, row) => {
    const { committed, username, externalUserId } = keylessRow.parse(row);
    const shown = { username, externalUserId, ...(committed ? {} : { uncommitted: "yes" }) };
    return [
      { id, shows: Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)), kids: [] },
    ];
  },
  BaikalClientKeys: (path, row) => {
    const { keys } = jwks.parse(JSON.parse(documentRow.parse(row).text));
    return [{ id: path, shows: { path }, kids: keys.map(({ kid }) => kid) }];
  },
};

/** @param {string} storeDirectory @returns {Promise<readonly Standing[]>} */
export async function contentsOf(storeDirectory) {
  const copy = await mkdtemp(join(tmpdir(), "authn-chaos-store-"));
  try {
    await cp(storeDirectory, copy, { recursive: true, filter: (path) => !path.endsWith("LOCK") });
    const level = new ClassicLevel(copy, { createIfMissing: false });
    await level.open();
    try {
      const found = await Promise.all(
        tables.map(async ([type, table]) => {
          const rows = await level.sublevel(table).iterator().all();
          return rows.flatMap(([key, json]) => readers[type](key, JSON.parse(json)).map((one) => ({ ...one, type })));
        }),
      );
      return found.flat();
    } finally {
      await level.close();
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
