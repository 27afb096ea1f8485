/** The agent over HTTP: it knows nobody and keeps nothing of an offline enrolment; an online one is registered at once. */
import type { Context, Hono } from "hono";
import { keylessApp } from "../app.js";
import { AGENT_VERSION } from "../assumptions.js";
import { agentPaths } from "../paths.js";
import { problem } from "../problem.js";
import type { KeylessSettings } from "../settings.js";
import type { Enrolled, States } from "../states.js";
import type { UserRegister } from "../users.js";
import { Capacity } from "./capacity.js";
import { imageRefusal } from "./image.js";
import { headerRefusal, imageOf } from "./request.js";

export interface AgentParts {
  readonly states: States;
  readonly users: UserRegister;
  readonly settings: KeylessSettings;
}

export function agentApp({ states, users, settings }: AgentParts): Hono {
  const capacity = new Capacity(settings);
  const app = keylessApp();
  app.get(agentPaths.health, (context) => context.json({ version: AGENT_VERSION, status: "ok" }));
  app.post(agentPaths.offline, (context) => enroll(context, (enrolled) => context.json(enrolled)));
  app.post(agentPaths.online, (context) => {
    if (!settings.onlineEnrollment) return problem(409, "This agent is not configured for online enrollment");
    return enroll(context, ({ keylessId, clientState }) => {
      users.add(keylessId, "committed");
      return context.json({ keylessId, clientState });
    });
  });
  return app;

  async function enroll({ req }: Context, done: (enrolled: Enrolled) => Response): Promise<Response> {
    const { headers, signal } = req.raw;
    const unfit = headerRefusal(headers);
    if (unfit !== undefined) return problem(unfit.status, unfit.detail);
    const turn = await capacity.take(signal);
    if (turn === "busy") return problem(429, "Too many enrollments at a time: try again later");
    if (turn === "gone") return problem(400, "The client hung up");
    const image = imageOf(headers, Buffer.from(await req.arrayBuffer()));
    if (image === undefined) return problem(400, "The body is not the standard base64 that Content-Encoding says");
    const refusal = imageRefusal(image);
    return refusal === undefined ? done(states.enroll()) : problem(refusal.status, refusal.detail);
  }
}
