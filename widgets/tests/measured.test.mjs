import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../src/logic/answer.js";
import { chipReliance, measured, splitText, splitWords } from "../src/logic/measured.js";

/** "a purple cup." of which "purple" and "cup" were explained. */
const answer = decode({
  tokens: ["a", " pur", "ple", " cup", "."],
  words: [[0], [1, 2], [3]],
  probabilities: null,
  reliance: { paper: [null, 0.8, 0, 0.1, null], area: [null, 0.7, 0, 0.2, null], difference: [0, 0.9, 0.1, 0.1, 0] },
  wordReliance: { paper: [null, 0.6, 0.1], area: [null, 0.5, 0.2], difference: [0, 0.6, 0.1] },
});

test("a word has its own reliance, which is no average of its tokens", () => {
  assert.equal(chipReliance(answer, [1, 2], "paper"), 0.6);
  assert.equal(chipReliance(answer, [3], "area"), 0.2);
  assert.equal(chipReliance(answer, [1], "paper", true), 0.8);
});

test("what was not measured has none", () => {
  assert.equal(chipReliance(answer, [0], "paper"), null);
  assert.equal(chipReliance(answer, [4], "paper"), null);
  assert.equal(chipReliance(answer, [0, 1], "paper"), null);
  assert.equal(chipReliance(answer, [0], "difference"), 0);
  assert.deepEqual(measured([null, 0, 0.5]), [0, 0.5]);
});

test("words are split by the threshold; punctuation that was not measured is not counted", () => {
  const split = splitWords(answer, "paper", 0.2);
  assert.deepEqual(split, { image: [[1, 2]], language: [[3]], unmeasured: [[0]] });
  assert.equal(splitText(split), "1 word relies on the image · 1 on language · 1 not measured");
  assert.equal(splitText({ image: [[1], [2]], language: [], unmeasured: [] }), "2 words rely on the image · 0 on language");
});
