// Texts about the tokens of an answer.

import { numberText } from "./reliance-split.js";
import { quote } from "./words.js";

/** @typedef {import("./answer.js").Answer} Answer */

/**
 * A chip's tokens with their numbers.
 * @param {Answer} answer
 * @param {number[]} group
 * @param {number | null} [reliance] of the chip; null where it was not measured
 */
export function chipText({ tokens, probabilities, reliance: measured }, group, reliance = null) {
  const parts = group.length > 1 ? [`${group.length} tokens`] : [`token ${group[0]}`];
  if (probabilities) parts.push(`probability ${group.map((k) => probabilities[k].toFixed(2)).join(" · ")}`);
  if (measured) parts.push(`reliance ${numberText(reliance)}`);
  const texts = group.map((k) => tokens[k].replace(/\n/g, "⏎"));
  const label = texts.join(group.length > 1 ? "|" : "").trim();
  return `${label || "(nothing visible)"}: ${parts.join(", ")}`;
}

/** @param {number[]} selected @param {string[]} tokens */
export function selectionText(selected, tokens) {
  if (!selected.length) return `No token selected of ${tokens.length}.`;
  return `${selected.length} of ${tokens.length} tokens selected: “${quote(selected, tokens)}”`;
}
