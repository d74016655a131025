// The scale of reliance, and texts about it.

import { RELIANCE_FLOOR } from "../palette.js";
import { quote } from "./words.js";

/** @typedef {import("./answer.js").Definition} Definition */

/** @type {Record<Definition, string>} */
export const MEANINGS = {
  paper: "the mean over the steps of the insertion curve, minus its minimum (the paper's definition)",
  area: "the area under the insertion curve, minus its minimum (the published code's definition)",
  difference: "the probability for the whole image minus that for a blank one",
};

/**
 * Bounds of the slider: they include all values, rounded outwards to 0.05.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function sliderBounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20) / 20;
  const high = Math.ceil(Math.max(RELIANCE_FLOOR, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}

/**
 * One mark per value. Marks in the same bin are stacked.
 * @param {number[]} values
 * @param {[number, number]} bounds
 * @param {number} bins
 * @returns {{value: number, bin: number, level: number}[]} in ascending order
 */
export function stackedMarks(values, [low, high], bins) {
  /** @type {Map<number, number>} */
  const heights = new Map();
  return [...values].sort((a, b) => a - b).map((value) => {
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { value, bin, level };
  });
}

/**
 * A number as text, or that it was not measured.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function numberText(value, digits = 2) {
  return value === null || value === undefined ? "not measured" : value.toFixed(digits).replace("-", "−");
}

/**
 * A word or token and its reliance.
 * @param {string[]} tokens
 * @param {number[]} group
 * @param {number | null} value
 * @param {number} threshold
 */
export function relianceText(tokens, group, value, threshold) {
  const text = quote(group, tokens) || "(nothing visible)";
  if (value === null) return `${text}: reliance not measured`;
  return `${text}: reliance ${numberText(value)}, relies on ${value > threshold ? "the image" : "language"}`;
}
