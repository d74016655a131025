import assert from "node:assert/strict";
import { test } from "node:test";

import { comparisonText, eagleRow, eagleStates, stepWithin } from "../src/logic/eagle.js";
import {
  countText, equalAreaRival, groupText, maskText, probabilityRows, rowText, sessionText, stateText, verdictText,
} from "../src/logic/painting-texts.js";

const EAGLE = {
  order: [2, 0, 1],
  area: [0, 0.1, 0.30000000000000004, 1],
  explained: [0],
  insertion: Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]),
  deletion: new Float32Array(8),
};
const PAINTING = { map: { n: 3 }, regionArea: [0.2, 0.7, 0.1], targets: [" red", " cat"], full: [0.5, 0.75], eagle: EAGLE };

test("EAGLE's regions cover at most the same area", () => {
  assert.deepEqual([0, 0.05, 0.1, 0.29, 0.3, 1].map((a) => stepWithin(EAGLE.area, a)), [0, 0, 1, 1, 2, 3]);
  assert.deepEqual(eagleRow(EAGLE, "show", 2), [4, 5]);
  assert.deepEqual(eagleRow(EAGLE, "hide", 2), [0, 0]);
});

test("EAGLE's order is a track of states", () => {
  const states = eagleStates(EAGLE, "show");
  assert.deepEqual(states.map(({ painted }) => painted), [[], [2], [0, 2], [0, 1, 2]]);
  assert.deepEqual(states[2], { painted: [0, 2], mode: "show", p: [4, 5], order: true });
});

test("a painted region is compared with EAGLE's", () => {
  assert.equal(
    comparisonText("show", { p: 0.31, area: 0.124 }, { p: 0.08, area: 0.11, regions: 4 }),
    "Yours: 0.31 with 12 % of the image shown. EAGLE's first 4 regions at equal area (11 %): 0.08. Higher is better here: you are ahead by 0.23.",
  );
  assert.match(comparisonText("hide", { p: 0.31, area: 0.06 }, { p: 0.08, area: 0.05, regions: 1 }), /first region at .*Lower is better here: EAGLE is ahead by 0.23\.$/);
  assert.match(comparisonText("hide", { p: 0.3, area: 0.06 }, { p: 0.3, area: 0, regions: 0 }), /nothing to compare/);
});

test("the rival of a painted region, of nothing, and of EAGLE's own order", () => {
  const trial = { painted: [0], mode: "show", p: [0.1, 0.2] };
  assert.deepEqual(equalAreaRival(PAINTING, trial), { own: 0.2, regions: 1, area: 0.1, row: [2, 3] });
  assert.equal(equalAreaRival(PAINTING, { ...trial, painted: [] }), null);
  assert.equal(equalAreaRival(PAINTING, { ...trial, order: true }), null);
  assert.equal(equalAreaRival({ ...PAINTING, eagle: null }, trial), null);
});

test("the table has a row per word, and their mean above several", () => {
  const groups = [[0], [1]];
  assert.deepEqual(probabilityRows(PAINTING, groups, [1], [0.25, 0.5], null), [{ label: "cat", full: 0.75, now: 0.5, eagle: null }]);
  const rows = probabilityRows(PAINTING, groups, [0, 1], [0.25, 0.5], { regions: 1, row: [2, 3] });
  assert.deepEqual(rows.map(({ label }) => label), ["all of these", "red", "cat"]);
  assert.deepEqual(rows[0], { label: "all of these", full: 0.625, now: 0.375, eagle: 2.5 });
  assert.equal(rowText(rows[0]), "all of these: 0.38 now, 0.63 for the whole image");
  assert.equal(groupText(PAINTING, [1], [0.25, 0.5]), "cat: 0.75 for the whole image, 0.50 now");
});

test("the verdict needs a word, an explanation and a painted region", () => {
  const trial = { painted: [0], mode: "show", p: [0.1, 0.2] };
  const rival = equalAreaRival(PAINTING, trial);
  const verdict = (selected, more = {}) => verdictText({ ...PAINTING, ...more }, trial, selected, trial.p, rival);
  assert.match(verdict([]), /^Select a word/);
  assert.equal(verdict([0], { eagle: null }), "");
  assert.match(verdict([0]), /^Yours: 0.10 with 20 % of the image shown\. EAGLE's first region .* ahead by 1\.90\.$/);
  assert.match(verdict([1]), /EAGLE's order explains “red”\.$/);
  assert.match(verdictText(PAINTING, trial, [0], trial.p, null), /^Paint a region/);
  assert.equal(verdictText(PAINTING, { painted: [2], order: true }, [0], [], null), "EAGLE's order for “red”, step 1 of 3.");
});

test("texts about a mask", () => {
  assert.equal(countText(PAINTING, [0, 2]), "2 of 3 regions, 30 % of the image");
  assert.equal(maskText(PAINTING, { painted: [2], mode: "show" }), "1 of 3 regions, 10 % of the image shown, all else hidden");
  assert.equal(maskText(PAINTING, { painted: [], mode: "hide" }), "Nothing painted: the model sees the whole image");
  assert.equal(stateText(PAINTING, { painted: [], mode: "show" }), "blank image");
  assert.equal(stateText(PAINTING, { painted: [0, 2], mode: "hide" }), "2 regions hidden, 30 % of the image");
});

test("the status names what the kernel does", () => {
  const session = { mask: { painted: [], mode: "hide" }, error: null, waiting: true, late: false, scored: { done: true } };
  const text = (more) => sessionText(PAINTING, { ...session, ...more }).replace(/^.* · /, "");
  assert.equal(text({}), "scoring …");
  assert.equal(text({ scored: {} }), "answering …");
  assert.equal(text({ late: true }), "scoring … the kernel is busy or has stopped");
  assert.equal(text({ error: "broken" }), "broken");
  assert.equal(sessionText(PAINTING, { ...session, waiting: false }), "Nothing painted: the model sees the whole image");
});
