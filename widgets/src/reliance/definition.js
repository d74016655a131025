// The choice of a definition of reliance.

import { MEANINGS } from "../logic/reliance-split.js";
import { put } from "../logic/state.js";
import { choice, h } from "../parts/dom.js";

/** @param {import("../logic/state.js").Model} model */
export function createDefinition(model) {
  const chosen = choice(
    "Definition of reliance",
    [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
    (value) => put(model, "definition", value),
  );
  const meaning = h("p", { class: "readout" });
  return {
    element: h("div", { class: "definition" }, h("span", {}, "Definition of reliance"), chosen.element, meaning),
    draw() {
      /** @type {import("../logic/answer.js").Definition} */
      const definition = model.get("definition");
      chosen.set(definition);
      meaning.textContent = `Reliance is ${MEANINGS[definition] ?? MEANINGS.paper}.`;
    },
  };
}
