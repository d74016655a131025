// Curves over the share of the image, as SVG. Its units are the pixels on screen, so that texts keep their size at every width.
// Looks are attributes rather than style sheets, so a saved copy looks the same.

import { nearest, valuesText } from "../logic/curves.js";
import { Frame, createAxes } from "./axes.js";
import { h, s } from "./dom.js";
import { consume } from "./keys.js";

const WIDTH = 420; // until the chart is on screen
const SMALLEST = 200;
const ASPECT = 0.45;
const TALLEST = 230;

/**
 * @typedef {object} Line
 * @property {string} color
 * @property {string} [dash]
 * @property {string} [name] for the values at the pointer
 * @property {number[]} values
 */

/** The chart, and below it the values at the pointer or at the marked step. */
class Chart {
  /** @param {string} label @param {string} xLabel @param {number[]} x @param {((x: number) => void) | null} onpick */
  constructor(label, xLabel, x, onpick) {
    this.xLabel = xLabel;
    /** What the shares are of. @type {string | undefined} */
    this.subject = undefined;
    this.x = x;
    this.onpick = onpick;
    this.frame = new Frame(WIDTH, WIDTH * ASPECT);
    /** @type {Line[]} */
    this.curves = [];
    /** The step that is marked. @type {number | null} */
    this.step = null;
    /** The step under the pointer, or the one that a key moved to. @type {number | null} */
    this.hovered = null;
    this.axes = s("g");
    this.lines = s("g", { fill: "none", "stroke-width": 2, "stroke-linejoin": "round" });
    this.marks = s("g");
    this.svg = s(
      "svg",
      { class: "chart", role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": 0, "aria-valuemax": x.length - 1 },
      this.axes,
      this.lines,
      this.marks,
    );
    this.values = h("p", { class: "values" });
    this.element = h("div", { class: "charted" }, this.svg, this.values);
    new ResizeObserver(([{ contentRect }]) => this.fit(contentRect.width)).observe(this.svg);
    this.listen();
    this.layout();
  }

  /** @param {number} width on screen */
  fit(width) {
    const rounded = Math.max(SMALLEST, Math.round(width));
    if (!width || rounded === this.frame.width) return;
    this.frame = new Frame(rounded, Math.min(TALLEST, Math.round(rounded * ASPECT)));
    this.layout();
  }

  layout() {
    this.svg.setAttribute("viewBox", `0 0 ${this.frame.width} ${this.frame.height}`);
    this.axes.replaceChildren(...createAxes(this.frame, this.xLabel));
    this.drawLines();
  }

  drawLines() {
    const { frame } = this;
    this.lines.replaceChildren(
      ...this.curves.map(({ color, dash, values }) => {
        const points = values.map((v, k) => `${frame.px(this.x[k]).toFixed(1)},${frame.py(v).toFixed(1)}`);
        return s("polyline", { points: points.join(" "), stroke: color, "stroke-dasharray": dash ?? null });
      }),
    );
    this.drawMarks();
  }

  /** The marked step as a line with dots, the one under the pointer as a dashed line with rings. */
  drawMarks() {
    const { step, hovered } = this;
    this.marks.replaceChildren(
      ...(step === null ? [] : this.createMark(step, false)),
      ...(hovered === null || hovered === step ? [] : this.createMark(hovered, true)),
    );
    const shown = hovered ?? step;
    const named = shown !== null && this.curves.some(({ name }) => name);
    this.values.textContent = named ? valuesText(this.x[shown], this.curves, shown, this.subject) : "";
    this.svg.setAttribute("aria-valuenow", String(shown ?? 0));
    this.svg.setAttribute("aria-valuetext", this.values.textContent || "no step selected");
  }

  /** @param {number} step @param {boolean} passing whether only the pointer is there */
  createMark(step, passing) {
    const { frame } = this;
    const x = frame.px(this.x[step]);
    const dash = passing ? { "stroke-dasharray": "3 3" } : {};
    const line = { x1: x, x2: x, y1: frame.py(0), y2: frame.py(1), stroke: "currentColor", "stroke-width": 1.5, "stroke-opacity": 0.7 };
    const dots = this.curves.map(({ color, values }) =>
      s("circle", { cx: x, cy: frame.py(values[step]), r: 4, stroke: color, "stroke-width": 2, fill: passing ? "none" : color }),
    );
    return [s("line", { ...line, ...dash }), ...dots];
  }

  /** @param {number | null} step */
  hover(step) {
    if (step === this.hovered) return;
    this.hovered = step;
    this.drawMarks();
  }

  /** The share under the pointer. @param {PointerEvent} event */
  shareAt(event) {
    const box = this.svg.getBoundingClientRect();
    return this.frame.share(((event.clientX - box.left) / box.width) * this.frame.width);
  }

  listen() {
    const { svg, x, onpick } = this;
    const hover = (/** @type {PointerEvent} */ event) => this.hover(nearest(x, this.shareAt(event)));
    if (onpick) svg.style.cursor = "crosshair";
    svg.style.touchAction = "pan-y"; // across the curves, while the page still scrolls
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      hover(event);
      onpick?.(this.shareAt(event));
    });
    svg.addEventListener("pointermove", (event) => {
      hover(event);
      if (event.buttons & 1) onpick?.(this.shareAt(event));
    });
    svg.addEventListener("pointerleave", () => this.hover(null));
    svg.addEventListener("blur", () => this.hover(null));
    svg.addEventListener("keydown", (event) => this.move(event));
  }

  /** Arrow keys, Home and End. @param {KeyboardEvent} event */
  move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.x.length - 1;
    const current = this.hovered ?? this.step ?? 0;
    /** @type {Record<string, number>} */
    const destinations = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last };
    if (!(event.key in destinations)) return;
    consume(event);
    const step = Math.max(0, Math.min(last, destinations[event.key]));
    if (!this.onpick) return this.hover(step);
    this.hover(null);
    this.onpick(this.x[step]);
  }
}

/**
 * @param {string} label
 * @param {string} xLabel
 * @param {number[]} x ascending, 0 … 1
 * @param {((x: number) => void) | null} onpick
 * @param {string} [subject] what the shares are of; by default "the image"
 */
export function createChart(label, xLabel, x, onpick, subject) {
  const chart = new Chart(label, xLabel, x, onpick);
  chart.subject = subject;
  return {
    element: chart.element,
    /** @param {Line[]} curves @param {string} text for screen readers */
    draw(curves, text) {
      chart.curves = curves;
      chart.svg.setAttribute("aria-label", text);
      chart.drawLines();
    },
    /** Mark a step. @param {number | null} step */
    point(step) {
      chart.step = step;
      chart.drawMarks();
    },
  };
}
