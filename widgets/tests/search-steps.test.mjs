import assert from "node:assert/strict";
import { test } from "node:test";

import {
  SearchSteps, additionText, candidateRange, curveTexts, normalized, regionText, rejectedCandidates, stepText, tokenCurves,
} from "../src/logic/search-steps.js";
import { createState } from "../src/logic/state.js";
import { search } from "./helpers.mjs";

test("a step stays within the search, and a region leads to the step that adds it", () => {
  const model = createState({ step: 9 });
  const steps = new SearchSteps(model, search());
  assert.equal(steps.current, 2);
  assert.equal(steps.added, 0);
  steps.go(-3);
  assert.deepEqual([model.get("step"), steps.added], [0, null]);
  steps.goToRegion(1);
  assert.deepEqual([steps.current, steps.added], [1, 1]);
});

test("scores run from the lowest to the highest", () => {
  assert.deepEqual(normalized([1, NaN, 3, 2]), [0, NaN, 1, 0.5]);
  assert.deepEqual(normalized([1, 1]), [0, 0]);
});

test("candidates of a round exclude the region that it added", () => {
  assert.deepEqual(rejectedCandidates(search(), 1), [0, NaN]);
});

test("curves of a token, and of several tokens their mean", () => {
  assert.deepEqual(tokenCurves(search(), [0]), { insertion: [0, 0.5, 1], deletion: [1, 0.25, 0] });
  assert.deepEqual(tokenCurves(search(), [0, 1]).insertion, [0.25, 0.5, 0.75]);
});

test("the explained tokens have the curves that the search followed", () => {
  const joint = { ...search(), explained: [0, 1], aggregate: "joint", targetInsertion: [0, 0.2, 0.6], targetDeletion: [0.6, 0, 0] };
  assert.deepEqual(tokenCurves(joint, [0, 1]), { insertion: [0, 0.2, 0.6], deletion: [0.6, 0, 0] });
  assert.deepEqual(tokenCurves(joint, [0]).insertion, [0, 0.5, 1]);
  assert.equal(curveTexts(joint, [0, 1], tokenCurves(joint, [0, 1])).title, "Probability of “red cat”, joint of 2 tokens");
});

test("the legend of the candidates has the scores of a round", () => {
  assert.deepEqual(candidateRange(search(), 1), [2, 6]);
  assert.equal(candidateRange(search(), 2), null); // no other region was scored
  assert.equal(candidateRange(search(), 0), null);
  assert.equal(candidateRange({ ...search(), candidates: null }, 1), null);
});

test("texts about the curves name the tokens and the areas", () => {
  const one = curveTexts(search(), [0], tokenCurves(search(), [0]));
  assert.equal(one.title, "Probability of “red”");
  assert.equal(one.insertion, "insertion: AUC 0.625 (higher is better)");
  assert.equal(one.deletion, "deletion: AUC 0.250 (lower is better)");
  assert.equal(curveTexts(search(), [0, 1], tokenCurves(search(), [0, 1])).title, "Probability of “red cat”, mean of 2 tokens, along the order of “red”");
});

test("curves along the order of other tokens say so", () => {
  const one = search();
  assert.equal(curveTexts(one, [1], tokenCurves(one, [1])).title, "Probability of “cat”, along the order of “red”");
  assert.equal(curveTexts(one, [0], tokenCurves(one, [0])).title, "Probability of “red”");
});

test("texts about a step and a region", () => {
  const curves = tokenCurves(search(), [0]);
  assert.equal(stepText(search(), curves, 1), "Step 1 of 2 · 25 % of the image · insertion 0.500, deletion 0.250");
  assert.equal(additionText(search(), 0), "No region added.");
  assert.equal(additionText(search(), 1), "Region 1 added · gain +0.500 · objective 0.500");
  assert.equal(additionText(search(), 2), "Region 0 added · gain +0.750 · objective 1.250 · proposed: the search ended early");
  assert.equal(regionText(search(), [1, 0], curves, 0), "Region 0, rank 2 of 2 (proposed)\ngain +0.750\narea 75 %\ninsertion once added 1.000");
});
