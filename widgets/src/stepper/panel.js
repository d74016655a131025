// SearchStepper: follow the search, region after region.

import { SearchSteps, additionText, regionText, stepText } from "../logic/search-steps.js";
import { follow } from "../logic/state.js";
import { h, perFrame } from "../parts/dom.js";
import { listenToStepKeys } from "../parts/keys.js";
import { StepControls } from "./controls.js";
import { CurveView } from "./curve-view.js";
import { SearchPictures } from "./pictures.js";

/**
 * @param {import("../panels.js").Context} context
 * @param {boolean} alone whether it shows the answer itself
 */
export function createStepper(context, alone) {
  const { model, answer, onDark } = context;
  const search = /** @type {import("../logic/answer.js").Search} */ (answer.search);
  const steps = new SearchSteps(model, search);
  const curves = new CurveView(context, steps, alone, () => drawSoon());
  const describe = (/** @type {number} */ region) => regionText(search, steps.ranks, curves.curves, region);
  const pictures = new SearchPictures(steps, describe, () => drawSoon(), alone);
  const controls = new StepControls(model, steps);
  const status = h("p", { class: "status" });
  const addition = h("p", { class: "status" });

  const draw = measured(() => {
    const { current } = steps;
    controls.draw();
    pictures.draw({ heat: model.get("heat"), borders: model.get("borders"), numbers: Boolean(model.get("numbers")) });
    curves.chart.point(current);
    status.textContent = stepText(search, curves.curves, current);
    addition.textContent = additionText(search, current);
  });
  const drawSoon = perFrame(draw);

  controls.element.append(status, addition);
  const element = h(
    "section",
    { class: "stepper", "aria-label": "Search stepper" },
    h("div", { class: "steps" }, pictures.pair.left.element, pictures.pair.right.element, pictures.choice && pictures.choice.element, controls.element, curves.element),
    pictures.tip,
  );
  listenToStepKeys(element, steps, (step) => controls.stopAt(step));
  const unwatch = pictures.pair.watchSize(draw);
  curves.update();
  const ready = pictures.pair.load(search, true).then(draw);
  onDark(draw);
  const stops = [
    unwatch,
    follow(model, ["step", "picture"], drawSoon),
    follow(model, ["heat", "borders", "numbers", "speed"], () => {
      controls.adopt();
      drawSoon();
    }),
    follow(model, alone ? ["token"] : ["token", "selected"], () => curves.update()),
  ];
  return {
    element,
    ready,
    stop() {
      controls.playback.pause();
      pictures.choice?.stop();
      for (const stop of stops) stop();
    },
  };
}

/** A drawing whose duration the Performance API reports. @param {() => void} draw */
function measured(draw) {
  return () => {
    const start = performance.now();
    draw();
    performance.measure("eagle_nb draw", { start });
    performance.clearMeasures("eagle_nb draw");
  };
}
