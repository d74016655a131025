// TokenPicker: select tokens of an answer by word, phrase or sentence.

import { mean } from "../logic/curves.js";
import { percent } from "../logic/format.js";
import { scaleEnd, tint } from "../logic/scale.js";
import { coverage, sorted, toggle } from "../logic/selection.js";
import { follow, put } from "../logic/state.js";
import { chipText, selectionText } from "../logic/token-texts.js";
import { unitTokens } from "../logic/units.js";
import { ChipList } from "../parts/chip-list.js";
import { button, choice, h } from "../parts/dom.js";
import { scaleLegend } from "../parts/legend.js";

const HELP = "Click, shift-click or drag; arrow keys and space; Escape clears.";

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createPicker(context) {
  const { model, answer, onDark } = context;
  const everything = answer.tokens.map((_, k) => k);
  const select = (/** @type {number[]} */ tokens) => {
    put(model, "selected", tokens);
    if (answer.search) put(model, "token", null);
  };
  const chips = createChips(context, select, everything, (group) => {
    readout.textContent = group ? chipText(answer, group) : HELP;
  });
  const unit = choice(
    "What a click selects",
    [["token", "Token"], ["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"]],
    (value) => put(model, "unit", value),
  );
  const tints = createTints(context);
  const readout = h("p", { class: "readout" }, HELP);
  const status = h("p", { class: "status", role: "status" });
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h(
      "div",
      { class: "controls" },
      unit.element,
      tints.choice.element,
      button("All", () => select(everything)),
      button("Clear", () => select([])),
    ),
    chips.list.element,
    h("div", { class: "row" }, readout, tints.legend),
    status,
  );

  function draw() {
    /** @type {number[]} */
    const selected = model.get("selected");
    const set = new Set(selected);
    chips.list.update({
      groups: chips.groups(),
      tint: tints.color,
      selected: (group) => coverage(group, set),
      describe: (group) => chipText(answer, group),
    });
    unit.set(model.get("unit"));
    tints.update();
    status.textContent = selectionText(selected, answer.tokens);
  }

  onDark(draw);
  return { element, stop: follow(model, ["selected", "unit", "tint"], draw) };
}

/**
 * The answer, where clicks and drags select.
 * @param {import("../panels.js").Context} context
 * @param {(tokens: number[]) => void} select
 * @param {number[]} everything
 * @param {(group: number[] | null) => void} hover
 */
function createChips({ model, answer }, select, everything, hover) {
  const single = everything.map((k) => [k]);
  const groups = () => (model.get("unit") === "token" ? single : answer.groups);
  const range = (/** @type {number} */ a, /** @type {number} */ b) =>
    sorted(groups().slice(Math.min(a, b), Math.max(a, b) + 1).flat());
  let anchor = 0;
  /** @type {number[]} */
  let before = [];
  const list = new ChipList("Tokens of the answer; select those to explain", answer.tokens, true, {
    pick(chip, { shiftKey }) {
      const selected = model.get("selected");
      if (shiftKey) return select(sorted([...selected, ...range(anchor, chip)]));
      anchor = chip;
      select(toggle(selected, unitTokens(model.get("unit"), chip, groups(), answer.tokens)));
    },
    drag(from, to, first) {
      if (first) before = model.get("selected");
      anchor = from;
      select(sorted([...before, ...range(from, to)]));
    },
    hover: (chip) => hover(chip === null ? null : groups()[chip]),
    clear: () => select([]),
    all: () => select(everything),
  });
  return { list, groups };
}

/** The colours of the chips, and their legend. @param {import("../panels.js").Context} context */
function createTints({ model, answer, dark }) {
  const { probabilities, reliance } = answer;
  /** @type {[string, string][]} */
  const available = [["none", "Plain"]];
  if (probabilities) available.unshift(["probability", "Probability"]);
  if (reliance) available.unshift(["reliance", "Reliance"]);
  const chosen = choice("What the colours show", available, (value) => put(model, "tint", value));
  const legend = h("div", { class: "legend" });
  const kind = () => (available.some(([name]) => name === model.get("tint")) ? model.get("tint") : "none");
  const end = reliance ? scaleEnd(reliance.paper) : 1;
  return {
    choice: chosen,
    legend,
    /** @param {number[]} group */
    color(group) {
      if (kind() === "reliance" && reliance) return tint("diverging", mean(reliance.paper, group) / end, dark());
      if (kind() === "probability" && probabilities) return tint("sequential", mean(probabilities, group), dark());
      return null;
    },
    update() {
      chosen.set(kind());
      legend.replaceChildren(
        ...(kind() === "reliance" ? scaleLegend("diverging", dark(), "language", `vision (${end.toFixed(2)})`) : []),
        ...(kind() === "probability" ? scaleLegend("sequential", dark(), percent(0), percent(1)) : []),
      );
    },
  };
}
