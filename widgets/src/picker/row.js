// The row of words where tokens are selected, its colours, and its options.

import { mean } from "../logic/curves.js";
import { tint, unmeasuredTint } from "../logic/scale.js";
import { coverage } from "../logic/selection.js";
import { put } from "../logic/state.js";
import { chipText } from "../logic/token-texts.js";
import { unitTokens } from "../logic/units.js";
import { choice, h } from "../parts/dom.js";
import { WordRow } from "../parts/word-row.js";

/** @typedef {import("../panels.js").Context} Context */
/** @typedef {import("../reliance/threshold.js").ThresholdControl} ThresholdControl */

/**
 * @param {Context} context
 * @param {ThresholdControl | null} threshold gives the colours of reliance
 * @param {(tokens: number[]) => void} select
 * @param {(tokens: number[] | null) => void} hover
 */
export function createRow(context, threshold, select, hover) {
  const { model, answer, dark } = context;
  const single = answer.tokens.map((_, k) => [k]);
  const byToken = () => model.get("unit") === "token";
  const groups = () => (byToken() ? single : answer.groups);
  const row = new WordRow(answer, "Words of the answer; select those whose evidence is shown", {
    groups,
    unit: (chip) => unitTokens(model.get("unit"), chip, groups(), answer.tokens),
    selected: () => model.get("selected"),
    select,
    hover,
  });

  /** @param {number[]} group */
  function color(group) {
    const kind = shownTint(context);
    if (kind === "reliance" && threshold) return threshold.color(threshold.reliance(group, byToken())) ?? unmeasuredTint(dark());
    if (kind === "probability" && answer.probabilities) return tint("sequential", mean(answer.probabilities, group), dark());
    return null;
  }

  return {
    element: row.element,
    draw() {
      const set = new Set(model.get("selected"));
      const marked = shownTint(context) === "reliance" && threshold;
      row.update({
        tint: color,
        selected: (group) => coverage(group, set),
        describe: (group) => chipText(answer, group, threshold?.reliance(group, byToken()) ?? null),
        mark: (group) => (marked ? threshold.mark(threshold.reliance(group, byToken())) : ""),
      });
    },
    /** Move the focus to the word of a token. @param {number} token */
    focus: (token) => row.list.moveTo(groups().findIndex((group) => group.includes(token)), true),
    stop: () => row.stop(),
  };
}

/** The colours that can be shown. @param {Context} context @returns {[string, string][]} */
function availableTints({ answer }) {
  /** @type {[string, string][]} */
  const tints = [["none", "Plain"]];
  if (answer.probabilities) tints.unshift(["probability", "Probability"]);
  if (answer.reliance) tints.unshift(["reliance", "Reliance"]);
  return tints;
}

/** What the colours show. @param {Context} context @returns {string} */
export function shownTint(context) {
  const tint = context.model.get("tint");
  return availableTints(context).some(([name]) => name === tint) ? tint : "none";
}

/** What a click selects, and what the colours show. @param {Context} context */
export function createOptions(context) {
  const { model } = context;
  const unit = choice(
    "What a click selects",
    [["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"], ["token", "Token"]],
    (value) => put(model, "unit", value),
  );
  const colors = choice("What the colours show", availableTints(context), (value) => put(model, "tint", value));
  const labelled = (/** @type {string} */ text, /** @type {HTMLElement} */ element) => h("div", { class: "option" }, h("span", {}, text), element);
  return {
    element: h("div", { class: "options unsaved" }, labelled("A click selects a", unit.element), labelled("Colours show", colors.element)),
    draw() {
      unit.set(model.get("unit"));
      colors.set(shownTint(context));
    },
  };
}
