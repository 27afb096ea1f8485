/** `KeyriPublicKey`: one derived key a person, registered and proven by a signed login (contracts/keyri.md). */
import { generateKeyPairSync, randomInt, sign } from "node:crypto";

/** As long as the real ones: an id of 32 bytes in base64url, a P-256 key as SPKI and as PKCS#8 in base64. */
const bare = {
  type: "BarePublicKey",
  idCharacters: 43,
  outputs: { publicKey: 124, privateKey: 184 },
  secretOutputs: ["privateKey"],
};

/** @type {import("./index.mjs").Resource} */
export const keyriPublicKey = {
  configuration: ({ record, identity }) => ({
    settings: { "keyri:url": record.keyri.url },
    secrets: { "keyri:token": record.keyri.token, "authn:seed": identity.seed },
  }),
  counted: "people",
  count: ({ keyri }) => keyri.keys,
  files: () => [],
  variants: {},
  notes: [],
  legend: `- *\`KeyriPublicKey\`*: one key a person. *pulumi-authn* derives it from a seed, so that create looks whether it stands already,
  registers it and proves it by a signed login. *plain requests*: registration and signed login, look-up, removal. *written by hand*: a
  class that implements \`pulumi.dynamic.ResourceProvider\` with \`fetch\` and \`node:crypto\`, serialised by the SDK, asking the same as
  the plain requests; no retries, adoption or drift.`,

  programs: {
    authn: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { KeyriPublicKey } = await import("../../dist/src/index.js");
        return {
          register(usernames) {
            for (const username of usernames) new KeyriPublicKey(`${username}/phone`, { username });
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
            for (const username of usernames) new BareResource(bare, `${username}/phone`, { username });
          },
        };
      },
    },
    // The SDK serialises the class anew for each resource and keeps it: 10,000 don't fit into Node's heap.
    hand: { mostUsers: 5_000, load: () => import("./keyri-by-hand.cjs") },
  },

  async plainRequests({ settings, secrets, request }) {
    const url = settings["keyri:url"];
    const headers = { authorization: `Bearer ${secrets["keyri:token"]}`, "content-type": "application/json" };
    /** @param {"POST" | "DELETE"} method @param {string} path @param {object} content */
    const send = (method, path, content) =>
      request(method, `${url}${path}`, { headers, body: JSON.stringify(content) });
    /** @type {Map<string, string>} */
    const keys = new Map();
    return {
      async create(username) {
        const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        const pubKey = publicKey.export({ format: "der", type: "spki" }).toString("base64");
        await send("POST", "/keyriRegistration", { pubKey, username });
        const data = `${Date.now()}_${randomInt(2 ** 47)}`;
        const signature = sign("sha256", Buffer.from(data), privateKey).toString("base64");
        await send("POST", "/keyriLogin", { keyriPayload: JSON.stringify({ pubKey, username, data, signature }) });
        keys.set(username, pubKey);
      },
      async refresh(username) {
        const text = await request("GET", `${url}/keyriKeys?username=${encodeURIComponent(username)}`, { headers });
        if (!text.includes(keys.get(username) ?? "no key")) throw new Error(`${username} has no such key`);
      },
      async destroy(username) {
        await send("DELETE", "/keyriKeys", { pubKey: keys.get(username), username });
      },
    };
  },
};
