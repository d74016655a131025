import assert from "node:assert/strict";
import { test } from "node:test";

import { drawEvidence } from "../src/logic/evidence.js";
import { allBorders, outline } from "../src/logic/outlines.js";
import {
  clearBetween, evidenceShares, frameAt, frameRatio, keyedPlace, pictureMap, pictureOfStep, pictureText, playingSpeed, regionMarks, shortLabel,
  strongestPicture,
} from "../src/logic/pictures.js";
import { NO_REGION, croppedMap, decodeRegions, regionAt } from "../src/logic/regions.js";
import { brushedRegions, lassoedRegions } from "../src/logic/strokes.js";
import { length } from "./helpers.mjs";

const NONE = NO_REGION;
/** Two pictures of 2 × 2 pixels with a gap: region 0 lies in both, region 1 in the second; a third picture is not explained. */
const LABELS = [0, 0, NONE, 0, 1, NONE, NONE, 0, 0, NONE, 0, 1, NONE, NONE];
const map = () => decodeRegions(new Uint16Array(LABELS.flatMap((label) => [label, 1])), 7, 2, 2);
const PICTURES = [[0, 0, 2, 2], [3, 0, 5, 2], [6, 0, 7, 2]].map((box, k) => ({
  box, label: `picture ${k + 1}`, seconds: null, frame: false, explained: k < 2,
}));
const FRAMES = PICTURES.map((picture, k) => ({ ...picture, label: `${k / 2} s`, seconds: k / 2, frame: true }));

test("pixels between pictures belong to no region", () => {
  const { runs } = map();
  assert.deepEqual(runs.map((own) => own.length / 2), [6, 2]);
  assert.equal(regionAt(map(), 4.9, 1.2), 1);
  assert.equal(regionAt(map(), 2, 0), null);
  assert.equal(regionAt(map(), -0.1, 0), null);
  assert.deepEqual([...brushedRegions(map(), [2.5, 0.5], [2.5, 1.5])], []);
  assert.deepEqual(lassoedRegions(map(), [[-1, -1], [8, -1], [8, 3], [-1, 3]]), [0, 1]);
});

test("outlines end at the edge of a picture, and no border is drawn around it", () => {
  assert.equal(length(outline(map(), [1])), 6);
  assert.equal(length(outline(map(), [0])), 8 + 6);
  assert.equal(length(allBorders(map())), 2);
});

test("a picture has its own map with the numbers of all regions", () => {
  const part = pictureMap(map(), PICTURES, 1);
  assert.deepEqual([part.width, part.height, part.n], [2, 2, 2]);
  assert.deepEqual([...part.labels], [0, 1, 0, 1]);
  assert.deepEqual(part.rows, [[0, 2], [0, 2]]);
  const first = croppedMap(map(), PICTURES[0].box);
  assert.deepEqual(first.runs, [[0, 2, 2, 4], []]);
  assert.equal(length(outline(first, [1])), 0);
  const whole = map();
  assert.equal(pictureMap(whole, PICTURES, 1), pictureMap(whole, PICTURES, 1)); // made once
});

test("pictures that are not explained and the space between keep their pixels", () => {
  const picture = new Uint32Array(14).fill(0xff00ff00);
  const out = new Uint32Array(14);
  drawEvidence(picture, map().labels, [0, 1], out);
  LABELS.forEach((label, k) => assert.equal(out[k] === 0xff00ff00, label !== 0));
});

test("what lies between pictures is transparent, and pictures that are never hidden show in the fill, too", () => {
  const [image, fill] = [new Uint32Array(14).fill(7), new Uint32Array(14).fill(9)];
  clearBetween(map(), PICTURES, image, fill);
  const row = [7, 7, 0, 7, 7, 0, 7];
  assert.deepEqual([...image], [...row, ...row]);
  const hidden = [9, 9, 0, 9, 9, 0, 7];
  assert.deepEqual([...fill], [...hidden, ...hidden]);
});

test("the strongest picture is shown, and at a step the one that holds its region", () => {
  assert.equal(strongestPicture([0.1, 0.3, null]), 1);
  assert.equal(strongestPicture([null, 0, 0]), 1);
  const search = { order: [1, 0], regionPicture: [0, 1] };
  assert.deepEqual([0, 1, 2].map((step) => pictureOfStep(search, step)), [1, 1, 0]);
});

test("pictures are named by number or time, with their evidence", () => {
  assert.equal(pictureText(PICTURES, 1, [0, 0.314, null]), "picture 2 of 3, evidence 0.31");
  assert.equal(pictureText(PICTURES, 2, [0, 0.314, null]), "picture 3 of 3, not explained");
  assert.equal(pictureText(FRAMES, 1, null), "frame 2 of 3, 0.5 s");
  const untimed = FRAMES.map((frame, k) => ({ ...frame, label: `frame ${k + 1}`, seconds: null }));
  assert.equal(pictureText(untimed, 1, [0, 1, null]), "frame 2 of 3, evidence 1.00");
  assert.deepEqual([shortLabel(PICTURES[1], 1), shortLabel(FRAMES[1], 1), shortLabel(untimed[2], 2)], ["2", "0.5 s", "3, not explained"]);
});

test("bars are relative to the strongest picture, but noise is not drawn as evidence", () => {
  assert.deepEqual(evidenceShares([0.25, 0.5, null]), [0.5, 1, 0]);
  assert.deepEqual(evidenceShares([0.025, 0]), [0.5, 0]);
});

test("keys and the pointer move along the time line", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "Home", "End", "PageUp"].map((key) => keyedPlace(key, 1, 4)), [0, 2, 0, 3, 3]);
  assert.equal(keyedPlace("ArrowLeft", 0, 4), 0);
  assert.equal(keyedPlace("a", 0, 4), null);
  assert.deepEqual([0, 0.49, 0.99, 1.2, -1].map((share) => frameAt(share, 4)), [0, 1, 3, 3, 0]);
});

test("a video plays at its own speed, within limits", () => {
  const frames = (/** @type {number[]} */ ...seconds) => seconds.map((s) => ({ ...FRAMES[0], seconds: s }));
  assert.equal(playingSpeed(frames(0, 0.5, 1)), 2);
  assert.equal(playingSpeed(frames(0, 10)), 1);
  assert.equal(playingSpeed(frames(0, 0.01)), 8);
  assert.equal(playingSpeed([PICTURES[0], PICTURES[1]]), 2);
});

test("regions are marked at their place in each picture", () => {
  assert.deepEqual(regionMarks(map(), PICTURES, [1]), [[], [[0.75, 0.5]], []]);
  assert.deepEqual(regionMarks(map(), PICTURES, [0]), [[[0.5, 0.5]], [[0.25, 0.5]], []]);
});

test("the frame of the large picture has the median shape", () => {
  const shaped = (/** @type {number} */ width, /** @type {number} */ height) => ({ ...PICTURES[0], box: [0, 0, width, height] });
  assert.equal(frameRatio([shaped(2, 1), shaped(1, 1), shaped(4, 1)]), 2);
});
