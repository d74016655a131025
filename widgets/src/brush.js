// Painting on pictures: strokes of the pointer, and the keyboard going from region to region.

import { h } from "./dom.js";
import { brushed, middles, readingOrder, vertical, whereabouts } from "./painting.js";

/**
 * @typedef {object} Strokes
 * @property {() => void} begin
 * @property {(points: [number, number][], regions: Set<number>) => void} move all points so far, regions just passed
 * @property {(done: boolean) => void} end false if it was broken off
 * @property {(region: number | null) => void} point the region that the keyboard is on
 * @property {(region: number) => void} toggle
 * @property {(region: number) => string} describe
 */

/**
 * @param {import("./regions.js").RegionMap} map
 * @param {ReturnType<import("./stage.js").stage>[]} stages the first can be reached with the keyboard
 * @param {Strokes} strokes
 */
export function brushes(map, stages, strokes) {
  for (const stage of stages) pointer(map, stage, strokes);
  return keyboard(map, stages[0].picture, strokes);
}

/** @param {import("./regions.js").RegionMap} map @param {ReturnType<import("./stage.js").stage>} stage @param {Strokes} strokes */
function pointer(map, { picture, place }, strokes) {
  /** @type {[number, number][]} */
  let points = [];
  picture.classList.add("paintable");
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    points = [place(event)];
    strokes.begin();
    strokes.move(points, brushed(map, points[0], points[0]));
  });
  picture.addEventListener("pointermove", (event) => {
    if (!points.length) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const from = points[points.length - 1];
      const to = place(each);
      points.push(to);
      strokes.move(points, brushed(map, from, to));
    }
  });
  const end = (/** @type {boolean} */ done) => () => {
    if (!points.length) return;
    points = [];
    strokes.end(done);
  };
  picture.addEventListener("pointerup", end(true));
  picture.addEventListener("pointercancel", end(false));
  picture.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false)();
  });
}

/**
 * A list box whose options are the regions, with one tab stop.
 * @param {import("./regions.js").RegionMap} map
 * @param {HTMLElement} picture
 * @param {Strokes} strokes
 */
function keyboard(map, picture, strokes) {
  const centres = middles(map);
  const order = readingOrder(map, centres);
  const base = `region-${Math.random().toString(36).slice(2)}`;
  const options = centres.map((centre, k) =>
    h("span", {
      role: "option", id: `${base}-${k}`, class: "unseen", "aria-selected": "false",
      "aria-label": `Region ${k}, ${whereabouts(centre, map)}, ${strokes.describe(k)} of the image`,
    }),
  ); // prettier-ignore
  let here = order[0];
  /** @type {Set<number>} */
  let known = new Set();
  picture.append(...order.map((k) => options[k]));
  for (const [name, value] of Object.entries({
    role: "listbox",
    tabindex: "0",
    "aria-multiselectable": "true",
    "aria-label": "Regions of the image; arrow keys go from one to the next, space paints",
  })) {
    picture.setAttribute(name, value);
  }
  const at = (/** @type {number} */ region) => {
    here = region;
    picture.setAttribute("aria-activedescendant", options[here].id);
    strokes.point(here);
  };
  const along = (/** @type {number} */ by) => at(order[Math.max(0, Math.min(order.length - 1, order.indexOf(here) + by))]);
  picture.addEventListener("focus", () => {
    if (picture.matches(":focus-visible")) at(here);
  });
  picture.addEventListener("blur", () => strokes.point(null));
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => along(1),
      ArrowLeft: () => along(-1),
      ArrowDown: () => at(vertical(centres, here, 1)),
      ArrowUp: () => at(vertical(centres, here, -1)),
      Home: () => at(order[0]),
      End: () => at(order[order.length - 1]),
      " ": () => strokes.toggle(here),
      Enter: () => strokes.toggle(here),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts of its own
    keys[event.key]();
  });
  return {
    /** @param {number[]} painted */
    update(painted) {
      const now = new Set(painted);
      options.forEach((option, k) => {
        if (now.has(k) !== known.has(k)) option.setAttribute("aria-selected", String(now.has(k)));
      });
      known = now;
    },
  };
}
