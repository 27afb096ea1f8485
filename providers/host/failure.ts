/**
 * What a person reads when a method fails: what happened, to which resource and step, what to do; redacted and bounded. The
 * stock host shows a plain error's message, a partial failure's `reasons`, and prints the stack of some: so stacks are emptied.
 */
import { isAuthnError } from "../errors.js";
import { redact } from "../http/redact.js";
import type { Json } from "./clean.js";
import { owner as ownerSchema } from "./inputs.js";

export interface FailureContext {
  readonly type: string;
  readonly owner: unknown;
  readonly step: string;
  readonly secrets: readonly string[];
}

const MESSAGE_MAX_CHARACTERS = 1_500;

/** An error for the host whose message is the whole text, and which it can print without a stack of ours. */
export class HostError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
    // The host prints `${error}: ${error.stack}` beside the error itself: the code alone, then, not the text again.
    this.stack = code;
  }
  override toString(): string {
    return "pulumi-authn";
  }
}

/** A partial failure: the host keeps `properties` under `id`, and the next `up` calls update. */
export class PartialFailure extends HostError {
  readonly id: string;
  readonly properties: Record<string, Json>;
  readonly reasons: string[];
  constructor(message: string, code: string, id: string, properties: Record<string, Json>) {
    super(message, code);
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
  }
}

export function hostError(error: unknown, context: FailureContext): HostError {
  if (error instanceof HostError) return error;
  return new HostError(messageOf(error, context), codeOf(error));
}

export function partialFailure(
  id: string,
  properties: Record<string, Json>,
  error: unknown,
  context: FailureContext,
): PartialFailure {
  const message = `${messageOf(error, context)} What was reached is kept: the next \`up\` goes on at this step.`;
  return new PartialFailure(message, codeOf(error), id, properties);
}

function codeOf(error: unknown): string {
  return isAuthnError(error) ? error.code : "ERR_AUTHN_UNEXPECTED";
}

function messageOf(error: unknown, { type, owner, step, secrets }: FailureContext): string {
  const parsed = ownerSchema.safeParse(owner);
  const resource = parsed.success ? `${type} ${parsed.data.name}` : type;
  const declared = parsed.success && parsed.data.declaredIn !== undefined ? [parsed.data.declaredIn] : [];
  const where = [resource, ...declared, `step ${step}`, ...(isAuthnError(error) && error.where ? [error.where] : [])];
  const text = isAuthnError(error)
    ? `${error.what} (${where.join(", ")}). ${error.remedy}.`
    : `Unexpected: ${error instanceof Error ? error.message : describe(error)} (${where.join(", ")}). This is a fault of pulumi-authn: please report it.`;
  return redact(text, secrets, MESSAGE_MAX_CHARACTERS);
}

// The stock host loses the message of what is no Error.
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : `something that is no error was thrown (${typeof thrown})`;
}
