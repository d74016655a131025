// Moving through recorded states where there is no kernel: a choice of tracks and a slider over one of them.

import { button, choice, h } from "./dom.js";

/**
 * @template T
 * @param {{name: string, states: T[]}[]} tracks none of them empty
 * @param {(state: T) => string} describe
 * @param {(state: T) => void} show
 */
export function replay(tracks, describe, show) {
  let track = 0;
  let at = 0;
  const states = () => tracks[track].states;
  const slider = /** @type {HTMLInputElement} */ (h("input", { type: "range", min: 0, step: 1, class: "wide", "aria-label": "Recorded state" }));
  const told = h("p", { class: "status" });
  const chosen = choice(
    "What is replayed",
    tracks.map(({ name }, k) => [String(k), name]),
    (value) => go(Number(value), 0),
  );
  /** @param {number} nextTrack @param {number} next */
  function go(nextTrack, next) {
    track = nextTrack;
    at = Math.max(0, Math.min(states().length - 1, next));
    chosen.set(String(track));
    slider.max = String(states().length - 1);
    slider.value = String(at);
    const text = `${at + 1} of ${states().length}: ${describe(states()[at])}`;
    slider.setAttribute("aria-valuetext", text);
    told.textContent = text;
    show(states()[at]);
  }
  slider.addEventListener("input", () => go(track, Number(slider.value)));
  const element = h(
    "div",
    { class: "replay" },
    h("p", { class: "note" }, "A recording: no model stands behind this page, so nothing new can be painted. Move through what was tried."),
    h(
      "div",
      { class: "controls" },
      tracks.length > 1 ? chosen.element : null,
      button("◀", () => go(track, at - 1), { "aria-label": "State before" }),
      button("▶", () => go(track, at + 1), { "aria-label": "Next state" }),
    ),
    slider,
    told,
  );
  return { element, go };
}
