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
 * A picture that shows some regions from one source and the rest from another: any set of them, or the first k of an
 * order. Only the regions that change are repainted.
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
    this.now = new Uint8Array(map.n);
    this.step = 0;
  }

  /**
   * @param {number} step
   * @returns {[number, number]} the rows that changed, first and after the last
   */
  go(step) {
    const changed = this.order.slice(Math.min(step, this.step), Math.max(step, this.step));
    const placed = step > this.step;
    this.step = step;
    return this.change(changed, () => placed);
  }

  /** @param {(region: number) => boolean} placed @returns {[number, number]} */
  show(placed) {
    return this.change(Array.from(this.now.keys()), placed);
  }

  /** @param {number[]} regions @param {(region: number) => boolean} placed @returns {[number, number]} */
  change(regions, placed) {
    let first = this.map.height;
    let last = 0;
    for (const region of regions) {
      const on = placed(region);
      if (on === Boolean(this.now[region])) continue;
      this.now[region] = Number(on);
      paint(this.pixels, on ? this.placed : this.waiting, this.map.runs[region]);
      first = Math.min(first, this.map.rows[region][0]);
      last = Math.max(last, this.map.rows[region][1]);
    }
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
  if (region < 0) return segments(map, 0, map.height, (a, b) => a !== b && a >= 0 && b >= 0);
  const [top, bottom] = map.rows[region];
  return segments(map, top, bottom, (a, b) => (a === region) !== (b === region));
}

/**
 * Border around a set of regions, as `outline` gives it; without the borders inside.
 * @param {RegionMap} map
 * @param {number[]} regions
 */
export function outlineOf(map, regions) {
  const inside = new Uint8Array(map.n + 1); // entry 0 is what lies outside the image
  for (const region of regions) inside[region + 1] = 1;
  const rows = regions.map((region) => map.rows[region]);
  const top = Math.min(map.height, ...rows.map(([first]) => first));
  const bottom = Math.max(top, ...rows.map(([, end]) => end));
  return segments(map, top, bottom, (a, b) => inside[a + 1] !== inside[b + 1]);
}

/**
 * @param {RegionMap} map
 * @param {number} top
 * @param {number} bottom
 * @param {(a: number, b: number) => boolean} differs whether a line stands between two labels, -1 outside the image
 */
function segments(map, top, bottom, differs) {
  const { width, height, labels } = map;
  /** @type {number[]} */
  const lines = [];
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x >= width || y >= height ? -1 : labels[y * width + x];
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
