// The picture with its map of evidence, and a colour bar beside it.

import { barTexts, drawEvidence, litColor, meanColor, regionEvidenceText, strongest } from "../logic/evidence.js";
import { outline } from "../logic/outlines.js";
import { OUTLINES } from "../palette.js";
import { h } from "../parts/dom.js";
import { contextOf, createCanvas } from "../parts/layers.js";
import { OutlineLayer } from "../parts/outline-layer.js";
import { pixelsOf } from "../parts/pixels.js";

/** @typedef {import("../logic/answer.js").Explained} Explained */

const BAR_STEPS = 64;
const KEY = "Full colour contributes most to the probability of the word, grey nothing.";
const HINT = "Point at a region for its number.";

/** The map. */
export class AnswerMap {
  /** @param {import("../logic/answer.js").Search} search the pictures and regions, shared by all explanations */
  constructor(search) {
    this.search = search;
    this.map = search.map;
    this.canvas = createCanvas(this.map.width, this.map.height, "evidence");
    this.lines = new OutlineLayer(this.map);
    this.overlay = h("div", { class: "overlay" });
    this.picture = h("div", { class: "picture", role: "img" }, this.canvas, this.lines.canvas);
    this.picture.style.aspectRatio = `${this.map.width} / ${this.map.height}`;
    this.bar = createCanvas(1, BAR_STEPS, "ramp");
    this.high = h("span", {});
    this.low = h("span", {});
    this.scale = h(
      "div",
      { class: "colorbar", "aria-hidden": "true" },
      h("span", {}, "Evidence"),
      this.high,
      h("div", { class: "ramp-place" }, this.bar),
      this.low,
    );
    this.caption = h("p", { class: "readout" });
    const shown = h("div", { class: "mapped" }, this.picture, this.overlay, this.scale);
    this.element = h("figure", { class: "answer-map" }, shown, this.caption);
    this.element.style.setProperty("--ratio", String(this.map.width / this.map.height));
    /** @type {Explained | null} */
    this.word = null;
    /** The map that is on the canvas. @type {Explained | null | undefined} */
    this.drawn = undefined;
    /** @type {number | null} */
    this.pointed = null;
    this.picture.addEventListener("pointermove", (event) => this.point(this.regionAt(event)));
    this.picture.addEventListener("pointerdown", (event) => this.point(this.regionAt(event)));
    this.picture.addEventListener("pointerleave", () => this.point(null));
    this.observer = new ResizeObserver(() => this.lines.fit(this.picture.getBoundingClientRect()) && this.drawLines());
    this.observer.observe(this.picture);
  }

  async load() {
    const { width, height } = this.map;
    this.pixels = await pixelsOf(this.search.image, width, height);
    this.data = new ImageData(width, height);
    this.out = new Uint32Array(this.data.data.buffer);
    this.draw(this.word);
  }

  /** @param {MouseEvent} event */
  regionAt(event) {
    const { width, height, labels } = this.map;
    const box = this.picture.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * height);
    return x < 0 || y < 0 || x >= width || y >= height ? null : labels[y * width + x];
  }

  /** @param {number | null} region */
  point(region) {
    if (region === this.pointed) return;
    this.pointed = region;
    this.drawLines();
    this.drawCaption();
  }

  /** Show the evidence for a word; without one, the picture alone. @param {Explained | null} word */
  draw(word) {
    this.word = word;
    this.scale.style.visibility = word ? "" : "hidden";
    this.picture.setAttribute("aria-label", word ? mapLabel(word) : "The image");
    this.drawCaption();
    if (!this.pixels || !this.data || !this.out || this.drawn === word) return;
    this.drawn = word;
    drawEvidence(this.pixels, this.map.labels, word?.scores ?? null, this.out);
    contextOf(this.canvas).putImageData(this.data, 0, 0);
    this.drawLines();
    if (word) this.drawBar(word);
  }

  drawCaption() {
    const { word, pointed } = this;
    const meaning = word?.outlinedMeaning ? ` ${word.outlinedMeaning[0].toUpperCase()}${word.outlinedMeaning.slice(1)}.` : "";
    const key = word ? [KEY, `${meaning} `, h("span", { class: "hint" }, HINT)] : [];
    this.caption.replaceChildren(...(word && pointed !== null ? [regionEvidenceText(word, pointed, this.search.regionArea)] : key));
  }

  drawLines() {
    this.lines.draw(false, null, this.pointed);
    if (!this.word) return;
    const regions = this.word.outlined;
    if (regions.length) this.lines.stroke(outline(this.map, regions), 1.5, OUTLINES.pointed);
  }

  /** The bar shows what the map does to the colour of the strongest region. @param {Explained} word */
  drawBar(word) {
    const color = meanColor(/** @type {Uint32Array} */ (this.pixels), this.map.runs[strongest(word.scores)]);
    const context = contextOf(this.bar);
    for (let k = 0; k < BAR_STEPS; k++) {
      context.fillStyle = `rgb(${litColor(color, 1 - k / (BAR_STEPS - 1)).join()})`;
      context.fillRect(0, k, 1, 1);
    }
    const { high, low } = barTexts(word);
    this.high.textContent = high;
    this.low.textContent = low;
  }

  stop() {
    this.observer.disconnect();
  }
}

/** @param {Explained} word */
function mapLabel({ name, scores }) {
  const first = scores.map((_, k) => k).sort((a, b) => scores[b] - scores[a]).filter((k) => scores[k] > 0).slice(0, 3);
  const regions = first.length ? `most in region ${first.join(", then ")}` : "none in any region";
  return `The image with the evidence for “${name}”: ${regions}`;
}
