// The row of words where one word is selected, whose explanation is shown.

import { route } from "../logic/routing.js";
import { unmeasuredTint } from "../logic/scale.js";
import { chipText } from "../logic/token-texts.js";
import { WordRow } from "../parts/word-row.js";

/** The row. The traits `word` and `token` hold what is selected. */
export class SingleRow {
  /**
   * @param {import("../panels.js").Context} context
   * @param {import("../reliance/threshold.js").ThresholdControl} threshold gives the colours
   * @param {(tokens: number[] | null) => void} hover
   */
  constructor(context, threshold, hover) {
    this.context = context;
    this.model = context.model;
    this.answer = context.answer;
    this.threshold = threshold;
    this.row = new WordRow(this.answer, "Words of the answer; select the one to show", {
      groups: () => this.answer.groups,
      unit: (chip) => this.answer.groups[chip],
      selected: () => this.selected,
      select: (tokens) => this.select(tokens),
      hover,
      several: false,
    });
    this.element = this.row.element;
  }

  /** Tokens of the selected word. @returns {number[]} */
  get selected() {
    const token = this.model.get("token");
    const { explained, groups } = this.answer;
    if (typeof token !== "number") return explained[this.model.get("word") ?? 0]?.tokens ?? [];
    return groups.find((group) => group.includes(token)) ?? [token];
  }

  /** @param {number[]} tokens */
  select(tokens) {
    const { explained } = this.answer;
    const { kind, word } = route(explained, tokens);
    this.model.set("token", kind === "own" || !tokens.length ? null : tokens[0]);
    if (word !== null && word !== this.model.get("word")) {
      if (this.model.get("step") !== undefined) this.model.set("step", explained[word].sufficient);
      this.model.set("word", word);
    }
    this.model.save_changes();
  }

  draw() {
    const { answer, threshold } = this;
    const set = new Set(this.selected);
    this.row.update({
      tint: (group) => threshold.color(threshold.reliance(group)) ?? unmeasuredTint(this.context.dark()),
      selected: (group) => group.some((k) => set.has(k)),
      describe: (group) => chipText(answer, group, threshold.reliance(group)),
      mark: (group) => threshold.mark(threshold.reliance(group)),
    });
  }

  stop() {
    this.row.stop();
  }
}
