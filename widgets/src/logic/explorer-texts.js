// Texts of the Explorer about a selection.

import { numberText } from "./reliance-split.js";
import { isolated, quote, typeset } from "./words.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./routing.js").Route} Route */

/** Tokens in quotation marks. @param {number[]} tokens @param {string[]} texts */
export const quotedText = (tokens, texts) => `“${quote(tokens, texts) || "(nothing visible)"}”`;

/**
 * What the page says about a selection: the headline, and a remark over the map where it is not the map of the selection.
 * @param {Answer} answer
 * @param {number[]} tokens
 * @param {Route} route
 * @returns {{headline: string, remark: string}}
 */
export function selectionTexts({ explained, tokens: texts, groups }, tokens, { kind, word, nearest }) {
  if (kind === "empty") return { headline: "Select a word of the answer to see what carried it.", remark: "" };
  const quoted = quotedText(tokens, texts);
  if (word !== null) {
    const { headline, name } = explained[word];
    const whole = `“${isolated(name)}”`;
    return { headline: typeset(headline), remark: kind === "own" ? "" : `${quoted} was explained as a part of ${whole}, whose map this is.` };
  }
  const several = groups.filter((group) => group.some((token) => tokens.includes(token))).length > 1;
  const missing = `${quoted} was not explained${several ? " as one" : ""}`;
  const near = nearest === null ? "" : `; nearest: “${isolated(explained[nearest].name)}”`;
  return { headline: `${missing}.`, remark: `${missing}${near}.` };
}

/**
 * How much a selection relies on the image, in words.
 * @param {string} quoted the selection
 * @param {number | null} value
 * @param {number} threshold
 */
export function verdictText(quoted, value, threshold) {
  if (value === null) return `The reliance of ${quoted} was not measured.`;
  const [place, side] = value > threshold ? ["above", "it relies on the image"] : ["not above", "it was guessed from language"];
  return `Reliance of ${quoted}: ${numberText(value)}, ${place} the threshold ${numberText(threshold)}: ${side}.`;
}

/** Label of the button that offers another explanation. @param {Answer} answer @param {Route} route */
export function offerText({ explained }, { nearest }) {
  if (nearest === null) return "";
  return `Show “${isolated(explained[nearest].name)}”`;
}
