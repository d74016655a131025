// The reliance of a word and its insertion curve, along the order that measured it.

import { decode } from "../logic/answer.js";
import { relianceText } from "../logic/reliance-split.js";
import { route } from "../logic/routing.js";
import { tokenCurves } from "../logic/search-steps.js";
import { INSERTION } from "../palette.js";
import { createChart } from "../parts/chart.js";
import { h } from "../parts/dom.js";

/** @param {import("../panels.js").Context} context */
export function createReadOut({ model, answer }) {
  const text = h("p", { class: "status" });
  const place = h("div", {});
  const element = h("div", { class: "curves" }, text, place);

  return {
    element,
    /** @param {number[]} tokens @param {import("./threshold.js").ThresholdControl} threshold */
    update(tokens, threshold) {
      const { kind, word } = route(answer.explained, tokens);
      const own = kind === "own" && word !== null ? answer.explained[word].reliance[threshold.definition] : null;
      const value = own ?? threshold.reliance(tokens);
      text.textContent = tokens.length ? relianceText(answer.tokens, tokens, value, threshold.threshold) : "";
      const search = word === null ? null : decode(model.get("_data"), word).search;
      place.hidden = !search;
      if (!search) return;
      const chart = createChart("Insertion curve", `share of ${search.subject ?? "the image"} shown`, search.area, null, search.subject);
      const label = `Insertion curve of ${text.textContent}`;
      chart.draw([{ name: "insertion", color: INSERTION, values: tokenCurves(search, tokens).insertion }], label);
      chart.point(null);
      place.replaceChildren(chart.element);
    },
  };
}
