// TokenPicker: choose tokens of an answer, by word, phrase or sentence.

import { percent } from "./curves.js";
import { button, choice, h } from "./dom.js";
import { gradient, tint, top } from "./scale.js";
import { sentence } from "./sentence.js";
import { follow, put } from "./state.js";
import { quote, sorted, toggle, unitTokens } from "./words.js";

/** @param {import("./index.js").Context} context */
export function picker({ model, answer, dark, onDark }) {
  const { tokens, groups, probabilities, reliance } = answer;
  const single = tokens.map((_, k) => [k]);
  const chipsNow = () => (model.get("unit") === "token" ? single : groups);
  const everything = tokens.map((_, k) => k);
  const choose = (/** @type {number[]} */ chosen) => {
    put(model, "selected", chosen);
    if (answer.search) put(model, "token", null);
  };
  let anchor = 0;
  /** @type {number[]} */
  let base = [];

  const range = (/** @type {number} */ a, /** @type {number} */ b) =>
    sorted(chipsNow().slice(Math.min(a, b), Math.max(a, b) + 1).flat());
  const list = sentence("Tokens of the answer; pick those to explain", tokens, true, {
    pick(chip, { shiftKey }) {
      const now = model.get("selected");
      if (shiftKey) return choose(sorted([...now, ...range(anchor, chip)]));
      anchor = chip;
      choose(toggle(now, unitTokens(model.get("unit"), chip, chipsNow(), tokens)));
    },
    drag(from, to, first) {
      if (first) base = model.get("selected");
      anchor = from;
      choose(sorted([...base, ...range(from, to)]));
    },
    hover: (chip) => tell(chip === null ? null : chipsNow()[chip]),
    clear: () => choose([]),
    all: () => choose(everything),
  });

  const unit = choice(
    "What a click selects",
    [["token", "Token"], ["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"]],
    (value) => put(model, "unit", value),
  ); // prettier-ignore
  /** @type {[string, string][]} */
  const tints = [["none", "Plain"]];
  if (probabilities) tints.unshift(["probability", "Probability"]);
  if (reliance) tints.unshift(["reliance", "Reliance"]);
  const colour = choice("What the colours tell", tints, (value) => put(model, "tint", value));
  const legend = h("div", { class: "legend" });
  const readout = h("p", { class: "readout" });
  const status = h("p", { class: "status", role: "status" });

  /** @param {number[]} group */
  function describe(group) {
    const parts = group.length > 1 ? [`${group.length} tokens`] : [`token ${group[0]}`];
    if (probabilities) parts.push(`probability ${group.map((k) => probabilities[k].toFixed(2)).join(" · ")}`);
    if (reliance) parts.push(`reliance ${group.map((k) => reliance.paper[k].toFixed(2)).join(" · ")}`);
    const said = group.map((k) => tokens[k].replace(/\n/g, "⏎")).join(group.length > 1 ? "|" : "").trim();
    return `${said || "(nothing visible)"}: ${parts.join(", ")}`;
  }

  /** @param {number[] | null} group */
  function tell(group) {
    readout.textContent = group ? describe(group) : "Click, shift-click or drag; arrow keys and space; Escape clears.";
  }

  function draw() {
    /** @type {number[]} */
    const selected = model.get("selected");
    const set = new Set(selected);
    const kind = tints.some(([name]) => name === model.get("tint")) ? model.get("tint") : "none";
    const high = reliance ? top(reliance.paper) : 1;
    const mean = (/** @type {number[]} */ values, /** @type {number[]} */ group) =>
      group.reduce((sum, k) => sum + values[k], 0) / group.length;
    list.update({
      groups: chipsNow(),
      tint(group) {
        if (kind === "reliance" && reliance) return tint("diverging", mean(reliance.paper, group) / high, dark());
        if (kind === "probability" && probabilities) return tint("sequential", mean(probabilities, group), dark());
        return null;
      },
      selected(group) {
        const hits = group.filter((k) => set.has(k)).length;
        return hits === group.length ? true : hits ? "partly" : false;
      },
      describe,
    });
    unit.set(model.get("unit"));
    colour.set(kind);
    const bar = (/** @type {"diverging" | "sequential"} */ name, /** @type {string} */ low, /** @type {string} */ up) => [
      h("span", {}, low),
      h("span", { class: "bar", style: `background:${gradient(name, dark())}` }),
      h("span", {}, up),
    ];
    legend.replaceChildren(
      ...(kind === "reliance" ? bar("diverging", "language", `vision (${high.toFixed(2)})`) : []),
      ...(kind === "probability" ? bar("sequential", percent(0), percent(1)) : []),
    );
    status.textContent = selected.length
      ? `${selected.length} of ${tokens.length} tokens selected: “${quote(selected, tokens)}”`
      : `No token selected of ${tokens.length}.`;
  }

  tell(null);
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h(
      "div",
      { class: "controls" },
      unit.element,
      colour.element,
      button("All", () => choose(everything)),
      button("Clear", () => choose([])),
    ),
    list.element,
    h("div", { class: "row" }, readout, legend),
    status,
  );
  onDark(draw);
  return { element, stop: follow(model, ["selected", "unit", "tint"], draw) };
}
