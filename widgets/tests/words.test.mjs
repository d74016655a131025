import assert from "node:assert/strict";
import { test } from "node:test";

import { unitTokens } from "../src/logic/units.js";
import { chips, direction, isolated, joinedRuns, quote, typeset, visible } from "../src/logic/words.js";

const TOKENS = ["a", " large", " re", "d", " circle", ",", " left", " of", " it", ".", " Then", " no", "thing", "."];
const WORDS = [[0], [1], [2, 3], [4], [6], [7], [8], [10], [11, 12]];
const GROUPS = chips(TOKENS.length, WORDS);

test("the tokens of a word share a chip, punctuation has its own", () => {
  assert.deepEqual(GROUPS, [[0], [1], [2, 3], [4], [5], [6], [7], [8], [9], [10], [11, 12], [13]]);
});

test("words that share a token share a chip", () => {
  assert.deepEqual(chips(4, [[0, 1], [1, 2], [3]]), [[0, 1, 2], [3]]);
});

test("without words, every token is a chip", () => {
  assert.deepEqual(chips(2, []), [[0], [1]]);
});

test("a unit is a word, a phrase between function words and pauses, or a sentence", () => {
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

test("invisible tokens show a sign", () => {
  assert.deepEqual(["", " ", "\n", " cat"].map(visible), ["·", "␣", "⏎", "cat"]);
});

test("a quotation marks gaps and isolates right-to-left text", () => {
  assert.equal(quote([1, 2, 3, 8], TOKENS), "large red … it");
  assert.equal(quote([0], [" שלום"]), "\u2068שלום\u2069");
});

test("the first letter of a text gives its direction", () => {
  assert.deepEqual(["a شيء", "“دائرة red", "42 שלום", "", "圆"].map(direction), ["ltr", "rtl", "rtl", "ltr", "ltr"]);
});

test("no line ends between a word and the punctuation around it, nor within a word", () => {
  assert.deepEqual(joinedRuns(GROUPS, TOKENS), [[0], [1], [2], [3, 4], [5], [6], [7, 8], [9], [10, 11]]);
  const single = TOKENS.map((_, k) => [k]);
  assert.deepEqual(joinedRuns(single, TOKENS, WORDS).filter((run) => run.length > 1), [[2, 3], [4, 5], [8, 9], [11, 12, 13]]);
  assert.deepEqual(joinedRuns([[0], [1]], ["红色", "圆"]), [[0], [1]]); // scripts without spaces need line ends
});

test("right-to-left words are isolated, and numbers stay on one line", () => {
  assert.equal(isolated("red"), "red");
  assert.equal(typeset("“red”: 0.13 → 0.95, 4.9 % of it."), "“red”: 0.13\u00a0→\u00a00.95, 4.9\u00a0% of it.");
  assert.equal(typeset("for “שלום”: 1"), "for “\u2068שלום\u2069”: 1");
});
