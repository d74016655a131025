// The choice among several pictures: what is shown, the strip, the time line of a video, and the way back to the automatic choice.

import { pictureText, regionMarks } from "../logic/pictures.js";
import { put } from "../logic/state.js";
import { button, h } from "./dom.js";
import { PictureStrip } from "./picture-strip.js";
import { TimeLine } from "./time-line.js";

/** @typedef {import("../logic/pictures.js").PictureEvidence} PictureEvidence */

/** The parts below a large picture. */
export class PictureChoice {
  /**
   * @param {import("../logic/state.js").Model} model
   * @param {import("../logic/answer.js").Search} search of several pictures
   * @param {{timed: boolean, follow: string, marked: string}} texts whether there is a time line, the label of the button that undoes a
   *   choice, and what marks in other pictures are
   */
  constructor(model, search, { timed, follow, marked }) {
    const pictures = /** @type {import("../logic/pictures.js").Picture[]} */ (search.pictures);
    this.model = model;
    this.search = search;
    this.pictures = pictures;
    this.marked = marked;
    this.strip = new PictureStrip(pictures, (k) => this.choose(k));
    const frames = pictures.filter(({ frame }) => frame).length;
    this.line = timed && frames > 1 ? new TimeLine(pictures, (k) => put(model, "picture", k)) : null;
    this.text = h("span", {});
    this.key = h("span", { class: "mark-key" }, h("span", { class: "mark-dot", "aria-hidden": "true" }), marked);
    this.follow = button(follow, () => this.choose(null), { class: "follow" });
    const status = h("p", { class: "picture-status" }, this.text, this.key, this.follow);
    this.element = h("div", { class: "picture-choice" }, status, this.strip.element, this.line && this.line.element);
  }

  /** The picture that the user chose. @returns {number | null} */
  get chosen() {
    return this.model.get("picture") ?? null;
  }

  /** @param {number | null} k */
  choose(k) {
    this.line?.stop();
    put(this.model, "picture", k);
  }

  /**
   * @param {number} shown
   * @param {PictureEvidence | null} evidence
   * @param {HTMLCanvasElement | null} source the canvas with all pictures
   * @param {number[]} regions whose places are marked in the other pictures
   */
  draw(shown, evidence, source, regions) {
    const marks = regionMarks(this.search.map, this.pictures, regions);
    this.strip.draw(shown, evidence, source, marks);
    this.line?.draw(shown, evidence, marks);
    const text = pictureText(this.pictures, shown, evidence);
    this.text.textContent = text[0].toUpperCase() + text.slice(1);
    show(this.key, marks.some((own, k) => k !== shown && own.length > 0));
    show(this.follow, this.chosen !== null);
  }

  stop() {
    this.line?.stop();
  }
}

/** Show or hide an element and keep its place, so that nothing moves. @param {HTMLElement} element @param {boolean} visible */
function show(element, visible) {
  element.style.visibility = visible ? "" : "hidden";
}
