// An answer as chips, one per word or token: a list box with one tab stop, moved through with the arrow keys.

import { h } from "./dom.js";
import { direction, visible } from "./words.js";

/**
 * @typedef {object} Look
 * @property {number[][]} groups tokens of each chip
 * @property {(tokens: number[]) => {background: string, color: string} | null} tint
 * @property {(tokens: number[]) => boolean | "partly"} selected
 * @property {(tokens: number[]) => string} describe for hover and screen readers
 * @property {(tokens: number[]) => string} [mark] a class that tells more than colour does
 *
 * @typedef {object} Callbacks
 * @property {(chip: number, event: {shiftKey: boolean}) => void} pick
 * @property {(from: number, to: number, first: boolean) => void} [drag] `first` when the drag begins
 * @property {(chip: number | null) => void} [hover]
 * @property {() => void} [clear]
 * @property {() => void} [all]
 */

/**
 * @param {string} label
 * @param {string[]} tokens
 * @param {boolean} multiple
 * @param {Callbacks} callbacks
 */
export function sentence(label, tokens, multiple, callbacks) {
  const list = h("div", {
    class: "sentence",
    dir: direction(tokens.join("")),
    role: "listbox",
    "aria-label": label,
    "aria-multiselectable": String(multiple),
    "aria-orientation": "horizontal",
  });
  /** @type {HTMLElement[]} */
  let items = [];
  /** @type {number[][] | null} */
  let groups = null;
  let focus = 0;
  /** @type {number | null} */
  let dragFrom = null;
  let dragged = false;

  /** @param {EventTarget | null} target */
  const chipAt = (target) => {
    const item = target instanceof Element ? target.closest("[role=option]") : null;
    return item ? items.indexOf(/** @type {HTMLElement} */ (item)) : -1;
  };

  /** @param {number} chip @param {boolean} move whether the keyboard focus goes there too */
  function stop(chip, move) {
    if (!items.length) return;
    items[focus]?.setAttribute("tabindex", "-1");
    focus = Math.max(0, Math.min(items.length - 1, chip));
    items[focus].setAttribute("tabindex", "0");
    if (move) items[focus].focus();
  }

  list.addEventListener("pointerdown", (event) => {
    const chip = chipAt(event.target);
    if (chip < 0 || event.button) return;
    dragFrom = event.shiftKey ? null : chip;
    dragged = false;
  });
  list.addEventListener("pointermove", (event) => {
    if (dragFrom === null || !callbacks.drag || !(event.buttons & 1)) return;
    const chip = chipAt(event.target);
    if (chip < 0 || (chip === dragFrom && !dragged)) return;
    callbacks.drag(dragFrom, chip, !dragged);
    dragged = true;
    getSelection()?.removeAllRanges();
  });
  list.addEventListener("click", (event) => {
    const chip = chipAt(event.target);
    const wasDrag = dragged;
    dragFrom = null;
    dragged = false;
    if (chip < 0 || wasDrag) return;
    stop(chip, true);
    callbacks.pick(chip, event);
  });
  list.addEventListener("pointerover", (event) => {
    const chip = chipAt(event.target);
    callbacks.hover?.(chip < 0 ? null : chip);
  });
  list.addEventListener("pointerleave", () => callbacks.hover?.(null));
  list.addEventListener("focusin", (event) => {
    const chip = chipAt(event.target);
    if (chip >= 0) callbacks.hover?.(chip);
  });
  list.addEventListener("focusout", () => callbacks.hover?.(null));
  list.addEventListener("keydown", (event) => {
    const chip = chipAt(event.target);
    if (chip < 0) return;
    const rtl = getComputedStyle(list).direction === "rtl";
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => step(rtl ? -1 : 1),
      ArrowLeft: () => step(rtl ? 1 : -1),
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => stop(0, true),
      End: () => stop(items.length - 1, true),
      " ": () => callbacks.pick(chip, { shiftKey: event.shiftKey }),
      Enter: () => callbacks.pick(chip, { shiftKey: event.shiftKey }),
      Escape: () => callbacks.clear?.(),
    };
    const step = (/** @type {number} */ by) => {
      stop(chip + by, true);
      if (event.shiftKey && callbacks.drag) callbacks.pick(focus, { shiftKey: true });
    };
    let act = keys[event.key];
    if ((event.ctrlKey || event.metaKey) && event.key === "a" && callbacks.all) act = callbacks.all;
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts of its own
    act();
  });

  return {
    element: list,
    /** @param {Look} look */
    update(look) {
      if (groups !== look.groups) {
        groups = look.groups;
        items = groups.map((group) => chip(group, tokens));
        list.replaceChildren(...items.flatMap((item, k) => separated(item, groups?.[k] ?? [], tokens)));
        stop(focus, false);
      }
      groups.forEach((group, k) => {
        const item = items[k];
        const colors = look.tint(group);
        item.style.background = colors?.background ?? "";
        item.style.color = colors?.color ?? "";
        const selected = look.selected(group);
        item.setAttribute("aria-selected", String(selected === true));
        item.className = `chip ${selected === "partly" ? "partly" : ""} ${look.mark?.(group) ?? ""} ${joint(groups ?? [], k, tokens)}`;
        const text = look.describe(group);
        item.setAttribute("aria-label", text);
        item.title = text;
      });
    },
  };
}

/** @param {number[]} group @param {string[]} tokens */
function chip(group, tokens) {
  const text = group.length > 1 ? visible(group.map((k) => tokens[k]).join("")) : visible(tokens[group[0]]);
  return h("span", { role: "option", tabindex: "-1", "data-tokens": group.join(" ") }, h("bdi", {}, text));
}

/** A chip that continues the word before it stands close to it. @param {number[][]} groups @param {number} k @param {string[]} tokens */
function joint(groups, k, tokens) {
  const continues = (/** @type {number} */ c) => c > 0 && c < groups.length && !/^\s/.test(tokens[groups[c][0]]);
  return `${continues(k) ? "after" : ""} ${continues(k + 1) ? "before" : ""}`;
}

/** @param {HTMLElement} item @param {number[]} group @param {string[]} tokens @returns {Node[]} */
function separated(item, group, tokens) {
  const text = group.map((k) => tokens[k]).join("");
  const lead = /^\s/.test(text);
  const lines = /\n/.test(text);
  return [...(lines && lead ? [h("br", { role: "presentation" })] : lead ? [document.createTextNode(" ")] : []), item];
}
