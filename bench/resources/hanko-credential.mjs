/** `HankoCredential`: one derived passkey a person on the Passkey API, registered and proven by a login (contracts/hanko.md). */
import { z } from "zod";
import { newPasskey } from "./passkey-by-hand.mjs";

/** The most that a page holds of those that `HankoCredential` asks for. */
export const PAGE_SIZE = 100;

/** As long as the real ones: an id of 32 bytes in base64url, a P-256 key as SPKI and as PKCS#8 in base64, what the service names it. */
const bare = {
  type: "BareCredential",
  idCharacters: 43,
  outputs: {
    credentialId: 43,
    publicKey: 124,
    privateKey: 184,
    userHandle: 18,
    name: 48,
    createdAt: 24,
    rpId: 9,
    origin: 22,
    signCount: "200000000",
    proven: "true",
  },
  secretOutputs: ["privateKey"],
};

const challengeSchema = z
  .object({ publicKey: z.object({ challenge: z.string() }) })
  .transform(({ publicKey }) => publicKey.challenge);
const pageSchema = z.array(z.object({ id: z.string() }));

/** @type {import("./index.mjs").Resource} */
export const hankoCredential = {
  configuration({ record, identity }) {
    const { origin, rpId, passkey } = record.hanko;
    const { apiKey, ...place } = passkey;
    const settings = Object.entries({ api: "passkey", origin, rpId, ...place });
    return {
      settings: Object.fromEntries(settings.map(([key, value]) => [`hanko:${key}`, value])),
      secrets: { "hanko:apiKey": apiKey, "authn:seed": identity.seed },
    };
  },
  counted: "people",
  count: ({ hanko }) => hanko.passkeyCredentials,
  files: () => [],
  variants: {},
  notes: [
    "Written by hand: left out. Whoever writes one needs a software authenticator as well, which would be the same work or this package's.",
  ],
  legend: `- *\`HankoCredential\`*: one ES256 passkey a person on the Passkey API. *pulumi-authn* derives it from a seed and looks whether it stands
  already, registers it, looks at it and logs in with it; its refresh reads pages of ${PAGE_SIZE}. *plain requests*: registration and login of two
  calls each, by \`node:crypto\` and no code of this package; pages of ${PAGE_SIZE} until all were seen; removal.`,

  programs: {
    authn: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { HankoCredential } = await import("../../dist/src/index.js");
        return {
          register(usernames) {
            for (const username of usernames) new HankoCredential(`${username}/laptop`, { userId: username, username });
          },
        };
      },
    },
    bare: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { BareResource } = await import("./bare.mjs");
        return {
          register(usernames) {
            for (const username of usernames)
              new BareResource(bare, `${username}/laptop`, { userId: username, username });
          },
        };
      },
    },
  },

  async plainRequests({ settings, secrets, request }) {
    const url = `${settings["hanko:url"]}/${settings["hanko:tenantId"]}`;
    const relyingParty = { rpId: settings["hanko:rpId"] ?? "", origin: settings["hanko:origin"] ?? "" };
    const keyed = { apikey: secrets["hanko:apiKey"] ?? "" };
    /** @param {string} path @param {object} content @returns {Promise<string>} the challenge */
    const initialize = async (path, content) => {
      const headers = { ...keyed, "content-type": "application/json" };
      const answer = await request("POST", `${url}/${path}/initialize`, { headers, body: JSON.stringify(content) });
      return challengeSchema.parse(JSON.parse(answer));
    };
    /** @param {string} path @param {string} body */
    const finalize = (path, body) =>
      request("POST", `${url}/${path}/finalize`, { headers: { "content-type": "application/json" }, body });

    /** @type {Map<string, string>} */
    const ids = new Map();
    /** @type {Promise<ReadonlySet<string>> | undefined} */
    let listed;
    const list = async () => {
      /** @type {Set<string>} */
      const seen = new Set();
      for (let page = 1; ; page += 1) {
        const address = `${url}/credentials?page=${page}&per_page=${PAGE_SIZE}`;
        const rows = pageSchema.parse(JSON.parse(await request("GET", address, { headers: keyed })));
        for (const { id } of rows) seen.add(id);
        if (rows.length < PAGE_SIZE || [...ids.values()].every((id) => seen.has(id))) return seen;
      }
    };

    return {
      async create(username) {
        listed = undefined;
        const passkey = newPasskey(relyingParty);
        await finalize(
          "registration",
          passkey.create(await initialize("registration", { user_id: username, username })),
        );
        await finalize("login", passkey.get(await initialize("login", { user_id: username })));
        ids.set(username, passkey.id);
      },
      // All who ask share one list, as the pages hold everybody.
      async refresh(username) {
        listed ??= list();
        if (!(await listed).has(ids.get(username) ?? "no id")) throw new Error(`${username} has no such credential`);
      },
      async destroy(username) {
        listed = undefined;
        await request("DELETE", `${url}/credentials/${ids.get(username)}`, { headers: keyed });
      },
    };
  },
};
