// Tokens with their probability for the whole image and now, as a table with a bar in each row.

import { h, s } from "./dom.js";
import { direction } from "./words.js";

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {number} full
 * @property {number} now
 * @property {number | null} eagle
 */

/** @param {number} p */
const length = (p) => 100 * Math.min(1, Math.max(0, p));

/** @param {Row} row @param {string} color */
function meter({ full, now, eagle }, color) {
  const still = { "vector-effect": "non-scaling-stroke", stroke: "currentColor" };
  return s(
    "svg",
    { class: "meter", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("line", { x1: 0, x2: 100, y1: 13.5, y2: 13.5, ...still, "stroke-opacity": 0.3 }),
    s("rect", { x: 0, width: length(now), y: 3, height: 9, fill: color }),
    s("rect", { x: 0, width: length(full), y: 3, height: 9, fill: "none", ...still, "stroke-opacity": 0.75 }),
    eagle === null ? null : s("line", { x1: length(eagle), x2: length(eagle), y1: 0, y2: 14, ...still, "stroke-width": 4 }),
  );
}

/** @param {string} label */
export function bars(label) {
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
      body.replaceChildren(
        ...rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", dir: direction(row.label) }, h("bdi", {}, row.label)),
            h("td", {}, meter(row, color)),
            h("td", {}, row.full.toFixed(2)),
            h("td", { class: "now" }, row.now.toFixed(2)),
            compared ? h("td", {}, row.eagle === null ? "–" : row.eagle.toFixed(2)) : null,
          ),
        ),
      );
    },
  };
}
