import assert from "node:assert/strict";
import { test } from "node:test";

import { above, auc, bounds, meanCurve, nearest, percent, signed } from "../src/curves.js";
import { Composite, heat, outline, regionMap, shrunk } from "../src/regions.js";
import { contrast, parseColor, tint, top } from "../src/scale.js";
import { createState, follow } from "../src/state.js";
import { chips, direction, quote, runs, toggle, unitTokens, visible } from "../src/words.js";

const TOKENS = ["a", " large", " re", "d", " circle", ",", " left", " of", " it", ".", " Then", " no", "thing", "."];
const WORDS = [[0], [1], [2, 3], [4], [6], [7], [8], [10], [11, 12]];
const GROUPS = chips(TOKENS.length, WORDS);

test("a word's tokens share a chip, punctuation stands alone", () => {
  assert.deepEqual(GROUPS, [[0], [1], [2, 3], [4], [5], [6], [7], [8], [9], [10], [11, 12], [13]]);
});

test("words that share a token share a chip", () => {
  assert.deepEqual(chips(4, [[0, 1], [1, 2], [3]]), [[0, 1, 2], [3]]);
});

test("no words: every token is a chip", () => {
  assert.deepEqual(chips(2, []), [[0], [1]]);
});

test("a unit is a word, a phrase between joints and pauses, or a sentence", () => {
  assert.deepEqual(unitTokens("word", 2, GROUPS, TOKENS), [2, 3]);
  assert.deepEqual(unitTokens("phrase", 2, GROUPS, TOKENS), [1, 2, 3, 4]);
  assert.deepEqual(unitTokens("phrase", 0, GROUPS, TOKENS), [0]);
  assert.deepEqual(unitTokens("sentence", 3, GROUPS, TOKENS), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(unitTokens("sentence", 10, GROUPS, TOKENS), [10, 11, 12, 13]);
});

test("a new line ends a sentence and a phrase", () => {
  const tokens = ["red", "\n", "blue", " cat"];
  const groups = chips(4, [[0], [2], [3]]);
  assert.deepEqual(unitTokens("sentence", 0, groups, tokens), [0]);
  assert.deepEqual(unitTokens("phrase", 3, groups, tokens), [2, 3]);
});

test("sentences end in other scripts too", () => {
  const tokens = ["红色", "圆。", "蓝色"];
  assert.deepEqual(unitTokens("sentence", 0, chips(3, []), tokens), [0, 1]);
  assert.deepEqual(unitTokens("sentence", 2, chips(3, []), tokens), [2]);
});

test("toggling adds what is missing, and removes only when all is there", () => {
  assert.deepEqual(toggle([3], [2, 3]), [2, 3]);
  assert.deepEqual(toggle([1, 2, 3], [2, 3]), [1]);
});

test("tokens that cannot be seen show a sign", () => {
  assert.deepEqual(["", " ", "\n", " cat"].map(visible), ["·", "␣", "⏎", "cat"]);
  assert.equal(quote([1, 2, 3, 8], TOKENS), "large red … it");
  assert.equal(quote([0], [" שלום"]), "\u2068שלום\u2069");
});

const LABELS = [0, 0, 1, 0, 2, 1];
const pairs = new Uint16Array([0, 2, 1, 1, 0, 1, 2, 1, 1, 1]);

test("a run-length encoded map unfolds", () => {
  const map = regionMap(pairs, 3, 2, 3);
  assert.deepEqual([...map.labels], LABELS);
  assert.deepEqual(map.runs, [[0, 2, 3, 4], [2, 3, 5, 6], [4, 5]]);
  assert.deepEqual(map.rows, [[0, 2], [0, 2], [1, 2]]);
  assert.throws(() => regionMap(pairs, 3, 3, 3), /covers 6 of 9/);
});

test("a map shrinks to what lies under the middle of its pixels", () => {
  const map = regionMap(pairs, 3, 2, 3);
  assert.deepEqual([...shrunk(map, 3, 2)], LABELS);
  assert.deepEqual([...shrunk(map, 1, 1)], [LABELS[4]]);
});

test("a composite shows exactly the first k regions, whatever the way there", () => {
  const map = regionMap(pairs, 3, 2, 3);
  const order = [2, 0, 1];
  const picture = Uint32Array.from([1, 2, 3, 4, 5, 6]);
  const composite = new Composite(map, order, picture, new Uint32Array(6));
  for (const step of [2, 0, 3, 1, 1, 3, 0]) {
    composite.go(step);
    const shown = order.slice(0, step);
    assert.deepEqual([...composite.pixels], LABELS.map((label, k) => (shown.includes(label) ? picture[k] : 0)));
  }
  assert.deepEqual(composite.go(1), [1, 2]);
  assert.deepEqual(composite.go(1), [2, 2]);
});

test("an outline encloses its region: its length is the border's", () => {
  const map = regionMap(pairs, 3, 2, 3);
  const length = (lines) => {
    let sum = 0;
    for (let k = 0; k < lines.length; k += 4) sum += Math.abs(lines[k + 2] - lines[k]) + Math.abs(lines[k + 3] - lines[k + 1]);
    return sum;
  };
  assert.equal(length(outline(map, 2)), 4);
  assert.equal(length(outline(map, 0)), 8);
  assert.equal(length(outline(map, -1)), 4); // two steps inside the first row and column, two around region 2
});

test("heat runs from the worst candidate to the best", () => {
  assert.deepEqual(heat([1, NaN, 3, 2]), [0, NaN, 1, 0.5]);
  assert.deepEqual(heat([1, 1]), [0, 0]);
});

test("curves: mean, area, nearest step", () => {
  const table = Float32Array.from([0, 1, 0.5, 1, 1, 1]);
  assert.deepEqual(meanCurve(table, 2, [0]), [0, 0.5, 1]);
  assert.deepEqual(meanCurve(table, 2, [0, 1]), [0.5, 0.75, 1]);
  assert.equal(auc([0, 1, 1], [0, 0.5, 1]), 0.75);
  assert.equal(nearest([0, 0.2, 1], 0.55), 1);
});

test("above a threshold means strictly above", () => {
  assert.deepEqual(above([0.1, 0.2, 0.3], 0.2), [2]);
});

test("the slider's bounds hold every score and the threshold", () => {
  const [low, high] = bounds([-0.12, 0.33, 0.9]);
  assert.ok(low <= -0.12 && high >= 0.9);
  assert.ok(bounds([0])[1] >= 0.25);
});

test("numbers as text", () => {
  assert.deepEqual([percent(0.5), percent(0.012), percent(0), signed(-0.5), signed(1)], ["50 %", "1.2 %", "0 %", "−0.500", "+1.000"]);
});

test("text on every colour of both scales and themes has a contrast of at least 4.5", () => {
  for (const kind of ["diverging", "sequential"]) {
    for (const dark of [false, true]) {
      for (let v = 0; v <= 1; v += 0.01) {
        const { background, color } = tint(kind, v, dark);
        assert.ok(contrast(parseColor(background), parseColor(color)) >= 4.5, `${kind} ${dark} ${v}`);
      }
    }
  }
});

test("a flat answer is not painted red", () => {
  assert.equal(top([0.01, 0.02]), 0.25);
  assert.equal(top([0.01, 0.6]), 0.6);
});

test("a page's state tells of changes only", () => {
  const model = createState({ step: 1, selected: [1, 2] });
  let calls = 0;
  const stop = follow(model, ["step", "selected"], () => calls++);
  model.set("step", 1);
  model.set("selected", [1, 2]);
  assert.equal(calls, 1);
  model.set("step", 2);
  model.set("selected", [1]);
  assert.equal(calls, 3);
  stop();
  model.set("step", 3);
  assert.equal(calls, 3);
  assert.equal(model.get("step"), 3);
});

test("a text's first letter gives its direction", () => {
  assert.deepEqual(["a شيء", "“دائرة red", "42 שלום", "", "圆"].map(direction), ["ltr", "rtl", "rtl", "ltr", "ltr"]);
});

test("stretches of equal values", () => {
  assert.deepEqual(runs([false, false, true, false]), [
    { from: 0, length: 2, value: false },
    { from: 2, length: 1, value: true },
    { from: 3, length: 1, value: false },
  ]);
  assert.deepEqual(runs([]), []);
});
