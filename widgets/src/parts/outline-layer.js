// Outlines and numbers of regions over a picture.

import { labelPoints } from "../logic/label-points.js";
import { allBorders, outline } from "../logic/outlines.js";
import { OUTLINES } from "../palette.js";
import { contextOf, createCanvas } from "./layers.js";

/** @typedef {import("../logic/regions.js").RegionMap} RegionMap */

const NUMBER_SIZE = 12; // CSS pixels

/** Lines around regions, as sharp as the screen allows. */
export class OutlineLayer {
  /** @param {RegionMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = createCanvas(1, 1, "lines");
    this.map = map;
    /** Outlines that were drawn before. @type {Map<number, number[]>} */
    this.cached = new Map();
    /** @type {{key: string, path: number[]} | null} */
    this.surrounded = null;
    /** Where the numbers of the regions are drawn. @type {[number, number][] | null} */
    this.points = null;
    /** @type {number[] | null} */
    this.borderPath = null;
    /** @type {HTMLCanvasElement | null} */
    this.borders = null;
  }

  /** Draw over another map from now on. @param {RegionMap} map */
  adopt(map) {
    this.map = map;
    this.cached.clear();
    this.surrounded = this.points = this.borderPath = this.borders = null;
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

  /** Add the numbers of regions, with a halo that keeps them legible over every picture. @param {number[]} regions */
  number(regions) {
    const context = contextOf(this.canvas);
    const scale = this.canvas.width / this.map.width;
    this.points ??= labelPoints(this.map);
    context.font = `600 ${NUMBER_SIZE * devicePixelRatio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeStyle = OUTLINES.pointed.halo;
    context.fillStyle = OUTLINES.pointed.line;
    for (const region of regions) {
      if (!this.map.runs[region].length) continue; // in another picture
      const [x, y] = this.points[region];
      context.strokeText(String(region), x * scale, y * scale);
      context.fillText(String(region), x * scale, y * scale);
    }
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
