import assert from "node:assert/strict";
import { test } from "node:test";

import { centroids, positionText, readingOrder, verticalNeighbour } from "../src/logic/navigation.js";
import { decodeRegions } from "../src/logic/regions.js";
import { brushedRegions, lassoedRegions } from "../src/logic/strokes.js";
import { grid } from "./helpers.mjs";

test("a brush hits every region between two points, however fast it moves", () => {
  const map = grid(8, 1);
  assert.deepEqual([...brushedRegions(map, [1, 5], [79, 5])], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...brushedRegions(map, [15, 5], [15, 5])], [1]);
  assert.deepEqual([...brushedRegions(map, [-30, 5], [5, 5])], [0]);
});

test("a lasso selects regions that are more than half inside", () => {
  const map = grid(4, 3);
  const box = (x1, y1, x2, y2) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
  assert.deepEqual(lassoedRegions(map, box(4, 0, 26, 10)), [0, 1, 2]); // 60 % of 0 and 2
  assert.deepEqual(lassoedRegions(map, box(5, 0, 25, 10)), [1]); // exactly half of 0 and 2
  assert.deepEqual(lassoedRegions(map, box(-9, -9, 99, 99)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(lassoedRegions(map, [[0, 0], [20, 0], [0, 20]]), [0]); // a triangle: half of 1 and 4 only
  assert.deepEqual(lassoedRegions(map, [[3, 3], [4, 4]]), []);
});

test("arrow keys reach every region in reading order, and move straight up and down", () => {
  const map = grid(4, 3);
  const centres = centroids(map);
  assert.deepEqual(centres[5], [15, 15]);
  assert.deepEqual(readingOrder(map, centres), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(verticalNeighbour(centres, 5, 1), 9);
  assert.equal(verticalNeighbour(centres, 5, -1), 1);
  assert.equal(verticalNeighbour(centres, 1, -1), 1);
  assert.deepEqual([0, 5, 11].map((k) => positionText(centres[k], map)), ["top left", "middle centre", "bottom right"]);
});

test("a centroid weighs runs that continue over several rows", () => {
  const map = decodeRegions(new Uint16Array([0, 6, 1, 2]), 4, 2, 2);
  assert.deepEqual(centroids(map), [[(4 * 2 + 2 * 1) / 6, (4 * 0.5 + 2 * 1.5) / 6], [3, 1.5]]);
});
