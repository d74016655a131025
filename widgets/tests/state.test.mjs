import assert from "node:assert/strict";
import { test } from "node:test";

import { createState, follow, put } from "../src/logic/state.js";

test("the state of a page reports changes only", () => {
  const model = createState({ step: 1, selected: [1, 2] });
  let calls = 0;
  const stop = follow(model, ["step", "selected"], () => calls++);
  model.set("step", 1);
  model.set("selected", [1, 2]);
  assert.equal(calls, 1);
  model.set("step", 2);
  model.set("selected", [1]);
  assert.equal(calls, 3);
  stop();
  model.set("step", 3);
  assert.equal(calls, 3);
  assert.equal(model.get("step"), 3);
});

test("a value that is put is sent to the kernel", () => {
  const model = createState({ step: 1 });
  const sent = [];
  model.save_changes = () => sent.push(model.get("step"));
  put(model, "step", 4);
  assert.deepEqual(sent, [4]);
});
