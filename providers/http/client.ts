/**
 * The one way to a service: guard, budget, attempts, and an answer or an `HttpError` that says whether the request may have
 * taken effect. Clients of one origin share its connections and its budget.
 */
import { AuthnError } from "../errors.js";
import { createAnswer } from "./answer.js";
import { bodyFaultError, statusError } from "./answerFailures.js";
import type { Answer, Call, ClientSettings, HttpClient, HttpDependencies } from "./contract.js";
import { logLine } from "./debug.js";
import { type CallContext, unansweredError } from "./failures.js";
import type { TurnedAway } from "./gate.js";
import { acquireOrigin } from "./origins.js";
import { composeHeaders, composeRequest, isRepeatable } from "./request.js";
import { MAX_TOTAL_WAIT_MS, nextAttempt, RULES, retryAfterMs, type Trouble } from "./retry.js";
import { assertSound, guardedUrl } from "./settings.js";
import { type Exchange, exchange, type WireRequest } from "./transport.js";
import { troubleOf } from "./trouble.js";

export type { BodySource, Call, ClientSettings, HttpClient, HttpDependencies } from "./contract.js";
export { closeAllPools } from "./origins.js";

const DEFAULT_CONCURRENCY = 16;
/** RFC 9110 §9.2.1: these ask for no effect, so losing their answer leaves nothing open. */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function assertHostLives({ stopped }: HttpDependencies, { service, operation }: CallContext): void {
  if (stopped?.() !== true) return;
  throw new AuthnError({
    code: "ERR_AUTHN_ORPHANED_HOST",
    what: `Nothing more is sent to ${service}: the Pulumi engine that asked for it is gone`,
    where: operation,
    remedy: "Run the command again",
  });
}

interface Attempt {
  readonly exchanged: Exchange;
  readonly trouble: Trouble | undefined;
  /** `Retry-After`. */
  readonly askedWaitMs: number | undefined;
  /** True where the origin's gate does the waiting. */
  readonly silent: boolean;
}

/** A wait that no call would sit out is reported by each instead. */
function turnedAway(begunMs: number, exchanged: Exchange, askedWaitMs: number | undefined): TurnedAway {
  const bearable = askedWaitMs !== undefined && askedWaitMs <= MAX_TOTAL_WAIT_MS;
  return {
    begunMs,
    retryAfterMs: bearable ? askedWaitMs : undefined,
    forItsRate: exchanged.answered && exchanged.status === 429,
  };
}

/** The answer that the caller can take, or the error that the last attempt comes to. */
function conclude(
  context: CallContext,
  call: Call,
  exchanged: Exchange,
  trouble: Trouble | undefined,
  waitMs: number | undefined,
): Answer {
  if (!exchanged.answered) throw unansweredError(context, exchanged, trouble ?? "lost");
  if (!call.answers.includes(exchanged.status)) throw statusError(context, exchanged, waitMs);
  if (exchanged.bodyFault !== undefined) throw bodyFaultError(context, exchanged.status, exchanged.bodyFault);
  return createAnswer(exchanged, context);
}

/**
 * @throws AuthnError ERR_AUTHN_HOST_REFUSED where the guard refuses the host, ERR_AUTHN_CONFIGURATION where settings can't work
 */
export function createHttpClient(settings: ClientSettings, dependencies: HttpDependencies): HttpClient {
  assertSound(settings);
  const { clock, random, debug } = dependencies;
  const secrets = Object.freeze([...settings.secrets]);
  const limits = {
    concurrency: settings.concurrency ?? DEFAULT_CONCURRENCY,
    requestsPerSecond: settings.maxRequestsPerSecond,
  };

  async function attempt(
    context: CallContext,
    answers: Call["answers"],
    headersOf: () => WireRequest["headers"],
    shared: Omit<WireRequest, "headers">,
  ): Promise<Attempt> {
    const { dispatcher, budget } = acquireOrigin(context.url, settings, limits, clock);
    return budget.run(async (begunMs) => {
      assertHostLives(dependencies, context);
      const request = { ...shared, headers: headersOf() };
      const sentMs = clock.now();
      const exchanged = await exchange(dispatcher, request);
      const nowMs = clock.now();
      debug?.(logLine(context, request, exchanged, nowMs - sentMs));
      const askedWaitMs = exchanged.answered ? retryAfterMs(exchanged.headers, nowMs) : undefined;
      const trouble = troubleOf(exchanged, answers, askedWaitMs);
      // A slot is given back only when the origin's silence has begun: who takes it next must keep it.
      const silent = trouble === "throttled" && budget.turnedAway(turnedAway(begunMs, exchanged, askedWaitMs));
      if (exchanged.answered && trouble !== "throttled") budget.admitted(begunMs);
      return { exchanged, askedWaitMs, trouble, silent };
    }, context.attempts);
  }

  async function call(asked: Call): Promise<Answer> {
    const url = guardedUrl(settings);
    const requestId = random.uuid();
    const request = composeRequest(settings, url, asked);
    const callSecrets = [...secrets, ...(asked.secrets ?? [])];
    const headersOf = () => {
      const headers = composeHeaders(settings, asked, requestId);
      // A service may repeat it, and a signature made for one attempt is in no setting.
      const credentials = headers["authorization"]?.split(" ").at(-1);
      if (credentials !== undefined) callSecrets.push(credentials);
      return headers;
    };
    const safe = SAFE.has(asked.method);
    let waitedMs = 0;
    let throttled = 0;
    let mayHaveTakenEffect = false;

    for (let attempts = 1; ; attempts += 1) {
      const context: CallContext = {
        service: settings.service,
        operation: asked.operation,
        urlProperty: settings.urlProperty,
        credentialProperty: settings.credentialProperty,
        url,
        secrets: callSecrets,
        timeoutMs: request.timeoutMs,
        maxBodyBytes: request.maxBodyBytes,
        requestId,
        attempts,
        safe,
        mayHaveTakenEffect,
      };
      const { exchanged, askedWaitMs, trouble, silent } = await attempt(context, asked.answers, headersOf, request);
      if (trouble === "throttled") throttled += 1;
      const next =
        trouble === undefined
          ? undefined
          : nextAttempt({
              trouble,
              attempts: trouble === "throttled" ? throttled : attempts - throttled,
              waitedMs,
              repeatable: isRepeatable(asked),
              retryAfterMs: askedWaitMs,
              fraction: random.fraction(),
            });
      if (trouble === undefined || next === undefined) return conclude(context, asked, exchanged, trouble, askedWaitMs);

      mayHaveTakenEffect ||= !safe && RULES[trouble].outcome === "unknown";
      waitedMs += next.waitMs;
      if (!silent) await clock.sleep(next.waitMs);
    }
  }

  return { call };
}
