// A view: its style, the choice of a word, its panel, and the buttons that save it.

import css from "./style.css";
import { decode } from "./logic/answer.js";
import { follow, put } from "./logic/state.js";
import { createPanel } from "./panels.js";
import { button, choice, h } from "./parts/dom.js";
import { savePicture } from "./parts/save.js";
import { paletteStyle, watchTheme } from "./parts/theme.js";

/** @typedef {import("./logic/state.js").Model} Model */

/**
 * Draw a view into an element; anywidget calls this with the kernel's model.
 * @param {{model: Model, el: HTMLElement}} place
 * @returns {() => void} ends the view
 */
export function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // otherwise JupyterLab takes the arrow keys
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  const name = model.get("_panel");
  const body = h("div", {});
  const words = createWordChoice(model);
  const view = h("div", { class: `view ${name}-view` }, words && words.element, body);
  view.append(createSaving(view, name));
  root.replaceChildren(createStyle(), view);

  let dark = false;
  /** @type {(() => void)[]} */
  let redraw = [];
  /** @type {import("./panels.js").Panel | null} */
  let panel = null;
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, ["word"], () => {
    panel?.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.set(String(word));
    const answer = decode(model.get("_data"), word);
    panel = createPanel(name, { model, answer, dark: () => dark, onDark: (callback) => redraw.push(callback) });
    body.replaceChildren(panel.element);
    delete view.dataset.ready;
    Promise.resolve(panel.ready).then(() => (view.dataset.ready = "yes"));
  });
  return () => {
    unwatch();
    unfollow();
    panel?.stop();
  };
}

function createStyle() {
  const style = document.createElement("style");
  style.textContent = paletteStyle() + css;
  return style;
}

/** @param {HTMLElement} view @param {string} name */
function createSaving(view, name) {
  const save = (/** @type {"svg" | "png"} */ kind) => () => savePicture(view, kind, `eagle-${name}`);
  return h("div", { class: "controls saving" }, button("Save SVG", save("svg")), button("Save PNG", save("png")));
}

/** The choice among several explained words. @param {Model} model */
function createWordChoice(model) {
  /** @type {{name: string, search: {explained: number[]}, telling: number}[] | undefined} */
  const each = model.get("_data").each;
  if (!each) return null;
  const names = each.map(({ name }, k) => /** @type {[string, string]} */ ([String(k), name]));
  const chosen = choice("Explained word", names, (value) => {
    const word = each[Number(value)];
    // A kernel sets these too, but an exported page has none
    model.set("selected", word.search.explained);
    model.set("token", null);
    model.set("step", word.telling);
    put(model, "word", Number(value));
  });
  return { element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element), set: chosen.set };
}
