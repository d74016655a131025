import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { decode } from "../src/data.js";
import { brushed, compared, eagleRow, lassoed, mean, middles, pacer, readingOrder, stepWithin, vertical, whereabouts } from "../src/painting.js";
import { Composite, outlineOf, regionMap } from "../src/regions.js";

/** A grid of squares of 10 × 10 pixels, numbered as they are read. */
function grid(columns, rows) {
  const pairs = [];
  for (let y = 0; y < 10 * rows; y++) for (let c = 0; c < columns; c++) pairs.push(Math.floor(y / 10) * columns + c, 10);
  return regionMap(new Uint16Array(pairs), 10 * columns, 10 * rows, columns * rows);
}

test("a brush hits every region between two points, however fast it goes", () => {
  const map = grid(8, 1);
  assert.deepEqual([...brushed(map, [1, 5], [79, 5])], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...brushed(map, [15, 5], [15, 5])], [1]);
  assert.deepEqual([...brushed(map, [-30, 5], [5, 5])], [0]);
});

test("a lasso takes regions that are more than half inside", () => {
  const map = grid(4, 3);
  const box = (x1, y1, x2, y2) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
  assert.deepEqual(lassoed(map, box(4, 0, 26, 10)), [0, 1, 2]); // 60 % of 0 and 2
  assert.deepEqual(lassoed(map, box(5, 0, 25, 10)), [1]); // exactly half of 0 and 2
  assert.deepEqual(lassoed(map, box(-9, -9, 99, 99)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(lassoed(map, [[0, 0], [20, 0], [0, 20]]), [0]); // a triangle: half of 1 and 4 only
  assert.deepEqual(lassoed(map, [[3, 3], [4, 4]]), []);
});

test("arrow keys reach every region, as one reads, and go straight up and down", () => {
  const map = grid(4, 3);
  const centres = middles(map);
  assert.deepEqual(centres[5], [15, 15]);
  assert.deepEqual(readingOrder(map, centres), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(vertical(centres, 5, 1), 9);
  assert.equal(vertical(centres, 5, -1), 1);
  assert.equal(vertical(centres, 1, -1), 1);
  assert.deepEqual([0, 5, 11].map((k) => whereabouts(centres[k], map)), ["top left", "middle centre", "bottom right"]);
});

test("a middle weighs runs that go on over several rows", () => {
  const map = regionMap(new Uint16Array([0, 6, 1, 2]), 4, 2, 2);
  assert.deepEqual(middles(map), [[(4 * 2 + 2 * 1) / 6, (4 * 0.5 + 2 * 1.5) / 6], [3, 1.5]]);
});

test("the border around a set leaves out what is between its regions", () => {
  const map = grid(3, 2);
  const length = (lines) => {
    let sum = 0;
    for (let k = 0; k < lines.length; k += 4) sum += Math.abs(lines[k + 2] - lines[k]) + Math.abs(lines[k + 3] - lines[k + 1]);
    return sum;
  };
  assert.equal(length(outlineOf(map, [0, 1])), 60);
  assert.equal(length(outlineOf(map, [0, 5])), 80);
  assert.equal(length(outlineOf(map, [0, 1, 2, 3, 4, 5])), 100);
  assert.deepEqual(outlineOf(map, []), []);
});

test("a composite shows any set of regions", () => {
  const map = grid(2, 1);
  const composite = new Composite(map, [], new Uint32Array(200).fill(7), new Uint32Array(200));
  assert.deepEqual(composite.show((k) => k === 1), [0, 10]);
  assert.deepEqual([...composite.pixels.slice(8, 12)], [0, 0, 7, 7]);
  assert.deepEqual(composite.show((k) => k === 1), [10, 10]); // nothing to repaint
  composite.show(() => false);
  assert.ok(composite.pixels.every((p) => p === 0));
});

test("strokes are sent 150 ms after the last, one at a time, the latest only", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  let stroke = 0;
  let busy = false;
  const pace = pacer(() => {
    sent.push(stroke);
    busy = true;
  }, () => !busy, 150); // prettier-ignore
  const paint = () => {
    stroke++;
    pace.offer();
  };
  for (let k = 0; k < 5; k++) {
    paint();
    mock.timers.tick(100);
  }
  assert.deepEqual(sent, []);
  mock.timers.tick(50);
  assert.deepEqual(sent, [5]);
  for (let k = 0; k < 3; k++) {
    paint(); // while the kernel computes
    mock.timers.tick(1000);
  }
  assert.deepEqual(sent, [5]);
  assert.equal(pace.waiting(), true);
  busy = false;
  pace.attempt(); // its answer comes
  assert.deepEqual(sent, [5, 8]);
  busy = false;
  pace.attempt();
  assert.deepEqual(sent, [5, 8]); // nothing waits
  paint();
  pace.drop();
  mock.timers.tick(1000);
  assert.deepEqual(sent, [5, 8]);
  assert.equal(pace.waiting(), false);
  mock.timers.reset();
});

test("EAGLE gets at most the same area", () => {
  const area = [0, 0.1, 0.30000000000000004, 1];
  assert.deepEqual([0, 0.05, 0.1, 0.29, 0.3, 1].map((a) => stepWithin(area, a)), [0, 0, 1, 1, 2, 3]);
  const eagle = { order: [2, 0, 1], area, explained: [0], insertion: Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]), deletion: new Float32Array(8) };
  assert.deepEqual(eagleRow(eagle, "show", 2), [4, 5]);
  assert.deepEqual(eagleRow(eagle, "hide", 2), [0, 0]);
  assert.equal(mean([1, 2, 6], [0, 2]), 3.5);
});

test("one's own region and EAGLE's in a sentence", () => {
  assert.equal(
    compared("show", { p: 0.31, area: 0.124 }, { p: 0.08, area: 0.11, regions: 4 }),
    "Yours: 0.31 with 12 % of the image shown. EAGLE's first 4 regions at equal area (11 %): 0.08. Higher is better here: you are ahead by 0.23.",
  );
  assert.match(compared("hide", { p: 0.31, area: 0.06 }, { p: 0.08, area: 0.05, regions: 1 }), /first region at .*Lower is better here: EAGLE is ahead by 0.23\.$/);
  assert.match(compared("hide", { p: 0.3, area: 0.06 }, { p: 0.3, area: 0, regions: 0 }), /nothing to compare/);
});

test("of several explained words, each is compared with its own order on the same picture", () => {
  const curve = (/** @type {number} */ p) => Buffer.from(new Float32Array([0, p]).buffer).toString("base64");
  const eagle = (/** @type {number} */ p) => ({ order: [0], area: [0, 1], explained: [0], insertion: curve(p), deletion: curve(p) });
  const labels = Buffer.from(new Uint16Array([0, 6]).buffer).toString("base64");
  const painting = { n: 1, width: 3, height: 2, labels, image: "", fill: "", eagle: eagle(0.25) };
  const raw = { tokens: ["a"], words: [[0]], painting, each: [{ painting: { eagle: eagle(0.25) } }, { painting: { eagle: eagle(0.5) } }] };
  const seen = [0, 1].map((word) => decode(raw, word).painting);
  assert.deepEqual(seen.map((one) => one?.eagle?.insertion[1]), [0.25, 0.5]); // prettier-ignore
  assert.equal(seen[1]?.map.labels.length, 6);
  assert.equal(decode({ ...raw, each: undefined }).painting?.eagle?.insertion[1], 0.25);
});
