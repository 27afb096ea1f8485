/** Whether a stream is a terminal that shows more than ASCII, as far as the environment tells. */
import type { Output } from "../progress/display.js";

export function showsUnicode(
  stream: Pick<Output, "isTTY">,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): boolean {
  if (stream.isTTY !== true || environment["NO_COLOR"]) return false;
  // The console of Windows Terminal; the old one has no such variable and other characters.
  if (platform === "win32") return environment["WT_SESSION"] !== undefined;
  if (environment["TERM"] === "dumb" || environment["TERM"] === "linux") return false;
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale);
}
