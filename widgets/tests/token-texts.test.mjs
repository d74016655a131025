import assert from "node:assert/strict";
import { test } from "node:test";

import { chipText, selectionText } from "../src/logic/token-texts.js";

const TOKENS = [" re", "d", "\n", " "];

test("a chip has the numbers of its tokens", () => {
  const answer = { tokens: TOKENS, probabilities: [0.5, 0.25, 1, 1], reliance: { paper: [0.1, 0.2, 0, 0] } };
  assert.equal(chipText(answer, [0, 1], 0.15), "re|d: 2 tokens, probability 0.50 · 0.25, reliance 0.15");
  assert.equal(chipText(answer, [0, 1], null), "re|d: 2 tokens, probability 0.50 · 0.25, reliance not measured");
  assert.equal(chipText({ tokens: TOKENS, probabilities: null, reliance: null }, [2]), "⏎: token 2");
  assert.equal(chipText({ tokens: TOKENS, probabilities: null, reliance: null }, [3]), "(nothing visible): token 3");
});

test("a selection is counted and quoted", () => {
  assert.equal(selectionText([0, 1], TOKENS), "2 of 4 tokens selected: “red”");
  assert.equal(selectionText([], TOKENS), "No token selected of 4.");
});
