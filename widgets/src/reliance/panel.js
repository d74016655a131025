// RelianceSlider: which tokens rely on the image, and which on the language prior.

import { MEANINGS, above, relianceText, sliderBounds } from "../logic/reliance-split.js";
import { scaleEnd, tint } from "../logic/scale.js";
import { follow, put } from "../logic/state.js";
import { ChipList } from "../parts/chip-list.js";
import { button, choice, h, perFrame, slider } from "../parts/dom.js";
import { scaleLegend } from "../parts/legend.js";
import { createReadOut } from "./read-out.js";
import { createStrip } from "./strip.js";

/** @typedef {import("../logic/answer.js").Definition} Definition */
/** @typedef {Record<Definition, number[]>} Scores */

/** The panel; with `preview`, curves are drawn elsewhere. */
class ReliancePanel {
  /** @param {import("../panels.js").Context} context @param {((token: number | null) => void) | null} preview */
  constructor({ model, answer, dark }, preview) {
    this.model = model;
    this.dark = dark;
    this.tokens = answer.tokens;
    this.reliance = /** @type {Scores} */ (answer.reliance);
    this.groups = answer.tokens.map((_, k) => [k]);
    /** @type {number | null} */
    this.hovered = null;
    this.chips = this.createChips(preview);
    this.definitions = choice(
      "Definition of reliance",
      [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
      (value) => put(model, "definition", value),
    );
    this.slider = slider("Threshold of reliance", (value) => put(model, "threshold", value), { step: 0.005 });
    this.strip = createStrip();
    this.legend = h("div", { class: "legend" });
    this.counts = h("p", { class: "status", role: "status" });
    this.readOut = createReadOut(answer, preview === null);
    this.clear = button("Clear the selected token", () => put(model, "token", null));
    this.element = this.createElement();
  }

  /** @param {((token: number | null) => void) | null} preview */
  createChips(preview) {
    const { model } = this;
    const label = "Tokens coloured from language (blue) to vision (red); select one to see its curve";
    return new ChipList(label, this.tokens, false, {
      pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
      hover: (chip) => {
        this.hovered = chip;
        preview?.(chip);
        this.drawReadOut();
      },
      clear: () => put(model, "token", null),
    });
  }

  createElement() {
    return h(
      "section",
      { class: "reliance", "aria-label": "Reliance slider" },
      h("div", { class: "controls" }, this.definitions.element, this.legend),
      this.chips.element,
      h("div", { class: "threshold" }, this.slider, this.strip.element),
      this.counts,
      this.readOut.element,
      h("div", { class: "controls" }, this.clear),
    );
  }

  /** @returns {Definition} */
  get definition() {
    return this.model.get("definition");
  }

  get scores() {
    return this.reliance[this.definition] ?? this.reliance.paper;
  }

  /** @param {number} score */
  color(score) {
    return tint("diverging", score / scaleEnd(this.scores), this.dark());
  }

  drawReadOut() {
    const { model } = this;
    this.clear.style.display = typeof model.get("token") === "number" ? "" : "none";
    this.readOut.update(this.hovered ?? model.get("token") ?? null, this.scores, model.get("threshold"));
  }

  draw() {
    const { scores } = this;
    /** @type {number} */
    const threshold = this.model.get("threshold");
    const vision = new Set(above(scores, threshold));
    const bounds = sliderBounds([...Object.values(this.reliance).flat(), threshold]);
    this.drawSlider(bounds, threshold, vision.size);
    this.definitions.set(this.definition);
    this.drawChips(vision);
    this.drawCounts(threshold, vision.size);
    this.strip.draw(scores, bounds, threshold, (score) => this.color(score).background);
    this.legend.replaceChildren(...scaleLegend("diverging", this.dark(), "language", `vision (${scaleEnd(scores).toFixed(2)})`));
  }

  /** @param {[number, number]} bounds @param {number} threshold @param {number} vision */
  drawSlider([low, high], threshold, vision) {
    this.slider.min = String(low);
    this.slider.max = String(high);
    this.slider.value = String(threshold);
    const language = this.tokens.length - vision;
    this.slider.setAttribute("aria-valuetext", `${threshold.toFixed(3)}: ${vision} tokens rely on vision, ${language} on language`);
  }

  /** @param {Set<number>} vision */
  drawChips(vision) {
    const { model, scores } = this;
    const group = (/** @type {number} */ k) => (vision.has(k) ? "vision" : "language");
    this.chips.update({
      groups: this.groups,
      tint: ([k]) => this.color(scores[k]),
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => `${relianceText(this.tokens, this.reliance, k)}; ${group(k)}`,
      mark: ([k]) => group(k),
    });
  }

  /** @param {number} threshold @param {number} vision */
  drawCounts(threshold, vision) {
    this.counts.replaceChildren(
      h("strong", { class: "vision" }, `${vision} vision`),
      ` above ${threshold.toFixed(3)} · `,
      h("strong", { class: "language" }, `${this.tokens.length - vision} language`),
      ` · reliance: ${MEANINGS[this.definition] ?? MEANINGS.paper}`,
    );
  }
}

/**
 * @param {import("../panels.js").Context} context
 * @param {((token: number | null) => void) | null} preview called with the token under the pointer; without it, the panel draws curves itself
 * @returns {import("../panels.js").Panel}
 */
export function createReliance(context, preview) {
  const { model, onDark } = context;
  const panel = new ReliancePanel(context, preview);
  const draw = () => panel.draw();
  onDark(draw);
  const stops = [
    follow(model, ["threshold", "definition", "token"], perFrame(draw)),
    follow(model, preview ? ["token"] : ["token", "threshold", "definition"], perFrame(() => panel.drawReadOut())),
  ];
  draw();
  return {
    element: panel.element,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
