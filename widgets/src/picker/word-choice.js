// The choice among explained words, above a view that shows one of them.

import { decode } from "../logic/answer.js";
import { follow, put } from "../logic/state.js";
import { choice, h } from "../parts/dom.js";
import { DEFAULT_SCALE, ThresholdControl } from "../reliance/threshold.js";
import { SingleRow } from "./single-row.js";

/** @typedef {{element: HTMLElement, draw: () => void, stop: () => void}} WordChoice */

/**
 * The answer as a row of words, or nothing where no reliance was measured.
 * @param {import("../logic/state.js").Model} model
 * @param {() => boolean} dark
 * @returns {WordChoice | null}
 */
export function createWordChoice(model, dark) {
  const answer = decode(model.get("_data"));
  if (!answer.reliance) return null;
  const context = { model, answer, dark, onDark: () => {} };
  const row = new SingleRow(context, new ThresholdControl(context, DEFAULT_SCALE), () => {});
  const unfollow = follow(model, ["word", "token"], () => row.draw());
  return {
    element: h("div", { class: "chosen" }, row.element),
    draw: () => row.draw(),
    stop() {
      unfollow();
      row.stop();
    },
  };
}

/**
 * The names of the words, for a view that shows the answer itself.
 * @param {import("../logic/state.js").Model} model
 * @returns {WordChoice | null}
 */
export function createNameChoice(model) {
  /** @type {{name: string, search: {explained: number[]}}[] | undefined} */
  const each = model.get("_data").each;
  if (!each) return null;
  const names = each.map(({ name }, k) => /** @type {[string, string]} */ ([String(k), name]));
  const chosen = choice("Explained word", names, (value) => {
    model.set("selected", each[Number(value)].search.explained); // a kernel sets it too, but an exported page has none
    put(model, "word", Number(value));
  });
  return {
    element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element),
    draw: () => chosen.set(String(model.get("word") ?? 0)),
    stop: () => {},
  };
}
