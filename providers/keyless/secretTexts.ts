/** What of a client or server state no text may show: it may be a JSON document, and a service that refuses it may repeat a part. */

/** Below this, a text within the state is no secret but a word of its format. */
const MIN_CHARACTERS = 12;

/** The state as a whole, and each longer text in it. */
export function secretTextsOf(state: string): readonly string[] {
  const texts: string[] = [state];
  try {
    JSON.parse(state, (_, value: unknown) => {
      if (typeof value === "string" && value.length >= MIN_CHARACTERS) texts.push(value);
      return value;
    });
  } catch {
    // Opaque here; the service judges it.
  }
  return texts;
}
