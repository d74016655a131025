// The numbers of a token and, where the panel stands alone, the curves of the two groups.

import { meanCurve } from "../logic/curves.js";
import { above, relianceText } from "../logic/reliance-split.js";
import { INSERTION, LANGUAGE, VISION } from "../palette.js";
import { createChart } from "../parts/chart.js";
import { h } from "../parts/dom.js";

const HINT = "Point at a token for its numbers; select it for its curves.";
const CURVE_HINT =
  "Mean probability of the two groups, vision solid and language dashed. " +
  "Point at a token for its own curve; select it to keep the curve.";

/**
 * @param {import("../logic/answer.js").Answer} answer
 * @param {boolean} withCurves
 */
export function createReadOut(answer, withCurves) {
  const { tokens } = answer;
  const search = /** @type {import("../logic/answer.js").Search} */ (answer.search);
  const reliance = /** @type {import("./panel.js").Scores} */ (answer.reliance);
  const text = h("p", { class: "readout" });
  const chart = createChart("Curve", "share of the image shown", search.area, null);
  const curve = (/** @type {number[]} */ group) => meanCurve(search.insertion, tokens.length, group);

  /** @param {number[]} scores @param {number} threshold */
  function drawGroups(scores, threshold) {
    const vision = above(scores, threshold);
    const language = tokens.map((_, k) => k).filter((k) => !vision.includes(k));
    const lines = [
      ...(vision.length ? [{ color: VISION, values: curve(vision) }] : []),
      ...(language.length ? [{ color: LANGUAGE, dash: "6 4", values: curve(language) }] : []),
    ];
    chart.draw(lines, "Mean insertion curves of the vision and the language tokens");
  }

  return {
    element: withCurves ? h("div", { class: "curves" }, text, chart.element) : text,
    /** @param {number | null} token @param {number[]} scores @param {number} threshold */
    update(token, scores, threshold) {
      const numbers = token === null ? null : relianceText(tokens, reliance, token);
      text.textContent = numbers ?? (withCurves ? CURVE_HINT : HINT);
      if (!withCurves) return;
      if (token === null) drawGroups(scores, threshold);
      else chart.draw([{ color: INSERTION, values: curve([token]) }], `Insertion curve of ${numbers}`);
      chart.point(null);
    },
  };
}
