/** `BaikalClientKeys`: a key ring a client, published to the bucket and proven by a grant (contracts/baikal.md). */
import { ringRequests } from "./ring-by-hand.mjs";

const PERIOD_MS = 7 * 86_400_000;

/** What is declared of each ring; the period is the standard one. @param {string} username */
const declared = (username) => ({
  algorithm: /** @type {const} */ ("ES256"),
  publish: { path: `${username}.json` },
  verify: { grant: { sub: username } },
  withdraw: true,
});

const [kid, time, pem] = ["k".repeat(43), "2026-01-05T00:00:00.000Z", "p".repeat(241)];
const jwk = { alg: "ES256", crv: "P-256", kid, kty: "EC", use: "sig", x: kid, y: kid };
const times = { createdAt: time, publishedAt: time, seenAt: time, activatedAt: time };
const spans = ["period", "verifierCache", "publisherCache", "tokenLife", "clockSkew", "rollout", "lead", "retireAfter"];

/** As long as the real ones: what programs read of a ring that was just made, and its private keys. */
const outputs = {
  jwks: { keys: [jwk, jwk], ring: kid },
  activeKid: kid,
  activePrivateKey: pem,
  privateKeys: { [kid]: pem, [kid.slice(1)]: pem },
  keys: Array(2).fill({ kid, state: "prepared", jwk, ...times }),
  history: Array(5).fill({ at: time, event: "created", kid }),
  nextStep: "promote",
  nextStepAt: time,
  anchoredAt: time,
  policy: Object.fromEntries(spans.map((span) => [`${span}Ms`, 3_600_000])),
};
const bare = {
  type: "BareClientKeys",
  idCharacters: 36,
  outputs: {},
  outputsFile: "ring.json",
  secretOutputs: ["activePrivateKey", "privateKeys"],
  turns: true,
};

/** @type {import("./index.mjs").Resource} */
export const baikalClientKeys = {
  configuration({ record }) {
    const { clientSecret, publishToken, endpoint, clientId, issuer, publishUrl } = record.baikal;
    const settings = Object.entries({ endpoint, clientId, issuer, publishUrl });
    return {
      settings: Object.fromEntries(settings.map(([key, value]) => [`baikal:${key}`, value])),
      secrets: { "baikal:clientSecret": clientSecret, "baikal:publishToken": publishToken },
    };
  },
  embedded: true,
  counted: "rings",
  dueAfterMs: PERIOD_MS,
  count: ({ jwksBucket }) => jwksBucket.documents,
  files: () => [{ path: bare.outputsFile, content: Buffer.from(JSON.stringify(outputs)) }],
  variants: {},
  notes: [],
  legend: `- *\`BaikalClientKeys\`*: one ring of ES256 keys a client, its document in the bucket. *pulumi-authn* looks what stands there and whether
  the clocks agree, publishes two new keys, finds them in the live document and tries a grant with the active one; its refresh reads
  the document. For *one due step* the tenant's clock is a period further: each ring's standby is looked for in the live document,
  proven by a grant and promoted, and a new standby published and found there. *plain requests*: PUT, GET and grant, the authserver's
  discovery read once for all; GET; GET, grant and PUT; DELETE. *bare resources* step because an input changes. All rings are one
  client's, for whom the authserver fetches one set of all keys anew for each grant: those requests aren't counted, the time they
  take is in all figures.`,

  programs: {
    authn: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { BaikalClientKeys } = await import("../../dist/src/index.js");
        return {
          register(usernames) {
            for (const username of usernames) new BaikalClientKeys(username, declared(username));
          },
        };
      },
    },
    bare: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { BareResource } = await import("./bare.mjs");
        return {
          register(usernames, operation) {
            // Nothing of it looks at a clock: another turn is what its step is due for.
            const turn = operation === "dueStep" || operation === "destroy" ? 2 : 1;
            for (const username of usernames) new BareResource(bare, username, { ...declared(username), turn });
          },
        };
      },
    },
  },

  plainRequests: async (job) => ringRequests(job),
};
