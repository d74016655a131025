// The answers at all steps as a strip: corrected ones are high, the others low.

import { runs } from "../logic/correction-steps.js";
import { DELETION, INSERTION } from "../palette.js";
import { s } from "../parts/dom.js";

/**
 * @param {import("../logic/answer.js").Correction} correction
 * @param {(count: number) => void} onpick called with a number of removed regions
 */
export function createAnswerStrip({ turned, said }, onpick) {
  const corrected = turned.slice().reverse(); // by the number of removed regions
  const steps = corrected.length;
  const cursor = s("rect", {
    y: 0, width: 1, height: 10, fill: "none", stroke: "currentColor", "stroke-width": 2, "vector-effect": "non-scaling-stroke",
  });
  const element = s(
    "svg",
    { class: "answers", viewBox: `0 0 ${steps} 10`, preserveAspectRatio: "none", role: "img" },
    ...runs(corrected).map(({ from, length, value }) =>
      s("rect", { x: from, y: value ? 0 : 3, width: length, height: value ? 10 : 4, fill: value ? INSERTION : DELETION }),
    ),
    cursor,
  );
  element.setAttribute("aria-label", `${corrected.filter(Boolean).length} of ${steps} answers no longer say “${said}”`);
  element.addEventListener("click", (event) => {
    const box = element.getBoundingClientRect();
    onpick(Math.floor(((/** @type {MouseEvent} */ (event).clientX - box.left) / box.width) * steps));
  });
  return {
    element,
    /** Mark a number of removed regions. @param {number} count */
    mark(count) {
      cursor.setAttribute("x", String(count));
    },
  };
}
