import assert from "node:assert/strict";
import { test } from "node:test";

import { above, relianceText, sliderBounds, stackedTicks } from "../src/logic/reliance-split.js";

test("above a threshold means strictly above", () => {
  assert.deepEqual(above([0.1, 0.2, 0.3], 0.2), [2]);
});

test("the bounds of the slider include every score and the threshold", () => {
  const [low, high] = sliderBounds([-0.12, 0.33, 0.9]);
  assert.ok(low <= -0.12 && high >= 0.9);
  assert.ok(sliderBounds([0])[1] >= 0.25);
});

test("ticks in the same bin are stacked in ascending order", () => {
  assert.deepEqual(stackedTicks([0.91, 0.05, 0.99, 1], [0, 1], 10), [
    { token: 1, bin: 0, level: 0 },
    { token: 0, bin: 9, level: 0 },
    { token: 2, bin: 9, level: 1 },
    { token: 3, bin: 9, level: 2 },
  ]);
});

test("a token has its reliance by every definition", () => {
  const reliance = { paper: [0.1], area: [0.2], difference: [-0.3] };
  assert.equal(relianceText([" red"], reliance, 0), "red: reliance 0.100, area 0.200, p(full) − p(blank) -0.300");
  assert.match(relianceText([" "], reliance, 0), /^\(nothing visible\): /);
});
