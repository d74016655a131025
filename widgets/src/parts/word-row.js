// The answer as one row of words: the chips, folded to some lines when the answer is long, and a switch to select several by touch.

import { sorted, toggle } from "../logic/selection.js";
import { ChipList } from "./chip-list.js";
import { adds } from "./chip-input.js";
import { button, h } from "./dom.js";

/**
 * @typedef {object} RowCallbacks
 * @property {() => number[][]} groups tokens of each chip
 * @property {(chip: number) => number[]} unit all tokens that a click on a chip selects
 * @property {() => number[]} selected
 * @property {(tokens: number[]) => void} select
 * @property {(group: number[] | null) => void} hover
 * @property {boolean} [several] whether several words can be selected
 */

/** The row. */
export class WordRow {
  /** @param {import("../logic/answer.js").Answer} answer @param {string} label @param {RowCallbacks} callbacks */
  constructor(answer, label, callbacks) {
    this.answer = answer;
    this.callbacks = callbacks;
    const several = callbacks.several ?? true;
    this.adding = false;
    this.shown = ""; // the selection that was drawn last
    this.list = new ChipList(label, answer.tokens, several, this.chipCallbacks(several), answer.groups);
    this.all = button(`Show all ${answer.tokens.length} tokens`, () => this.fold(!this.folded), { class: "unfold", "aria-expanded": "false" });
    this.all.hidden = true;
    this.several = button("Select several", () => this.switchAdding(), { class: "several", "aria-pressed": "false" });
    this.several.hidden = !several;
    this.element = h("div", { class: "words" }, this.list.element, h("div", { class: "controls row-controls" }, this.all, this.several));
    this.fold(true);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.element);
  }

  /** @param {boolean} several @returns {import("./chip-list.js").Callbacks} */
  chipCallbacks(several) {
    const { select, selected, unit, groups, hover } = this.callbacks;
    const range = (/** @type {number} */ a, /** @type {number} */ b) =>
      groups().slice(Math.min(a, b), Math.max(a, b) + 1).flat();
    const choose = (/** @type {number[]} */ tokens) => {
      hover(null); // what is selected is shown, not what has the pointer or the focus
      select(tokens);
    };
    const pick = (/** @type {number} */ chip, /** @type {import("./chip-list.js").Modifiers} */ event) => {
      choose(several && (this.adding || adds(event)) ? toggle(selected(), unit(chip)) : unit(chip));
    };
    return {
      pick,
      drag: several ? (from, to) => select(sorted(range(from, to))) : undefined,
      hover: (chip) => hover(chip === null ? null : unit(chip)),
      clear: () => choose([]),
      all: several ? () => choose(this.answer.tokens.map((_, k) => k)) : undefined,
    };
  }

  switchAdding() {
    this.adding = !this.adding;
    this.several.setAttribute("aria-pressed", String(this.adding));
  }

  get folded() {
    return this.list.element.classList.contains("folded");
  }

  /** @param {boolean} folded */
  fold(folded) {
    this.list.element.classList.toggle("folded", folded);
    this.all.textContent = folded ? `Show all ${this.answer.tokens.length} tokens` : "Show fewer";
    this.all.setAttribute("aria-expanded", String(!folded));
    if (folded) this.reveal();
  }

  /** Offer to unfold only an answer that does not fit. */
  fit() {
    const { element } = this.list;
    if (this.folded) this.all.hidden = element.scrollHeight <= element.clientHeight + 4;
    this.reveal();
  }

  /** Keep the selected word visible. */
  reveal() {
    const selected = this.list.items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (this.folded && selected >= 0) this.list.reveal(selected);
  }

  /** @param {Omit<import("./chip-list.js").Look, "groups">} look */
  update(look) {
    const shown = JSON.stringify(this.callbacks.selected());
    this.list.update({ ...look, groups: this.callbacks.groups() });
    if (shown !== this.shown) this.reveal();
    this.shown = shown;
  }

  stop() {
    this.observer.disconnect();
  }
}
