// The map of regions.

/**
 * @typedef {object} RegionMap
 * @property {number} width
 * @property {number} height
 * @property {number} n
 * @property {Uint16Array} labels region of each pixel
 * @property {number[][]} runs per region, [first pixel, end pixel, …]
 * @property {[number, number][]} rows per region, first row and the row after its last
 */

/**
 * Decode a run-length encoded map.
 * @param {Uint16Array} pairs label and run length, alternating
 * @param {number} width
 * @param {number} height
 * @param {number} n
 * @returns {RegionMap}
 */
export function decodeRegions(pairs, width, height, n) {
  const labels = new Uint16Array(width * height);
  /** @type {number[][]} */
  const runs = Array.from({ length: n }, () => []);
  /** @type {[number, number][]} */
  const rows = Array.from({ length: n }, () => [height, 0]);
  let start = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const label = pairs[k];
    const end = start + pairs[k + 1];
    labels.fill(label, start, end);
    runs[label].push(start, end);
    const span = rows[label];
    span[0] = Math.min(span[0], Math.floor(start / width));
    span[1] = Math.max(span[1], Math.floor((end - 1) / width) + 1);
    start = end;
  }
  if (start !== labels.length) throw new Error(`the region map covers ${start} of ${labels.length} pixels`);
  return { width, height, n, labels, runs, rows };
}

/**
 * The labels at another size: the region under the centre of each pixel.
 * @param {RegionMap} map
 * @param {number} width
 * @param {number} height
 */
export function resampledLabels(map, width, height) {
  const labels = new Uint16Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * map.height) / height) * map.width;
    for (let x = 0; x < width; x++, k++) labels[k] = map.labels[row + Math.floor(((x + 0.5) * map.width) / width)];
  }
  return labels;
}
