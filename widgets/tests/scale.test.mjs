import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, gradient, parseColor, scaleEnd, tint } from "../src/logic/scale.js";
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

test("the reliance scale ends at the largest value, but at least at the floor", () => {
  assert.equal(scaleEnd([0.01, 0.02]), 0.25);
  assert.equal(scaleEnd([0.01, 0.6]), 0.6);
});

test("a computed colour is parsed, other texts are not", () => {
  assert.deepEqual(parseColor("rgba(1, 20, 255, 0.5)"), [1, 20, 255]);
  assert.equal(parseColor("color(srgb 1 1 1)"), null);
});
