// The picture with its map of evidence, and a colour bar beside it.

import { barTexts, drawEvidence, litColor, meanColor, regionEvidenceText, strongest } from "../logic/evidence.js";
import { outline } from "../logic/outlines.js";
import { pictureMap, pictureText, strongestPicture } from "../logic/pictures.js";
import { regionAt } from "../logic/regions.js";
import { OUTLINES } from "../palette.js";
import { h } from "../parts/dom.js";
import { framed, shapePicture } from "../parts/framed.js";
import { Cropped, contextOf, createCanvas } from "../parts/layers.js";
import { OutlineLayer } from "../parts/outline-layer.js";
import { PictureChoice } from "../parts/picture-choice.js";
import { pixelsOf } from "../parts/pixels.js";

/** @typedef {import("../logic/answer.js").Explained} Explained */

const BAR_STEPS = 64;
const KEY = "Full colour contributes most to the probability of the word, grey nothing.";
const HINT = "Point at a region for its number.";
const CHOICE = { timed: true, follow: "Back to the strongest", marked: "outlined regions in other pictures" };

/** The map. */
export class AnswerMap {
  /**
   * @param {import("../logic/state.js").Model} model
   * @param {import("../logic/answer.js").Search} search the pictures and regions, shared by all explanations
   */
  constructor(model, search) {
    this.search = search;
    this.pictures = search.pictures ?? null;
    this.choice = this.pictures && new PictureChoice(model, search, CHOICE);
    /** All pictures as they are, for the strip. @type {HTMLCanvasElement | null} */
    this.sheet = null;
    /** The picture that is shown. */
    this.shown = 0;
    this.map = this.pictures ? pictureMap(search.map, this.pictures, 0) : search.map;
    this.cropped = new Cropped(search.map.width, search.map.height, "evidence", this.pictures !== null);
    this.lines = new OutlineLayer(this.map);
    this.overlay = h("div", { class: "overlay" });
    this.picture = h("div", { class: "picture", role: "img" }, this.cropped.screen, this.lines.canvas);
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
    const place = this.pictures ? framed(this.picture, this.pictures) : this.picture;
    const shown = h("div", { class: "mapped" }, place, this.overlay, this.scale);
    this.element = h("figure", { class: "answer-map" }, shown, ...(this.choice ? [this.choice.element] : []), this.caption);
    this.element.style.setProperty("--ratio", place.style.getPropertyValue("--ratio") || String(this.map.width / this.map.height));
    this.show(0);
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
    const { width, height } = this.search.map;
    this.pixels = await pixelsOf(this.search.image, width, height);
    if (this.choice) {
      this.sheet = createCanvas(width, height, "");
      contextOf(this.sheet).putImageData(new ImageData(new Uint8ClampedArray(this.pixels.buffer), width, height), 0, 0);
    }
    this.data = new ImageData(width, height);
    this.out = new Uint32Array(this.data.data.buffer);
    this.draw(this.word);
  }

  /** @param {MouseEvent} event */
  regionAt(event) {
    const { width, height } = this.map;
    const box = this.picture.getBoundingClientRect();
    return regionAt(this.map, ((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
  }

  /** Show one of several pictures. @param {number} k */
  show(k) {
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
    if (!this.pictures || (k === this.shown && this.cropped.screen.width > 1)) return;
    this.shown = k;
    this.map = pictureMap(this.search.map, this.pictures, k);
    this.lines.adopt(this.map);
    this.pointed = null;
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
    this.cropped.crop(this.pictures[k].box);
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
    const evidence = word?.pictureEvidence ?? null;
    if (this.choice) this.show(this.choice.chosen ?? (evidence ? strongestPicture(evidence) : this.shown));
    this.scale.style.visibility = word ? "" : "hidden";
    const name = this.pictures ? pictureText(this.pictures, this.shown, null).replace(/^./, (c) => c.toUpperCase()) : "The image";
    this.picture.setAttribute("aria-label", word ? mapLabel(word, name) : name);
    this.drawCaption();
    if (this.pixels && this.data && this.out && this.drawn !== word) {
      this.drawn = word;
      drawEvidence(this.pixels, this.search.map.labels, word?.scores ?? null, this.out);
      contextOf(this.cropped.canvas).putImageData(this.data, 0, 0);
      this.cropped.show();
      if (word) this.drawBar(word);
    } else if (!this.choice) return;
    this.choice?.draw(this.shown, evidence, this.sheet, word?.outlined ?? []);
    this.drawLines();
  }

  drawCaption() {
    const { word, pointed } = this;
    const meaning = word?.outlinedMeaning ? ` ${word.outlinedMeaning[0].toUpperCase()}${word.outlinedMeaning.slice(1)}.` : "";
    const key = word ? [KEY, `${meaning} `, h("span", { class: "hint" }, HINT)] : [];
    this.caption.replaceChildren(...(word && pointed !== null ? [regionEvidenceText(word, pointed, this.search.regionArea, this.search.subject)] : key));
  }

  drawLines() {
    this.lines.draw(false, null, this.pointed);
    if (!this.word) return;
    const regions = this.word.outlined;
    if (regions.length) this.lines.stroke(outline(this.map, regions), 1.5, OUTLINES.pointed);
  }

  /** The bar shows what the map does to the colour of the strongest region. @param {Explained} word */
  drawBar(word) {
    const color = meanColor(/** @type {Uint32Array} */ (this.pixels), this.search.map.runs[strongest(word.scores)]);
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
    this.choice?.stop();
    this.observer.disconnect();
  }
}

/** @param {Explained} word @param {string} subject */
function mapLabel({ name, scores }, subject) {
  const first = scores.map((_, k) => k).sort((a, b) => scores[b] - scores[a]).filter((k) => scores[k] > 0).slice(0, 3);
  const regions = first.length ? `most in region ${first.join(", then ")}` : "none in any region";
  return `${subject} with the evidence for “${name}”: ${regions}`;
}
