// Words of an answer, and tokens as text.

/**
 * Group tokens into chips: one chip per word, words that share a token share a chip, other tokens have their own.
 * @param {number} count
 * @param {number[][]} words
 * @returns {number[][]}
 */
export function chips(count, words) {
  const firsts = Array.from({ length: count }, (_, k) => k);
  for (const word of words) {
    const first = Math.min(...word.map((k) => firsts[k]));
    const last = Math.max(...word);
    for (let k = first; k <= last; k++) firsts[k] = firsts[first];
  }
  /** @type {number[][]} */
  const groups = [];
  for (let k = 0; k < count; k++) {
    if (k && firsts[k] === firsts[k - 1]) groups[groups.length - 1].push(k);
    else groups.push([k]);
  }
  return groups;
}

/**
 * Runs of chips that no line end may separate: the tokens of a word, and a word with the punctuation around it.
 * @param {number[][]} groups
 * @param {string[]} tokens
 * @param {number[][]} [words] tokens of each word
 * @returns {number[][]} indices of the chips of each run
 */
export function joinedRuns(groups, tokens, words = []) {
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  /** @type {Map<number, number>} */
  const wordOf = new Map(words.flatMap((word, w) => word.map((k) => /** @type {[number, number]} */ ([k, w]))));
  const mark = (/** @type {number} */ c) => !/[\p{L}\p{N}\s]/u.test(text[c].trim());
  const sameWord = (/** @type {number} */ c) => {
    const word = wordOf.get(groups[c][0]);
    return word !== undefined && word === wordOf.get(groups[c - 1][0]);
  };
  /** @type {number[][]} */
  const runs = [];
  groups.forEach((_, c) => {
    const touches = c > 0 && !/^\s/.test(text[c]) && !/\s$/.test(text[c - 1]);
    if (touches && (mark(c) || mark(c - 1) || sameWord(c))) runs[runs.length - 1].push(c);
    else runs.push([c]);
  });
  return runs;
}

/** The text of a token, with a sign for what is invisible. @param {string} text */
export function visible(text) {
  if (text === "") return "·";
  const core = text.trim();
  if (core) return core;
  return text.includes("\n") ? "⏎" : "␣";
}

/** Tokens as a short quotation; gaps are marked. @param {number[]} indices @param {string[]} tokens */
export function quote(indices, tokens) {
  const gap = (/** @type {number} */ i) => i > 0 && indices[i - 1] !== indices[i] - 1;
  const text = indices
    .map((k, i) => (gap(i) ? ` … ${tokens[k].trimStart()}` : tokens[k]))
    .join("")
    .trim();
  return isolated(text);
}

/** Right-to-left text isolated from the numbers around it; other text as it is. @param {string} text */
export function isolated(text) {
  return direction(text) === "rtl" ? `\u2068${text}\u2069` : text;
}

/**
 * A sentence for the screen: quoted words are isolated, and no line ends within "4.9 %" or "0.13 → 0.95".
 * @param {string} text
 */
export function typeset(text) {
  return text
    .replace(/“([^”]*)”/g, (_, quoted) => `“${isolated(quoted)}”`)
    .replace(/(\d) %/g, "$1\u00a0%")
    .replace(/ → /g, "\u00a0→\u00a0");
}

/** Reading direction of a text, from its first letter. @param {string} text @returns {"rtl" | "ltr"} */
export function direction(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}
