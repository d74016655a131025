import assert from "node:assert/strict";
import { test } from "node:test";

import { offerText, selectionTexts, verdictText } from "../src/logic/explorer-texts.js";
import { route } from "../src/logic/routing.js";

const answer = {
  tokens: ["a", " green", " heart", "."],
  groups: [[0], [1], [2], [3]],
  explained: [
    { name: "green", tokens: [1], headline: "One region is enough for “green”." },
    { name: "heart", tokens: [2], headline: "One region is enough for “heart”." },
  ],
};
const texts = (tokens) => selectionTexts(answer, tokens, route(answer.explained, tokens));

test("an explained word has its headline", () => {
  assert.deepEqual(texts([2]), { headline: "One region is enough for “heart”.", remark: "" });
  assert.match(texts([]).headline, /^Select a word/);
});

test("a selection that was not explained says so and offers the nearest", () => {
  assert.deepEqual(texts([1, 2]), {
    headline: "“green heart” was not explained as one.",
    remark: "“green heart” was not explained as one; nearest: “green”.",
  });
  assert.equal(texts([3]).headline, "“.” was not explained.");
  const token = { ...answer, groups: [[0], [1, 2], [3]], explained: answer.explained.slice(0, 0) };
  assert.equal(selectionTexts(token, [1, 2], route([], [1, 2])).remark, "“green heart” was not explained.");
  assert.equal(offerText(answer, route(answer.explained, [3])), "Show “heart”");
});

test("a part of what was explained names the whole, whose map is shown", () => {
  const whole = { ...answer, explained: [{ name: "green heart", tokens: [1, 2], headline: "…" }] };
  assert.deepEqual(selectionTexts(whole, [1], route(whole.explained, [1])), {
    headline: "…",
    remark: "“green” was explained as a part of “green heart”, whose map this is.",
  });
});

test("the verdict names the selection and the side of the threshold, or that nothing was measured", () => {
  assert.equal(verdictText("“red”", 0.83, 0.2), "Reliance of “red”: 0.83, above the threshold 0.20: it relies on the image.");
  assert.equal(verdictText("“a”", 0.2, 0.2), "Reliance of “a”: 0.20, not above the threshold 0.20: it was guessed from language.");
  assert.equal(verdictText("“.”", null, 0.2), "The reliance of “.” was not measured.");
});
