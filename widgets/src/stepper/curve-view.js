// The curves of a search: whose they are, their chart and their areas.

import { nearest } from "../logic/curves.js";
import { curveTexts, tokenCurves, tokenText } from "../logic/search-steps.js";
import { put } from "../logic/state.js";
import { DELETION, INSERTION } from "../palette.js";
import { createChart } from "../parts/chart.js";
import { ChipList } from "../parts/chip-list.js";
import { h } from "../parts/dom.js";
import { curveKey } from "../parts/legend.js";

const X_LABEL = "share of the image shown (hidden, for the dashed curve)";

/** The chart, and with `alone` the answer whose tokens can be picked. */
export class CurveView {
  /**
   * @param {import("../panels.js").Context} context
   * @param {import("../logic/search-steps.js").SearchSteps} steps
   * @param {boolean} alone
   * @param {() => void} onupdate called when other curves are drawn
   */
  constructor({ model, answer }, steps, alone, onupdate) {
    this.model = model;
    this.answer = answer;
    this.search = steps.search;
    this.alone = alone;
    this.onupdate = onupdate;
    /** @type {number | null} */
    this.hovered = null;
    this.curves = tokenCurves(this.search, this.search.explained);
    this.chart = createChart("Curves", X_LABEL, this.search.area, (x) => steps.go(nearest(this.search.area, x)));
    this.title = h("p", { class: "readout" });
    this.insertion = h("span");
    this.deletion = h("span");
    const keys = [curveKey(INSERTION, "solid", this.insertion), curveKey(DELETION, "dashed", this.deletion)];
    this.element = h("div", { class: "curves" }, this.title, this.chart.element, h("p", { class: "keys" }, ...keys));
    this.groups = answer.tokens.map((_, k) => [k]);
    this.chips = alone ? this.createChips() : null;
  }

  createChips() {
    const { model } = this;
    return new ChipList("Tokens of the answer; select one to see its curves", this.answer.tokens, false, {
      pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
      hover: (chip) => this.preview(chip),
      clear: () => put(model, "token", null),
    });
  }

  /** Show a token's curves while the pointer is on it. @param {number | null} token */
  preview(token) {
    this.hovered = token;
    this.update();
  }

  /** The tokens whose curves are drawn. @returns {number[]} */
  get tokens() {
    const token = this.hovered ?? this.model.get("token");
    if (token !== null && token !== undefined) return [token];
    const selected = this.alone ? [] : this.model.get("selected");
    return selected.length ? selected : this.search.explained;
  }

  update() {
    this.curves = tokenCurves(this.search, this.tokens);
    const texts = curveTexts(this.search, this.tokens, this.curves);
    this.title.textContent = texts.title;
    this.insertion.textContent = texts.insertion;
    this.deletion.textContent = texts.deletion;
    const lines = [
      { color: INSERTION, values: this.curves.insertion },
      { color: DELETION, dash: "6 4", values: this.curves.deletion },
    ];
    this.chart.draw(lines, texts.label);
    this.updateChips();
    this.onupdate();
  }

  updateChips() {
    const { search, answer, model } = this;
    this.chips?.update({
      groups: this.groups,
      tint: () => null,
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => tokenText(search, answer.tokens, k),
      mark: ([k]) => (search.explained.includes(k) ? "explained" : ""),
    });
  }
}
