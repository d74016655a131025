// The time line of a video: a bar per frame with the evidence in it, to scrub and to play.

import { evidenceShares, frameAt, keyedPlace, pictureText, playingSpeed } from "../logic/pictures.js";
import { Playback } from "../logic/playback.js";
import { button, h, s } from "./dom.js";
import { consume } from "./keys.js";

/**
 * @typedef {import("../logic/pictures.js").Picture} Picture
 * @typedef {import("../logic/pictures.js").PictureEvidence} PictureEvidence
 */

const GAP = 0.12; // share of a frame's width between bars
const LEAST_HEIGHT = 0.03; // share of the height, so that every frame is seen

/** The time line. Its frames are pictures, beside which there may be others. */
export class TimeLine {
  /** @param {Picture[]} pictures @param {(k: number) => void} choose */
  constructor(pictures, choose) {
    this.pictures = pictures;
    this.frames = pictures.flatMap((picture, k) => (picture.frame ? [k] : []));
    this.choose = choose;
    this.shown = this.frames[0];
    this.bars = this.frames.map(() => s("rect", {}));
    this.marks = this.frames.map(() => s("circle", { r: 3, cy: 5, class: "time-mark" }));
    this.here = s("rect", { class: "time-here", y: 0, height: "100%" });
    const svg = s("svg", { class: "time-bars", "aria-hidden": "true" }, this.here, ...this.bars, ...this.marks);
    this.track = h("div", { class: "time-track", role: "slider", tabindex: 0, "aria-label": "Time line", "aria-valuemin": 1, "aria-valuemax": this.frames.length }, svg);
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.play = button("", () => (this.still ? this.step() : this.playback.toggle()), { class: "play" });
    this.playback = this.createPlayback();
    this.showPlaying(false);
    this.element = h("div", { class: "time-line" }, this.play, h("div", { class: "time-place" }, this.track, this.createTicks()));
    this.listen();
  }

  createPlayback() {
    const speed = playingSpeed(this.frames.map((k) => this.pictures[k]));
    return new Playback({
      current: () => this.place,
      last: this.frames.length - 1,
      speed: () => speed,
      go: (place) => {
        this.shown = this.frames[place]; // the drawing follows later
        this.choose(this.shown);
      },
      visible: () => this.element.isConnected,
      onchange: (playing) => this.showPlaying(playing),
      now: () => performance.now(),
      schedule: (tick) => requestAnimationFrame(tick),
    });
  }

  /** Times of the first, the middle and the last frame. */
  createTicks() {
    const last = this.frames.length - 1;
    const at = [...new Set([0, last >> 1, last])];
    const labels = at.map((place) => h("span", {}, this.pictures[this.frames[place]].label));
    return h("div", { class: "time-ticks", "aria-hidden": "true" }, ...labels);
  }

  /** The place of the picture that is shown among the frames. */
  get place() {
    return Math.max(0, this.frames.indexOf(this.shown));
  }

  /** The next frame, at the end the first: in place of playing where motion is unwanted. */
  step() {
    this.choose(this.frames[(this.place + 1) % this.frames.length]);
  }

  /** @param {boolean} playing */
  showPlaying(playing) {
    this.play.textContent = this.still ? "Next frame" : playing ? "❚❚ Pause" : "▶ Play";
    if (!this.still) this.play.setAttribute("aria-pressed", String(playing));
  }

  listen() {
    const { track, frames } = this;
    const scrub = (/** @type {PointerEvent} */ event) => {
      const { left, width } = track.getBoundingClientRect();
      this.go(frameAt((event.clientX - left) / width, frames.length));
    };
    track.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      track.setPointerCapture(event.pointerId);
      scrub(event);
    });
    track.addEventListener("pointermove", (event) => {
      if (track.hasPointerCapture(event.pointerId)) scrub(event);
    });
    track.addEventListener("keydown", (event) => {
      const place = keyedPlace(event.key, this.place, frames.length);
      if (place === null || event.ctrlKey || event.metaKey || event.altKey) return;
      consume(event);
      this.go(place);
    });
  }

  /** Stop playing and show a frame. @param {number} place */
  go(place) {
    if (this.playback.playing) this.playback.pause();
    if (this.frames[place] !== this.shown) this.choose(this.frames[place]);
  }

  /** @param {number} shown @param {PictureEvidence | null} evidence @param {[number, number][][]} marks of regions in each picture */
  draw(shown, evidence, marks) {
    this.shown = shown;
    const { frames } = this;
    const shares = evidence && evidenceShares(frames.map((k) => evidence[k]));
    const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(3)}%`;
    frames.forEach((k, place) => {
      const height = Math.max(LEAST_HEIGHT, 0.85 * (shares?.[place] ?? 0));
      setAttributes(this.bars[place], {
        x: percent((place + GAP / 2) / frames.length), width: percent((1 - GAP) / frames.length), y: percent(1 - height), height: percent(height),
        class: `time-bar${k === shown ? " now" : ""}${this.pictures[k].explained ? "" : " unexplained"}`,
      });
      setAttributes(this.marks[place], { cx: percent((place + 0.5) / frames.length), visibility: marks[k].length ? "visible" : "hidden" });
    });
    const inside = frames.includes(shown);
    setAttributes(this.here, { x: percent(this.place / frames.length), width: percent(1 / frames.length), visibility: inside ? "visible" : "hidden" });
    this.track.setAttribute("aria-valuenow", String(this.place + 1));
    this.track.setAttribute("aria-valuetext", pictureText(this.pictures, inside ? shown : frames[this.place], evidence));
  }

  stop() {
    if (this.playback.playing) this.playback.pause();
  }
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
