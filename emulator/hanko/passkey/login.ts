/** A login, with the user known beforehand or not, and a transaction, which is a login that signs something besides. */
import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Challenge, Purpose } from "../challenges.js";
import { isStorable } from "../limits.js";
import { verifiedAssertion } from "../webauthn/assertion.js";
import { requestOptions } from "../webauthn/options.js";
import { type AssertionResponse, clientDataOf, credentialIdOf } from "../webauthn/responses.js";
import { json, known, problem, uncaught } from "./answers.js";
import type { transactionBody } from "./bodies.js";
import { canonicalJson } from "./canonical-json.js";
import { type Ceremonies, expiryOf, timeoutMsOf } from "./ceremonies.js";
import { misreadUserId } from "./user-handle.js";

export function initializeLogin(userId: string | undefined, ceremonies: Ceremonies): Response {
  const { register, settings } = ceremonies;
  const { userVerification } = settings;
  if (userId === undefined) return optionsFor({ purpose: "login", userVerification }, [], ceremonies);
  if (!isStorable(userId)) return uncaught();
  if (!register.users.has(userId)) return problem(404, "There is no such user");
  const allowed = register.credentials.list(userId).map(({ id }) => id);
  if (allowed.length === 0) return problemOfEmptyUser();
  const expiresAtMs = expiryOf(ceremonies);
  return optionsFor({ purpose: "login", userId, userVerification, expiresAtMs }, allowed, ceremonies);
}

export function initializeTransaction(body: z.output<typeof transactionBody>, ceremonies: Ceremonies): Response {
  const { register, settings } = ceremonies;
  const { user_id: userId, transaction_id: transactionId, transaction_data } = body;
  if (!isStorable(userId) || !isStorable(transactionId)) return uncaught();
  if (!register.users.has(userId)) return problem(404, "There is no such user");
  if (register.transactions.has(transactionId)) return problem(409, "This transaction id is taken");
  const allowed = register.credentials.list(userId).map(({ id }) => id);
  if (allowed.length === 0) return problem(400, "The user has no credentials");
  register.transactions.set(transactionId, { userId });
  const { userVerification } = settings;
  const signed = createHash("sha256").update(transactionId).update(canonicalJson(transaction_data)).digest();
  const expiresAtMs = expiryOf(ceremonies);
  const challenge = { purpose: "transaction", userId, transactionId, userVerification, expiresAtMs } as const;
  return optionsFor(challenge, allowed, ceremonies, signed);
}

/** Every refusal here is 401, whatever it is for. */
export async function finalizeLogin(
  assertion: AssertionResponse,
  purpose: Exclude<Purpose, "registration">,
  ceremonies: Ceremonies,
): Promise<Response> {
  const { register, challenges, tokens, party } = ceremonies;
  const client = clientDataOf(assertion);
  const open = client === undefined ? undefined : challenges.find(client.challenge, purpose);
  if (client === undefined || open === undefined) return problem(401, known.unknownChallenge);
  const userId = userOf(open, assertion);
  if (userId === undefined || !register.users.has(userId)) return problem(401, "The user handle is nobody's");
  if (challenges.hasExpired(open)) return unverified("The challenge has expired");
  const credential = register.credentials.get(credentialIdOf(assertion));
  if (credential?.userId !== userId) return unverified("The user has no such credential");
  const use = await verifiedAssertion(assertion, credential.publicKey, { ...client, party });
  if (use === undefined) return unverified();
  if (open.userVerification === "required" && !use.userVerified) return unverified("The user was not verified");
  // A credential that was deleted meanwhile signs nobody in.
  if (register.credentials.get(credential.id) === undefined) return unverified("The user has no such credential");
  if (!challenges.use(client.challenge)) return problem(401, known.unknownChallenge);
  register.use(credential, use);
  const { transactionId } = open;
  return json({ token: await tokens.issue({ userId, credentialId: credential.id, transactionId }) });
}

/** A login that was begun for a user is theirs, whatever the handle says; else the handle tells who it is. */
function userOf({ purpose, userId }: Challenge, { response }: AssertionResponse): string | undefined {
  if (purpose === "login" && userId !== undefined) return misreadUserId(Buffer.from(userId, "utf8"));
  const told = response.userHandle ? misreadUserId(Buffer.from(response.userHandle, "base64url")) : undefined;
  return userId === undefined || userId === told ? told : undefined;
}

function optionsFor(challenge: Challenge, allowed: readonly string[], ceremonies: Ceremonies, binding?: Uint8Array) {
  const { challenges, party, settings } = ceremonies;
  const { userVerification } = challenge;
  const timeoutMs = timeoutMsOf(settings);
  const issued = challenges.issue(challenge, binding);
  return json(requestOptions({ party, challenge: issued, timeoutMs, userVerification, allowed }));
}

/** Measured: a login of a user without credentials ends in a 500 (a transaction doesn't). */
function problemOfEmptyUser(): Response {
  return json({ title: "The user has no credentials", details: "", status: 500 }, {}, 500);
}

function unverified(details = ""): Response {
  return problem(401, "The assertion can't be validated", details);
}
