// The distribution of the tokens' reliance: one tick per token, and a line at the threshold.

import { stackedTicks } from "../logic/reliance-split.js";
import { s } from "../parts/dom.js";

const BINS = 100;
const BIN_WIDTH = 10;
const WIDTH = BINS * BIN_WIDTH;
const HEIGHT = 40;
const MAX_TICK = 12;

export function createStrip() {
  const element = s("svg", { class: "strip", role: "img", preserveAspectRatio: "none", viewBox: `0 0 ${WIDTH} ${HEIGHT + 2}` });
  return {
    element,
    /**
     * @param {number[]} scores
     * @param {[number, number]} bounds
     * @param {number} threshold
     * @param {(score: number) => string} color
     */
    draw(scores, bounds, threshold, color) {
      const [low, high] = bounds;
      const ticks = stackedTicks(scores, bounds, BINS);
      const unit = Math.min(MAX_TICK, HEIGHT / Math.max(1, ...ticks.map(({ level }) => level + 1)));
      const x = ((threshold - low) / (high - low)) * WIDTH;
      element.setAttribute("aria-label", `Distribution of the tokens' reliance from ${low} to ${high}`);
      element.replaceChildren(
        s("line", { x1: 0, x2: WIDTH, y1: HEIGHT + 1, y2: HEIGHT + 1, stroke: "currentColor", "stroke-opacity": 0.4 }),
        ...ticks.map(({ token, bin, level }) => tick(bin, level, unit, color(scores[token]))),
        s("line", { x1: x, x2: x, y1: 0, y2: HEIGHT + 2, stroke: "currentColor", "stroke-width": 3 }),
      );
    },
  };
}

/** @param {number} bin @param {number} level @param {number} unit @param {string} fill */
function tick(bin, level, unit, fill) {
  return s("rect", {
    x: bin * BIN_WIDTH + 1, width: BIN_WIDTH - 2, y: HEIGHT - (level + 1) * unit, height: Math.max(0.5, unit - 0.5),
    fill, stroke: "currentColor", "stroke-opacity": 0.45, "stroke-width": 0.5,
  });
}
