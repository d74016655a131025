import assert from "node:assert/strict";
import { test } from "node:test";

import { coverage, sorted, toggle } from "../src/logic/selection.js";

test("toggling adds what is missing, and removes only when all is selected", () => {
  assert.deepEqual(toggle([3], [2, 3]), [2, 3]);
  assert.deepEqual(toggle([1, 2, 3], [2, 3]), [1]);
});

test("lists are ascending and distinct", () => {
  assert.deepEqual(sorted([10, 2, 10]), [2, 10]);
});

test("a group is selected completely, partly or not", () => {
  const selected = new Set([1, 2, 5]);
  assert.deepEqual([[1, 2], [2, 3], [3, 4]].map((group) => coverage(group, selected)), [true, "partly", false]);
});
