// A table of words with their probability for the whole image and now, with a bar in each row.

import { direction } from "../logic/words.js";
import { h, s } from "./dom.js";

/** @typedef {import("../logic/painting-texts.js").Row} Row */

/** @param {string} label */
export function createBars(label) {
  const head = h("tr");
  const body = h("tbody");
  const element = h(
    "div",
    { class: "bars", role: "region", "aria-label": label, tabindex: 0 },
    h("table", {}, h("thead", {}, head), body),
  );
  return {
    element,
    /** @param {Row[]} rows @param {string} color of the bars */
    draw(rows, color) {
      const compared = rows.some((row) => row.eagle !== null);
      const names = ["Word", "", "whole", "now", ...(compared ? ["EAGLE"] : [])];
      head.replaceChildren(...names.map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name)));
      body.replaceChildren(...rows.map((row) => tableRow(row, color, compared)));
    },
  };
}

/** @param {Row} row @param {string} color @param {boolean} compared */
function tableRow(row, color, compared) {
  return h(
    "tr",
    {},
    h("th", { scope: "row", dir: direction(row.label) }, h("bdi", {}, row.label)),
    h("td", {}, meter(row, color)),
    h("td", {}, row.full.toFixed(2)),
    h("td", { class: "now" }, row.now.toFixed(2)),
    compared ? h("td", {}, row.eagle === null ? "–" : row.eagle.toFixed(2)) : null,
  );
}

/** Length of a bar. @param {number} p */
const length = (p) => `${(100 * Math.min(1, Math.max(0, p))).toFixed(2)}%`;

/** Shares as lengths rather than a stretched viewBox, so that lines keep their width wherever the SVG is drawn. @param {Row} row @param {string} color */
function meter({ full, now, eagle }, color) {
  const line = { stroke: "currentColor" };
  return s(
    "svg",
    { class: "meter", "aria-hidden": "true" },
    s("line", { x1: 0, x2: "100%", y1: 13.5, y2: 13.5, ...line, "stroke-opacity": 0.3 }),
    s("rect", { x: 0, width: length(now), y: 3, height: 9, fill: color }),
    s("rect", { x: 0, width: length(full), y: 3, height: 9, fill: "none", ...line, "stroke-opacity": 0.75 }),
    eagle === null ? null : s("line", { x1: length(eagle), x2: length(eagle), y1: 0, y2: 14, ...line, "stroke-width": 4 }),
  );
}
