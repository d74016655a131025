// Curves of tokens over a search.

import { percent } from "./format.js";

/**
 * Mean of some values; 0 if none is chosen.
 * @param {number[]} values
 * @param {number[]} chosen indices
 */
export function mean(values, chosen) {
  return chosen.length ? chosen.reduce((sum, k) => sum + values[k], 0) / chosen.length : 0;
}

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

/** Area under a curve, by the trapezoidal rule. @param {number[]} values @param {number[]} x */
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
 * The values of curves at a step.
 * @param {number} x share of the image at the step
 * @param {{name?: string, values: number[]}[]} curves those without a name are left out
 * @param {number} step
 * @param {string} [subject] what the share is of
 */
export function valuesText(x, curves, step, subject = "the image") {
  const values = curves.flatMap(({ name, values }) => (name ? [`${name} ${values[step].toFixed(3)}`] : []));
  return `${percent(x)} of ${subject}: ${values.join(", ")}`;
}
