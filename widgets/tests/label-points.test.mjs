import assert from "node:assert/strict";
import { test } from "node:test";

import { heatColor, heatGradient } from "../src/logic/heat.js";
import { labelPoints, numberedRegions } from "../src/logic/label-points.js";
import { decodeRegions } from "../src/logic/regions.js";
import { HEAT } from "../src/palette.js";
import { grid } from "./helpers.mjs";

test("a square is labelled at its centre", () => {
  const distance = labelPoints(grid(3, 2)).map(([x, y], k) => Math.hypot(x - (5 + 10 * (k % 3)), y - (5 + 10 * Math.floor(k / 3))));
  assert.ok(distance.every((d) => d < 1), String(distance));
});

test("a region around another one is labelled inside itself", () => {
  // Region 0 is a ring of 30 × 30 pixels whose centre, 10 × 10 pixels, is region 1
  const pairs = [0, 310, ...Array(9).fill([1, 10, 0, 20]).flat(), 1, 10, 0, 310];
  const map = decodeRegions(new Uint16Array(pairs), 30, 30, 2);
  const points = labelPoints(map);
  points.forEach(([x, y], k) => assert.equal(map.labels[Math.floor(y) * 30 + Math.floor(x)], k));
  const [[x, y], centre] = points;
  assert.ok(Math.min(x, y, 30 - x, 30 - y) >= 3);
  assert.ok(Math.hypot(centre[0] - 15, centre[1] - 15) < 1);
});

test("of many regions only the one under the pointer is numbered", () => {
  assert.deepEqual(numberedRegions(3, null), [0, 1, 2]);
  assert.equal(numberedRegions(120, 5).length, 120);
  assert.deepEqual([numberedRegions(121, null), numberedRegions(121, 7)], [[], [7]]);
});

test("scores are one hue from dark to bright", () => {
  assert.deepEqual(heatColor(1), HEAT);
  assert.deepEqual(heatColor(2), HEAT);
  const [low, high] = [heatColor(0), heatColor(1)].map((color) => color[0] + color[1] + color[2]);
  assert.ok(low < high / 2);
  assert.ok(heatGradient().startsWith(`linear-gradient(to right, rgb(${heatColor(0).join(",")})`));
});
