import assert from "node:assert/strict";
import { test } from "node:test";

import { barTexts, drawEvidence, litColor, meanColor, regionEvidenceText, strongest } from "../src/logic/evidence.js";
import { HIDDEN_LIGHTNESS } from "../src/palette.js";

const pixel = (red, green, blue) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
const GREEN = pixel(20, 200, 40);

test("full evidence keeps the colours, none leaves dark grey, and nothing is tinted", () => {
  const picture = new Uint32Array([GREEN, GREEN, GREEN]);
  const out = new Uint32Array(3);
  drawEvidence(picture, new Uint16Array([0, 1, 2]), [1, 0, 0.5], out);
  assert.equal(out[0], GREEN);
  const grey = Math.round(HIDDEN_LIGHTNESS * (0.299 * 20 + 0.587 * 200 + 0.114 * 40));
  assert.equal(out[1], pixel(grey, grey, grey));
  assert.equal(out[2], pixel(...litColor([20, 200, 40], 0.5)));
  assert.deepEqual(litColor([20, 200, 40], 1), [20, 200, 40]);
  drawEvidence(picture, new Uint16Array([0, 1, 2]), null, out);
  assert.deepEqual(out, picture);
});

test("the bar has the mean colour of the strongest region", () => {
  const picture = new Uint32Array([GREEN, pixel(40, 100, 60), pixel(1, 2, 3)]);
  assert.deepEqual(meanColor(picture, [0, 2]), [30, 150, 50]);
  assert.equal(strongest([0.2, 1, 0]), 1);
});

test("evidence is reported with its sign", () => {
  const word = { name: "red", evidence: [-0.125, 0.5], evidenceScale: 0.5 };
  assert.deepEqual(barTexts(word), { high: "+0.50", low: "0" });
  assert.equal(regionEvidenceText(word, 1, [0.96, 0.04]), "Region 1, 4.0 % of the image: +0.50 of the probability of “red”");
  assert.match(regionEvidenceText(word, 0, [0.96, 0.04]), /: −0\.1[23] of/);
});
