// An answer as chips, one per word or token: a list box with one tab stop and arrow keys.

import { direction, joinedRuns, visible } from "../logic/words.js";
import { listenToChipKeys, listenToChipPointer } from "./chip-input.js";
import { h } from "./dom.js";

/**
 * @typedef {object} Look
 * @property {number[][]} groups tokens of each chip
 * @property {(tokens: number[]) => {background: string, color: string} | null} tint
 * @property {(tokens: number[]) => boolean | "partly"} selected
 * @property {(tokens: number[]) => string} describe for hovering and screen readers
 * @property {(tokens: number[]) => string} [mark] a class that adds a line to the colour
 *
 * @typedef {object} Callbacks
 * @property {(chip: number, event: Modifiers) => void} pick
 * @property {(from: number, to: number, first: boolean) => void} [drag] `first` when the drag begins
 * @property {(chip: number | null) => void} [hover]
 * @property {() => void} [clear]
 * @property {() => void} [all]
 */

/** @typedef {{shiftKey: boolean, ctrlKey?: boolean, metaKey?: boolean}} Modifiers */

/** A list of chips. */
export class ChipList {
  /**
   * @param {string} label
   * @param {string[]} tokens
   * @param {boolean} multiple
   * @param {Callbacks} callbacks
   * @param {number[][]} [words] tokens of each word, which stay on one line
   */
  constructor(label, tokens, multiple, callbacks, words = []) {
    this.tokens = tokens;
    this.words = words;
    /** @type {HTMLElement[]} */
    this.items = [];
    /** @type {number[][] | null} */
    this.groups = null;
    this.focused = 0;
    this.element = h("div", {
      class: "sentence",
      dir: direction(tokens.join("")),
      role: "listbox",
      "aria-label": label,
      "aria-multiselectable": String(multiple),
      "aria-orientation": "horizontal",
    });
    listenToChipPointer(this, callbacks);
    listenToChipKeys(this, callbacks);
  }

  /** Index of the chip at an event's target, or -1. @param {EventTarget | null} target */
  chipAt(target) {
    const item = target instanceof Element ? target.closest("[role=option]") : null;
    return item ? this.items.indexOf(/** @type {HTMLElement} */ (item)) : -1;
  }

  /** Move the tab stop. @param {number} chip @param {boolean} focus whether the keyboard focus moves too */
  moveTo(chip, focus) {
    if (!this.items.length) return;
    this.items[this.focused]?.setAttribute("tabindex", "-1");
    this.focused = Math.max(0, Math.min(this.items.length - 1, chip));
    this.items[this.focused].setAttribute("tabindex", "0");
    if (focus) this.items[this.focused].focus();
  }

  /** @param {Look} look */
  update(look) {
    if (this.groups !== look.groups) this.rebuild(look.groups);
    look.groups.forEach((group, k) => dress(this.items[k], group, look, joints(look.groups, k, this.tokens)));
  }

  /** @param {number[][]} groups */
  rebuild(groups) {
    this.groups = groups;
    this.items = groups.map((group) => createChip(group, this.tokens));
    const runs = joinedRuns(groups, this.tokens, this.words);
    this.element.replaceChildren(
      ...runs.flatMap((run) => [...space(groups[run[0]], this.tokens), together(run.map((k) => this.items[k]))]),
    );
    this.moveTo(this.focused, false);
  }

  /** Scroll the list, not the page, so that a chip is visible. @param {number} chip */
  reveal(chip) {
    const { element } = this;
    const [list, item] = [element.getBoundingClientRect(), this.items[chip].getBoundingClientRect()];
    if (item.top < list.top) element.scrollTop -= list.top - item.top + item.height / 2;
    else if (item.bottom > list.bottom) element.scrollTop += item.bottom - list.bottom + item.height / 2;
  }
}

/** @param {number[]} group @param {string[]} tokens */
function createChip(group, tokens) {
  const text = visible(group.map((k) => tokens[k]).join(""));
  return h("span", { role: "option", tabindex: "-1", "data-tokens": group.join(" ") }, h("bdi", {}, text));
}

/** @param {HTMLElement} item @param {number[]} group @param {Look} look @param {string} joined */
function dress(item, group, look, joined) {
  const colors = look.tint(group);
  item.style.backgroundColor = colors?.background ?? "";
  item.style.color = colors?.color ?? "";
  const selected = look.selected(group);
  item.setAttribute("aria-selected", String(selected === true));
  item.className = `chip ${selected === "partly" ? "partly" : ""} ${look.mark?.(group) ?? ""} ${joined}`;
  const text = look.describe(group);
  item.setAttribute("aria-label", text);
  item.title = text;
}

/** Classes of a chip that touches its neighbours because they belong to one word. @param {number[][]} groups @param {number} k @param {string[]} tokens */
function joints(groups, k, tokens) {
  const continues = (/** @type {number} */ c) => c > 0 && c < groups.length && !/^\s/.test(tokens[groups[c][0]]);
  return `${continues(k) ? "after" : ""} ${continues(k + 1) ? "before" : ""}`;
}

/** Chips that no line end separates. @param {HTMLElement[]} items */
function together(items) {
  return items.length === 1 ? items[0] : h("span", { class: "together", role: "presentation" }, ...items);
}

/** White space before a chip. @param {number[]} group @param {string[]} tokens @returns {Node[]} */
function space(group, tokens) {
  const text = group.map((k) => tokens[k]).join("");
  if (!/^\s/.test(text)) return [];
  return [/\n/.test(text) ? h("br", { role: "presentation" }) : document.createTextNode(" ")];
}
