/**
 * Where plain `pulumi` keeps the state of a user who names no backend: what `pulumi login` wrote last into PULUMI_HOME/credentials.json
 * (shape: engine v3.228.0).
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../json.js";
import { readFileIfPresent } from "../private-file.js";

const credentials = z.object({ current: z.string().min(1) });

/** @returns the backend's address; undefined where nobody is logged in */
export async function loggedInBackend(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const home = environment["PULUMI_HOME"] || join(environment["HOME"] || homedir(), ".pulumi");
  const text = await readFileIfPresent(join(home, "credentials.json"));
  return credentials.safeParse(parseJson(text ?? "")).data?.current;
}
