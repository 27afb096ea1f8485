/** ES256 registrations as `HankoCredential` makes them, but for the requests: keys derived, the response made. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { createCredential } from "../../dist/providers/hanko/authenticator/createCredential.js";
import { keysFor, sourceOf } from "../../dist/providers/hanko/keys.js";
import { creationAnswer } from "../../dist/providers/hanko/wire.js";
import { realDependencies } from "../../dist/providers/host/dependencies.js";
import { derivationFrom } from "../../dist/providers/host/derivation.js";
import { freshKeys } from "../../dist/providers/host/freshKeys.js";
import { people } from "../people.mjs";
import { serve } from "../processes/child.mjs";

const relyingParty = { rpId: "localhost", origin: "http://localhost:8080" };
const { random } = realDependencies();
const derivation = derivationFrom(randomBytes(32), "bench");
const fresh = freshKeys();

/** As the service answers registration/initialize. @param {string} username */
function answerFor(username) {
  const options = {
    rp: { id: relyingParty.rpId, name: "bench" },
    user: { id: Buffer.from(username).toString("base64url"), name: username, displayName: username },
    challenge: randomBytes(32).toString("base64url"),
    pubKeyCredParams: [-7, -35, -36, -257, -258, -259, -37, -38, -39, -8].map((alg) => ({ type: "public-key", alg })),
    timeout: 60_000,
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "preferred" },
    attestation: "none",
  };
  return { username, text: JSON.stringify({ publicKey: options }) };
}

/** @param {{ username: string, text: string }} answer */
async function register({ username, text }) {
  const owner = { project: "bench", stack: "bench", type: "HankoCredential", name: `${username}/laptop` };
  const inputs = { userId: username, username, owner };
  const api = /** @type {const} */ ("passkey");
  const keys = await keysFor(inputs, { api, derivation, random, fresh });
  const options = creationAnswer.parse(JSON.parse(text));
  const registered = { api, userHandle: options.user.id, signCount: 0, proven: false, declared: {} };
  const state = { ...inputs, ...keys, ...relyingParty, ...registered };
  const credential = sourceOf(state, fresh.find(state.privateKey));
  return JSON.stringify(createCredential(options, credential, { origin: relyingParty.origin, signCount: 0 }));
}

/** @param {readonly ReturnType<typeof answerFor>[]} answers */
async function costOf(answers) {
  const cpuBefore = process.cpuUsage();
  const begunMs = performance.now();
  for (const answer of answers) await register(answer);
  const wallSeconds = (performance.now() - begunMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpuSeconds: (user + system) / 1e6 / answers.length, wallSeconds: wallSeconds / answers.length };
}

serve({
  async measure(input) {
    const answers = people(z.int().parse(input) + 1).map(answerFor);
    return { first: await costOf(answers.slice(0, 1)), each: await costOf(answers.slice(1)) };
  },
});
