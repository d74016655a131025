// CorrectionStepper: the answer as regions of the image are removed one after another.

import { RemovalSteps, removalTexts, stateMark } from "../logic/correction-steps.js";
import { meanCurve, nearest } from "../logic/curves.js";
import { follow } from "../logic/state.js";
import { DELETION, INSERTION } from "../palette.js";
import { createChart } from "../parts/chart.js";
import { button, h, perFrame, slider } from "../parts/dom.js";
import { listenToStepKeys } from "../parts/keys.js";
import { curveKey } from "../parts/legend.js";
import { StagePair } from "../parts/stage.js";
import { createAnswerStrip } from "./answer-strip.js";

/** @typedef {import("../logic/answer.js").Search} Search */
/** @typedef {import("../logic/answer.js").Correction} Correction */

/** The panel. */
class CorrectionPanel {
  /** @param {import("../panels.js").Context} context @param {() => void} drawSoon */
  constructor({ model, answer }, drawSoon) {
    this.search = /** @type {Search} */ (answer.search);
    this.correction = /** @type {Correction} */ (answer.correction);
    const { insertion, explained } = this.search;
    this.counter = meanCurve(insertion, answer.tokens.length, [explained[0]]);
    this.steps = new RemovalSteps(model, this.search, this.correction);
    this.drawSoon = drawSoon;
    /** @type {number | null} */
    this.pointed = null;
    this.pair = this.createPictures();
    this.chart = this.createCurves();
    const go = (/** @type {number} */ count) => this.steps.go(count);
    this.slider = slider("Regions removed", go, { min: 0, max: this.steps.last });
    this.strip = createAnswerStrip(this.correction, go);
    this.mark = h("strong", {});
    this.text = h("bdi", {});
    this.answer = h("p", { class: "said", role: "status" }, this.mark, " ", this.text);
    this.status = h("p", { class: "status" });
    this.element = this.createElement();
    listenToStepKeys(this.element, this.steps, go);
  }

  createPictures() {
    return new StagePair(this.search.map, this.search.order, ["Shown", "Removed"], {
      hover: (region) => {
        if (region === this.pointed) return;
        this.pointed = region;
        this.drawSoon();
      },
      pick: (region) => this.steps.goToRegion(region),
    });
  }

  createCurves() {
    const { area } = this.search;
    const { counter, wrongToken, wrong } = this.correction;
    const chart = createChart("Probabilities", "share of the image shown", area, (x) =>
      this.steps.go(this.steps.last - nearest(area, x)),
    );
    const lines = [
      { name: `p(“${counter}”)`, color: INSERTION, values: this.counter },
      { name: `p(“${wrongToken}”)`, color: DELETION, dash: "6 4", values: wrong },
    ];
    chart.draw(lines, `Probabilities of “${counter}” and of “${wrongToken}” over the share of the image shown`);
    return chart;
  }

  createElement() {
    const { counter, wrongToken } = this.correction;
    const keys = [
      curveKey(INSERTION, "solid", `“${counter}”`),
      curveKey(DELETION, "dashed", `“${wrongToken}”, as generated`),
    ];
    const curves = h(
      "div",
      { class: "curves" },
      h("p", { class: "readout" }, "Probability at the deciding token"),
      this.chart.element,
      h("p", { class: "keys" }, ...keys),
    );
    return h(
      "section",
      { class: "correction", "aria-label": "Correction stepper" },
      h("p", { class: "note" }, this.search.note),
      this.answer,
      h("div", { class: "steps" }, this.pair.left.element, this.pair.right.element, this.createSteering(), curves),
    );
  }

  createSteering() {
    const slider = h("div", { class: "row unsaved" }, this.slider);
    return h("div", { class: "steering" }, slider, this.strip.element, this.createControls(), this.status);
  }

  createControls() {
    const { steps } = this;
    const { minimal } = steps;
    return h(
      "div",
      { class: "controls" },
      button("Whole image", () => steps.go(0)),
      button("◀", () => steps.go(steps.current - 1), { "aria-label": "One region back" }),
      button("▶", () => steps.go(steps.current + 1), { "aria-label": "Remove one more" }),
      minimal === null
        ? h("span", { class: "note" }, "No step corrects this answer.")
        : button("Minimal correction", () => steps.go(minimal)),
    );
  }

  draw() {
    const { steps, pair, correction } = this;
    const { current, shown, removed } = steps;
    const texts = removalTexts(steps, this.search, correction, this.counter);
    for (const stage of pair.both) {
      stage.pixels.go(shown);
      stage.lines.draw(false, removed, this.pointed);
    }
    pair.left.describe("Shown", texts.remaining);
    pair.right.describe(texts.caption, texts.gone);
    this.chart.point(shown);
    this.strip.mark(current);
    this.slider.value = String(current);
    this.slider.setAttribute("aria-valuetext", texts.removed);
    const state = correction.states[shown];
    this.answer.classList.toggle("turned", state === "corrected");
    this.answer.classList.toggle("other", state === "another wrong answer");
    this.mark.textContent = stateMark(state);
    this.text.textContent = correction.answers[shown] || "(nothing)";
    this.status.textContent = texts.status;
  }
}

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createCorrection(context) {
  const panel = new CorrectionPanel(context, () => drawSoon());
  const draw = () => panel.draw();
  const drawSoon = perFrame(draw);
  const unwatch = panel.pair.watchSize(draw);
  const ready = panel.pair.load(panel.search, true).then(draw);
  context.onDark(draw);
  const unfollow = follow(context.model, ["removed"], drawSoon);
  return {
    element: panel.element,
    ready,
    stop() {
      unwatch();
      unfollow();
    },
  };
}
