import assert from "node:assert/strict";
import { test } from "node:test";

import { Composite } from "../src/logic/composite.js";
import { allBorders, outline } from "../src/logic/outlines.js";
import { decodeRegions, resampledLabels } from "../src/logic/regions.js";
import { LABELS, PAIRS, grid, length, smallMap } from "./helpers.mjs";

test("a run-length encoded map is decoded", () => {
  const map = smallMap();
  assert.deepEqual([...map.labels], LABELS);
  assert.deepEqual(map.runs, [[0, 2, 3, 4], [2, 3, 5, 6], [4, 5]]);
  assert.deepEqual(map.rows, [[0, 2], [0, 2], [1, 2]]);
  assert.throws(() => decodeRegions(PAIRS, 3, 3, 3), /covers 6 of 9/);
});

test("a resampled map has the region under the centre of each pixel", () => {
  assert.deepEqual([...resampledLabels(smallMap(), 3, 2)], LABELS);
  assert.deepEqual([...resampledLabels(smallMap(), 1, 1)], [LABELS[4]]);
});

test("a composite shows exactly the first k regions, whatever the steps before", () => {
  const order = [2, 0, 1];
  const picture = Uint32Array.from([1, 2, 3, 4, 5, 6]);
  const composite = new Composite(smallMap(), order, picture, new Uint32Array(6));
  for (const step of [2, 0, 3, 1, 1, 3, 0]) {
    composite.go(step);
    const shown = order.slice(0, step);
    assert.deepEqual([...composite.pixels], LABELS.map((label, k) => (shown.includes(label) ? picture[k] : 0)));
  }
  assert.deepEqual(composite.go(1), [1, 2]);
  assert.deepEqual(composite.go(1), [2, 2]);
});

test("a composite shows any set of regions", () => {
  const composite = new Composite(grid(2, 1), [], new Uint32Array(200).fill(7), new Uint32Array(200));
  assert.deepEqual(composite.show((k) => k === 1), [0, 10]);
  assert.deepEqual([...composite.pixels.slice(8, 12)], [0, 0, 7, 7]);
  assert.deepEqual(composite.show((k) => k === 1), [10, 10]); // nothing to repaint
  composite.show(() => false);
  assert.ok(composite.pixels.every((p) => p === 0));
});

test("an outline has the length of the region's border", () => {
  assert.equal(length(outline(smallMap(), [2])), 4);
  assert.equal(length(outline(smallMap(), [0])), 8);
});

test("all borders exclude the edge of the image", () => {
  assert.equal(length(allBorders(smallMap())), 4); // two steps inside the first row and column, two around region 2
});

test("the outline of a set excludes the borders between its members", () => {
  const map = grid(3, 2);
  assert.equal(length(outline(map, [0, 1])), 60);
  assert.equal(length(outline(map, [0, 5])), 80);
  assert.equal(length(outline(map, [0, 1, 2, 3, 4, 5])), 100);
  assert.deepEqual(outline(map, []), []);
});
