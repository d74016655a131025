import assert from "node:assert/strict";
import { test } from "node:test";

import { numberText, relianceText, sliderBounds, stackedMarks } from "../src/logic/reliance-split.js";

test("the bounds of the slider include every score and the threshold", () => {
  assert.deepEqual(sliderBounds([-0.12, 0.33, 0.9]), [-0.15, 0.95]);
  assert.deepEqual(sliderBounds([0]), [0, 0.3]);
});

test("marks in the same bin are stacked in ascending order", () => {
  assert.deepEqual(stackedMarks([0.91, 0.05, 0.99, 1], [0, 1], 10), [
    { value: 0.05, bin: 0, level: 0 },
    { value: 0.91, bin: 9, level: 0 },
    { value: 0.99, bin: 9, level: 1 },
    { value: 1, bin: 9, level: 2 },
  ]);
});

test("what was not measured is no number", () => {
  assert.deepEqual([0, -0.125, null, undefined].map((v) => numberText(v)), ["0.00", "−0.13", "not measured", "not measured"]);
});

test("a word has its reliance and the side of the threshold", () => {
  assert.equal(relianceText([" red"], [0], 0.3, 0.2), "red: reliance 0.30, relies on the image");
  assert.equal(relianceText([" red"], [0], 0.2, 0.2), "red: reliance 0.20, relies on language");
  assert.equal(relianceText([" "], [0], null, 0.2), "(nothing visible): reliance not measured");
});
