// Curves of tokens over the search; no drawing here.

/**
 * Mean probability of some tokens at each step.
 * @param {Float32Array} table (N + 1) × T, row by row
 * @param {number} count T
 * @param {number[]} tokens
 * @returns {number[]}
 */
export function meanCurve(table, count, tokens) {
  const steps = table.length / count;
  return Array.from({ length: steps }, (_, k) => {
    let sum = 0;
    for (const t of tokens) sum += table[k * count + t];
    return tokens.length ? sum / tokens.length : 0;
  });
}

/** Area under a curve, by trapezoids. @param {number[]} values @param {number[]} x */
export function auc(values, x) {
  let sum = 0;
  for (let k = 1; k < x.length; k++) sum += ((values[k] + values[k - 1]) / 2) * (x[k] - x[k - 1]);
  return sum;
}

/** Index of the value nearest to `x`. @param {number[]} values ascending @param {number} x */
export function nearest(values, x) {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k] - x) < Math.abs(values[best] - x)) best = k;
  return best;
}

/**
 * Tokens above a threshold.
 * @param {number[]} scores
 * @param {number} threshold
 */
export function above(scores, threshold) {
  return scores.flatMap((s, k) => (s > threshold ? [k] : []));
}

/**
 * Bounds of the threshold slider: all scores and the threshold itself, rounded outwards to 0.05.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function bounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20 - 1e-9) / 20;
  const high = Math.ceil(Math.max(0.25, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}

/** @param {number} value */
export function percent(value) {
  return `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
}

/** A number with its sign. @param {number} value */
export function signed(value) {
  return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
}
