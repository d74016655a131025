import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../src/logic/answer.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");
const LABELS = base64(new Uint16Array([0, 6]));

test("of several explained words, each has its own order on the same picture", () => {
  const curve = (p) => base64(new Float32Array([0, p]));
  const eagle = (p) => ({ order: [0], area: [0, 1], explained: [0], insertion: curve(p), deletion: curve(p) });
  const painting = { n: 1, width: 3, height: 2, labels: LABELS, image: "", fill: "", eagle: eagle(0.25) };
  const raw = { tokens: ["a"], words: [[0]], painting, each: [{ painting: { eagle: eagle(0.25) } }, { painting: { eagle: eagle(0.5) } }] };
  const paintings = [0, 1].map((word) => decode(raw, word).painting);
  assert.deepEqual(paintings.map((one) => one?.eagle?.insertion[1]), [0.25, 0.5]);
  assert.equal(paintings[1]?.map.labels.length, 6);
  assert.equal(decode({ ...raw, each: undefined }).painting?.eagle?.insertion[1], 0.25);
});

test("arrays arrive as base64 in a page, and as views of a larger buffer in a notebook", () => {
  const values = new Float32Array([7, 0.5, 1]);
  const view = new DataView(values.buffer, 4); // without the first number
  const raw = (insertion) => ({
    tokens: ["a"],
    words: [],
    reliance: null,
    search: { order: [0], width: 3, height: 2, labels: LABELS, image: "", fill: "", insertion, deletion: insertion, candidates: null },
  });
  for (const insertion of [view, base64(values.slice(1))]) {
    const { search } = decode(raw(insertion));
    assert.deepEqual([...search.insertion], [0.5, 1]);
    assert.equal(search.candidates, null);
  }
});

test("the same data is decoded once", () => {
  const raw = { tokens: ["a", "b"], words: [], reliance: null };
  assert.equal(decode(raw), decode(raw));
});
