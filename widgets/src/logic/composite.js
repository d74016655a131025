// A picture composed of regions from two sources.

/** @typedef {import("./regions.js").RegionMap} RegionMap */

/**
 * Shows some regions from one source and the rest from another: any set of regions, or the first k of an order. Only
 * the regions that change are repainted.
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
    this.on = new Uint8Array(map.n);
    this.step = 0;
  }

  /**
   * Place the first regions of the order.
   * @param {number} step
   * @returns {[number, number]} the rows that changed, first and after the last
   */
  go(step) {
    const changed = this.order.slice(Math.min(step, this.step), Math.max(step, this.step));
    const placed = step > this.step;
    this.step = step;
    return this.change(changed, () => placed);
  }

  /** Place a set of regions. @param {(region: number) => boolean} placed @returns {[number, number]} */
  show(placed) {
    return this.change(Array.from(this.on.keys()), placed);
  }

  /** @param {number[]} regions @param {(region: number) => boolean} placed @returns {[number, number]} */
  change(regions, placed) {
    let first = this.map.height;
    let last = 0;
    for (const region of regions) {
      const on = placed(region);
      if (on === Boolean(this.on[region])) continue;
      this.on[region] = Number(on);
      copyRuns(this.pixels, on ? this.placed : this.waiting, this.map.runs[region]);
      first = Math.min(first, this.map.rows[region][0]);
      last = Math.max(last, this.map.rows[region][1]);
    }
    return [first, Math.max(first, last)];
  }
}

/** Copy the pixels of one region. @param {Uint32Array} target @param {Uint32Array} source @param {number[]} runs */
function copyRuns(target, source, runs) {
  for (let k = 0; k < runs.length; k += 2) target.set(source.subarray(runs[k], runs[k + 1]), runs[k]);
}
