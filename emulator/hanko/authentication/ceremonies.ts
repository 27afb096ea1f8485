/** Registration, authentication and transaction of the Authentication API, whose requests say what they ask of authenticators. */
import { createHash } from "node:crypto";
import type { Clock } from "../../clock.js";
import { UNNAMED } from "../assumptions.js";
import type { Challenge, OpenChallenges, Purpose } from "../challenges.js";
import type { HankoSettings } from "../settings.js";
import { verifiedAssertion } from "../webauthn/assertion.js";
import { creationOptions, requestOptions, userIdOf } from "../webauthn/options.js";
import { verifiedRegistration } from "../webauthn/registration.js";
import type { RelyingParty } from "../webauthn/relying-party.js";
import {
  type AssertionResponse,
  clientDataOf,
  credentialIdOf,
  isResidentKey,
  type RegistrationResponse,
} from "../webauthn/responses.js";
import type { AuthenticationBody, RegistrationBody } from "./bodies.js";
import { problem } from "./problem.js";
import { type AuthenticationRegister, shown } from "./register.js";

export interface Ceremonies {
  readonly credentials: AuthenticationRegister;
  readonly challenges: OpenChallenges;
  readonly party: RelyingParty;
  readonly settings: HankoSettings;
  readonly clock: Clock;
}

export function initializeRegistration({ user, options }: RegistrationBody, ceremonies: Ceremonies): Response {
  const { credentials, challenges, party, settings, clock } = ceremonies;
  const { authenticatorAttachment: attachment, requireResidentKey, ...asked } = options?.authenticatorSelection ?? {};
  const residentKey = requireResidentKey === undefined ? settings.residentKey : residentKeyOf(requireResidentKey);
  const userVerification = asked.userVerification ?? settings.userVerification;
  const attestation = options?.attestation ?? settings.attestation;
  const challenge = challenges.issue({
    purpose: "registration",
    userId: user.id,
    userVerification,
    residentKey: residentKey === "required",
    expiresAtMs: clock.nowMs() + settings.timeoutMs,
  });
  const { timeoutMs } = settings;
  const excluded = credentials.list(user.id).map(({ id }) => id);
  const named = { id: user.id, name: user.name, displayName: user.displayName ?? user.name };
  const wanted = { attachment, residentKey, userVerification, attestation };
  return Response.json(creationOptions({ party, user: named, challenge, timeoutMs, excluded, ...wanted }));
}

export async function finalizeRegistration(response: RegistrationResponse, ceremonies: Ceremonies): Promise<Response> {
  const { credentials, challenges, party, clock } = ceremonies;
  const client = clientDataOf(response);
  const open = client === undefined ? undefined : challenges.find(client.challenge, "registration");
  if (client === undefined || open?.userId === undefined || challenges.hasExpired(open)) return noChallenge();
  const attested = await verifiedRegistration(response, { ...client, party });
  if (attested === undefined) return problem(400, "The attestation can't be validated");
  if (open.userVerification === "required" && !attested.userVerified) return notVerified();
  if (credentials.get(attested.id) !== undefined) return problem(400, "The credential is registered already");
  // Nothing waits between this and `add`: of two requests with one challenge, one is first.
  if (!challenges.use(client.challenge)) return noChallenge();
  const now = new Date(clock.nowMs()).toISOString();
  const { id, publicKey, aaguid, userVerified } = attested;
  const attachment = response.authenticatorAttachment;
  const credential = {
    id,
    userId: open.userId,
    name: UNNAMED,
    publicKey,
    createdAt: now,
    lastUsed: now,
    userVerification: userVerified,
    isResidentKey: isResidentKey(response) ?? open.residentKey === true,
    aaguid,
    ...(attachment ? { attachment } : {}),
  };
  credentials.add(credential);
  return Response.json({ credential: shown(credential) });
}

/** @param transaction the text that is signed besides */
export function initializeLogin(
  { user, options }: AuthenticationBody,
  ceremonies: Ceremonies,
  transaction?: string,
): Response {
  const { credentials, challenges, party, settings, clock } = ceremonies;
  const { timeoutMs } = settings;
  const userVerification = options?.userVerification ?? settings.userVerification;
  const allowed = user?.id === undefined ? [] : credentials.list(user.id).map(({ id }) => id);
  if (user?.id !== undefined && allowed.length === 0) return problem(404, "The user has no credentials");
  const challenge: Challenge = {
    purpose: transaction === undefined ? "login" : "transaction",
    userVerification,
    expiresAtMs: clock.nowMs() + timeoutMs,
    ...(user?.id === undefined ? {} : { userId: user.id }),
  };
  const signed = transaction === undefined ? undefined : createHash("sha256").update(transaction, "utf8").digest();
  const issued = challenges.issue(challenge, signed);
  return Response.json(requestOptions({ party, challenge: issued, timeoutMs, userVerification, allowed }));
}

export async function finalizeLogin(
  assertion: AssertionResponse,
  purpose: Exclude<Purpose, "registration">,
  ceremonies: Ceremonies,
): Promise<Response> {
  const { credentials, challenges, party, clock } = ceremonies;
  const client = clientDataOf(assertion);
  const open = client === undefined ? undefined : challenges.find(client.challenge, purpose);
  if (client === undefined || open === undefined || challenges.hasExpired(open)) return noChallenge();
  const { userHandle } = assertion.response;
  const userId = open.userId ?? (userHandle ? userIdOf(userHandle) : undefined);
  const id = credentialIdOf(assertion);
  const credential = credentials.get(id);
  if (credential === undefined || credential.userId !== userId) return problem(404, "The user has no such credential");
  const use = await verifiedAssertion(assertion, credential.publicKey, { ...client, party });
  if (use === undefined) return problem(400, "The assertion can't be validated");
  if (open.userVerification === "required" && !use.userVerified) return notVerified();
  // As it stands now: renamed or deleted while the signature was verified.
  const present = credentials.get(id);
  if (present === undefined) return problem(404, "The user has no such credential");
  if (!challenges.use(client.challenge)) return noChallenge();
  const used = { ...present, lastUsed: new Date(clock.nowMs()).toISOString() };
  credentials.update(used);
  return Response.json({ credential: shown(used) });
}

function residentKeyOf(required: boolean) {
  return required ? "required" : "discouraged";
}

function noChallenge(): Response {
  return problem(400, "The challenge is unknown, used or expired");
}

function notVerified(): Response {
  return problem(400, "The user must have been verified");
}
