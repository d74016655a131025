// The entry of the bundle: anywidget calls `render`, exported pages call `mount`.

import { createState } from "./logic/state.js";
import { render } from "./view.js";

const RETRY = 100; // milliseconds

/**
 * Draw the exported views of this name; each holds its state as JSON.
 * @param {string} name
 * @param {number} [tries] a notebook may attach an output after it runs the script
 */
function mount(name, tries = 50) {
  const hosts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-eagle-nb="${name}"]:not([data-live])`));
  if (!hosts.length && tries > 0) setTimeout(mount, RETRY, name, tries - 1);
  for (const host of hosts) {
    host.dataset.live = "yes";
    const text = host.querySelector("script[type='application/json']")?.textContent ?? "{}";
    const el = host.appendChild(document.createElement("div"));
    try {
      render({ model: createState(JSON.parse(text)), el });
    } catch (error) {
      delete host.dataset.live; // the still picture stays visible
      throw error;
    }
  }
}

export { mount };
export default { render };
