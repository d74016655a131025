// Explorer: the answer first, then how it was found, then the numbers. One selection drives all of it.

import { decode } from "../logic/answer.js";
import { selectTokens } from "../logic/choosing.js";
import { offerText, quotedText, selectionTexts, verdictText } from "../logic/explorer-texts.js";
import { route } from "../logic/routing.js";
import { follow } from "../logic/state.js";
import { typeset } from "../logic/words.js";
import { selectionText } from "../logic/token-texts.js";
import { button, h, perFrame } from "../parts/dom.js";
import { createOptions, createRow } from "../picker/row.js";
import { createDefinition } from "../reliance/definition.js";
import { ThresholdControl } from "../reliance/threshold.js";
import { createStepper } from "../stepper/panel.js";
import { AnswerMap } from "./answer-map.js";
import { createDisclosure } from "./disclosure.js";
import { createNumbers } from "./numbers.js";

/** The panel. */
class ExplorerPanel {
  /** @param {import("../panels.js").Context} context */
  constructor(context) {
    const { model, answer } = context;
    this.context = context;
    this.model = model;
    this.answer = answer;
    /** @type {number[] | null} */
    this.hovered = null;
    this.select = (/** @type {number[]} */ tokens) => selectTokens(model, answer.explained, tokens);
    this.threshold = new ThresholdControl(context);
    this.row = createRow(context, this.threshold, this.select, (group) => {
      this.hovered = group;
      this.drawSoon();
    });
    this.map = new AnswerMap(model, /** @type {import("../logic/answer.js").Search} */ (answer.search));
    this.headline = h("p", { class: "headline shown" });
    this.verdict = h("p", { class: "verdict-line" });
    this.status = h("p", { class: "unseen", role: "status" });
    this.remark = h("p", {});
    this.offer = button("", () => this.selectNearest(), { class: "unsaved" });
    this.map.overlay.append(this.remark, this.offer);
    this.options = createDisclosure(model, "options", "Options", "");
    this.choices = createOptions(context);
    this.options.content.append(this.choices.element);
    this.search = createDisclosure(model, "search", "How was this found?", "the search, step by step, with its curves");
    this.numbers = createDisclosure(model, "numbers", "The numbers", "every word, and how it was measured");
    this.table = createNumbers(answer.explained, this.select, (value) => this.threshold.color(value));
    this.definition = createDefinition(model);
    this.note = h("p", { class: "note" });
    this.numbers.content.append(this.table.element, this.definition.element, this.note);
    /** @type {{word: number, panel: ReturnType<typeof createStepper>} | null} */
    this.stepper = null;
    this.drawSoon = perFrame(() => this.draw());
    this.element = this.createElement();
  }

  createElement() {
    return h(
      "section",
      { class: "explorer", "aria-label": "Explorer" },
      h(
        "div",
        { class: "answer" },
        h("div", { class: "finding" }, this.createHeadline(), this.verdict),
        this.map.element,
        h("div", { class: "asked" }, this.createHead(), this.row.element, this.options.element, this.threshold.element),
      ),
      this.search.element,
      this.numbers.element,
      this.status,
    );
  }

  /** The headline, in the space of the longest, so that nothing moves under the pointer when another word is previewed. */
  createHeadline() {
    const longest = this.answer.explained.map(({ headline }) => typeset(headline)).sort((a, b) => b.length - a.length);
    const reserved = longest.slice(0, 3).map((text) => h("p", { class: "headline reserved", "aria-hidden": "true" }, text));
    return h("div", { class: "headlines" }, this.headline, ...reserved);
  }

  createHead() {
    const mouse = h("span", { class: "mouse" }, "Point at a word or click it; Shift or Ctrl adds another.");
    return h("p", { class: "ask hint" }, mouse, h("span", { class: "touch" }, "Tap a word."));
  }

  /** @returns {number[]} */
  get selected() {
    return this.model.get("selected");
  }

  selectNearest() {
    const { nearest } = route(this.answer.explained, this.selected);
    if (nearest === null) return;
    const { tokens } = this.answer.explained[nearest];
    this.row.focus(tokens[0]); // the button that had the focus goes away
    this.hovered = null;
    this.select(tokens);
  }

  draw() {
    const { answer, selected } = this;
    const tokens = this.hovered ?? selected;
    const shown = route(answer.explained, tokens);
    this.row.draw();
    this.threshold.draw();
    this.drawFinding(tokens, shown);
    const found = route(answer.explained, selected);
    this.status.textContent = `${selectionText(selected, answer.tokens)} ${selectionTexts(answer, selected, found).headline}`;
    this.drawSearch(found);
    this.drawNumbers(found.word);
  }

  /** @param {number[]} tokens @param {import("../logic/routing.js").Route} shown */
  drawFinding(tokens, shown) {
    const { answer } = this;
    const { headline, remark } = selectionTexts(answer, tokens, shown);
    this.headline.textContent = headline;
    this.map.overlay.hidden = !remark;
    this.map.overlay.classList.toggle("part", shown.kind === "part");
    this.remark.textContent = remark;
    this.offer.textContent = offerText(answer, shown);
    this.offer.hidden = this.hovered !== null; // the offer is about what is selected
    const { definition, threshold } = this.threshold;
    const own = shown.kind === "own" && shown.word !== null ? answer.explained[shown.word].reliance[definition] : null;
    const value = own ?? this.threshold.reliance(tokens);
    this.verdict.textContent = shown.kind === "empty" ? "" : verdictText(quotedText(tokens, answer.tokens), value, threshold);
    this.map.draw(shown.word === null ? null : answer.explained[shown.word]);
  }

  /** The search of the explanation that is shown, made when it is first asked for. @param {import("../logic/routing.js").Route} found */
  drawSearch({ word }) {
    this.search.adopt();
    this.search.element.hidden = word === null;
    if (!this.search.open || word === null) return this.endSearch();
    if (this.stepper?.word === word) return;
    this.endSearch();
    const answer = decode(this.model.get("_data"), word);
    const panel = createStepper({ ...this.context, answer }, false);
    this.stepper = { word, panel };
    this.search.content.replaceChildren(panel.element);
  }

  endSearch() {
    this.stepper?.panel.stop();
    this.stepper = null;
    this.search.content.replaceChildren();
  }

  /** @param {number | null} word */
  drawNumbers(word) {
    this.options.adopt();
    this.choices.draw();
    this.numbers.adopt();
    if (!this.numbers.open) return;
    this.table.draw(word, this.threshold.definition);
    this.definition.draw();
    this.note.textContent = this.answer.explained[word ?? this.model.get("word") ?? 0].note;
  }

  stop() {
    this.endSearch();
    this.row.stop();
    this.map.stop();
  }
}

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createExplorer(context) {
  const panel = new ExplorerPanel(context);
  const names = ["selected", "word", "unit", "tint", "threshold", "definition", "opened", "picture"];
  panel.draw();
  const unfollow = follow(context.model, names, panel.drawSoon);
  context.onDark(panel.drawSoon);
  return {
    element: panel.element,
    ready: panel.map.load(),
    stop() {
      unfollow();
      panel.stop();
    },
  };
}
