// Outlines of regions as line segments [x1, y1, x2, y2, …] between pixels.

import { NO_REGION } from "./regions.js";

/** @typedef {import("./regions.js").RegionMap} RegionMap */
/** @typedef {(a: number, b: number) => boolean} Differs whether a line separates two labels, -1 outside all regions */

/** Borders between all regions, without the edge of the image. @param {RegionMap} map */
export function allBorders(map) {
  return segments(map, 0, map.height, (a, b) => a !== b && a >= 0 && b >= 0);
}

/**
 * Outline of a set of regions, without the borders between its members.
 * @param {RegionMap} map
 * @param {number[]} regions
 */
export function outline(map, regions) {
  const inside = new Uint8Array(map.n + 1); // entry 0 stands for the outside of the image
  for (const region of regions) inside[region + 1] = 1;
  const rows = regions.map((region) => map.rows[region]);
  const top = Math.min(map.height, ...rows.map(([first]) => first));
  const bottom = Math.max(top, ...rows.map(([, end]) => end));
  return segments(map, top, bottom, (a, b) => inside[a + 1] !== inside[b + 1]);
}

/** @param {RegionMap} map @param {number} top @param {number} bottom @param {Differs} differs */
function segments(map, top, bottom, differs) {
  return [...horizontal(map, top, bottom, differs), ...vertical(map, top, bottom, differs)];
}

/** Label of a pixel; -1 outside the image and all regions. @param {RegionMap} map @param {number} x @param {number} y */
function labelAt({ width, height, labels }, x, y) {
  if (x < 0 || y < 0 || x >= width || y >= height) return -1;
  const label = labels[y * width + x];
  return label === NO_REGION ? -1 : label;
}

/** @param {RegionMap} map @param {number} top @param {number} bottom @param {Differs} differs */
function horizontal(map, top, bottom, differs) {
  /** @type {number[]} */
  const lines = [];
  for (let y = top; y <= bottom; y++) {
    let start = -1;
    for (let x = 0; x <= map.width; x++) {
      const edge = x < map.width && differs(labelAt(map, x, y - 1), labelAt(map, x, y));
      if (edge && start < 0) start = x;
      if (!edge && start >= 0) {
        lines.push(start, y, x, y);
        start = -1;
      }
    }
  }
  return lines;
}

/** @param {RegionMap} map @param {number} top @param {number} bottom @param {Differs} differs */
function vertical(map, top, bottom, differs) {
  /** @type {number[]} */
  const lines = [];
  const starts = new Int32Array(map.width + 1).fill(-1);
  for (let y = top; y <= bottom; y++) {
    for (let x = 0; x <= map.width; x++) {
      const edge = y < bottom && differs(labelAt(map, x - 1, y), labelAt(map, x, y));
      if (edge && starts[x] < 0) starts[x] = y;
      if (!edge && starts[x] >= 0) {
        lines.push(x, starts[x], x, y);
        starts[x] = -1;
      }
    }
  }
  return lines;
}
