// The panels of a view, by name.

import { createCorrection } from "./correction/panel.js";
import { createPainter } from "./painter/panel.js";
import { createExplorer } from "./explorer/panel.js";
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
  if (name === "reliance") return createReliance(context);
  if (name === "correction") return createCorrection(context);
  if (name === "painter") return createPainter(context);
  return createExplorer(context);
}
