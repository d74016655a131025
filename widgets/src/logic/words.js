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
  return direction(text) === "rtl" ? `\u2068${text}\u2069` : text; // isolated from the numbers around it
}

/** Reading direction of a text, from its first letter. @param {string} text @returns {"rtl" | "ltr"} */
export function direction(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}
