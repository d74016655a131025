import assert from "node:assert/strict";
import { test } from "node:test";

import { selectTokens } from "../src/logic/choosing.js";
import { closest, route } from "../src/logic/routing.js";
import { createState } from "../src/logic/state.js";

const EXPLAINED = [[0], [1], [2, 3], [2, 3, 4], [6]].map((tokens, k) => ({ tokens, sufficient: 10 + k }));

test("a selection is shown by its own explanation, or by the smallest that contains it", () => {
  assert.deepEqual(route(EXPLAINED, [2, 3]), { kind: "own", word: 2, nearest: 2 });
  assert.deepEqual(route(EXPLAINED, [3]), { kind: "part", word: 2, nearest: 2 });
  assert.deepEqual(route(EXPLAINED, [3, 4]), { kind: "part", word: 3, nearest: 3 });
  assert.deepEqual(route(EXPLAINED, []), { kind: "empty", word: null, nearest: null });
});

test("of a selection without an explanation, the nearest is known", () => {
  assert.deepEqual(route(EXPLAINED, [1, 2]), { kind: "unexplained", word: null, nearest: 1 });
  assert.equal(closest(EXPLAINED, [0, 1, 2, 3]), 2); // shares most
  assert.equal(closest(EXPLAINED, [7]), 4); // the smallest distance
  assert.equal(closest(EXPLAINED, [5]), 4);
  assert.equal(closest([], [5]), null);
});

test("a selection brings its explanation and the step of that", () => {
  const model = createState({ selected: [0], word: 0, step: 3, token: 1 });
  selectTokens(model, EXPLAINED, [2, 3]);
  assert.deepEqual(["selected", "word", "step", "token"].map(model.get), [[2, 3], 2, 12, null]);
  selectTokens(model, EXPLAINED, [0, 6]);
  assert.deepEqual(["selected", "word", "step"].map(model.get), [[0, 6], 2, 12]);
  const picker = createState({ selected: [], word: 0 });
  selectTokens(picker, EXPLAINED, [6]);
  assert.equal(picker.get("word"), 4);
  assert.equal(picker.get("step"), undefined);
});
