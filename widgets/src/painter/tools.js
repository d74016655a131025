// What the pointer does, and what happens to painted regions.

import { toggle } from "../logic/selection.js";
import { put } from "../logic/state.js";
import { button, check, choice, h } from "../parts/dom.js";

/** Choices and buttons above the pictures. */
export class Tools {
  /** @param {import("../logic/painting-session.js").PaintingSession} session @param {number} n regions @param {() => void} onchange */
  constructor(session, n, onchange) {
    this.session = session;
    this.everything = Array.from({ length: n }, (_, k) => k);
    this.shape = "brush";
    this.erasing = false;
    this.shapes = choice("What the pointer draws", [["brush", "Brush"], ["lasso", "Lasso"]], (v) => (this.shape = v));
    this.effects = choice("What the pointer does", [["paint", "Paint"], ["erase", "Erase"]], (v) => (this.erasing = v === "erase"));
    this.modes = choice(
      "What happens to painted regions",
      [["hide", "Hide what is painted"], ["show", "Show only what is painted"]],
      (value) => session.change({ mode: /** @type {import("../logic/eagle.js").Mode} */ (value) }),
    );
    this.shapes.set("brush");
    this.effects.set("paint");
    this.undo = button("Undo", () => session.undo());
    this.borders = check("Borders", onchange);
    this.borders.input.checked = true;
    this.numbers = check("Numbers", (on) => put(session.model, "numbers", on));
    this.elements = session.record ? [] : this.createRows();
  }

  createRows() {
    const { session } = this;
    return [
      h("div", { class: "controls" }, this.modes.element),
      h(
        "div",
        { class: "controls" },
        this.shapes.element,
        this.effects.element,
        this.undo,
        button("Invert", () => session.change({ painted: toggle(this.everything, session.painted) })),
        button("Clear", () => session.change({ painted: [] })),
        this.borders.element,
        this.numbers.element,
      ),
    ];
  }

  /** Whether the numbers of the regions are drawn. */
  get numbered() {
    return Boolean(this.session.model.get("numbers"));
  }

  draw() {
    this.modes.set(this.session.mode);
    this.numbers.input.checked = this.numbered;
    this.undo.disabled = !this.session.history.length;
  }
}
