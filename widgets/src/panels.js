// The panels of a view, by name.

import { createCorrection } from "./correction/panel.js";
import { createPainter } from "./painter/panel.js";
import { h } from "./parts/dom.js";
import { createPicker } from "./picker/panel.js";
import { createReliance } from "./reliance/panel.js";
import { createStepper } from "./stepper/panel.js";

/**
 * @typedef {object} Context what every panel needs
 * @property {import("./logic/state.js").Model} model
 * @property {import("./logic/answer.js").Answer} answer
 * @property {() => boolean} dark
 * @property {(callback: () => void) => void} onDark called back when the theme changes
 *
 * @typedef {{element: HTMLElement, stop: () => void, ready?: Promise<void>}} Panel
 */

/** @param {string} name @param {Context} context @returns {Panel} */
export function createPanel(name, context) {
  if (name === "picker") return createPicker(context);
  if (name === "stepper") return createStepper(context, true);
  if (name === "reliance") return createReliance(context, null);
  if (name === "correction") return createCorrection(context);
  if (name === "painter") return createPainter(context);
  return createExplorer(context);
}

/** Picker, stepper and reliance slider together. @param {Context} context @returns {Panel} */
function createExplorer(context) {
  const stepper = createStepper(context, false);
  const picker = createPicker(context);
  const reliance = createReliance(context, stepper.preview);
  const element = h(
    "div",
    { class: "explorer" },
    h("p", { class: "note" }, context.answer.search?.note ?? ""),
    titled("The answer, word by word", picker),
    titled("The search, region by region", stepper),
    titled("Seen, or guessed from language?", reliance),
  );
  return { element, ready: stepper.ready, stop: () => [stepper, picker, reliance].forEach((panel) => panel.stop()) };
}

/** @param {string} title @param {Panel} panel */
function titled(title, panel) {
  return h("div", { class: "part" }, h("h3", {}, title), panel.element);
}
