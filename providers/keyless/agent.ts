/**
 * The wire of the Keyless agent: one picture in, one new user's id and states out. The same picture twice makes two users
 * (contracts/keyless.md, "Agent"). One function a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import { AuthnError } from "../errors.js";
import type { Answer, BodySource, HttpClient } from "../http/contract.js";
import { HttpError, isHttpError } from "../http/errors.js";
import { EXCERPT_LENGTH, redact } from "../http/redact.js";
import { base64Body } from "./base64.js";
import type { KeylessScenario } from "./inputs.js";
import { keylessIdText } from "./keylessId.js";

export interface KeylessEnrolment {
  readonly image: Buffer | BodySource;
  /** Any `image/*`. */
  readonly mediaType: string;
  readonly scenario: KeylessScenario;
  /** Turn the picture as its Exif data says before the face is looked for. */
  readonly exifTranspose?: boolean | undefined;
  /** Send the picture as base64 text. */
  readonly base64?: boolean | undefined;
  /** How errors call the picture: `faces/ada.jpg`. */
  readonly name?: string | undefined;
}

/** Secrets, both states: opaque text, never shown. */
export interface KeylessOnlineEnrolled {
  readonly keylessId: string;
  readonly clientState: string;
}
export interface KeylessEnrolled extends KeylessOnlineEnrolled {
  readonly serverState: string;
}

/**
 * The calls of an agent. Enrolment throws `ERR_AUTHN_FACE_REFUSED` for a picture that the agent doesn't take, which is final
 * for that picture; each throws an `HttpError` for what else the agent didn't take.
 */
export interface KeylessAgentApi {
  health(): Promise<{ readonly version: string; readonly status: string }>;
  /** Registers nothing: it may be repeated. */
  enrolOffline(enrolment: KeylessEnrolment): Promise<KeylessEnrolled>;
  /** Registers the user at once: a lost answer leaves a user that nobody knows. */
  enrolOnline(enrolment: KeylessEnrolment): Promise<KeylessOnlineEnrolled>;
}

/** Nobody states how large the states are. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const stateText = z
  .string("must be text")
  .min(1, "must not be empty")
  // It is sealed as UTF-8, unchanged: half a surrogate pair has no UTF-8 form.
  .refine((text) => !/\p{Cs}/u.test(text), "must be valid Unicode");
const online = z.object({ keylessId: keylessIdText, clientState: stateText });
const offline = online.extend({ serverState: stateText });
const health = z.object({ version: z.string("must be text"), status: z.string("must be text") });
const refusal = z.object({ title: z.string().catch(""), detail: z.string().catch("") });

/** @param secrets what no error may show, if the agent stands behind a proxy that is given some */
export function keylessAgentApi(http: HttpClient, secrets: readonly string[] = []): KeylessAgentApi {
  async function enrol(kind: "offline" | "online", enrolment: KeylessEnrolment): Promise<Answer> {
    const { image, mediaType, scenario, exifTranspose, base64 } = enrolment;
    const name = redact(enrolment.name ?? "the picture", secrets, EXCERPT_LENGTH);
    const calling = http.call({
      operation: `Keyless agent ${kind} enrolment of ${name}`,
      method: "POST",
      path: `/v1/${kind}-enrollment`,
      headers: {
        scenario,
        "content-type": mediaType,
        ...(exifTranspose === true ? { "exif-transpose": "true" } : {}),
        ...(base64 === true ? { "content-encoding": "base64" } : {}),
      },
      body: base64 === true ? base64Body(image) : image,
      answers: kind === "offline" ? [200, 400, 422] : [200, 400, 409, 422],
      repeatable: kind === "offline",
      maxBodyBytes: MAX_ANSWER_BYTES,
    });
    const answer = await calling.catch((error: unknown) => {
      throw isHttpError(error) ? withItsRemedy(error) : error;
    });
    if (answer.status === 409) throw notForOnline(answer);
    if (answer.status !== 200) throw refused(answer, name, reasonOf(answer, secrets));
    return answer;
  }

  return {
    async health() {
      const answer = await http.call({
        operation: "Keyless agent health check",
        method: "GET",
        path: "/health-check",
        answers: [200],
      });
      return answer.json(health);
    },
    async enrolOffline(enrolment) {
      return (await enrol("offline", enrolment)).json(offline);
    },
    async enrolOnline(enrolment) {
      return (await enrol("online", enrolment)).json(online);
    },
  };
}

/** The agent's words, `Filter Triggered: no face found`; what else the body holds where it isn't the documented one. */
function reasonOf({ body }: Answer, secrets: readonly string[]): string {
  const text = body.toString("utf8").trim();
  return redact(words(text) ?? text, secrets, EXCERPT_LENGTH);
}

function words(text: string): string | undefined {
  try {
    const { title, detail } = refusal.parse(JSON.parse(text));
    return [title, detail].filter((part) => part !== "").join(": ") || undefined;
  } catch {
    return undefined;
  }
}

function refused({ status, requestId }: Answer, name: string, reason: string): AuthnError {
  const what = status === 422 ? `refused the face in ${name}` : `can't read the picture ${name}`;
  return new AuthnError({
    code: "ERR_AUTHN_FACE_REFUSED",
    what: `The Keyless agent ${what}${reason === "" ? "" : `: ${reason}`}`,
    where: `request id ${requestId}`,
    remedy:
      status === 422
        ? "Give another portrait: one face, sharp and well lit"
        : "Give a whole picture in a format that the agent reads, such as JPEG",
  });
}

/** 409 is never a duplicate here (contracts/keyless.md). */
function notForOnline({ requestId }: Answer): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: "The Keyless agent at keyless:agentUrl is not configured for online enrolment",
    where: `request id ${requestId}`,
    remedy: 'Configure it for that, or leave out `enrollment: "online"`',
  });
}

/** What a person can do about these two is the agent's own. */
function withItsRemedy(error: HttpError): HttpError {
  const { outcome, what, where = "", operation, status, requestId, excerpt, cause } = error;
  const remedies: Readonly<Record<number, string>> = {
    429: "Lower keyless:agentConcurrency to what the agent takes at a time, or try again later",
    500: `${error.remedy}. Agents before 3.4 answer 500 for some bad pictures as well: try another one`,
  };
  const remedy = remedies[status ?? 0];
  if (remedy === undefined) return error;
  return new HttpError({ outcome, what, where, remedy, operation, status, requestId, excerpt, cause });
}
