import assert from "node:assert/strict";
import { test } from "node:test";

import { RemovalSteps, STATES, removalTexts, runs, stateKey, stateKeyText, stateMark } from "../src/logic/correction-steps.js";
import { createState } from "../src/logic/state.js";
import { search } from "./helpers.mjs";

const CORRECTION = { counter: "no", wrongToken: "yes", wrong: [0.25, 0.5, 1], step: 1 };

test("regions are removed from the end of the order", () => {
  const model = createState({ removed: 0 });
  const steps = new RemovalSteps(model, search(), CORRECTION);
  assert.deepEqual([steps.shown, steps.removed, steps.minimal], [2, null, 1]);
  steps.goToRegion(0);
  assert.deepEqual([model.get("removed"), steps.shown, steps.removed], [1, 1, 0]);
  steps.go(9);
  assert.deepEqual([steps.current, steps.removed], [2, 1]);
});

test("without a corrected answer there is no minimal correction", () => {
  assert.equal(new RemovalSteps(createState({ removed: 0 }), search(), { step: null }).minimal, null);
});

test("texts about a step", () => {
  const steps = new RemovalSteps(createState({ removed: 1 }), search(), CORRECTION);
  const texts = removalTexts(steps, search(), CORRECTION, [0.1, 0.2, 0.3]);
  assert.equal(texts.status, "1 of 2 regions removed, 75 % of the image: the minimal correction region · p(“no”) 0.200, p(“yes”) 0.500");
  assert.equal(texts.caption, "Removed: 75 %");
  assert.equal(texts.remaining, "The image with 1 of 2 regions removed");
  assert.equal(texts.gone, "The 1 regions removed, 75 % of the image");
  steps.go(0);
  assert.equal(removalTexts(steps, search(), CORRECTION, [0.1, 0.2, 0.3]).caption, "Removed: nothing");
});

test("the key names the states that occur, and how often", () => {
  const states = ["corrected", "corrected", "another wrong answer", null, "still says it"];
  assert.deepEqual(stateKey(states).map(({ name, count }) => [name, count]), [
    ["corrected", 2], ["another wrong answer", 1], ["still says it", 1], ["undecided", 1],
  ]);
  assert.equal(stateKeyText(states.slice(0, 3), "cup"), "Answers of the 3 steps to “cup”: 2 corrected, 1 another wrong answer");
  assert.deepEqual(stateKey([]), []);
});

test("every state has a mark of its own", () => {
  assert.equal(stateMark("another wrong answer"), "≠ Another wrong answer:");
  assert.equal(stateMark(null), "? Undecided:");
  assert.equal(new Set(STATES.map(({ state }) => stateMark(state)[0])).size, 4);
});

test("runs of equal values", () => {
  assert.deepEqual(runs([false, false, true, false]), [
    { from: 0, length: 2, value: false },
    { from: 2, length: 1, value: true },
    { from: 3, length: 1, value: false },
  ]);
  assert.deepEqual(runs([]), []);
});
