// Recorded states, where there is no kernel: a choice of tracks and a slider over one of them.

import { button, choice, h, slider } from "../parts/dom.js";

const NOTE = "This page is a recording without a model: nothing new can be painted. Move through the recorded states.";

/**
 * @template T
 * @typedef {{name: string, states: T[]}} Track
 */

/**
 * @template T
 * @param {Track<T>[]} tracks none of them empty
 * @param {(state: T) => string} describe
 * @param {(state: T) => void} show
 */
export function createRecording(tracks, describe, show) {
  let track = 0;
  let position = 0;
  const states = () => tracks[track].states;
  const steps = slider("Recorded state", (value) => go(track, value), { min: 0 });
  const status = h("p", { class: "status" });
  const chosen = choice(
    "What is replayed",
    tracks.map(({ name }, k) => [String(k), name]),
    (value) => go(Number(value), 0),
  );

  /** @param {number} nextTrack @param {number} nextPosition */
  function go(nextTrack, nextPosition) {
    track = nextTrack;
    position = Math.max(0, Math.min(states().length - 1, nextPosition));
    chosen.set(String(track));
    steps.max = String(states().length - 1);
    steps.value = String(position);
    const text = `${position + 1} of ${states().length}: ${describe(states()[position])}`;
    steps.setAttribute("aria-valuetext", text);
    status.textContent = text;
    show(states()[position]);
  }

  const element = h(
    "div",
    { class: "replay" },
    h("p", { class: "note unsaved" }, NOTE),
    h(
      "div",
      { class: "controls" },
      tracks.length > 1 ? chosen.element : null,
      button("◀", () => go(track, position - 1), { "aria-label": "Previous state" }),
      button("▶", () => go(track, position + 1), { "aria-label": "Next state" }),
    ),
    steps,
    status,
  );
  return { element, go };
}
