// Where the number of a region is drawn.

import { centroids } from "./navigation.js";

/** @typedef {import("./regions.js").RegionMap} RegionMap */

/** Numbers of all regions are drawn up to this many regions; of more, that of the region under the pointer. */
const MAX_NUMBERS = 120;

/** The regions whose numbers are drawn. @param {number} n @param {number | null} pointed @returns {number[]} */
export function numberedRegions(n, pointed) {
  if (n <= MAX_NUMBERS) return Array.from({ length: n }, (_, k) => k);
  return pointed === null ? [] : [pointed];
}

const NEAR_BEST = 0.85; // share of the largest distance that a label's point needs

/** Neighbours of a pixel that a scan has passed: column, row, cost. */
const BEFORE = [[-1, 0, 3], [0, -1, 3], [-1, -1, 4], [1, -1, 4]];
const AFTER = [[1, 0, 3], [0, 1, 3], [1, 1, 4], [-1, 1, 4]];

/**
 * A point well inside each region, for its label: among the points far from the region's border, the nearest to its centre.
 * @param {RegionMap} map
 * @returns {[number, number][]} x and y in pixels
 */
export function labelPoints(map) {
  const { width, runs } = map;
  const distances = borderDistances(map);
  return centroids(map).map((centre, region) => {
    let largest = 0;
    eachPixel(runs[region], (pixel) => (largest = Math.max(largest, distances[pixel])));
    /** @type {[number, number]} */
    let best = [0, 0];
    let shortest = Infinity;
    eachPixel(runs[region], (pixel) => {
      if (distances[pixel] < NEAR_BEST * largest) return;
      const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
      const length = Math.hypot(x - centre[0], y - centre[1]);
      if (length < shortest) [best, shortest] = [[x, y], length];
    });
    return best;
  });
}

/** @param {number[]} runs @param {(pixel: number) => void} callback */
function eachPixel(runs, callback) {
  for (let k = 0; k < runs.length; k += 2) for (let pixel = runs[k]; pixel < runs[k + 1]; pixel++) callback(pixel);
}

/**
 * Distance of each pixel to the border of its region, three per pixel: the chamfer transform (Borgefors 1986).
 * @param {RegionMap} map
 */
function borderDistances({ width, height, labels }) {
  const distances = new Float32Array(width * height).fill(Infinity);
  const relax = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number[][]} */ neighbours) => {
    const pixel = y * width + x;
    for (const [dx, dy, cost] of neighbours) {
      const [nx, ny] = [x + dx, y + dy];
      const outside = nx < 0 || ny < 0 || nx >= width || ny >= height || labels[ny * width + nx] !== labels[pixel];
      distances[pixel] = Math.min(distances[pixel], cost + (outside ? 0 : distances[ny * width + nx]));
    }
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) relax(x, y, BEFORE);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) relax(x, y, AFTER);
  return distances;
}
