// The answers of all steps as a strip: the better the answer, the taller the bar. Below it, the key in words.

import { runs, stateKey, stateKeyText } from "../logic/correction-steps.js";
import { DELETION, INSERTION } from "../palette.js";
import { h, s } from "../parts/dom.js";

const HEIGHT = 24; // pixels
const GAP = 4; // pixels between the lines of hatching

/** @typedef {import("../logic/answer.js").State | null} State */

/** Top of a bar and whether it is filled, hatched or empty. @param {State} state */
function looks(state) {
  if (state === "corrected") return { y: 2, color: INSERTION, kind: "filled" };
  if (state === "another wrong answer") return { y: 9, color: DELETION, kind: "hatched" };
  if (state === "still says it") return { y: 16, color: DELETION, kind: "filled" };
  return { y: 16, color: "currentColor", kind: "empty" };
}

/**
 * A bar; positions are shares of the width, so that no line is stretched.
 * @param {State} state
 * @param {number} from 0 … 1
 * @param {number} length 0 … 1
 * @param {string} pattern id of the hatching
 */
function bar(state, from, length, pattern) {
  const { y, color, kind } = looks(state);
  const fill = { filled: color, hatched: `url(#${pattern})`, empty: "none" }[kind];
  const frame = kind === "filled" ? {} : { stroke: color, "stroke-width": 1 };
  return s("rect", { x: `${100 * from}%`, y, width: `${100 * length}%`, height: HEIGHT - 2 - y, fill, ...frame });
}

/** Diagonal lines. @param {string} id */
function hatching(id) {
  const line = s("path", { d: `M0 ${GAP}L${GAP} 0`, stroke: DELETION, "stroke-width": 1.5 });
  return s("defs", {}, s("pattern", { id, width: GAP, height: GAP, patternUnits: "userSpaceOnUse" }, line));
}

/**
 * @param {import("../logic/answer.js").Correction} correction
 * @param {(count: number) => void} onpick called with a number of removed regions
 */
export function createAnswerStrip({ states, said }, onpick) {
  const byRemoved = states.slice().reverse();
  const count = states.length;
  const id = `hatching-${Math.random().toString(36).slice(2)}`;
  const cursor = s("rect", { y: 1, height: HEIGHT - 2, width: `${100 / count}%`, fill: "none", stroke: "currentColor", "stroke-width": 2 });
  const strip = s(
    "svg",
    { class: "answers", role: "img", "aria-label": stateKeyText(states, said) },
    hatching(id),
    ...runs(byRemoved).map(({ from, length, value }) => bar(value, from / count, length / count, id)),
    cursor,
  );
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    const position = Math.floor((((event).clientX - box.left) / box.width) * count);
    onpick(Math.max(0, Math.min(count - 1, position)));
  });
  return {
    element: h("div", { class: "answer-strip" }, strip, createKey(states)),
    /** Mark a number of removed regions. @param {number} removed */
    mark(removed) {
      cursor.setAttribute("x", `${(100 * removed) / count}%`);
    },
  };
}

/** The states that occur, in words. @param {State[]} states */
function createKey(states) {
  const entries = stateKey(states).map(({ state, name, count }) => {
    const id = `hatching-${Math.random().toString(36).slice(2)}`;
    const swatch = s("svg", { class: "state", "aria-hidden": "true" }, hatching(id), bar(state, 0.1, 0.8, id));
    return h("span", {}, swatch, `${name}: ${count} of ${states.length} steps`);
  });
  return h("p", { class: "keys" }, ...entries);
}
