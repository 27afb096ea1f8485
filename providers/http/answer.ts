/**
 * A whole answer and its two readings, text and JSON; parsed here, at the edge, so that everything behind may trust its types.
 * An error says what is wrong with the body and never shows it: an answer that registers something may hold its secret.
 */
import { z } from "zod";
import { unreadableError } from "./answerFailures.js";
import type { Answer } from "./contract.js";
import type { CallContext } from "./failures.js";
import { EXCERPT_LENGTH, redact } from "./redact.js";
import type { Answered } from "./transport.js";

/** As many mismatches as a person can use at a time. */
const SHOWN_ISSUES = 3;

/** No service nests its answers as deep; what reads them may call itself for each level. */
const DEEPEST = 64;

function isTooDeep(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}

function describe(issue: z.core.$ZodIssue): string {
  return `${z.core.toDotPath(issue.path) || "the whole"}: ${issue.message}`;
}

function whyNotJson(text: string, contentType: string): string {
  if (text.trim() === "") return "with an empty body instead of JSON";
  if (contentType.includes("html") || /^\s*<(?:!doctype|html|head|body)/i.test(text))
    return "with HTML instead of JSON";
  if (/^\s*[[{]/.test(text) && !/[\]}]\s*$/.test(text)) return "with JSON that is cut off";
  return "with a body that is not JSON";
}

export function createAnswer(answered: Answered, context: CallContext): Answer {
  const { status, headers, body } = answered;
  const text = (): string => {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(body);
    } catch {
      throw unreadableError(context, status, "with a body that is not UTF-8");
    }
  };
  const parse = (): unknown => {
    const source = text();
    let json: unknown;
    try {
      json = JSON.parse(source);
    } catch {
      throw unreadableError(context, status, whyNotJson(source, headers["content-type"] ?? ""));
    }
    if (isTooDeep(json)) throw unreadableError(context, status, `with JSON that is nested more than ${DEEPEST} deep`);
    return json;
  };
  return {
    status,
    headers,
    body,
    requestId: context.requestId,
    attempts: context.attempts,
    excerpt: (words) => redact(words.trim(), context.secrets, EXCERPT_LENGTH),
    text,
    json: <T>(schema: z.ZodType<T>): T => {
      const result = schema.safeParse(parse());
      if (result.success) return result.data;
      const { issues } = result.error;
      const rest = issues.length > SHOWN_ISSUES ? ` (and ${issues.length - SHOWN_ISSUES} more)` : "";
      const shown = issues.slice(0, SHOWN_ISSUES).map(describe).join("; ");
      throw unreadableError(context, status, `with JSON of another shape: ${shown}${rest}`);
    },
  };
}
