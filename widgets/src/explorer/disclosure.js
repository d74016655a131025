// A part of the page that is folded until it is asked for. Which parts are open is state.

import { put } from "../logic/state.js";
import { h } from "../parts/dom.js";

/**
 * @param {import("../logic/state.js").Model} model
 * @param {string} name in the trait `opened`
 * @param {string} title
 * @param {string} about what is inside, beside the title
 */
export function createDisclosure(model, name, title, about) {
  const content = h("div", { class: "content" });
  const summary = h("summary", {}, h("span", { class: "title" }, title), about ? h("span", { class: "about" }, about) : null);
  const element = /** @type {HTMLDetailsElement} */ (h("details", { class: `fold ${name}-fold` }, summary, content));
  // The state decides what is open; a "toggle" event would arrive after a redraw has closed the part again
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    /** @type {string[]} */
    const opened = model.get("opened");
    put(model, "opened", opened.includes(name) ? opened.filter((other) => other !== name) : [...opened, name]);
  });
  return {
    element,
    content,
    get open() {
      return model.get("opened").includes(name);
    },
    /** Follow the state. */
    adopt() {
      element.open = model.get("opened").includes(name);
      content.hidden = !element.open;
    },
  };
}
