// Curves over the shown area, as SVG. Looks are attributes rather than style sheets, so a saved copy looks the same.

import { s } from "./dom.js";

const WIDTH = 420;
const HEIGHT = 190;
const LEFT = 34;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 32;

/**
 * @typedef {object} Line
 * @property {string} color
 * @property {string} [dash]
 * @property {number[]} values
 */

/** Horizontal position. @param {number} share */
const px = (share) => LEFT + share * (WIDTH - LEFT - RIGHT);

/** Vertical position. @param {number} probability */
const py = (probability) => HEIGHT - BOTTOM - probability * (HEIGHT - TOP - BOTTOM);

/**
 * @param {string} label
 * @param {string} xLabel
 * @param {number[]} x ascending, 0 … 1
 * @param {((x: number) => void) | null} onpick
 */
export function createChart(label, xLabel, x, onpick) {
  const lines = s("g", { fill: "none", "stroke-width": 2, "stroke-linejoin": "round" });
  const cursor = s("line", { y1: py(0), y2: py(1), stroke: "currentColor", "stroke-width": 1.5, "stroke-opacity": 0.7 });
  const dots = s("g");
  const element = s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
    ...axes(xLabel),
    lines,
    cursor,
    dots,
  );
  if (onpick) listenToPointer(element, onpick);
  /** @type {Line[]} */
  let drawn = [];
  return {
    element,
    /** @param {Line[]} curves @param {string} text for screen readers */
    draw(curves, text) {
      drawn = curves;
      element.setAttribute("aria-label", text);
      lines.replaceChildren(...curves.map((curve) => polyline(curve, x)));
      dots.replaceChildren(...curves.map(({ color }) => s("circle", { r: 4, fill: color })));
    },
    /** Mark a step. @param {number | null} step */
    point(step) {
      cursor.style.display = dots.style.display = step === null ? "none" : "";
      if (step === null) return;
      cursor.setAttribute("x1", String(px(x[step])));
      cursor.setAttribute("x2", String(px(x[step])));
      drawn.forEach(({ values }, k) => {
        dots.children[k].setAttribute("cx", String(px(x[step])));
        dots.children[k].setAttribute("cy", String(py(values[step])));
      });
    },
  };
}

/** @param {string} xLabel */
function axes(xLabel) {
  const faint = { stroke: "currentColor", "stroke-opacity": 0.18 };
  const small = { "font-size": 11, fill: "currentColor", "font-family": "system-ui, sans-serif" };
  const marks = [0, 0.25, 0.5, 0.75, 1];
  return [
    ...marks.map((v) => s("line", { x1: px(0), x2: px(1), y1: py(v), y2: py(v), ...faint })),
    ...[0, 0.5, 1].map((v) => s("text", { x: LEFT - 5, y: py(v) + 4, "text-anchor": "end", ...small }, String(v))),
    ...marks.map((v) => s("text", { x: px(v), y: HEIGHT - BOTTOM + 14, "text-anchor": v === 1 ? "end" : "middle", ...small }, `${100 * v} %`)),
    s("text", { x: (px(0) + px(1)) / 2, y: HEIGHT - 4, "text-anchor": "middle", ...small }, xLabel),
  ];
}

/** @param {Line} line @param {number[]} x */
function polyline({ color, dash, values }, x) {
  const point = (/** @type {number} */ v, /** @type {number} */ k) =>
    `${px(x[k]).toFixed(1)},${py(Math.min(1, Math.max(0, v))).toFixed(1)}`;
  return s("polyline", { points: values.map(point).join(" "), stroke: color, "stroke-dasharray": dash ?? null });
}

/** Call back with the share under the pointer while it is pressed. @param {SVGElement} element @param {(x: number) => void} onpick */
function listenToPointer(element, onpick) {
  const pick = (/** @type {PointerEvent} */ event) => {
    const box = element.getBoundingClientRect();
    onpick((((event.clientX - box.left) / box.width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT));
  };
  element.style.cursor = "crosshair";
  element.style.touchAction = "none";
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    pick(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) pick(event);
  });
}
