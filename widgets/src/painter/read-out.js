// The probabilities of the selected words, the comparison with EAGLE, and the answer.

import { mean } from "../logic/curves.js";
import { equalAreaRival, groupText, probabilityRows, rowText, verdictText } from "../logic/painting-texts.js";
import { tint } from "../logic/scale.js";
import { coverage, toggle } from "../logic/selection.js";
import { put, same } from "../logic/state.js";
import { DELETION, INSERTION } from "../palette.js";
import { createAnswerChanges } from "../parts/answer-changes.js";
import { createBars } from "../parts/bars.js";
import { ChipList } from "../parts/chip-list.js";
import { h } from "../parts/dom.js";
import { scaleLegend } from "../parts/legend.js";

/** Colour of the bars by mode. */
const COLORS = { show: INSERTION, hide: DELETION };

/** The answer above the pictures and the numbers beside them. */
export class ReadOut {
  /** @param {import("../panels.js").Context} context @param {import("../logic/painting-session.js").PaintingSession} session */
  constructor({ model, answer, dark }, session) {
    this.model = model;
    this.answer = answer;
    this.painting = /** @type {import("../logic/answer.js").Painting} */ (answer.painting);
    this.dark = dark;
    this.session = session;
    /** What the last drawing showed. @type {any[]} */
    this.drawn = [];
    this.chips = this.createChips();
    this.legend = h("div", { class: "legend" });
    this.table = createBars("Probabilities of the selected tokens");
    this.swatch = h("span", { class: "swatch" });
    this.verdict = h("p", { class: "verdict" });
    this.changes = createAnswerChanges();
    this.announcement = h("p", { class: "unseen", role: "status" }); // for screen readers
    this.element = h(
      "div",
      { class: "curves numbers" },
      this.table.element,
      this.createKeys(),
      this.verdict,
      this.changes.element,
      this.announcement,
    );
  }

  createChips() {
    const { model, answer } = this;
    const select = (/** @type {number[]} */ tokens) => put(model, "selected", tokens);
    const label = "Tokens of the answer, coloured by their current probability; select those to follow";
    return new ChipList(label, answer.tokens, true, {
      pick: (chip) => select(toggle(model.get("selected"), answer.groups[chip])),
      clear: () => select([]),
      all: () => select(answer.tokens.map((_, k) => k)),
    });
  }

  createKeys() {
    const key = (/** @type {HTMLElement} */ swatch, /** @type {string} */ text) => h("span", {}, swatch, text);
    return h(
      "p",
      { class: "keys" },
      key(h("span", { class: "swatch hollow" }), "whole image"),
      key(this.swatch, "now"),
      this.painting.eagle ? key(h("span", { class: "swatch tick" }), "EAGLE's order at equal area") : null,
    );
  }

  draw() {
    const { session } = this;
    /** @type {number[]} */
    const selected = this.model.get("selected");
    const shown = [session.scored, selected, this.dark(), session.stale];
    if (same(shown, this.drawn)) return;
    this.drawn = shown;
    const p = session.scored.p ?? this.painting.full;
    this.drawChips(selected, p);
    this.drawNumbers(selected, p);
    this.changes.element.style.display = this.painting.generates && !session.scored.order ? "" : "none";
    this.changes.draw(session.scored.answer, session.record ? "No answer was generated for this state." : "…");
  }

  /** @param {number[]} selected @param {number[]} p */
  drawChips(selected, p) {
    const set = new Set(selected);
    this.chips.update({
      groups: this.answer.groups,
      tint: (group) => tint("sequential", mean(p, group), this.dark()),
      selected: (group) => coverage(group, set),
      describe: (group) => groupText(this.painting, group, p),
    });
    this.legend.replaceChildren(...scaleLegend("sequential", this.dark(), "probability now: 0 %", "100 %"));
  }

  /** @param {number[]} selected @param {number[]} p */
  drawNumbers(selected, p) {
    const { session, painting } = this;
    const rival = equalAreaRival(painting, session.scored);
    const rows = probabilityRows(painting, this.answer.groups, selected, p, rival);
    this.table.draw(rows, COLORS[session.scored.mode]);
    this.swatch.style.background = COLORS[session.scored.mode];
    this.element.classList.toggle("stale", session.stale);
    if (rows.length && !session.waiting) this.announcement.textContent = rowText(rows[0]);
    this.verdict.textContent = verdictText(painting, session.scored, selected, p, rival);
  }
}
