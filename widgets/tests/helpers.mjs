// Region maps and explanations small enough to check by hand.

import { decodeRegions } from "../src/logic/regions.js";

/** Three regions on 3 × 2 pixels. */
export const LABELS = [0, 0, 1, 0, 2, 1];
export const PAIRS = new Uint16Array([0, 2, 1, 1, 0, 1, 2, 1, 1, 1]);
export const smallMap = () => decodeRegions(PAIRS, 3, 2, 3);

/** A grid of squares of 10 × 10 pixels, numbered in reading order. */
export function grid(columns, rows) {
  const pairs = [];
  for (let y = 0; y < 10 * rows; y++) for (let c = 0; c < columns; c++) pairs.push(Math.floor(y / 10) * columns + c, 10);
  return decodeRegions(new Uint16Array(pairs), 10 * columns, 10 * rows, columns * rows);
}

/** Total length of line segments. */
export function length(lines) {
  let sum = 0;
  for (let k = 0; k < lines.length; k += 4) sum += Math.abs(lines[k + 2] - lines[k]) + Math.abs(lines[k + 3] - lines[k + 1]);
  return sum;
}

/** Two regions and two tokens; region 1 is placed first. */
export function search() {
  return {
    targets: [" red", " cat"],
    explained: [0],
    order: [1, 0],
    area: [0, 0.25, 1],
    regionArea: [0.75, 0.25],
    objective: [0, 0.5, 1.25],
    decided: [true, false],
    insertion: Float32Array.from([0, 0.5, 0.5, 0.5, 1, 0.5]),
    deletion: Float32Array.from([1, 0.5, 0.25, 0.5, 0, 0.5]),
    candidates: Float32Array.from([2, 6, 3, NaN]),
  };
}
