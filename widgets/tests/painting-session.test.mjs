import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { PaintingSession } from "../src/logic/painting-session.js";
import { createState, follow } from "../src/logic/state.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A session with a kernel that answers when the test says so. */
function live() {
  const model = createState({ painted: [], mode: "hide", _asked: 0, _now: { painted: [], mode: "hide", p: [1], done: true, asked: 0 } });
  const session = new PaintingSession(model, () => {});
  follow(model, ["painted", "mode"], () => session.adopt());
  follow(model, ["_now"], () => session.receive());
  const answer = (more = {}) =>
    model.set("_now", { painted: model.get("painted"), mode: model.get("mode"), p: [0.5], done: true, asked: model.get("_asked"), ...more });
  return { model, session, answer };
}

test("a mask is sent, scored, and no longer waits", () => {
  const { model, session, answer } = live();
  assert.equal(session.waiting, false);
  session.change({ painted: [2] });
  assert.equal(session.waiting, true);
  mock.timers.tick(150);
  assert.deepEqual([model.get("painted"), model.get("_asked")], [[2], 1]);
  answer();
  assert.deepEqual([session.waiting, session.scored.p], [false, [0.5]]);
});

test("while the kernel computes, only the latest mask waits", () => {
  const { model, session, answer } = live();
  session.change({ painted: [1] });
  mock.timers.tick(150);
  session.change({ painted: [1, 2] });
  mock.timers.tick(150);
  session.change({ painted: [1, 2, 3] });
  mock.timers.tick(150);
  assert.deepEqual([model.get("painted"), model.get("_asked")], [[1], 1]);
  answer();
  assert.deepEqual([model.get("painted"), model.get("_asked")], [[1, 2, 3], 2]);
});

test("undo restores masks and modes, one change at a time", () => {
  const { session } = live();
  session.change({ painted: [1] });
  session.change({ mode: "show" });
  session.undo();
  assert.deepEqual(session.mask, { painted: [1], mode: "hide" });
  session.undo();
  session.undo();
  assert.deepEqual(session.mask, { painted: [], mode: "hide" });
});

test("a mask that the kernel sets replaces the draft", () => {
  const { model, session } = live();
  session.change({ painted: [1] });
  model.set("painted", [3]);
  mock.timers.tick(1000);
  assert.deepEqual([session.painted, model.get("painted"), model.get("_asked")], [[3], [3], 0]);
});

test("an error keeps the last numbers, and painting on clears it", () => {
  const { session, answer } = live();
  session.change({ painted: [1] });
  mock.timers.tick(150);
  answer({ p: undefined, error: "RuntimeError: broken" });
  assert.deepEqual([session.error, session.stale, session.waiting, session.scored.p], ["RuntimeError: broken", true, false, [1]]);
  session.change({ painted: [2] });
  assert.equal(session.error, null);
});

test("an answer to another mask, set by both sides at once, wins", () => {
  const { model, answer } = live();
  answer({ painted: [7], mode: "show" });
  assert.deepEqual([model.get("painted"), model.get("mode")], [[7], "show"]);
});

test("a page shows recorded states and asks no kernel", () => {
  const record = [{ painted: [], mode: "hide", p: [1] }, { painted: [4], mode: "show", p: [0.25] }];
  const model = createState({ painted: [], mode: "hide", _record: record });
  const session = new PaintingSession(model, () => {});
  assert.deepEqual([session.scored.p, session.waiting], [[1], false]);
  session.replay(record[1]);
  assert.deepEqual([model.get("painted"), model.get("mode"), session.scored.p], [[4], "show", [0.25]]);
  session.receive();
  assert.deepEqual(session.scored.p, [0.25]);
});
