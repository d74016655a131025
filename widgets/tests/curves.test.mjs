import assert from "node:assert/strict";
import { test } from "node:test";

import { auc, mean, meanCurve, nearest, valuesText } from "../src/logic/curves.js";
import { percent, signed } from "../src/logic/format.js";

test("mean, area under a curve, nearest step", () => {
  const table = Float32Array.from([0, 1, 0.5, 1, 1, 1]);
  assert.deepEqual(meanCurve(table, 2, [0]), [0, 0.5, 1]);
  assert.deepEqual(meanCurve(table, 2, [0, 1]), [0.5, 0.75, 1]);
  assert.equal(auc([0, 1, 1], [0, 0.5, 1]), 0.75);
  assert.equal(nearest([0, 0.2, 1], 0.55), 1);
  assert.equal(mean([1, 2, 6], [0, 2]), 3.5);
  assert.equal(mean([1, 2, 6], []), 0);
});

test("values at a step are named", () => {
  const curves = [{ name: "insertion", values: [0, 0.25] }, { values: [9, 9] }, { name: "deletion", values: [1, 0.5] }];
  assert.equal(valuesText(0.5, curves, 1), "50 % of the image: insertion 0.250, deletion 0.500");
});

test("numbers as text", () => {
  assert.deepEqual([percent(0.5), percent(0.012), percent(0), signed(-0.5), signed(1)], ["50 %", "1.2 %", "0 %", "−0.500", "+1.000"]);
});
