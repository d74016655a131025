// Rules of the sources: one palette, logic without a page, short files.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));
const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css)$/.test(name));
const read = (name) => readFileSync(SOURCE + name, "utf8");

test("colours are in the palette only", () => {
  const others = FILES.filter((name) => name !== "palette.js");
  const colored = others.filter((name) => /["' ]#[0-9a-f]{3,8}\b|\brgba?\(\s*\d/i.test(read(name)));
  assert.deepEqual(colored, []);
});

test("the logic needs no page", () => {
  const logic = FILES.filter((name) => /^logic\W/.test(name));
  assert.ok(logic.length > 10);
  assert.deepEqual(logic.filter((name) => /\b(document|window|requestAnimationFrame)\b|\.\.\/parts/.test(read(name))), []);
});

test("no file is longer than 200 lines", () => {
  assert.deepEqual(FILES.filter((name) => read(name).split("\n").length > 201), []);
});
