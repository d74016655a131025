// Region map: runs of pixels, outlines, and painting by copying runs; no drawing here.

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
 * Unfold a run-length encoded map.
 * @param {Uint16Array} pairs label and run length, alternating
 * @param {number} width
 * @param {number} height
 * @param {number} n
 * @returns {RegionMap}
 */
export function regionMap(pairs, width, height, n) {
  const labels = new Uint16Array(width * height);
  /** @type {number[][]} */
  const runs = Array.from({ length: n }, () => []);
  /** @type {[number, number][]} */
  const rows = Array.from({ length: n }, () => [height, 0]);
  let at = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const label = pairs[k];
    const end = at + pairs[k + 1];
    labels.fill(label, at, end);
    runs[label].push(at, end);
    const box = rows[label];
    box[0] = Math.min(box[0], Math.floor(at / width));
    box[1] = Math.max(box[1], Math.floor((end - 1) / width) + 1);
    at = end;
  }
  if (at !== labels.length) throw new Error(`the region map covers ${at} of ${labels.length} pixels`);
  return { width, height, n, labels, runs, rows };
}

/**
 * The map at another size: the region under each pixel's middle.
 * @param {RegionMap} map
 * @param {number} width
 * @param {number} height
 */
export function shrunk(map, width, height) {
  const labels = new Uint16Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * map.height) / height) * map.width;
    for (let x = 0; x < width; x++, k++) labels[k] = map.labels[row + Math.floor(((x + 0.5) * map.width) / width)];
  }
  return labels;
}

/**
 * Copy one region's pixels.
 * @param {Uint32Array} target
 * @param {Uint32Array} source
 * @param {number[]} runs
 */
export function paint(target, source, runs) {
  for (let k = 0; k < runs.length; k += 2) target.set(source.subarray(runs[k], runs[k + 1]), runs[k]);
}

/**
 * A picture that shows the first k regions of an order from one source and the rest from another.
 * Going from step to step repaints only the regions between.
 */
export class Composite {
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {Uint32Array} placed pixels of the regions already placed
   * @param {Uint32Array} waiting pixels of the others
   */
  constructor(map, order, placed, waiting) {
    this.map = map;
    this.order = order;
    this.placed = placed;
    this.waiting = waiting;
    this.pixels = waiting.slice();
    this.step = 0;
  }

  /**
   * @param {number} step
   * @returns {[number, number]} the rows that changed, first and after the last
   */
  go(step) {
    const source = step > this.step ? this.placed : this.waiting;
    let first = this.map.height;
    let last = 0;
    for (let k = Math.min(step, this.step); k < Math.max(step, this.step); k++) {
      const region = this.order[k];
      paint(this.pixels, source, this.map.runs[region]);
      first = Math.min(first, this.map.rows[region][0]);
      last = Math.max(last, this.map.rows[region][1]);
    }
    this.step = step;
    return [first, Math.max(first, last)];
  }
}

/**
 * Border of one region, or of all (`region` < 0), as line segments [x1, y1, x2, y2, …] between pixels.
 * Borders along the image's edge are part of a region's outline, not of all borders.
 * @param {RegionMap} map
 * @param {number} region
 */
export function outline(map, region) {
  const { width, height, labels } = map;
  const one = region >= 0;
  const [top, bottom] = one ? map.rows[region] : [0, height];
  /** @type {number[]} */
  const lines = [];
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x >= width || y >= height ? -1 : labels[y * width + x];
  const differs = (/** @type {number} */ a, /** @type {number} */ b) =>
    one ? (a === region) !== (b === region) : a !== b && a >= 0 && b >= 0;
  for (let y = top; y <= bottom; y++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const edge = x < width && differs(at(x, y - 1), at(x, y));
      if (edge && start < 0) start = x;
      if (!edge && start >= 0) {
        lines.push(start, y, x, y);
        start = -1;
      }
    }
  }
  const open = new Int32Array(width + 1).fill(-1);
  for (let y = top; y <= bottom; y++) {
    for (let x = 0; x <= width; x++) {
      const edge = y < bottom && differs(at(x - 1, y), at(x, y));
      if (edge && open[x] < 0) open[x] = y;
      if (!edge && open[x] >= 0) {
        lines.push(x, open[x], x, y);
        open[x] = -1;
      }
    }
  }
  return lines;
}

/**
 * Brightness of each region in the heat layer: a row of candidate scores brought to [0, 1], NaN where not scored.
 * @param {Float32Array | number[]} row
 * @returns {number[]}
 */
export function heat(row) {
  const known = [...row].filter(Number.isFinite);
  const low = Math.min(...known);
  const spread = Math.max(...known) - low;
  return [...row].map((v) => (Number.isFinite(v) ? (spread > 0 ? (v - low) / spread : 0) : NaN));
}
