// Steps of a search: the current one, and texts about it.

import { auc, meanCurve } from "./curves.js";
import { percent, signed } from "./format.js";
import { put, same } from "./state.js";
import { quote } from "./words.js";

/** @typedef {import("./answer.js").Search} Search */

/** The step that a view shows. */
export class SearchSteps {
  /** @param {import("./state.js").Model} model @param {Search} search */
  constructor(model, search) {
    this.model = model;
    this.search = search;
    this.last = search.order.length;
    this.ranks = regionRanks(search.order);
  }

  /** @returns {number} */
  get current() {
    return this.clamp(this.model.get("step"));
  }

  /** The region that the current step added. @returns {number | null} */
  get added() {
    return this.current > 0 ? this.search.order[this.current - 1] : null;
  }

  /** @param {number} step */
  clamp(step) {
    return Math.max(0, Math.min(this.last, step));
  }

  /** @param {number} step */
  go(step) {
    put(this.model, "step", this.clamp(step));
  }

  /** Go to the step that adds a region. @param {number} region */
  goToRegion(region) {
    this.go(this.ranks[region] + 1);
  }
}

/** Position of each region in an order, from 0. @param {number[]} order */
export function regionRanks(order) {
  const ranks = new Array(order.length);
  order.forEach((region, k) => (ranks[region] = k));
  return ranks;
}

/**
 * Scores from the lowest to the highest as 0 … 1; NaN where nothing was scored.
 * @param {Float32Array | number[]} scores
 * @returns {number[]}
 */
export function normalized(scores) {
  const finite = [...scores].filter(Number.isFinite);
  const low = Math.min(...finite);
  const spread = Math.max(...finite) - low;
  return [...scores].map((v) => (Number.isFinite(v) ? (spread > 0 ? (v - low) / spread : 0) : NaN));
}

/**
 * Scores of the candidates that a step rejected, as 0 … 1.
 * @param {Search} search
 * @param {number} step from 1
 */
export function rejectedCandidates({ candidates, order }, step) {
  const n = order.length;
  const values = normalized(/** @type {Float32Array} */ (candidates).subarray((step - 1) * n, step * n));
  values[order[step - 1]] = NaN;
  return values;
}

/**
 * Lowest and highest score of a step's round, the region that it added included; null if no other region was scored.
 * @param {Search} search
 * @param {number} step from 1
 * @returns {[number, number] | null}
 */
export function candidateRange({ candidates, order }, step) {
  const n = order.length;
  const scores = [...(candidates ?? []).slice((step - 1) * n, step * n)].filter(Number.isFinite);
  return step > 0 && scores.length > 1 ? [Math.min(...scores), Math.max(...scores)] : null;
}

/**
 * Insertion and deletion curves of some tokens: of the explained ones as the search followed them, of others their mean.
 * @param {Search} search
 * @param {number[]} tokens
 */
export function tokenCurves({ insertion, deletion, objective, explained, targetInsertion, targetDeletion }, tokens) {
  if (targetInsertion && targetDeletion && same(tokens, explained)) return { insertion: targetInsertion, deletion: targetDeletion };
  const count = insertion.length / objective.length;
  return { insertion: meanCurve(insertion, count, tokens), deletion: meanCurve(deletion, count, tokens) };
}

/** @typedef {ReturnType<typeof tokenCurves>} TokenCurves */

/**
 * Whose curves they are, and their areas.
 * @param {Search} search
 * @param {number[]} tokens
 * @param {TokenCurves} curves
 */
export function curveTexts(search, tokens, curves) {
  const joint = search.aggregate === "joint" && same(tokens, search.explained);
  const many = tokens.length > 1 ? `, ${joint ? "joint" : "mean"} of ${tokens.length} tokens` : "";
  const foreign = tokens.some((token) => !search.explained.includes(token));
  const along = foreign ? `, along the order of “${quote(search.explained, search.targets)}”` : "";
  const title = `Probability of “${quote(tokens, search.targets)}”${many}${along}`;
  const insertion = `insertion: AUC ${auc(curves.insertion, search.area).toFixed(3)} (higher is better)`;
  const deletion = `deletion: AUC ${auc(curves.deletion, search.area).toFixed(3)} (lower is better)`;
  return { title, insertion, deletion, label: `${title} over the share of the image: ${insertion}, ${deletion}` };
}

/**
 * A region under the pointer.
 * @param {Search} search
 * @param {number[]} ranks
 * @param {TokenCurves} curves
 * @param {number} region
 */
export function regionText(search, ranks, curves, region) {
  const { objective, order, decided, regionArea } = search;
  const k = ranks[region];
  return [
    `Region ${region}, rank ${k + 1} of ${order.length}${decided[k] ? "" : " (proposed)"}`,
    `gain ${signed(objective[k + 1] - objective[k])}`,
    `area ${percent(regionArea[region])}`,
    `insertion once added ${curves.insertion[k + 1].toFixed(3)}`,
  ].join("\n");
}

/** @param {Search} search @param {TokenCurves} curves @param {number} step */
export function stepText({ order, area, subject = "the image" }, { insertion, deletion }, step) {
  return (
    `Step ${step} of ${order.length} · ${percent(area[step])} of ${subject} · ` +
    `insertion ${insertion[step].toFixed(3)}, deletion ${deletion[step].toFixed(3)}`
  );
}

/** The region that a step added. @param {Search} search @param {number} step */
export function additionText({ order, objective, decided }, step) {
  if (step === 0) return "No region added.";
  const gain = signed(objective[step] - objective[step - 1]);
  const proposed = decided[step - 1] ? "" : " · proposed: the search ended early";
  return `Region ${order[step - 1]} added · gain ${gain} · objective ${objective[step].toFixed(3)}${proposed}`;
}
