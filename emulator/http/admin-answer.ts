/** How the admin origin answers: as any origin, but neither faults nor the journal touch it, or one couldn't take them away. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Answer } from "./listener.js";
import { admit, type OriginParts, serveDurably } from "./origin.js";

export function adminAnswer(parts: OriginParts): Answer {
  return async (request, incoming) => {
    const admission = await admit(request, incoming, parts);
    if (admission === undefined) return RESPONSE_ALREADY_SENT;
    return "refused" in admission ? admission.refused : serveDurably(admission.admitted, parts);
  };
}
