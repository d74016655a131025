// Regions that a brush or a lasso selects.

import { regionAt } from "./regions.js";

/** @typedef {import("./regions.js").RegionMap} RegionMap */
/** @typedef {[number, number]} Point */

/**
 * Regions under a straight stroke of the brush.
 * @param {RegionMap} map
 * @param {Point} from
 * @param {Point} to
 */
export function brushedRegions(map, from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  /** @type {Set<number>} */
  const regions = new Set();
  for (let k = 0; k <= steps; k++) {
    const region = regionAt(map, from[0] + ((to[0] - from[0]) * k) / steps, from[1] + ((to[1] - from[1]) * k) / steps);
    if (region !== null) regions.add(region);
  }
  return regions;
}

/**
 * Regions with more than half of their pixels inside a closed line (even-odd rule).
 * @param {RegionMap} map
 * @param {Point[]} points
 */
export function lassoedRegions(map, points) {
  const { width, height, labels, n } = map;
  const inside = new Uint32Array(n);
  for (let y = 0; y < height; y++) {
    const crossings = rowCrossings(points, y + 0.5);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width, Math.ceil(crossings[k + 1] - 0.5));
      for (let x = Math.max(0, Math.ceil(crossings[k] - 0.5)); x < end; x++) inside[labels[y * width + x]]++; // no region is beyond its end
    }
  }
  return [...inside.keys()].filter((region) => 2 * inside[region] > size(map, region));
}

/** Where a closed line crosses a row, from left to right. @param {Point[]} points @param {number} y */
function rowCrossings(points, y) {
  /** @type {number[]} */
  const crossings = [];
  points.forEach(([x1, y1], k) => {
    const [x2, y2] = points[(k + 1) % points.length];
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  });
  return crossings.sort((a, b) => a - b);
}

/** Pixels of a region. @param {RegionMap} map @param {number} region */
function size({ runs }, region) {
  let sum = 0;
  for (let k = 0; k < runs[region].length; k += 2) sum += runs[region][k + 1] - runs[region][k];
  return sum;
}
