/** The registration of a passkey: the user is made or renamed at initialize, the credential at finalize. */
import type { z } from "zod";
import { isStorable, isStorableCredential } from "../limits.js";
import { creationOptions } from "../webauthn/options.js";
import { verifiedRegistration } from "../webauthn/registration.js";
import { clientDataOf, type RegistrationResponse } from "../webauthn/responses.js";
import { json, known, problem, uncaught } from "./answers.js";
import type { registrationBody } from "./bodies.js";
import { type Ceremonies, expiryOf, timeoutMsOf } from "./ceremonies.js";

export function initializeRegistration(body: z.output<typeof registrationBody>, ceremonies: Ceremonies): Response {
  const { register, challenges, party, settings } = ceremonies;
  const { user_id: userId, username: name, display_name, icon } = body;
  const displayName = display_name?.trim() ? display_name : name;
  if (![userId, name, displayName].every(isStorable)) return uncaught();
  const user = { name, displayName, ...(icon ? { icon } : {}) };
  register.users.set(userId, user);
  const { userVerification, residentKey, attestation } = settings;
  const challenge = challenges.issue({
    purpose: "registration",
    userId,
    userVerification,
    expiresAtMs: expiryOf(ceremonies),
  });
  const timeoutMs = timeoutMsOf(settings);
  const asked = { residentKey, userVerification, attestation };
  return json(creationOptions({ party, user: { id: userId, ...user }, challenge, timeoutMs, ...asked }));
}

export async function finalizeRegistration(response: RegistrationResponse, ceremonies: Ceremonies): Promise<Response> {
  const { register, challenges, tokens, party } = ceremonies;
  const client = clientDataOf(response);
  if (client === undefined) return problem(400, "The client data can't be read");
  const open = challenges.find(client.challenge, "registration");
  if (open?.userId === undefined) return problem(400, known.unknownChallenge);
  if (challenges.hasExpired(open)) return problem(400, known.attestationFailed, "The challenge has expired");
  const attested = await verifiedRegistration(response, { ...client, party });
  if (attested === undefined) return problem(400, known.attestationFailed);
  if (open.userVerification === "required" && !attested.userVerified)
    return problem(422, `${known.attestationFailed}: User verification is required, and the user was not verified`);
  if (!isStorableCredential(attested) || register.credentials.get(attested.id) !== undefined) return uncaught();
  // Nothing waits between this and `add`: of two requests with one challenge, one is first.
  if (!challenges.use(client.challenge)) return problem(400, known.unknownChallenge);
  register.add(open.userId, attested);
  return json({ token: await tokens.issue({ userId: open.userId, credentialId: attested.id }) });
}
