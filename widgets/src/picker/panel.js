// TokenPicker: select tokens of an answer by word, phrase or sentence.

import { selectTokens } from "../logic/choosing.js";
import { percent } from "../logic/format.js";
import { chipReliance } from "../logic/measured.js";
import { follow } from "../logic/state.js";
import { chipText, selectionText } from "../logic/token-texts.js";
import { button, h } from "../parts/dom.js";
import { scaleLegend } from "../parts/legend.js";
import { DEFAULT_SCALE, ThresholdControl } from "../reliance/threshold.js";
import { createOptions, createRow, shownTint } from "./row.js";

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createPicker(context) {
  const { model, answer, dark, onDark } = context;
  const everything = answer.tokens.map((_, k) => k);
  const select = (/** @type {number[]} */ tokens) => selectTokens(model, answer.explained, tokens);
  const threshold = answer.reliance ? new ThresholdControl(context, DEFAULT_SCALE) : null;
  const readout = h("p", { class: "readout" });
  const row = createRow(context, threshold, select, (group) => {
    readout.textContent = group ? chipText(answer, group, chipReliance(answer, group, "paper")) : "";
  });
  const options = createOptions(context);
  const legend = h("div", { class: "legend" });
  const status = h("p", { class: "status", role: "status" });
  const mouse = h("span", { class: "mouse" }, "Click a word, or drag over several; Shift or Ctrl adds. Arrow keys and space; Escape clears.");
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h("p", { class: "ask hint" }, mouse, h("span", { class: "touch" }, "Tap a word.")),
    row.element,
    h("div", { class: "controls" }, button("All", () => select(everything)), button("Clear", () => select([])), options.element),
    h("div", { class: "row" }, status, legend),
    readout,
  );

  function drawLegend() {
    const kind = shownTint(context);
    if (kind === "reliance") legend.replaceChildren(...scaleLegend("diverging", dark(), "language", "image"));
    else if (kind === "probability") legend.replaceChildren(...scaleLegend("sequential", dark(), percent(0), percent(1)));
    else legend.replaceChildren();
  }

  function draw() {
    row.draw();
    options.draw();
    drawLegend();
    status.textContent = selectionText(model.get("selected"), answer.tokens);
  }

  onDark(draw);
  const unfollow = follow(model, ["selected", "unit", "tint"], draw);
  return {
    element,
    stop() {
      unfollow();
      row.stop();
    },
  };
}
