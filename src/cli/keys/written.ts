/**
 * AUTHN_HOME/key-files.json: which key files this command wrote, by path. The key directory can't say it itself, since all that
 * lies in it is read by the SDK. No secret: names and kids.
 */
import { z } from "zod";
import { parseJson } from "../json.js";
import { readFileIfPresent, writePrivateFile } from "../private-file.js";

const entry = z.object({ stack: z.string(), ring: z.string(), kid: z.string() });
const written = z.record(z.string(), entry);
export type Written = Readonly<Record<string, z.infer<typeof entry>>>;

/** What can't be read counts for nothing: the keys themselves still tell whose they are. */
export async function readWritten(file: string): Promise<Written> {
  const text = await readFileIfPresent(file);
  return written.safeParse(parseJson(text ?? "")).data ?? {};
}

export async function saveWritten(file: string, entries: Written): Promise<void> {
  await writePrivateFile(file, `${JSON.stringify(entries, null, 2)}\n`);
}
