// Which explanation a selection of tokens belongs to.

/**
 * @typedef {object} Route
 * @property {"empty" | "own" | "part" | "unexplained"} kind own: explained exactly; part: explained together with other tokens
 * @property {number | null} word index of the explanation that measures the selection
 * @property {number | null} nearest index of the explanation nearest to a selection that was not explained
 */

/**
 * The explanation of a selection: the one of the same tokens, otherwise the smallest that contains them.
 * @param {{tokens: number[]}[]} explained
 * @param {number[]} selected ascending
 * @returns {Route}
 */
export function route(explained, selected) {
  if (!selected.length) return { kind: "empty", word: null, nearest: null };
  const key = selected.join();
  const own = explained.findIndex(({ tokens }) => tokens.join() === key);
  if (own >= 0) return { kind: "own", word: own, nearest: own };
  const whole = smallestAround(explained, selected);
  if (whole !== null) return { kind: "part", word: whole, nearest: whole };
  return { kind: "unexplained", word: null, nearest: closest(explained, selected) };
}

/** @param {{tokens: number[]}[]} explained @param {number[]} selected */
function smallestAround(explained, selected) {
  /** @type {number | null} */
  let best = null;
  explained.forEach(({ tokens }, k) => {
    const contains = selected.every((token) => tokens.includes(token));
    if (contains && (best === null || tokens.length < explained[best].tokens.length)) best = k;
  });
  return best;
}

/**
 * The explanation nearest to some tokens: the one that shares most of them, then the one at the smallest distance, then the earlier.
 * `ExplanationSet.closest` has the same rule.
 * @param {{tokens: number[]}[]} explained
 * @param {number[]} selected
 * @returns {number | null}
 */
export function closest(explained, selected) {
  const ranked = explained.map(({ tokens }, k) => {
    const shared = tokens.filter((token) => selected.includes(token)).length;
    const different = tokens.length + selected.length - 2 * shared;
    const distance = Math.min(...tokens.flatMap((a) => selected.map((b) => Math.abs(a - b))));
    return { k, cost: different - 2 * shared, distance };
  });
  ranked.sort((a, b) => a.cost - b.cost || a.distance - b.distance || a.k - b.k);
  return ranked[0]?.k ?? null;
}
