/**
 * Where a part of a secret stands in a text: a service repeats the end of what it got, an excerpt breaks off in the middle of it.
 * What has a secret's whole form is found without this.
 */

/** So many characters of a longer secret give it away; fewer stand in other texts by chance. */
const PIECE = 16;
/** Any piece holds one such stretch that begins at a multiple of its length. */
const STRETCH = PIECE / 2;
/** Behind a cut the beginning of a secret is masked from so many characters on. */
const STUMP = 4;

type Span = readonly [start: number, end: number];

/** @param cut what ends a text that was cut off */
export function* pieces(text: string, form: string, cut: string): Generator<Span> {
  if (form.length > STUMP) yield* stumps(text, form, cut);
  if (form.length > PIECE) yield* parts(text, form);
}

function* parts(text: string, form: string): Generator<Span> {
  for (let from = 0; from + STRETCH <= text.length; from += STRETCH) {
    const [start, end] = longest(text, form, from);
    if (end - start < PIECE) continue;
    yield [start, end];
    from = Math.floor(end / STRETCH - 1) * STRETCH;
  }
}

/** What text and form have in common around the stretch that begins there. */
function longest(text: string, form: string, from: number): Span {
  const stretch = text.slice(from, from + STRETCH);
  let found: Span = [from, from];
  for (let at = form.indexOf(stretch); at !== -1; at = form.indexOf(stretch, at + 1)) {
    let before = 0;
    while (before < Math.min(from, at) && text[from - before - 1] === form[at - before - 1]) before += 1;
    let after = STRETCH;
    while (at + after < form.length && from + after < text.length && text[from + after] === form[at + after])
      after += 1;
    if (before + after > found[1] - found[0]) found = [from - before, from + after];
  }
  return found;
}

function* stumps(text: string, form: string, cut: string): Generator<Span> {
  for (let end = text.indexOf(cut); end !== -1; end = text.indexOf(cut, end + 1)) {
    for (let length = Math.min(form.length - 1, PIECE, end); length >= STUMP; length -= 1) {
      if (!text.startsWith(form.slice(0, length), end - length)) continue;
      yield [end - length, end];
      break;
    }
  }
}
