import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createPacer } from "../src/logic/pacer.js";

test("changes are sent 150 ms after the latest, one at a time, and only the latest", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  let stroke = 0;
  let busy = false;
  const send = () => {
    sent.push(stroke);
    busy = true;
  };
  const pacer = createPacer(send, () => !busy, 150);
  const paint = () => {
    stroke++;
    pacer.offer();
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
  assert.equal(pacer.pending(), true);
  busy = false;
  pacer.attempt(); // its answer arrives
  assert.deepEqual(sent, [5, 8]);
  busy = false;
  pacer.attempt();
  assert.deepEqual(sent, [5, 8]); // nothing is pending
  paint();
  pacer.drop();
  mock.timers.tick(1000);
  assert.deepEqual(sent, [5, 8]);
  assert.equal(pacer.pending(), false);
  mock.timers.reset();
});
