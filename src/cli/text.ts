/** Foreign text (an engine's diagnostic, a service's answer, a name from YAML) made safe to print on a terminal. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const stackFrame = /^\s+at (?:async )?(?:.+ \(.*\)|\S+:\d+:\d+)$/;

/** Control and bidirectional characters as `\u001b`; line breaks stay. */
export function escapeControls(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", "  ")
    .replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same on one line, for a table's cell or a progress line. */
export function oneLine(text: string): string {
  return escapeControls(text).replaceAll("\n", " ").trim();
}

/** An error's text without the frames of a stack trace, which say nothing to the reader. */
export function withoutStackTrace(text: string): string {
  return escapeControls(text)
    .split("\n")
    .filter((line) => !stackFrame.test(line))
    .join("\n")
    .trim();
}
