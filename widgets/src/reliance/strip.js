// The scale of reliance, with one mark per word: centred on the threshold, so language is blue and image red on either side of it.

import { stackedMarks } from "../logic/reliance-split.js";
import { centredStops } from "../logic/scale.js";
import { h, s } from "../parts/dom.js";

const BINS = 70;
const BIN_WIDTH = 10;
const WIDTH = BINS * BIN_WIDTH;
const MARKS = 26; // height of the marks above the scale
const SCALE = 12; // height of the scale
const MAX_MARK = 11;

export function createStrip() {
  const id = `scale-${Math.random().toString(36).slice(2)}`;
  const gradient = s("linearGradient", { id });
  const marks = s("g");
  const line = s("line", { y1: 0, y2: MARKS + SCALE, stroke: "currentColor", "stroke-width": 4 });
  const scale = s("rect", { x: 0, y: MARKS, width: WIDTH, height: SCALE, fill: `url(#${id})`, stroke: "currentColor", "stroke-opacity": 0.4 });
  const drawing = s(
    "svg",
    { class: "strip", role: "img", preserveAspectRatio: "none", viewBox: `0 0 ${WIDTH} ${MARKS + SCALE}` },
    s("defs", {}, gradient),
    scale,
    marks,
    line,
  );
  const axis = h("div", { class: "axis", "aria-hidden": "true" });
  return {
    drawing,
    axis,
    /**
     * @param {number[]} values of the words that were measured
     * @param {[number, number]} bounds
     * @param {number} threshold
     * @param {boolean} dark
     * @param {(value: number) => string} color
     */
    draw(values, bounds, threshold, dark, color) {
      const [low, high] = bounds;
      const stops = centredStops(dark, threshold, bounds);
      gradient.replaceChildren(...stops.map(({ offset, color }) => s("stop", { offset, "stop-color": color })));
      const placed = stackedMarks(values, bounds, BINS);
      const unit = Math.min(MAX_MARK, MARKS / Math.max(1, ...placed.map(({ level }) => level + 1)));
      marks.replaceChildren(...placed.map(({ bin, level, value }) => mark(bin, level, unit, color(value))));
      const x = String(((threshold - low) / (high - low)) * WIDTH);
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      drawing.setAttribute("aria-label", `Reliance of ${values.length} words, on a scale from ${low} to ${high}`);
      axis.replaceChildren(...axisValues(bounds).map((value) => label(value, bounds)));
    },
  };
}

/** @param {number} bin @param {number} level @param {number} unit @param {string} fill */
function mark(bin, level, unit, fill) {
  return s("rect", {
    x: bin * BIN_WIDTH + 1, width: BIN_WIDTH - 2, y: MARKS - (level + 1) * unit, height: Math.max(0.5, unit - 0.5),
    fill, stroke: "currentColor", "stroke-opacity": 0.6, "stroke-width": unit > 4 ? 1 : 0,
  });
}

/** Values on the axis. @param {[number, number]} bounds */
function axisValues([low, high]) {
  const step = high - low > 0.6 ? 0.2 : 0.1;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}

/** @param {number} value @param {[number, number]} bounds */
function label(value, [low, high]) {
  return h("span", { style: `inset-inline-start: ${(100 * (value - low)) / (high - low)}%` }, value.toFixed(1).replace("-", "−"));
}
