/** How a service's origin answers: with faults applied, and each exchange in the journal before its answer leaves. */
import type { IncomingMessage } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Clock } from "../clock.js";
import { applyFault } from "../faults/apply.js";
import type { FaultEffect, FaultList } from "../faults/fault-list.js";
import type { Journal } from "../journal.js";
import type { ServiceName } from "../slots.js";
import type { Answer } from "./listener.js";
import { admit, type OriginParts, serveDurably } from "./origin.js";

export interface ServiceAnswerParts extends OriginParts {
  readonly service: ServiceName;
  readonly faults: FaultList;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Names a path that the journal must not hold as it stands; absent: it may. */
  readonly pattern?: ((pathname: string) => string) | undefined;
}

export function serviceAnswer(parts: ServiceAnswerParts): Answer {
  return async (request, incoming) => {
    const { method, url, signal } = request;
    const { pathname, searchParams } = new URL(url);
    const admission = await admit(request, incoming, parts);
    let effect: FaultEffect | undefined;
    let response: Response | undefined;
    if (admission !== undefined && "refused" in admission) response = admission.refused;
    if (admission !== undefined && "admitted" in admission) {
      const serve = () => serveDurably(admission.admitted, parts);
      effect = parts.faults.take({ service: parts.service, method, path: pathname });
      response = await (effect === undefined ? serve() : applyFault(effect, serve, signal));
    }
    // A client that minds whether its clock is right compares it with this one (RFC 9110 §6.6.1).
    response?.headers.set("date", new Date(parts.clock.nowMs()).toUTCString());
    // Whatever was made of it, a client that has hung up got no answer.
    if (signal.aborted) response = undefined;
    parts.journal.append({
      service: parts.service,
      method,
      path: parts.pattern?.(pathname) ?? pathname + queryNames(searchParams),
      status: response?.status ?? null,
      at: new Date(parts.clock.nowMs()).toISOString(),
      ...(effect === undefined ? {} : { fault: { id: effect.id, when: effect.when } }),
    });
    return response ?? breakConnection(incoming);
  };
}

/** `?username=`: what was asked for, without the values, which may be somebody's secret username. */
function queryNames(query: URLSearchParams): string {
  const names = [...query.keys()].map((name) => `${encodeURIComponent(name)}=`);
  return names.length === 0 ? "" : `?${names.join("&")}`;
}

function breakConnection(incoming: IncomingMessage): Response {
  incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}
