// Words, phrases and sentences that a click selects.

/** @typedef {"token" | "word" | "phrase" | "sentence"} Unit */

/** English words that separate phrases. In other languages a phrase ends at punctuation only. */
const FUNCTION_WORDS = new Set(
  ("a an the this that these those and or but nor of in on at to from with without by for as into onto over under " +
    "above below behind beside between near next left right front top is are was were be been being has have had " +
    "there it its their his her which who while not").split(" "),
);
const ENDS = /[.!?。！？؟।…]["'”’)\]]*\s*$/;
const PAUSES = /[,;:.!?。！？؟،؛、，；：।…()[\]"“”—–]/;

/**
 * All tokens that a click on a chip selects.
 * @param {Unit} unit
 * @param {number} chip index into `groups`
 * @param {number[][]} groups tokens of each chip
 * @param {string[]} tokens
 * @returns {number[]}
 */
export function unitTokens(unit, chip, groups, tokens) {
  if (unit === "token" || unit === "word") return groups[chip];
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  const newLine = (/** @type {number} */ a, /** @type {number} */ b) => /\n\s*$/.test(text[a]) || /^\s*\n/.test(text[b]);
  if (unit === "sentence") return spread(chip, groups, (a, b) => !ENDS.test(text[a]) && !newLine(a, b));
  const inside = (/** @type {number} */ c) =>
    /[\p{L}\p{N}]/u.test(text[c]) && !FUNCTION_WORDS.has(text[c].trim().toLowerCase());
  return spread(chip, groups, (a, b) => inside(a) && inside(b) && !PAUSES.test(text[a].trim()) && !newLine(a, b));
}

/**
 * The tokens of a chip and of the neighbours joined to it.
 * @param {number} chip
 * @param {number[][]} groups
 * @param {(a: number, b: number) => boolean} joined whether two neighbouring chips belong together
 */
function spread(chip, groups, joined) {
  let first = chip;
  let last = chip;
  while (first > 0 && joined(first - 1, first)) first--;
  while (last < groups.length - 1 && joined(last, last + 1)) last++;
  return groups.slice(first, last + 1).flat();
}
