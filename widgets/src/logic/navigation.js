// Moving from region to region with the keyboard.

/** @typedef {import("./regions.js").RegionMap} RegionMap */
/** @typedef {[number, number]} Point */

/**
 * Centroid of each region.
 * @param {RegionMap} map
 * @returns {Point[]}
 */
export function centroids({ width, runs }) {
  return runs.map((own) => {
    let [x, y, count] = [0, 0, 0];
    for (let k = 0; k < own.length; k += 2) {
      // A run may continue over several rows
      for (let start = own[k]; start < own[k + 1]; ) {
        const row = Math.floor(start / width);
        const end = Math.min(own[k + 1], (row + 1) * width);
        x += ((start + end) / 2 - row * width) * (end - start);
        y += (row + 0.5) * (end - start);
        count += end - start;
        start = end;
      }
    }
    return [x / count, y / count];
  });
}

/**
 * Regions in reading order: bands from top to bottom, each from left to right.
 * @param {RegionMap} map
 * @param {Point[]} centres
 */
export function readingOrder({ width, height, n }, centres) {
  const band = height / Math.max(1, Math.round(Math.sqrt((n * height) / width)));
  const row = (/** @type {number} */ k) => Math.floor(centres[k][1] / band);
  return centres.map((_, k) => k).sort((a, b) => row(a) - row(b) || centres[a][0] - centres[b][0]);
}

/**
 * The next region above (-1) or below (1), nearest and least to the side; the same region at the edge.
 * @param {Point[]} centres
 * @param {number} from
 * @param {-1 | 1} direction
 */
export function verticalNeighbour(centres, from, direction) {
  let best = from;
  let least = Infinity;
  centres.forEach(([x, y], k) => {
    const along = (y - centres[from][1]) * direction;
    const aside = Math.abs(x - centres[from][0]);
    const cost = along + 2 * aside;
    if (along > 0 && along >= aside && cost < least) [best, least] = [k, cost];
  });
  return best;
}

/** Position of a point in the image, in words. @param {Point} point @param {RegionMap} map */
export function positionText([x, y], { width, height }) {
  const row = ["top", "middle", "bottom"][Math.min(2, Math.floor((3 * y) / height))];
  const column = ["left", "centre", "right"][Math.min(2, Math.floor((3 * x) / width))];
  return `${row} ${column}`;
}
