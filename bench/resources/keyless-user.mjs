/** `KeylessUser`: one face a person, enrolled, registered, committed and imported over three services (contracts/keyless.md). */
import { constants, publicEncrypt, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { portraitOf } from "../portraits.mjs";

const IMAGE_BYTES = 20_000;
/** @param {string} username */
const imageOf = (username) => `faces/${username}.jpg`;
const scenario = "SELFIE";

/** As long as the real ones; the secrets are gone once a user is complete. */
const bare = {
  type: "BareUser",
  idCharacters: 64,
  outputs: {
    keylessId: 64,
    enrolled: "true",
    enrolledAt: 24,
    devices: '[{publicSigningKey:s(44),state:"ACTIVE",createdAt:s(24)}]',
  },
  secretOutputs: ["clientState", "serverState"],
};
/** What check of the real one adds to the inputs. */
const imageSha256 = "5".repeat(64);

const enrolledSchema = z.object({ keylessId: z.string(), clientState: z.string(), serverState: z.string() });
const encryptionKeySchema = z.object({ keyId: z.string(), publicKey: z.string() });

/** @type {import("./index.mjs").Resource} */
export const keylessUser = {
  configuration({ record, identity }) {
    const { apiKey, authenticationApiKey, ...settings } = record.keyless;
    const secrets = { "keyless:apiKey": apiKey, "keyless:authenticationApiKey": authenticationApiKey };
    return {
      settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`keyless:${key}`, value])),
      secrets: { ...secrets, "authn:seed": identity.seed },
    };
  },
  counted: "people",
  count: ({ keyless }) => keyless.users + keyless.uncommitted,
  *files(usernames, imageBytes = IMAGE_BYTES) {
    for (const username of usernames) yield { path: imageOf(username), content: portraitOf(username, imageBytes) };
  },
  variants: { refreshWithoutDevices: { "keyless:readDevices": "false" } },
  notes: [
    "Written by hand: left out. One that makes the four calls in a row could resume none of them, and would measure less than is done.",
  ],
  legend: `- *\`KeylessUser\`*: one portrait of ${IMAGE_BYTES / 1_000} kB a person, in a file of their own. *pulumi-authn* looks whether the username is free, enrols,
  registers, commits and imports, then sees that the username is enrolled and which devices it has. *plain requests*: enrolment,
  registration, commit, import (sealed by the same library); user and devices; removal.`,

  programs: {
    authn: {
      mostUsers: Number.POSITIVE_INFINITY,
      async load() {
        const { KeylessUser } = await import("../../dist/src/index.js");
        return {
          register(usernames) {
            for (const username of usernames)
              new KeylessUser(username, { username, image: imageOf(username), scenario });
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
              new BareResource(bare, username, { username, image: imageOf(username), imageSha256, scenario });
          },
        };
      },
    },
  },

  async plainRequests({ settings, secrets, projectFolder, request }) {
    const { gcmsiv } = await import("@noble/ciphers/aes.js");
    const agent = settings["keyless:agentUrl"];
    const operations = `${settings["keyless:operationsUrl"]}/v2`;
    const authentication = `${settings["keyless:authenticationUrl"]}/v1`;
    const customer = settings["keyless:customer"];
    const asOperator = { "x-api-key": secrets["keyless:apiKey"] ?? "" };
    const asCustomer = { "kl-api-key": secrets["keyless:authenticationApiKey"] ?? "" };
    const answer = await request("GET", `${authentication}/customers/${customer}/client-state-encryption`, {
      headers: asCustomer,
    });
    const { keyId, publicKey } = encryptionKeySchema.parse(JSON.parse(answer));
    /** @type {Map<string, string>} */
    const keylessIds = new Map();
    /** @param {string} username */
    const userOf = (username) => `${operations}/users/${keylessIds.get(username)}`;

    /** @param {string} clientState */
    function seal(clientState) {
      const [key, nonce] = [randomBytes(16), randomBytes(12)];
      const wrapped = publicEncrypt(
        { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
        key,
      );
      const body = Buffer.concat([nonce, gcmsiv(key, nonce).encrypt(Buffer.from(clientState))]);
      return { body, wrappedHex: wrapped.toString("hex") };
    }

    return {
      async create(username) {
        const enrolled = await request("POST", `${agent}/v1/offline-enrollment`, {
          headers: { scenario, "content-type": "image/jpeg" },
          body: await readFile(join(projectFolder, imageOf(username))),
        });
        const { keylessId, clientState, serverState } = enrolledSchema.parse(JSON.parse(enrolled));
        const asJson = { ...asOperator, "content-type": "application/json" };
        await request("POST", `${operations}/uncommitted-users`, { headers: asJson, body: serverState });
        await request("POST", `${operations}/uncommitted-users/${keylessId}/commit`, { headers: asOperator });
        const { body, wrappedHex } = seal(clientState);
        const headers = {
          ...asCustomer,
          "content-type": "application/octet-stream",
          "kl-key-id": keyId,
          "kl-key-algorithm": "RSAES-OAEP-SHA-256",
          "kl-client-state-key": wrappedHex,
          "kl-client-state-algorithm": "AES-GCM-SIV",
        };
        const user = `${authentication}/users/${customer}/${encodeURIComponent(username)}`;
        await request("POST", `${user}/import-client-state`, { headers, body });
        keylessIds.set(username, keylessId);
      },
      async refresh(username) {
        const user = `${authentication}/users/${customer}/${encodeURIComponent(username)}`;
        const text = await request("GET", user, { headers: asCustomer });
        if (!text.includes(keylessIds.get(username) ?? "no id")) throw new Error(`${username} is not enrolled`);
        await request("GET", `${userOf(username)}/devices`, { headers: asOperator });
      },
      async destroy(username) {
        await request("DELETE", userOf(username), { headers: asOperator });
      },
    };
  },
};
