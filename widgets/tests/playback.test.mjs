import assert from "node:assert/strict";
import { test } from "node:test";

import { Playback } from "../src/logic/playback.js";

/** A player with a clock that the test moves. */
function player(step, last) {
  const state = { step, time: 0, speed: 2, visible: true, frames: [], changes: [] };
  const playback = new Playback({
    current: () => state.step,
    last,
    speed: () => state.speed,
    go: (to) => (state.step = to),
    visible: () => state.visible,
    onchange: (playing) => state.changes.push(playing),
    now: () => state.time,
    schedule: (tick) => state.frames.push(tick),
  });
  const frame = (time) => {
    state.time = time;
    for (const tick of state.frames.splice(0)) tick();
  };
  return { state, playback, frame };
}

test("steps follow the clock, and playing ends at the last", () => {
  const { state, playback, frame } = player(1, 4);
  playback.toggle();
  frame(400);
  assert.equal(state.step, 1);
  frame(1000); // two steps a second
  assert.equal(state.step, 3);
  frame(9000);
  assert.equal(state.step, 4);
  assert.deepEqual(state.changes, [true, false]);
  assert.deepEqual(state.frames, []);
});

test("at the end, playing starts over", () => {
  const { state, playback } = player(4, 4);
  playback.toggle();
  assert.equal(state.step, 0);
});

test("a new speed counts from the current step and keeps one timer", () => {
  const { state, playback, frame } = player(0, 20);
  playback.play();
  frame(1000);
  assert.equal(state.step, 2);
  state.speed = 8;
  playback.play();
  assert.equal(state.frames.length, 1);
  frame(1500);
  assert.equal(state.step, 6);
});

test("playing stops when it is paused or the view is gone", () => {
  const { state, playback, frame } = player(0, 20);
  playback.toggle();
  playback.toggle();
  frame(1000);
  assert.deepEqual([state.step, state.frames.length], [0, 0]);
  playback.toggle();
  state.visible = false;
  frame(2000);
  assert.deepEqual([state.step, playback.playing], [0, false]);
});
