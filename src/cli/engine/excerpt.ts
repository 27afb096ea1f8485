/** Short, safe pieces of what other programs print: bounded, on one line, without addresses (a proxy's may hold a password). */

const maximumLength = 200;

function tidy(text: string): string {
  const line = text
    .replaceAll(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, "<address>")
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
  return line.length > maximumLength ? `${line.slice(0, maximumLength)}…` : line;
}

/** The telling line of an error: an Automation API command error buries it in a listing of code, stdout and stderr. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  const buried = lines.find((line) => line.startsWith("stderr: ") && line.length > "stderr: ".length);
  return tidy(buried?.slice("stderr: ".length) ?? lines.find((line) => line !== "") ?? "no message");
}

/** The last lines of a program's output: where compilers and installers say what went wrong. */
export function lastLines(text: string, count = 3): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).map(tidy).join("; ");
}
