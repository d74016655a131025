// What is painted, what the kernel scored, and the messages between them.

import { createPacer } from "./pacer.js";
import { same } from "./state.js";

const DELAY = 150; // milliseconds after the last stroke
const PATIENCE = 10_000; // milliseconds until a kernel counts as late
const MAX_HISTORY = 200;

/**
 * @typedef {import("./eagle.js").Mode} Mode
 * @typedef {{painted: number[], mode: Mode}} Mask
 * @typedef {["same" | "new" | "gone", string]} Piece
 *
 * @typedef {object} Trial a mask that was scored
 * @property {number[]} painted
 * @property {Mode} mode
 * @property {number[]} [p] probability of each token; missing where scoring failed
 * @property {Piece[] | null} [answer] in pieces; null before or without generation
 * @property {string} [error]
 * @property {boolean} [done] whether the kernel has finished
 * @property {number} [asked] number of the request
 * @property {boolean} [order] whether it is a step of EAGLE's order rather than painted by hand
 */

/** A mask that is being painted. In an exported page there is a record instead of a kernel. */
export class PaintingSession {
  /** @param {import("./state.js").Model} model @param {() => void} onchange */
  constructor(model, onchange) {
    this.model = model;
    this.onchange = onchange;
    /** @type {Trial[] | undefined} */
    this.record = model.get("_record");
    /** @type {number[]} */
    this.painted = model.get("painted");
    /** @type {Mode} */
    this.mode = model.get("mode");
    /** @type {Trial} */
    this.scored = model.get("_now") ?? this.record?.[0];
    /** Why the mask could not be scored. @type {string | null} */
    this.error = null;
    /** @type {Mask[]} */
    this.history = [];
    this.sentAt = 0;
    this.sending = false;
    this.pacer = createPacer(() => this.send(), () => this.answered, DELAY);
  }

  /** @returns {Mask} */
  get mask() {
    return { painted: this.painted, mode: this.mode };
  }

  /** Whether the kernel has answered the latest request. */
  get answered() {
    const trial = /** @type {Trial} */ (this.model.get("_now"));
    return trial.done === true && trial.asked === this.model.get("_asked");
  }

  /** Whether the mask is still to be scored. */
  get waiting() {
    return !this.record && this.error === null && !(this.scored.done && sameMask(this.scored, this.mask));
  }

  /** Whether the numbers on screen belong to an earlier mask. */
  get stale() {
    return this.waiting || this.error !== null;
  }

  /** Whether the kernel takes unusually long. */
  get late() {
    return !this.answered && this.sentAt > 0 && performance.now() - this.sentAt > PATIENCE;
  }

  send() {
    const { model } = this;
    if (sameMask(this.mask, { painted: model.get("painted"), mode: model.get("mode") })) return this.onchange();
    this.sending = true;
    model.set("painted", this.painted);
    model.set("mode", this.mode);
    model.set("_asked", model.get("_asked") + 1);
    model.save_changes();
    this.sending = false;
    this.sentAt = performance.now();
    setTimeout(this.onchange, PATIENCE + 100);
  }

  /** Change the mask without an entry in the history. @param {Mask} mask */
  draft({ painted, mode }) {
    this.painted = painted;
    this.mode = mode;
    this.error = null;
    this.pacer.offer();
    this.onchange();
  }

  /** Change the mask. @param {Partial<Mask>} change */
  change(change) {
    this.remember(this.mask);
    this.draft({ ...this.mask, ...change });
  }

  /** @param {Mask} mask */
  remember(mask) {
    this.history.push(mask);
    if (this.history.length > MAX_HISTORY) this.history.shift();
  }

  undo() {
    const mask = this.history.pop();
    if (mask) this.draft(mask);
  }

  /** Take over a mask that the kernel, a link or the slider set. */
  adopt() {
    if (this.sending) return;
    this.pacer.drop();
    this.painted = this.model.get("painted");
    this.mode = this.model.get("mode");
    this.onchange();
  }

  /** Take over what the kernel scored. */
  receive() {
    const { model } = this;
    /** @type {Trial | undefined} */
    const trial = model.get("_now");
    if (!trial || this.record) return;
    this.error = trial.error ?? null;
    if (trial.p) this.scored = trial;
    const mask = { painted: model.get("painted"), mode: model.get("mode") };
    if (this.answered && !this.pacer.pending() && !sameMask(trial, mask)) {
      model.set("painted", trial.painted); // both sides set it at once, and the kernel's arrived last
      model.set("mode", trial.mode);
    }
    this.pacer.attempt();
    this.onchange();
  }

  /** Show a recorded state. @param {Trial} trial */
  replay(trial) {
    this.scored = { ...trial, done: true };
    this.model.set("painted", trial.painted);
    this.model.set("mode", trial.mode);
    this.onchange();
  }

  stop() {
    this.pacer.drop();
  }
}

/** @param {Mask} a @param {Mask} b */
export function sameMask(a, b) {
  return same(a.painted, b.painted) && a.mode === b.mode;
}
