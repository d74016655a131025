// The axes of a chart: share of the image to the right, probability upwards.

import { s } from "./dom.js";

const LEFT = 34;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 36;
const FONT = { "font-size": 12, fill: "currentColor", "font-family": "system-ui, sans-serif" };

/** The area of a chart between its axes, in pixels. */
export class Frame {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
  }

  /** Horizontal position. @param {number} share */
  px(share) {
    return LEFT + share * (this.width - LEFT - RIGHT);
  }

  /** Vertical position. @param {number} probability */
  py(probability) {
    return this.height - BOTTOM - Math.min(1, Math.max(0, probability)) * (this.height - TOP - BOTTOM);
  }

  /** The share at a horizontal position. @param {number} x */
  share(x) {
    return (x - LEFT) / (this.width - LEFT - RIGHT);
  }
}

/** Lines, tick labels and the name of the horizontal axis. @param {Frame} frame @param {string} xLabel */
export function createAxes(frame, xLabel) {
  const faint = { stroke: "currentColor", "stroke-opacity": 0.18 };
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const [left, right] = [frame.px(0), frame.px(1)];
  const below = frame.height - BOTTOM + 15;
  return [
    ...quarters.map((v) => s("line", { x1: left, x2: right, y1: frame.py(v), y2: frame.py(v), ...faint })),
    ...[0, 0.5, 1].map((v) => s("text", { x: left - 5, y: frame.py(v) + 4, "text-anchor": "end", ...FONT }, String(v))),
    ...quarters.map((v) => {
      const place = v === 1 ? { x: frame.width, "text-anchor": "end" } : { x: frame.px(v), "text-anchor": "middle" };
      return s("text", { y: below, ...place, ...FONT }, `${100 * v} %`);
    }),
    s("text", { x: (left + right) / 2, y: frame.height - 4, "text-anchor": "middle", ...FONT }, xLabel),
  ];
}
