// Pointer and keyboard on a list of chips.

import { consume } from "./keys.js";

/**
 * @typedef {import("./chip-list.js").ChipList} ChipList
 * @typedef {import("./chip-list.js").Callbacks} Callbacks
 */

/** Clicks, drags and hovering. @param {ChipList} list @param {Callbacks} callbacks */
export function listenToChipPointer(list, callbacks) {
  listenToClicks(list, callbacks);
  const { element } = list;
  element.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return; // a finger does not hover
    const chip = list.chipAt(event.target);
    callbacks.hover?.(chip < 0 ? null : chip);
  });
  element.addEventListener("focusin", (event) => {
    const chip = list.chipAt(event.target);
    if (chip >= 0) callbacks.hover?.(chip);
  });
  element.addEventListener("pointerleave", () => callbacks.hover?.(null));
  element.addEventListener("focusout", () => callbacks.hover?.(null));
}

/** @param {ChipList} list @param {Callbacks} callbacks */
function listenToClicks(list, callbacks) {
  /** @type {number | null} */
  let start = null;
  let dragged = false;
  list.element.addEventListener("pointerdown", (event) => {
    const chip = list.chipAt(event.target);
    if (chip < 0 || event.button) return;
    start = adds(event) ? null : chip;
    dragged = false;
  });
  list.element.addEventListener("pointermove", (event) => {
    if (start === null || !callbacks.drag || !(event.buttons & 1)) return;
    const chip = list.chipAt(event.target);
    if (chip < 0 || (chip === start && !dragged)) return;
    callbacks.drag(start, chip, !dragged);
    dragged = true;
    getSelection()?.removeAllRanges();
  });
  list.element.addEventListener("click", (event) => {
    const chip = list.chipAt(event.target);
    const endsDrag = dragged;
    start = null;
    dragged = false;
    if (chip < 0 || endsDrag) return;
    list.moveTo(chip, true);
    callbacks.pick(chip, event);
  });
}

/** Whether a click or key adds to a selection. @param {import("./chip-list.js").Modifiers} event */
export const adds = ({ shiftKey, ctrlKey, metaKey }) => Boolean(shiftKey || ctrlKey || metaKey);

/** Arrow keys, Home and End move; space and Enter pick; Escape clears; Ctrl+A selects all. @param {ChipList} list @param {Callbacks} callbacks */
export function listenToChipKeys(list, callbacks) {
  list.element.addEventListener("keydown", (event) => {
    const chip = list.chipAt(event.target);
    if (chip < 0) return;
    const action = actionOf(event, chip, list, callbacks);
    if (!action) return;
    consume(event);
    action();
  });
}

/** @param {KeyboardEvent} event @param {number} chip @param {ChipList} list @param {Callbacks} callbacks @returns {(() => void) | undefined} */
function actionOf(event, chip, list, callbacks) {
  if ((event.ctrlKey || event.metaKey) && event.key === "a" && callbacks.all) return callbacks.all;
  const pick = () => callbacks.pick(chip, event);
  if (event.key === " " || event.key === "Enter") return pick;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const forward = getComputedStyle(list.element).direction === "rtl" ? -1 : 1;
  const step = (/** @type {number} */ by) => () => {
    list.moveTo(chip + by, true);
    if (event.shiftKey && callbacks.drag) callbacks.pick(list.focused, { shiftKey: true });
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowRight: step(forward),
    ArrowLeft: step(-forward),
    ArrowDown: step(1),
    ArrowUp: step(-1),
    Home: () => list.moveTo(0, true),
    End: () => list.moveTo(list.items.length - 1, true),
    Escape: () => callbacks.clear?.(),
  };
  return actions[event.key];
}
