// Legends of curves and of colour scales.

import { heatGradient } from "../logic/heat.js";
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

/** The legend of scores over a picture; it is hidden where there are none. @param {string} meaning */
export function heatLegend(meaning) {
  const [low, high] = [h("span"), h("span")];
  const bar = h("span", { class: "bar", style: `background:${heatGradient()}` });
  const element = h("p", { class: "legend" }, h("span", {}, `${meaning}:`), h("span", { class: "scale" }, low, bar, high));
  return {
    element,
    /** @param {[number, number] | null} range lowest and highest score */
    draw(range) {
      element.style.display = range ? "" : "none";
      if (!range) return;
      low.textContent = range[0].toFixed(3);
      high.textContent = range[1].toFixed(3);
    },
  };
}
