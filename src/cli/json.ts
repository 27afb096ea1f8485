/** JSON of files and of other programs, which may be anything: whoever reads it judges what it is by a schema. */

/** undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
