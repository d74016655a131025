// The canvases of a picture: pixels, heat and outlines.

import { Composite } from "../logic/composite.js";
import { allBorders, outline } from "../logic/outlines.js";
import { resampledLabels } from "../logic/regions.js";
import { HEAT, HEAT_ALPHA, OUTLINES } from "../palette.js";
import { h } from "./dom.js";

/** @typedef {import("../logic/regions.js").RegionMap} RegionMap */

const HEAT_SIZE = 360; // maximum pixels of the heat layer along a side

/** @param {number} width @param {number} height @param {string} name */
function createCanvas(width, height, name) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: name, "aria-hidden": "true" }));
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas */
const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

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

/** A colour over the regions, stronger where a value is higher. */
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
    const colors = values.map((v) => (Number.isNaN(v) ? 0 : heatColor(v)));
    for (let k = 0; k < this.labels.length; k++) this.pixels[k] = colors[this.labels[k]];
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
}

/** RGBA in little-endian order. @param {number} value 0 … 1 */
function heatColor(value) {
  const [low, high] = HEAT_ALPHA;
  const [red, green, blue] = HEAT;
  const alpha = Math.round(low + (high - low) * value);
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Lines around regions, as sharp as the screen allows. */
export class OutlineLayer {
  /** @param {RegionMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = createCanvas(1, 1, "lines");
    /** Outlines that were drawn before. @type {Map<number, number[]>} */
    this.cached = new Map();
    /** @type {{key: string, path: number[]} | null} */
    this.surrounded = null;
    /** @type {number[] | null} */
    this.borderPath = null;
    /** @type {HTMLCanvasElement | null} */
    this.borders = null;
  }

  /** Fit the size on screen; returns whether it changed. @param {DOMRect} box */
  fit(box) {
    const width = Math.max(1, Math.round(box.width * devicePixelRatio));
    const height = Math.max(1, Math.round(box.height * devicePixelRatio));
    const { canvas } = this;
    if (canvas.width === width && canvas.height === height) return false;
    canvas.width = width;
    canvas.height = height;
    this.borders = null;
    return true;
  }

  /** @param {boolean} all whether all borders are drawn @param {number | null} added @param {number | null} pointed */
  draw(all, added, pointed) {
    const context = contextOf(this.canvas);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (all) context.drawImage(this.drawnBorders(), 0, 0);
    if (pointed !== null) this.stroke(this.outlineOf(pointed), 1.5, OUTLINES.pointed);
    if (added !== null) this.stroke(this.outlineOf(added), 2.5, OUTLINES.added);
  }

  /** Add the outline of a set of regions. @param {number[]} regions */
  surround(regions) {
    const key = regions.join();
    if (this.surrounded?.key !== key) this.surrounded = { key, path: outline(this.map, regions) };
    this.stroke(this.surrounded.path, 2, OUTLINES.added);
  }

  /** Add a line through points. @param {[number, number][]} points */
  line(points) {
    const path = points.slice(1).flatMap((to, k) => [...points[k], ...to]);
    this.stroke(path, 1.5, OUTLINES.pointed);
  }

  /** @param {number} region */
  outlineOf(region) {
    let path = this.cached.get(region);
    if (!path) this.cached.set(region, (path = outline(this.map, [region])));
    return path;
  }

  /** All borders, drawn once per size. */
  drawnBorders() {
    if (!this.borders) {
      this.borderPath ??= allBorders(this.map);
      this.borders = createCanvas(this.canvas.width, this.canvas.height, "");
      this.stroke(this.borderPath, 0.6, OUTLINES.borders, this.borders);
    }
    return this.borders;
  }

  /** @param {number[]} path @param {number} thickness @param {{line: string, halo: string}} colors @param {HTMLCanvasElement} canvas */
  stroke(path, thickness, colors, canvas = this.canvas) {
    const context = contextOf(canvas);
    const scale = canvas.width / this.map.width;
    context.beginPath();
    for (let k = 0; k < path.length; k += 4) {
      context.moveTo(path[k] * scale, path[k + 1] * scale);
      context.lineTo(path[k + 2] * scale, path[k + 3] * scale);
    }
    context.lineCap = "square";
    context.strokeStyle = colors.halo;
    context.lineWidth = (thickness + 2) * devicePixelRatio;
    context.stroke();
    context.strokeStyle = colors.line;
    context.lineWidth = thickness * devicePixelRatio;
    context.stroke();
  }
}
