// The regions of a picture as a list box with one tab stop, for the keyboard and for screen readers.

import { centroids, positionText, readingOrder, verticalNeighbour } from "../logic/navigation.js";
import { h } from "../parts/dom.js";
import { consume } from "../parts/keys.js";

/**
 * @typedef {object} Callbacks
 * @property {(region: number | null) => void} point the keyboard moves to a region
 * @property {(region: number) => void} toggle
 * @property {(region: number) => string} describe the area of a region
 */

/** Turns a picture into a list of its regions. */
export class RegionList {
  /** @param {import("../parts/stage.js").Stage} stage @param {Callbacks} callbacks */
  constructor({ map, picture }, callbacks) {
    this.picture = picture;
    this.callbacks = callbacks;
    this.centres = centroids(map);
    this.order = readingOrder(map, this.centres);
    this.current = this.order[0];
    /** @type {Set<number>} */
    this.painted = new Set();
    this.options = this.createOptions(map);
    picture.append(...this.order.map((k) => this.options[k]));
    const label = "Regions of the image; arrow keys move between regions, space paints";
    const attributes = { role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": label };
    for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
    this.listen();
  }

  /** @param {import("../logic/regions.js").RegionMap} map */
  createOptions(map) {
    const prefix = `region-${Math.random().toString(36).slice(2)}`;
    return this.centres.map((centre, k) =>
      h("span", {
        role: "option", id: `${prefix}-${k}`, class: "unseen", "aria-selected": "false",
        "aria-label": `Region ${k}, ${positionText(centre, map)}, ${this.callbacks.describe(k)} of the image`,
      }),
    );
  }

  listen() {
    const { picture } = this;
    picture.addEventListener("focus", () => {
      if (picture.matches(":focus-visible")) this.moveTo(this.current);
    });
    picture.addEventListener("blur", () => this.callbacks.point(null));
    picture.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = this.actions()[event.key];
      if (!action) return;
      consume(event);
      action();
    });
  }

  /** @returns {Record<string, () => void>} */
  actions() {
    const { order, current, centres } = this;
    const along = (/** @type {number} */ by) => () =>
      this.moveTo(order[Math.max(0, Math.min(order.length - 1, order.indexOf(current) + by))]);
    const vertical = (/** @type {-1 | 1} */ direction) => () => this.moveTo(verticalNeighbour(centres, current, direction));
    const toggle = () => this.callbacks.toggle(current);
    return {
      ArrowRight: along(1),
      ArrowLeft: along(-1),
      ArrowDown: vertical(1),
      ArrowUp: vertical(-1),
      Home: () => this.moveTo(order[0]),
      End: () => this.moveTo(order[order.length - 1]),
      " ": toggle,
      Enter: toggle,
    };
  }

  /** @param {number} region */
  moveTo(region) {
    this.current = region;
    this.picture.setAttribute("aria-activedescendant", this.options[region].id);
    this.callbacks.point(region);
  }

  /** @param {number[]} painted */
  update(painted) {
    const next = new Set(painted);
    this.options.forEach((option, k) => {
      if (next.has(k) !== this.painted.has(k)) option.setAttribute("aria-selected", String(next.has(k)));
    });
    this.painted = next;
  }
}
