// What a brush and a lasso hit, how the keyboard moves, when to ask the kernel, what to say; no drawing here.

import { percent } from "./curves.js";

/** @typedef {import("./regions.js").RegionMap} RegionMap */
/** @typedef {"hide" | "show"} Mode */

/**
 * Regions under a straight stroke of the brush.
 * @param {RegionMap} map
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
export function brushed({ width, height, labels }, from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  /** @type {Set<number>} */
  const found = new Set();
  for (let k = 0; k <= steps; k++) {
    const x = Math.floor(from[0] + ((to[0] - from[0]) * k) / steps);
    const y = Math.floor(from[1] + ((to[1] - from[1]) * k) / steps);
    if (x >= 0 && y >= 0 && x < width && y < height) found.add(labels[y * width + x]);
  }
  return found;
}

/**
 * Regions of which more than half lies inside a closed line; inside is where a ray crosses it an odd number of times.
 * @param {RegionMap} map
 * @param {[number, number][]} points
 */
export function lassoed({ width, height, labels, runs, n }, points) {
  const inside = new Uint32Array(n);
  for (let y = 0; y < height; y++) {
    const middle = y + 0.5;
    /** @type {number[]} */
    const crossings = [];
    points.forEach(([x1, y1], k) => {
      const [x2, y2] = points[(k + 1) % points.length];
      if (y1 <= middle !== y2 <= middle) crossings.push(x1 + ((middle - y1) / (y2 - y1)) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width, Math.ceil(crossings[k + 1] - 0.5));
      for (let x = Math.max(0, Math.ceil(crossings[k] - 0.5)); x < end; x++) inside[labels[y * width + x]]++;
    }
  }
  const size = (/** @type {number} */ region) => {
    let sum = 0;
    for (let k = 0; k < runs[region].length; k += 2) sum += runs[region][k + 1] - runs[region][k];
    return sum;
  };
  return [...inside.keys()].filter((region) => 2 * inside[region] > size(region));
}

/**
 * Middle of each region.
 * @param {RegionMap} map
 * @returns {[number, number][]}
 */
export function middles({ width, runs }) {
  return runs.map((own) => {
    let [x, y, count] = [0, 0, 0];
    for (let k = 0; k < own.length; k += 2) {
      for (let at = own[k]; at < own[k + 1]; ) {
        const row = Math.floor(at / width);
        const end = Math.min(own[k + 1], (row + 1) * width);
        x += ((at + end) / 2 - row * width) * (end - at);
        y += (row + 0.5) * (end - at);
        count += end - at;
        at = end;
      }
    }
    return [x / count, y / count];
  });
}

/**
 * Regions as they are read: in bands from top to bottom, each from left to right.
 * @param {RegionMap} map
 * @param {[number, number][]} centres
 */
export function readingOrder({ width, height, n }, centres) {
  const band = height / Math.max(1, Math.round(Math.sqrt((n * height) / width)));
  const row = (/** @type {number} */ k) => Math.floor(centres[k][1] / band);
  return centres.map((_, k) => k).sort((a, b) => row(a) - row(b) || centres[a][0] - centres[b][0]);
}

/**
 * The region above (-1) or below (1): near, and straight rather than sideways; the same one at the edge.
 * @param {[number, number][]} centres
 * @param {number} from
 * @param {-1 | 1} way
 */
export function vertical(centres, from, way) {
  let best = from;
  let least = Infinity;
  centres.forEach(([x, y], k) => {
    const up = (y - centres[from][1]) * way;
    const aside = Math.abs(x - centres[from][0]);
    const cost = up + 2 * aside;
    if (up > 0 && up >= aside && cost < least) [best, least] = [k, cost];
  });
  return best;
}

/** Where in the image a point lies, in words. @param {[number, number]} point @param {RegionMap} map */
export function whereabouts([x, y], { width, height }) {
  const row = ["top", "middle", "bottom"][Math.min(2, Math.floor((3 * y) / height))];
  const column = ["left", "centre", "right"][Math.min(2, Math.floor((3 * x) / width))];
  return `${row} ${column}`;
}

/**
 * Sends the last of many changes: `delay` ms after it, and not before the answer to what was sent earlier.
 * @param {() => void} send
 * @param {() => boolean} answered
 * @param {number} delay
 */
export function pacer(send, answered, delay) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let due = false;
  const attempt = () => {
    if (!due || !answered()) return;
    due = false;
    send();
  };
  return {
    /** Something changed. */
    offer() {
      clearTimeout(timer);
      due = false;
      timer = setTimeout(() => {
        timer = undefined;
        due = true;
        attempt();
      }, delay);
    },
    /** An answer may have come. */
    attempt,
    /** Whether something waits to be sent. */
    waiting: () => due || timer !== undefined,
    drop() {
      clearTimeout(timer);
      timer = undefined;
      due = false;
    },
  };
}

/** @param {number[]} values @param {number[]} chosen */
export function mean(values, chosen) {
  return chosen.length ? chosen.reduce((sum, k) => sum + values[k], 0) / chosen.length : 0;
}

/**
 * The first regions of an order that cover at most an area: how many.
 * @param {number[]} area after each step, ascending from 0
 * @param {number} most
 */
export function stepWithin(area, most) {
  let step = 0;
  while (step + 1 < area.length && area[step + 1] <= most + 1e-9) step++;
  return step;
}

/**
 * Token probabilities at one step of an explanation's order.
 * @param {import("./data.js").Eagle} eagle
 * @param {Mode} mode
 * @param {number} step
 */
export function eagleRow(eagle, mode, step) {
  const table = mode === "show" ? eagle.insertion : eagle.deletion;
  const count = table.length / eagle.area.length;
  return Array.from(table.subarray(step * count, (step + 1) * count));
}

/**
 * One's own region beside EAGLE's, in a sentence; the Python half says the same.
 * @param {Mode} mode
 * @param {{p: number, area: number}} own
 * @param {{p: number, area: number, regions: number}} eagle
 */
export function compared(mode, own, eagle) {
  const show = mode === "show";
  const yours = `Yours: ${own.p.toFixed(2)} with ${percent(own.area)} of the image ${show ? "shown" : "hidden"}.`;
  if (eagle.regions === 0) return `${yours} EAGLE's first region is larger than that, so there is nothing to compare.`;
  const first = eagle.regions === 1 ? "first region" : `first ${eagle.regions} regions`;
  const lead = (own.p - eagle.p) * (show ? 1 : -1);
  const who = Math.abs(lead) < 0.005 ? "the two are even" : `${lead > 0 ? "you are" : "EAGLE is"} ahead by ${Math.abs(lead).toFixed(2)}`;
  return (
    `${yours} EAGLE's ${first} at equal area (${percent(eagle.area)}): ${eagle.p.toFixed(2)}. ` +
    `${show ? "Higher" : "Lower"} is better here: ${who}.`
  );
}
