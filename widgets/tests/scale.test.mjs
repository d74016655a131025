import assert from "node:assert/strict";
import { test } from "node:test";

import { centredStops, contrast, gradient, parseColor, relianceShare, scaleEnds, tint, unmeasuredTint } from "../src/logic/scale.js";
import { SCALES } from "../src/palette.js";

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

test("values outside the scale have the colours of its ends", () => {
  const [first, last] = [SCALES.dark.diverging.at(0), SCALES.dark.diverging.at(-1)];
  assert.equal(tint("diverging", -1, true).background, `rgb(${first.join(",")})`);
  assert.equal(tint("diverging", 2, true).background, `rgb(${last.join(",")})`);
});

test("a gradient has every stop of its scale", () => {
  const colors = SCALES.light.sequential.map((c) => `rgb(${c.join(",")})`);
  assert.equal(gradient("sequential", false), `linear-gradient(to right, ${colors.join(",")})`);
});

test("the reliance scale includes every value, and ends at the floor at least", () => {
  assert.deepEqual(scaleEnds([0.01, 0.02]), [0, 0.25]);
  assert.deepEqual(scaleEnds([-0.1, 0.6]), [-0.1, 0.6]);
});

test("the centre of the reliance scale is the threshold", () => {
  const share = (value, threshold) => relianceShare(value, threshold, [0, 0.8]);
  assert.deepEqual([0, 0.1, 0.2, 0.5, 0.8].map((v) => share(v, 0.2)), [0, 0.25, 0.5, 0.75, 1]);
  assert.equal(share(0.2, 0.4), 0.25);
  assert.equal(share(0.8, 0.8), 0.5);
  assert.equal(share(0.5, 0), 0.8125);
});

test("the stops of the scale stand at the values whose colours they are", () => {
  const stops = centredStops(false, 0.2, [0, 0.8]);
  assert.equal(stops.length, SCALES.light.diverging.length);
  assert.deepEqual([stops[0].offset, stops[3].offset, stops[6].offset], [0, 0.25, 1]);
  assert.equal(stops[3].color, tint("diverging", 0.5, false).background);
  for (const { offset, color } of stops) {
    assert.equal(tint("diverging", relianceShare(0.8 * offset, 0.2, [0, 0.8]), false).background, color);
  }
});

test("text on the grey of what was not measured is legible", () => {
  for (const dark of [false, true]) {
    const { background, color } = unmeasuredTint(dark);
    assert.ok(contrast(parseColor(background), parseColor(color)) >= 4.5);
  }
});

test("a computed colour is parsed, other texts are not", () => {
  assert.deepEqual(parseColor("rgba(1, 20, 255, 0.5)"), [1, 20, 255]);
  assert.equal(parseColor("color(srgb 1 1 1)"), null);
});
