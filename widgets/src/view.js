// A view: its style, the choice of a word, its panel, and the buttons that save it.

import css from "./style.css";
import explorerCss from "./explorer/explorer.css";
import wordsCss from "./words.css";
import partsCss from "./parts.css";
import picturesCss from "./pictures.css";
import { decode } from "./logic/answer.js";
import { follow } from "./logic/state.js";
import { createPanel } from "./panels.js";
import { button, h } from "./parts/dom.js";
import { savePicture } from "./parts/save.js";
import { paletteStyle, watchTheme } from "./parts/theme.js";
import { createNameChoice, createWordChoice } from "./picker/word-choice.js";

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
  let dark = false;
  const words = createChoice(name, model, () => dark);
  const view = h("div", { class: `view ${name}-view` }, words && words.element, body);
  view.append(createSaving(view, name));
  root.replaceChildren(createStyle(), view);

  /** @type {(() => void)[]} */
  let redraw = [];
  /** @type {import("./panels.js").Panel | null} */
  let panel = null;
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    words?.draw();
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, words ? ["word"] : [], () => {
    panel?.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.draw();
    const answer = decode(model.get("_data"), word);
    panel = createPanel(name, { model, answer, dark: () => dark, onDark: (callback) => redraw.push(callback) });
    body.replaceChildren(panel.element);
    delete view.dataset.ready;
    Promise.resolve(panel.ready).then(() => (view.dataset.ready = "yes"));
  });
  return () => {
    unwatch();
    unfollow();
    words?.stop();
    panel?.stop();
  };
}

/** The choice of a word, for views that show one word at a time. @param {string} name @param {Model} model @param {() => boolean} dark */
function createChoice(name, model, dark) {
  if (name === "stepper") return createWordChoice(model, dark);
  return name === "painter" ? createNameChoice(model) : null;
}

function createStyle() {
  const style = document.createElement("style");
  style.textContent = paletteStyle() + css + wordsCss + explorerCss + partsCss + picturesCss;
  return style;
}

/** @param {HTMLElement} view @param {string} name */
function createSaving(view, name) {
  const save = (/** @type {"svg" | "png"} */ kind) => () => savePicture(view, kind, `eagle-${name}`);
  return h("div", { class: "controls saving" }, button("Save SVG", save("svg")), button("Save PNG", save("png")));
}
