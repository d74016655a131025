// Tokens, words, phrases and sentences of an answer; no drawing here.

/** @typedef {"token" | "word" | "phrase" | "sentence"} Unit */

/** English words that open or join phrases; in other languages a phrase ends at punctuation only. */
const JOINTS = new Set(
  ("a an the this that these those and or but nor of in on at to from with without by for as into onto over under " +
    "above below behind beside between near next left right front top is are was were be been being has have had " +
    "there it its their his her which who while not").split(" "),
);
const ENDS = /[.!?。！？؟।…]["'”’)\]]*\s*$/;
const PAUSES = /[,;:.!?。！？؟،؛、，；：।…()[\]"“”—–]/;

/**
 * Tokens of one chip: those of a word stay together, words that share a token too; the rest stand alone.
 * @param {number} count
 * @param {number[][]} words
 * @returns {number[][]}
 */
export function chips(count, words) {
  const home = Array.from({ length: count }, (_, k) => k);
  for (const word of words) {
    const first = Math.min(...word.map((k) => home[k]));
    const last = Math.max(...word);
    for (let k = first; k <= last; k++) home[k] = home[first];
  }
  /** @type {number[][]} */
  const groups = [];
  for (let k = 0; k < count; k++) {
    if (k && home[k] === home[k - 1]) groups[groups.length - 1].push(k);
    else groups.push([k]);
  }
  return groups;
}

/**
 * All tokens selected together with a chip.
 * @param {Unit} unit
 * @param {number} chip index into `groups`
 * @param {number[][]} groups as `chips` gives them
 * @param {string[]} tokens
 * @returns {number[]}
 */
export function unitTokens(unit, chip, groups, tokens) {
  if (unit === "token" || unit === "word") return groups[chip];
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  const newLine = (/** @type {number} */ a, /** @type {number} */ b) => /\n\s*$/.test(text[a]) || /^\s*\n/.test(text[b]);
  if (unit === "sentence") return spread(chip, groups, (a, b) => !ENDS.test(text[a]) && !newLine(a, b));
  const inside = (/** @type {number} */ c) =>
    /[\p{L}\p{N}]/u.test(text[c]) && !JOINTS.has(text[c].trim().toLowerCase());
  return spread(chip, groups, (a, b) => inside(a) && inside(b) && !PAUSES.test(text[a].trim()) && !newLine(a, b));
}

/**
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

/**
 * Add tokens to a selection, or remove them when all are in it.
 * @param {number[]} selected
 * @param {number[]} tokens
 */
export function toggle(selected, tokens) {
  const set = new Set(selected);
  const all = tokens.every((k) => set.has(k));
  for (const k of tokens) {
    if (all) set.delete(k);
    else set.add(k);
  }
  return sorted(set);
}

/** @param {Iterable<number>} values */
export function sorted(values) {
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * What a token shows: its text, and marks for what cannot be seen.
 * @param {string} text
 */
export function visible(text) {
  if (text === "") return "·";
  const core = text.trim();
  if (core) return core;
  return text.includes("\n") ? "⏎" : "␣";
}

/** Tokens as a short quotation, gaps marked. @param {number[]} indices @param {string[]} tokens */
export function quote(indices, tokens) {
  const gap = (/** @type {number} */ i) => i > 0 && indices[i - 1] !== indices[i] - 1;
  const text = indices
    .map((k, i) => (gap(i) ? ` … ${tokens[k].trimStart()}` : tokens[k]))
    .join("")
    .trim();
  return direction(text) === "rtl" ? `\u2068${text}\u2069` : text; // kept apart from the numbers around it
}

/** Reading direction of a text, by its first letter. @param {string} text @returns {"rtl" | "ltr"} */
export function direction(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}

/**
 * Stretches of equal values.
 * @template T
 * @param {T[]} values
 * @returns {{from: number, length: number, value: T}[]}
 */
export function runs(values) {
  /** @type {{from: number, length: number, value: T}[]} */
  const found = [];
  values.forEach((value, k) => {
    const before = found[found.length - 1];
    if (before && before.value === value) before.length++;
    else found.push({ from: k, length: 1, value });
  });
  return found;
}
