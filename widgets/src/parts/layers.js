// The canvases of a picture: pixels, and scores or hatching over regions. For outlines see outline-layer.js.

import { Composite } from "../logic/composite.js";
import { heatColor } from "../logic/heat.js";
import { resampledLabels } from "../logic/regions.js";
import { h } from "./dom.js";

/** @typedef {import("../logic/regions.js").RegionMap} RegionMap */

const HEAT_SIZE = 360; // maximum pixels of the heat layer along a side
const HATCH_PERIOD = 12; // pixels from one pair of lines to the next
const HATCH_ALPHA = 150; // of 255

/** @param {number} width @param {number} height @param {string} name */
export function createCanvas(width, height, name) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: name, "aria-hidden": "true" }));
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** A canvas, of which a part can be shown on another one. */
export class Cropped {
  /** @param {number} width @param {number} height @param {string} name @param {boolean} several whether only a part is shown */
  constructor(width, height, name, several) {
    this.canvas = createCanvas(width, height, name);
    /** What is on the page. */
    this.screen = several ? createCanvas(1, 1, name) : this.canvas;
    /** @type {number[]} left, top, right, bottom */
    this.box = [0, 0, width, height];
  }

  /** Show a part. @param {number[]} box */
  crop(box) {
    if (this.screen === this.canvas) return;
    this.box = box;
    this.screen.width = box[2] - box[0];
    this.screen.height = box[3] - box[1];
    this.show();
  }

  /** Draw the part again. */
  show() {
    if (this.screen === this.canvas) return;
    const [left, top, right, bottom] = this.box;
    const size = /** @type {const} */ ([right - left, bottom - top]);
    contextOf(this.screen).clearRect(0, 0, ...size);
    contextOf(this.screen).drawImage(this.canvas, left, top, ...size, 0, 0, ...size);
  }
}

/** The image, with some regions replaced. */
export class PixelLayer {
  /** @param {RegionMap} map @param {number[]} order @param {boolean} several whether one of several pictures is shown */
  constructor(map, order, several) {
    this.map = map;
    this.order = order;
    this.cropped = new Cropped(map.width, map.height, "pixels", several);
    this.canvas = this.cropped.canvas;
    /** @type {Composite | null} */
    this.composite = null;
    /** @type {ImageData | null} */
    this.data = null;
  }

  /** @param {Uint32Array} placed @param {Uint32Array} waiting */
  load(placed, waiting) {
    const { width, height } = this.map;
    this.composite = new Composite(this.map, this.order, placed, waiting);
    this.data = new ImageData(new Uint8ClampedArray(this.composite.pixels.buffer), width, height);
    contextOf(this.canvas).putImageData(this.data, 0, 0);
    this.cropped.show();
  }

  /** Place the first regions of the order. @param {number} step */
  go(step) {
    if (this.composite && this.composite.step !== step) this.repaint(this.composite.go(step));
  }

  /** Place a set of regions. @param {(region: number) => boolean} placed */
  show(placed) {
    if (this.composite) this.repaint(this.composite.show(placed));
  }

  /** @param {[number, number]} rows */
  repaint([first, end]) {
    if (!this.data || end <= first) return;
    contextOf(this.canvas).putImageData(this.data, 0, 0, 0, first, this.map.width, end - first);
    this.cropped.show();
  }
}

/** Scores of regions as opaque colours, or hatching that keeps the colours of the picture. */
export class HeatLayer {
  /** @param {RegionMap} map */
  constructor(map) {
    this.canvas = createCanvas(1, 1, "heat");
    this.data = new ImageData(1, 1);
    this.pixels = new Uint32Array(1);
    this.labels = new Uint16Array(1);
    this.adopt(map);
  }

  /** Draw over another map from now on. @param {RegionMap} map */
  adopt(map) {
    const scale = Math.min(1, HEAT_SIZE / Math.max(map.width, map.height));
    const size = (/** @type {number} */ pixels) => Math.max(1, Math.round(pixels * scale));
    const [width, height] = [size(map.width), size(map.height)];
    this.canvas.width = width;
    this.canvas.height = height;
    this.data = contextOf(this.canvas).createImageData(width, height);
    this.pixels = new Uint32Array(this.data.data.buffer);
    this.labels = resampledLabels(map, width, height);
  }

  /** @param {number[] | null} values 0 … 1 per region; NaN is transparent */
  draw(values) {
    this.canvas.style.display = values ? "" : "none";
    if (!values) return;
    const colors = values.map((v) => (Number.isNaN(v) ? 0 : pixelOf(heatColor(v), 255)));
    for (let k = 0; k < this.labels.length; k++) this.pixels[k] = colors[this.labels[k]];
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }

  /** Hatch regions with a black and a white line side by side, visible over every colour. @param {Set<number>} regions */
  hatch(regions) {
    const { width } = this.canvas;
    const lines = [pixelOf([0, 0, 0], HATCH_ALPHA), pixelOf([255, 255, 255], HATCH_ALPHA)];
    for (let k = 0; k < this.labels.length; k++) {
      const diagonal = ((k % width) + Math.floor(k / width)) % HATCH_PERIOD;
      this.pixels[k] = regions.has(this.labels[k]) ? (lines[diagonal >> 1] ?? 0) : 0;
    }
    this.canvas.style.display = regions.size ? "" : "none";
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
}

/** RGBA in little-endian order. @param {import("../palette.js").Rgb} color @param {number} alpha 0 … 255 */
const pixelOf = ([red, green, blue], alpha) => ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
