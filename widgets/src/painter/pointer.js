// Strokes of the pointer on a picture.

import { brushedRegions } from "../logic/strokes.js";

/**
 * @typedef {object} Strokes
 * @property {() => void} begin
 * @property {(points: [number, number][], regions: Set<number>) => void} move all points so far, regions of the latest segment
 * @property {(completed: boolean) => void} end
 */

/** @param {import("../parts/stage.js").Stage} stage @param {Strokes} strokes */
export function listenToStrokes(stage, strokes) {
  const { picture, map } = stage;
  /** @type {[number, number][]} */
  let points = [];
  const end = (/** @type {boolean} */ completed) => {
    if (!points.length) return;
    points = [];
    strokes.end(completed);
  };
  picture.classList.add("paintable");
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    points = [stage.positionOf(event)];
    strokes.begin();
    strokes.move(points, brushedRegions(map, points[0], points[0]));
  });
  picture.addEventListener("pointermove", (event) => {
    if (!points.length) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const from = points[points.length - 1];
      const to = stage.positionOf(each);
      points.push(to);
      strokes.move(points, brushedRegions(map, from, to));
    }
  });
  picture.addEventListener("pointerup", () => end(true));
  picture.addEventListener("pointercancel", () => end(false));
  picture.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
  });
}
