/**
 * The beginning of a `KeylessUser`: nobody may have the username, then the agent makes a keylessId and the states. Offline that
 * registers nothing yet, so a lost answer is simply asked for again (contracts/keyless.md, "Agent").
 */
import { AuthnError } from "../errors.js";
import type { Beginning } from "../host/lifecycle.js";
import { type HttpError, isHttpError } from "../http/errors.js";
import { openImage } from "./image.js";
import type { KeylessUserInputs } from "./inputs.js";
import type { KeylessServices } from "./services.js";
import type { KeylessUserState } from "./state.js";

export async function begin(
  services: KeylessServices,
  inputs: KeylessUserInputs,
): Promise<Beginning<KeylessUserState>> {
  const found = await services.authentication(inputs.customer).user(inputs.username);
  // Before a face is sent: the wrong service says 404 too. A tenant with a pinned key may not offer one to be proven by.
  if (!found.known && !services.isKeyPinned) await services.proven.authentication(inputs.customer);
  if (found.isEnrolled) return takeOver(inputs, found.keylessId);
  await services.proven.agent();
  const isOnline = inputs.enrollment === "online";
  const enrolled = await enrol(services, inputs, isOnline);
  const state: KeylessUserState = {
    ...inputs,
    ...enrolled,
    // Online the agent registers and commits.
    reached: isOnline ? "committed" : "enrolled",
    enrolled: false,
    devices: [],
  };
  return { id: enrolled.keylessId, state, from: isOnline ? "import" : "register", reached: true };
}

function takeOver(inputs: KeylessUserInputs, keylessId: string | undefined): Beginning<KeylessUserState> {
  const rule = inputs.adopt ?? "owned";
  if (rule !== "always" || keylessId === undefined) throw usernameTaken(keylessId, rule);
  const state: KeylessUserState = { ...inputs, keylessId, reached: "imported", enrolled: true, devices: [] };
  return { id: keylessId, state, from: "external id", reached: true, adopted: true };
}

interface Enrolled {
  readonly keylessId: string;
  readonly clientState: string;
  readonly serverState?: string;
}

async function enrol(services: KeylessServices, inputs: KeylessUserInputs, isOnline: boolean): Promise<Enrolled> {
  const opened = await openImage(inputs.image, services.projectFolder);
  if (!opened.ok) throw unfitImage(`The picture of this user can't be sent: ${opened.reason}`, opened.remedy);
  const { image } = opened;
  try {
    if (image.sha256 !== inputs.imageSha256)
      throw unfitImage(`${image.path} is not the picture any more that was checked`, "Run the command again");
    const enrolment = {
      image: image.body,
      mediaType: image.mediaType,
      name: image.path,
      scenario: inputs.scenario,
      exifTranspose: inputs.exifTranspose ?? false,
    };
    return isOnline
      ? await services.agent.enrolOnline(enrolment).catch((error: unknown) => Promise.reject(asLost(error)))
      : await services.agent.enrolOffline(enrolment).catch((error: unknown) => Promise.reject(asRepeatable(error)));
  } finally {
    image.close();
  }
}

function unfitImage(what: string, remedy: string): AuthnError {
  return new AuthnError({ code: "ERR_AUTHN_INPUT", what, remedy });
}

/** The common remedy, to look at what may stand now, would send a person to look for what can't be there. */
function asRepeatable(error: unknown): unknown {
  if (!isLost(error)) return error;
  const older = error.status === 500 ? ", or try another picture: agents before 3.4 answer 500 for some bad ones" : "";
  return withRemedy(
    error,
    `An offline enrolment registers nothing, the next \`up\` asks again; if that doesn't help, check keyless:agentUrl${older}`,
  );
}

/** What was registered and not told can't be found by any call: all that is left is to say so. */
function asLost(error: unknown): unknown {
  if (!isLost(error)) return error;
  return withRemedy(
    error,
    "The agent may have registered a user whose keylessId nobody got to know, and which no call can find or remove. The next `up` enrols again; enrollment: offline has no such gap",
  );
}

function isLost(error: unknown): error is HttpError {
  return isHttpError(error) && error.code === "ERR_AUTHN_HTTP_UNKNOWN_OUTCOME";
}

function withRemedy(error: HttpError, remedy: string): AuthnError {
  return new AuthnError({ code: error.code, what: error.what, where: error.where, remedy, cause: error });
}

export function usernameTaken(
  keylessId: string | undefined,
  rule: "never" | "owned" | "always",
  remedy = 'Remove that user in the service, choose another username, or take it over with `adopt: "always"`',
): AuthnError {
  const holder = keylessId === undefined ? "with a keylessId that the service doesn't tell" : `as ${keylessId}`;
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `This username is enrolled already, ${holder}, and nothing proves that this stack did it (adopt: ${rule})`,
    remedy,
  });
}
