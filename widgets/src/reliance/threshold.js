// The threshold between words that rely on the image and words that rely on language: slider, scale, axis and counts.

import { measured, chipReliance, splitText, splitWords } from "../logic/measured.js";
import { sliderBounds } from "../logic/reliance-split.js";
import { relianceShare, scaleEnds, tint, unmeasuredTint } from "../logic/scale.js";
import { put } from "../logic/state.js";
import { h, slider } from "../parts/dom.js";
import { createStrip } from "./strip.js";

/** @typedef {import("../logic/answer.js").Definition} Definition */

/** How a view without a threshold colours reliance. @type {{threshold: number, definition: Definition}} */
export const DEFAULT_SCALE = { threshold: 0.2, definition: "paper" };

/** The control; it also gives words their colours. */
export class ThresholdControl {
  /**
   * @param {import("../panels.js").Context} context
   * @param {{threshold: number, definition: Definition} | null} [fixed] for a view without these traits
   */
  constructor({ model, answer, dark }, fixed = null) {
    this.model = model;
    this.fixed = fixed;
    this.answer = answer;
    this.dark = dark;
    this.slider = slider("Threshold of reliance", (value) => put(model, "threshold", value), { step: 0.005 });
    this.strip = createStrip();
    this.counts = h("p", { class: "status counts", role: "status" });
    this.unmeasured = h("span", { class: "unmeasured-key" }, h("span", { class: "swatch" }), "not measured");
    const ends = h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, "← language"), this.unmeasured, h("span", {}, "image →"));
    this.element = h(
      "div",
      { class: "threshold" },
      this.counts,
      h("div", { class: "track" }, this.strip.drawing, this.slider, this.strip.axis, ends),
    );
  }

  /** @returns {Definition} */
  get definition() {
    return this.fixed?.definition ?? this.model.get("definition");
  }

  /** @returns {number} */
  get threshold() {
    return this.fixed?.threshold ?? this.model.get("threshold");
  }

  /** Reliance of every chip that was measured. */
  get values() {
    return measured(this.answer.groups.map((group) => chipReliance(this.answer, group, this.definition)));
  }

  /** The reliance of a chip, or null. @param {number[]} group @param {boolean} [single] */
  reliance(group, single = false) {
    return chipReliance(this.answer, group, this.definition, single);
  }

  /** @param {number | null} value */
  color(value) {
    if (value === null) return null;
    return tint("diverging", relianceShare(value, this.threshold, scaleEnds(this.values)), this.dark());
  }

  /** A class that distinguishes the groups without their colours. @param {number | null} value */
  mark(value) {
    if (value === null) return "unmeasured";
    return value > this.threshold ? "vision" : "language";
  }

  draw() {
    const { threshold, values } = this;
    const bounds = sliderBounds([...values, threshold]);
    const text = splitText(splitWords(this.answer, this.definition, threshold));
    [this.slider.min, this.slider.max] = bounds.map(String);
    this.slider.value = String(threshold);
    this.slider.setAttribute("aria-valuetext", `${threshold.toFixed(3)}: ${text}`);
    this.counts.replaceChildren(text, h("span", { class: "soft" }, ` (threshold ${threshold.toFixed(2)})`));
    this.unmeasured.hidden = this.answer.groups.every((group) => this.reliance(group) !== null);
    /** @type {HTMLElement} */ (this.unmeasured.firstChild).style.backgroundColor = unmeasuredTint(this.dark()).background;
    const background = (/** @type {number} */ value) => this.color(value)?.background ?? "";
    this.strip.draw(values, bounds, threshold, this.dark(), background);
  }
}
