// What the stack's state holds of our resources, with the keys: as `pulumi stack export --show-secrets` prints it.
import { execFile } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";

/**
 * @typedef {object} Saved one resource of the state
 * @property {string} name
 * @property {import("./declaration.mjs").Declared["type"]} type
 * @property {string} id as `Standing`'s
 * @property {Readonly<Record<string, string>>} shows as `Declared`'s
 * @property {readonly string[]} kids
 * @property {readonly string[]} foreignKids what its ring keeps of another one's until nobody shows a token of it any more
 * @property {readonly string[]} removedKids what its ring took out by itself
 * @property {readonly string[]} faults in words: a key whose private half is missing or another one's, work that is unfinished
 */

const TYPE = /^pulumi-nodejs:dynamic\/.*:(KeyriPublicKey|HankoCredential|KeylessUser|BaikalClientKeys)$/;
const deployment = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.looseObject({ urn: z.string(), type: z.string(), outputs: z.record(z.string(), z.unknown()).default({}) }),
      )
      .default([]),
    pending_operations: z.array(z.unknown()).default([]),
  }),
});

/** A secret as the export shows it: its plain text is JSON. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_SIGNATURE in value) return plain(JSON.parse(value.plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const spki = (key) => createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
const ofPkcs8 = (base64) => createPrivateKey({ key: Buffer.from(base64, "base64"), format: "der", type: "pkcs8" });
/** RFC 7638 of an EC key. */
function thumbprint(pem) {
  const { crv, kty, x, y } = createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function keyFaults({ publicKey, privateKey }) {
  if (privateKey === undefined) return ["its private key is missing"];
  return spki(ofPkcs8(privateKey)) === publicKey ? [] : ["its private key is another one's"];
}

const readers = {
  KeyriPublicKey: (outputs) => ({
    id: outputs.publicKey,
    shows: { username: outputs.username },
    faults: keyFaults(outputs),
  }),
  HankoCredential: (outputs) => ({
    id: outputs.credentialId,
    shows: { userId: outputs.userId, name: outputs.name },
    faults: keyFaults(outputs),
  }),
  KeylessUser: ({ keylessId, username, linkedExternalUserId, enrolled }) => ({
    id: keylessId,
    shows: { username, externalUserId: linkedExternalUserId ?? username },
    faults: enrolled === true ? [] : ["it isn't enrolled"],
  }),
  BaikalClientKeys: ({ publish, jwks, keys, privateKeys, history }) => {
    const kids = jwks.keys.map(({ kid }) => kid);
    const foreignKids = keys
      .filter(({ foreign, state }) => foreign === true && state === "retiring")
      .map(({ kid }) => kid);
    return {
      id: publish.path,
      shows: { path: publish.path },
      kids,
      foreignKids,
      removedKids: history.filter(({ event }) => event === "removed").map(({ kid }) => kid),
      faults: kids.flatMap((kid) =>
        foreignKids.includes(kid) && privateKeys[kid] === undefined
          ? []
          : privateKeys[kid] === undefined
            ? [`the private key of ${kid} is missing`]
            : thumbprint(privateKeys[kid]) === kid
              ? []
              : [`the private key of ${kid} is another one's`],
      ),
    };
  },
};

/** @param {string} text the export @returns {{ resources: readonly Saved[], pending: number }} */
export function savedIn(text) {
  const { resources, pending_operations: pending } = deployment.parse(JSON.parse(text)).deployment;
  return {
    pending: pending.length,
    resources: resources.flatMap(({ urn, type: token, outputs, ...frame }) => {
      const type = TYPE.exec(token)?.[1];
      if (type === undefined) return [];
      const shown = plain(outputs);
      const open = [
        ...(shown.open === undefined ? [] : [`its step ${shown.open?.step} is open`]),
        ...(frame.delete === true ? ["it waits to be deleted"] : []),
      ];
      const { faults, ...read } = readers[type](shown);
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      return [{ name, type, kids: [], foreignKids: [], removedKids: [], ...read, faults: [...faults, ...open] }];
    }),
  };
}

/** @param {import("./project.mjs").Project} project @param {string} engine the `pulumi` executable */
export async function exportState({ workspace, stack, environment, backend }, engine) {
  const args = ["stack", "export", "--stack", stack, "--show-secrets", "--non-interactive"];
  const env = { ...process.env, ...environment, PULUMI_BACKEND_URL: backend };
  const { stdout } = await promisify(execFile)(engine, args, { cwd: workspace, env, maxBuffer: 2 ** 28 });
  return stdout;
}
