// The controls of a search: slider, steps, playing, and what the pictures show.

import { percent } from "../logic/format.js";
import { candidateRange } from "../logic/search-steps.js";
import { Playback } from "../logic/playback.js";
import { put } from "../logic/state.js";
import { button, check, h, slider } from "../parts/dom.js";
import { heatLegend } from "../parts/legend.js";

const SPEEDS = [1, 2, 4, 8, 16, 32]; // steps per second

/** The slider, the row of buttons below it, and the legend of the other candidates. */
export class StepControls {
  /** @param {import("../logic/state.js").Model} model @param {import("../logic/search-steps.js").SearchSteps} steps */
  constructor(model, steps) {
    this.model = model;
    this.steps = steps;
    this.slider = slider("Step of the search", (step) => steps.go(step), { min: 0, max: steps.last });
    this.play = button("▶ Play", () => this.playback.toggle(), { class: "play", "aria-pressed": "false" });
    this.playback = new Playback({
      current: () => steps.current,
      last: steps.last,
      speed: () => model.get("speed"),
      go: (step) => steps.go(step),
      visible: () => this.element.isConnected,
      onchange: (playing) => this.showPlaying(playing),
      now: () => performance.now(),
      schedule: (tick) => requestAnimationFrame(tick),
    });
    this.speed = this.createSpeed();
    this.heat = check("Other candidates", (on) => put(model, "heat", on));
    this.heat.element.title = "Scores of the other regions in the round that added the outlined region";
    if (!steps.search.candidates) this.heat.element.style.display = "none";
    this.borders = check("Borders", (on) => put(model, "borders", on));
    this.numbers = check("Numbers", (on) => put(model, "numbers", on));
    this.legend = heatLegend("Other candidates, by the objective with each of them added instead");
    this.element = h("div", { class: "steering" }, h("div", { class: "row unsaved" }, this.slider), this.createRow(), this.legend.element);
  }

  createSpeed() {
    const options = SPEEDS.map((v) => h("option", { value: v }, `${v} per s`));
    const select = /** @type {HTMLSelectElement} */ (
      h("select", { "aria-label": "Speed", title: "Steps per second" }, ...options)
    );
    select.addEventListener("change", () => {
      put(this.model, "speed", Number(select.value));
      if (this.playback.playing) this.playback.play();
    });
    return select;
  }

  createRow() {
    const { steps } = this;
    const jump = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => number} */ step) =>
      button(sign, () => this.stopAt(step()), { "aria-label": label });
    return h(
      "div",
      { class: "controls" },
      jump("|◀", "First step", () => 0),
      jump("◀", "Step back", () => steps.current - 1),
      this.play,
      jump("▶", "Step forward", () => steps.current + 1),
      jump("▶|", "Last step", () => steps.last),
      this.speed,
      this.heat.element,
      this.borders.element,
      this.numbers.element,
    );
  }

  /** Stop playing and go to a step. @param {number} step */
  stopAt(step) {
    this.playback.pause();
    this.steps.go(step);
  }

  /** @param {boolean} playing */
  showPlaying(playing) {
    this.play.textContent = playing ? "❚❚ Pause" : "▶ Play";
    this.play.setAttribute("aria-pressed", String(playing));
  }

  /** Show the options that the model holds. */
  adopt() {
    this.heat.input.checked = this.model.get("heat");
    this.borders.input.checked = this.model.get("borders");
    this.numbers.input.checked = Boolean(this.model.get("numbers"));
    this.speed.value = String(this.model.get("speed"));
  }

  draw() {
    const { current, last, search } = this.steps;
    this.legend.draw(this.model.get("heat") ? candidateRange(search, current) : null);
    this.slider.value = String(current);
    this.slider.setAttribute("aria-valuetext", `step ${current} of ${last}, ${percent(search.area[current])} of ${search.subject ?? "the image"} shown`);
  }
}
