// One module for both homes: anywidget calls `render` with the kernel's model, an exported page calls `mount`.

import css from "./style.css";
import { correction } from "./correction.js";
import { decode } from "./data.js";
import { button, choice, h } from "./dom.js";
import { painter } from "./painter.js";
import { picker } from "./picker.js";
import { reliance } from "./reliance.js";
import { savePicture } from "./save.js";
import { createState, follow, put } from "./state.js";
import { stepper } from "./stepper.js";
import { watchTheme } from "./theme.js";

/**
 * @typedef {object} Context what every panel is given
 * @property {import("./state.js").Model} model
 * @property {import("./data.js").Answer} answer
 * @property {() => boolean} dark
 * @property {(callback: () => void) => void} onDark called back when the theme changes
 *
 * @typedef {{element: HTMLElement, stop: () => void, ready?: Promise<void>}} Panel
 */

/**
 * @param {{model: import("./state.js").Model, el: HTMLElement}} place
 * @returns {() => void} what ends the view
 */
function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true"; // or JupyterLab would take the arrow keys
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  let dark = false;
  /** @type {(() => void)[]} */
  let redraw = [];
  /** @type {Panel[]} */
  let panels = [];
  const name = model.get("_panel");
  const body = h("div", {});
  const view = h("div", { class: `view ${name}-view` });
  const words = wordChoice(model);
  const save = (/** @type {"svg" | "png"} */ kind) => () => savePicture(view, kind, `eagle-${name}`);
  view.append(
    ...(words ? [words.element] : []),
    body,
    h(
      "div",
      { class: "controls saving" },
      button("Save SVG", save("svg")),
      button("Save PNG", save("png")),
    ),
  );
  const style = document.createElement("style");
  style.textContent = css;
  root.replaceChildren(style, view);
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, ["word"], () => {
    for (const panel of panels) panel.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.set(String(word));
    panels = build(name, {
      model,
      answer: decode(model.get("_data"), word),
      dark: () => dark,
      onDark: (callback) => redraw.push(callback),
    });
    body.replaceChildren(...panels.map((p) => p.element));
    delete view.dataset.ready;
    Promise.all(panels.map((p) => p.ready)).then(() => (view.dataset.ready = "yes"));
  });
  return () => {
    unwatch();
    unfollow();
    for (const panel of panels) panel.stop();
  };
}

/** Which word's explanation is shown, where there are several. @param {import("./state.js").Model} model */
function wordChoice(model) {
  /** @type {{name: string, search: {explained: number[]}, telling: number}[] | undefined} */
  const each = model.get("_data").each;
  if (!each) return null;
  const chosen = choice(
    "Explained word",
    each.map((one, k) => [String(k), one.name]),
    (value) => {
      const one = each[Number(value)];
      // The kernel sets these too; in an exported page nobody else does.
      model.set("selected", one.search.explained);
      model.set("token", null);
      model.set("step", one.telling);
      put(model, "word", Number(value));
    },
  );
  return { element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element), set: chosen.set };
}

/** @param {string} name @param {Context} context @returns {Panel[]} */
function build(name, context) {
  if (name === "picker") return [picker(context)];
  if (name === "stepper") return [stepper(context, true)];
  if (name === "reliance") return [reliance(context, null)];
  if (name === "correction") return [correction(context)];
  if (name === "painter") return [painter(context)];
  const steps = stepper(context, false);
  const side = [picker(context), reliance(context, steps.preview)];
  const titled = (/** @type {string} */ title, /** @type {Panel} */ panel) =>
    h("div", { class: "part" }, h("h3", {}, title), panel.element);
  const element = h(
    "div",
    { class: "explorer" },
    h("p", { class: "note" }, context.answer.search?.note ?? ""),
    titled("The answer, word by word", side[0]),
    titled("The search, region by region", steps),
    titled("Seen, or guessed from language?", side[1]),
  );
  return [{ element, ready: steps.ready, stop: () => [steps, ...side].forEach((p) => p.stop()) }];
}

/**
 * Bring the exported explanations of this name to life; each holds its data as JSON.
 * @param {string} name
 * @param {number} [tries] a notebook may attach an output after running its script
 */
function mount(name, tries = 50) {
  const hosts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-eagle-nb="${name}"]:not([data-live])`));
  if (!hosts.length && tries > 0) setTimeout(mount, 100, name, tries - 1);
  for (const host of hosts) {
    host.dataset.live = "yes";
    const text = host.querySelector("script[type='application/json']")?.textContent ?? "{}";
    const el = host.appendChild(document.createElement("div"));
    try {
      render({ model: createState(JSON.parse(text)), el });
    } catch (error) {
      delete host.dataset.live; // the static picture stays
      throw error;
    }
  }
}

export { mount };
export default { render };
