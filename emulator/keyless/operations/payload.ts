/** The one JSON body of the Operations Service that isn't a server state: an external user id. */
import { z } from "zod";
import { describeIssues } from "../../invalid.js";
import { mediaType } from "../app.js";
import { nameSchema } from "../names.js";
import type { Refusal } from "../problem.js";

const payload = z.object({ externalUserId: nameSchema }, "The body must be a JSON object");

export async function readExternalUser(request: Request): Promise<z.infer<typeof payload> | Refusal> {
  if (mediaType(request.headers) !== "application/json")
    return { status: 415, detail: "Content-Type must be application/json" };
  const parsed = payload.safeParse(parseJson(await request.text()));
  return parsed.success ? parsed.data : { status: 400, detail: describeIssues(parsed.error) };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
