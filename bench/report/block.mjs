/** The part of a Markdown file that the bench writes, between two comments that no reader sees. Pure. */

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/** @param {string} content @returns {string} */
export const block = (content) => `${BEGIN}\n\n${content.trim()}\n\n${END}`;

/** @param {string} text @returns {string} the block with its comments */
export function blockOf(text) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`there is no ${BEGIN} with an ${END} behind it`);
  return text.slice(begin, end + END.length);
}

/** @param {string} text @param {string} content @returns {string} the text with another content in its block */
export function withBlock(text, content) {
  const before = blockOf(text);
  return text.split(before).join(block(content));
}
