// Tokens above and below a threshold of reliance, and texts about them.

import { RELIANCE_FLOOR } from "../palette.js";
import { quote } from "./words.js";

/** @typedef {import("./answer.js").Definition} Definition */

/** @type {Record<Definition, string>} */
export const MEANINGS = {
  paper: "mean over the steps of p minus its minimum (the paper's)",
  area: "area under p minus its minimum (the published code's)",
  difference: "p(full image) minus p(blank image)",
};

/** Tokens whose score exceeds a threshold. @param {number[]} scores @param {number} threshold */
export function above(scores, threshold) {
  return scores.flatMap((score, k) => (score > threshold ? [k] : []));
}

/**
 * Bounds of the slider: they include all values, rounded outwards to 0.05.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function sliderBounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20 - 1e-9) / 20;
  const high = Math.ceil(Math.max(RELIANCE_FLOOR, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}

/**
 * One tick per token at its score. Ticks in the same bin are stacked.
 * @param {number[]} scores
 * @param {[number, number]} bounds
 * @param {number} bins
 * @returns {{token: number, bin: number, level: number}[]} in ascending order of score
 */
export function stackedTicks(scores, [low, high], bins) {
  /** @type {Map<number, number>} */
  const heights = new Map();
  const ascending = scores.map((_, k) => k).sort((a, b) => scores[a] - scores[b]);
  return ascending.map((token) => {
    const bin = Math.min(bins - 1, Math.floor(((scores[token] - low) / (high - low)) * bins));
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { token, bin, level };
  });
}

/**
 * A token and its reliance by every definition.
 * @param {string[]} tokens
 * @param {Record<Definition, number[]>} reliance
 * @param {number} token
 */
export function relianceText(tokens, { paper, area, difference }, token) {
  return (
    `${quote([token], tokens) || "(nothing visible)"}: reliance ${paper[token].toFixed(3)}, ` +
    `area ${area[token].toFixed(3)}, p(full) − p(blank) ${difference[token].toFixed(3)}`
  );
}
