// The curves of a search: whose they are, their chart and their areas.

import { nearest } from "../logic/curves.js";
import { curveTexts, tokenCurves } from "../logic/search-steps.js";
import { DELETION, INSERTION } from "../palette.js";
import { createChart } from "../parts/chart.js";
import { h } from "../parts/dom.js";
import { curveKey } from "../parts/legend.js";

const X_LABEL = "shown (insertion) or hidden (deletion)";

/** The chart; with `alone`, of one token or of the explained ones, otherwise of those selected. */
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
    this.curves = tokenCurves(this.search, this.search.explained);
    this.chart = createChart("Curves", `${(this.search.subject ?? "image").replace(/^the /, "")} ${X_LABEL}`, this.search.area, (x) => steps.go(nearest(this.search.area, x)), this.search.subject);
    this.title = h("p", { class: "readout" });
    this.insertion = h("span");
    this.deletion = h("span");
    const keys = [curveKey(INSERTION, "solid", this.insertion), curveKey(DELETION, "dashed", this.deletion)];
    this.element = h("div", { class: "curves" }, this.title, this.chart.element, h("p", { class: "keys" }, ...keys));
  }

  /** The tokens whose curves are drawn. @returns {number[]} */
  get tokens() {
    const token = this.model.get("token");
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
      { name: "insertion", color: INSERTION, values: this.curves.insertion },
      { name: "deletion", color: DELETION, dash: "6 4", values: this.curves.deletion },
    ];
    this.chart.draw(lines, texts.label);
    this.onupdate();
  }
}
