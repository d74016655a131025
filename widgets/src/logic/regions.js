// The map of regions.

/** Label of pixels that belong to no region: between pictures, and in pictures that are not explained. */
export const NO_REGION = 65535;

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
  const map = emptyMap(width, height, n);
  let start = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const end = start + pairs[k + 1];
    addRun(map, pairs[k], start, end);
    start = end;
  }
  if (start !== map.labels.length) throw new Error(`the region map covers ${start} of ${map.labels.length} pixels`);
  return map;
}

/**
 * The part of a map inside a box; regions outside it keep their numbers and have no pixels.
 * @param {RegionMap} map
 * @param {number[]} box left, top, right, bottom
 * @returns {RegionMap}
 */
export function croppedMap(map, [left, top, right, bottom]) {
  const width = right - left;
  const part = emptyMap(width, bottom - top, map.n);
  for (let y = top; y < bottom; y++) {
    const row = y * map.width;
    const offset = (y - top) * width - row - left; // from pixels of the map to those of the part
    for (let x = row + left, end; x < row + right; x = end) {
      for (end = x + 1; end < row + right && map.labels[end] === map.labels[x]; ) end++;
      addRun(part, map.labels[x], x + offset, end + offset);
    }
  }
  return part;
}

/** @param {number} width @param {number} height @param {number} n @returns {RegionMap} */
function emptyMap(width, height, n) {
  return {
    width, height, n,
    labels: new Uint16Array(width * height),
    runs: Array.from({ length: n }, () => []),
    rows: Array.from({ length: n }, () => [height, 0]),
  };
}

/** @param {RegionMap} map @param {number} label @param {number} start first pixel @param {number} end the pixel after the last */
function addRun({ width, labels, runs, rows }, label, start, end) {
  labels.fill(label, start, end);
  if (label === NO_REGION) return;
  runs[label].push(start, end);
  const span = rows[label];
  span[0] = Math.min(span[0], Math.floor(start / width));
  span[1] = Math.max(span[1], Math.floor((end - 1) / width) + 1);
}

/** The region at a position, null outside all regions. @param {RegionMap} map @param {number} x @param {number} y */
export function regionAt({ width, height, labels }, x, y) {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const label = labels[Math.floor(y) * width + Math.floor(x)];
  return label === NO_REGION ? null : label;
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
