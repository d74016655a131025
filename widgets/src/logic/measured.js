// Reliance of words and tokens, where it was measured.

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Definition} Definition */

/**
 * The reliance of a chip: of a word as a whole, or of a single token; null where it was not measured.
 * @param {Answer} answer
 * @param {number[]} group
 * @param {Definition} definition
 * @param {boolean} [single] whether chips are single tokens
 * @returns {number | null}
 */
export function chipReliance(answer, group, definition, single = false) {
  const numbers = single ? null : answer.wordReliance.get(group.join());
  if (numbers) return numbers[definition];
  return group.length === 1 ? (answer.reliance?.[definition][group[0]] ?? null) : null;
}

/**
 * The numbers that were measured.
 * @param {(number | null)[]} values
 * @returns {number[]}
 */
export function measured(values) {
  return values.flatMap((value) => (value === null ? [] : [value]));
}

/**
 * The words that rely on the image, those that rely on language, and those that were not measured.
 * @param {Answer} answer
 * @param {Definition} definition
 * @param {number} threshold
 */
export function splitWords(answer, definition, threshold) {
  /** @type {{image: number[][], language: number[][], unmeasured: number[][]}} */
  const split = { image: [], language: [], unmeasured: [] };
  for (const group of answer.groups) {
    const value = chipReliance(answer, group, definition);
    if (value === null) {
      if (answer.isWord(group)) split.unmeasured.push(group);
    } else split[value > threshold ? "image" : "language"].push(group);
  }
  return split;
}

/** The counts as a sentence. @param {ReturnType<typeof splitWords>} split */
export function splitText({ image, language, unmeasured }) {
  const parts = [
    `${image.length} ${image.length === 1 ? "word relies" : "words rely"} on the image`,
    `${language.length} on language`,
  ];
  if (unmeasured.length) parts.push(`${unmeasured.length} not measured`);
  return parts.join(" · ");
}
