// Several pictures as a strip of thumbnails; the one that is shown large is pressed.

import { evidenceShares, keyedPlace, pictureSize, pictureText, shortLabel } from "../logic/pictures.js";
import { OUTLINES } from "../palette.js";
import { button, h } from "./dom.js";
import { consume } from "./keys.js";
import { contextOf, createCanvas } from "./layers.js";

/**
 * @typedef {import("../logic/pictures.js").Picture} Picture
 * @typedef {import("../logic/pictures.js").PictureEvidence} PictureEvidence
 */

const HEIGHTS = [76, 56]; // CSS pixels of a thumbnail, of few and of many pictures
const FEW = 8;
const MAX_RATIO = 2.5;
const MARK = 3.5; // CSS pixels: radius of the mark of a region

/** The strip. */
export class PictureStrip {
  /** @param {Picture[]} pictures @param {(k: number) => void} choose */
  constructor(pictures, choose) {
    this.pictures = pictures;
    this.choose = choose;
    this.shown = -1;
    const height = HEIGHTS[Number(pictures.length > FEW)];
    this.canvases = pictures.map((picture) => thumbnail(...pictureSize(picture), height));
    this.bars = pictures.map(() => h("i", {}));
    this.buttons = pictures.map((picture, k) => this.createButton(picture, k));
    this.element = h("div", { class: "thumbs", role: "group", "aria-label": "Pictures; arrow keys move between them" }, ...this.buttons);
    new ResizeObserver(() => this.shown >= 0 && this.reveal(this.shown)).observe(this.element);
    this.element.addEventListener("keydown", (event) => {
      const at = keyedPlace(event.key, this.shown, pictures.length);
      if (at === null || event.ctrlKey || event.metaKey || event.altKey) return;
      consume(event);
      choose(at);
      this.buttons[at].focus();
    });
  }

  /** @param {Picture} picture @param {number} k */
  createButton(picture, k) {
    const made = button("", () => this.choose(k), { class: picture.explained ? "thumb" : "thumb unexplained" });
    made.append(this.canvases[k], h("span", { class: "thumb-bar" }, this.bars[k]), h("span", { class: "thumb-label" }, shortLabel(picture, k)));
    return made;
  }

  /**
   * @param {number} shown the picture that is shown large
   * @param {PictureEvidence | null} evidence
   * @param {HTMLCanvasElement | null} source the canvas with all pictures
   * @param {[number, number][][]} marks of regions, in shares of each picture
   */
  draw(shown, evidence, source, marks) {
    const shares = evidence && evidenceShares(evidence);
    this.pictures.forEach((picture, k) => {
      this.bars[k].style.width = `${(100 * (shares?.[k] ?? 0)).toFixed(1)}%`;
      this.buttons[k].setAttribute("aria-label", pictureText(this.pictures, k, evidence));
      this.buttons[k].setAttribute("aria-pressed", String(k === shown));
      this.buttons[k].tabIndex = k === shown ? 0 : -1;
      if (source) drawThumbnail(this.canvases[k], source, picture.box, k === shown ? [] : marks[k]);
    });
    if (shown !== this.shown) this.reveal(shown);
    this.shown = shown;
  }

  /** Scroll the strip, and nothing else, to a picture. @param {number} k */
  reveal(k) {
    const { element } = this;
    const { offsetLeft: left, offsetWidth: width } = this.buttons[k];
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left + width > element.scrollLeft + element.clientWidth) element.scrollLeft = left + width - element.clientWidth;
  }
}

/** @param {number} width @param {number} height of the picture @param {number} high of the thumbnail, in CSS pixels */
function thumbnail(width, height, high) {
  const shape = Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, width / height));
  const canvas = createCanvas(Math.round(2 * high * shape), 2 * high, "thumb-picture");
  canvas.style.width = `${high * shape}px`;
  canvas.style.height = `${high}px`;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} source @param {number[]} box @param {[number, number][]} marks */
function drawThumbnail(canvas, source, [left, top, right, bottom], marks) {
  const context = contextOf(canvas);
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, left, top, right - left, bottom - top, 0, 0, width, height);
  for (const [x, y] of marks) {
    context.beginPath();
    context.arc(x * width, y * height, 2 * MARK, 0, 2 * Math.PI);
    context.fillStyle = OUTLINES.added.line;
    context.strokeStyle = OUTLINES.added.halo;
    context.lineWidth = 3;
    context.fill();
    context.stroke();
  }
}
