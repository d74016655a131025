// Legends of curves and of colour scales.

import { gradient } from "../logic/scale.js";
import { h } from "./dom.js";

/** An entry of a curve's legend. @param {string} color @param {"solid" | "dashed"} dash @param {Node | string} text */
export function curveKey(color, dash, text) {
  return h("span", {}, h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` }), text);
}

/**
 * The parts of a colour scale's legend.
 * @param {import("../logic/scale.js").Kind} kind
 * @param {boolean} dark
 * @param {string} low
 * @param {string} high
 */
export function scaleLegend(kind, dark, low, high) {
  return [
    h("span", {}, low),
    h("span", { class: "bar", style: `background:${gradient(kind, dark)}` }),
    h("span", {}, high),
  ];
}
