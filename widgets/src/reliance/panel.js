// RelianceSlider: which words rely on the image, and which on the language prior.

import { follow } from "../logic/state.js";
import { h, perFrame } from "../parts/dom.js";
import { SingleRow } from "../picker/single-row.js";
import { createDefinition } from "./definition.js";
import { createReadOut } from "./read-out.js";
import { ThresholdControl } from "./threshold.js";

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createReliance(context) {
  /** @type {number[] | null} */
  let hovered = null;
  const threshold = new ThresholdControl(context);
  const definition = createDefinition(context.model);
  const readOut = createReadOut(context);
  const row = new SingleRow(context, threshold, (tokens) => {
    hovered = tokens;
    drawSoon();
  });
  const element = h(
    "section",
    { class: "reliance", "aria-label": "Reliance slider" },
    row.element,
    threshold.element,
    readOut.element,
    definition.element,
  );

  function draw() {
    threshold.draw();
    definition.draw();
    row.draw();
    readOut.update(hovered ?? row.selected, threshold);
  }

  const drawSoon = perFrame(draw);
  draw();
  context.onDark(drawSoon);
  const unfollow = follow(context.model, ["threshold", "definition", "token", "word"], drawSoon);
  return {
    element,
    stop() {
      unfollow();
      row.stop();
    },
  };
}
