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

/** The image, with some regions replaced. */
export class PixelLayer {
  /** @param {RegionMap} map @param {number[]} order */
  constructor(map, order) {
    this.map = map;
    this.order = order;
    this.canvas = createCanvas(map.width, map.height, "pixels");
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
  }
}

/** Scores of regions as opaque colours, or hatching that keeps the colours of the picture. */
export class HeatLayer {
  /** @param {RegionMap} map */
  constructor(map) {
    const scale = Math.min(1, HEAT_SIZE / Math.max(map.width, map.height));
    const size = (/** @type {number} */ pixels) => Math.max(1, Math.round(pixels * scale));
    this.canvas = createCanvas(size(map.width), size(map.height), "heat");
    this.data = contextOf(this.canvas).createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.data.data.buffer);
    this.labels = resampledLabels(map, this.canvas.width, this.canvas.height);
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
