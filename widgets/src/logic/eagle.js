// A painted region beside the regions that EAGLE places first.

import { percent } from "./format.js";
import { sorted } from "./selection.js";

/** @typedef {import("./answer.js").Eagle} Eagle */
/** @typedef {"hide" | "show"} Mode */

/**
 * Number of an order's first regions that cover at most an area.
 * @param {number[]} area after each step, ascending from 0
 * @param {number} most
 */
export function stepWithin(area, most) {
  let step = 0;
  while (step + 1 < area.length && area[step + 1] <= most + 1e-9) step++;
  return step;
}

/**
 * Token probabilities at one step of an explanation's order.
 * @param {Eagle} eagle
 * @param {Mode} mode
 * @param {number} step
 */
export function eagleRow(eagle, mode, step) {
  const table = mode === "show" ? eagle.insertion : eagle.deletion;
  const count = table.length / eagle.area.length;
  return Array.from(table.subarray(step * count, (step + 1) * count));
}

/**
 * All steps of an explanation's order as states of the painter.
 * @param {Eagle} eagle
 * @param {Mode} mode
 */
export function eagleStates(eagle, mode) {
  return eagle.area.map((_, k) => ({
    painted: sorted(eagle.order.slice(0, k)),
    mode,
    p: eagleRow(eagle, mode, k),
    order: true,
  }));
}

/**
 * The comparison in two sentences. The Python half has the same text.
 * @param {Mode} mode
 * @param {{p: number, area: number}} own
 * @param {{p: number, area: number, regions: number}} eagle
 */
export function comparisonText(mode, own, eagle) {
  const show = mode === "show";
  const yours = `Yours: ${own.p.toFixed(2)} with ${percent(own.area)} of the image ${show ? "shown" : "hidden"}.`;
  if (eagle.regions === 0) return `${yours} EAGLE's first region is larger than that, so there is nothing to compare.`;
  const first = eagle.regions === 1 ? "first region" : `first ${eagle.regions} regions`;
  const lead = (own.p - eagle.p) * (show ? 1 : -1);
  const who = Math.abs(lead) < 0.005 ? "the two are even" : `${lead > 0 ? "you are" : "EAGLE is"} ahead by ${Math.abs(lead).toFixed(2)}`;
  return (
    `${yours} EAGLE's ${first} at equal area (${percent(eagle.area)}): ${eagle.p.toFixed(2)}. ` +
    `${show ? "Higher" : "Lower"} is better here: ${who}.`
  );
}
