// Steps of a correction: the number of removed regions, and texts about it.

import { percent } from "./format.js";
import { regionRanks } from "./search-steps.js";
import { put } from "./state.js";

/** @typedef {import("./answer.js").Search} Search */
/** @typedef {import("./answer.js").Correction} Correction */
/** @typedef {import("./answer.js").State} State */

/**
 * How the answers of the steps are marked and named, in the order of the key.
 * @type {{state: State | null, name: string, mark: string}[]}
 */
export const STATES = [
  { state: "corrected", name: "corrected", mark: "✓ Corrected:" },
  { state: "another wrong answer", name: "another wrong answer", mark: "≠ Another wrong answer:" },
  { state: "still says it", name: "still says it", mark: "✗ Still says it:" },
  { state: null, name: "undecided", mark: "? Undecided:" },
];

/** The mark before an answer. @param {State | null} state */
export function stateMark(state) {
  return STATES.find((known) => known.state === state)?.mark ?? "";
}

/**
 * The states that occur, each with its number of steps.
 * @param {(State | null)[]} states
 */
export function stateKey(states) {
  const counted = STATES.map((entry) => ({ ...entry, count: states.filter((state) => state === entry.state).length }));
  return counted.filter(({ count }) => count > 0);
}

/** The key in words. @param {(State | null)[]} states @param {string} said the wrong word */
export function stateKeyText(states, said) {
  const counts = stateKey(states).map(({ name, count }) => `${count} ${name}`).join(", ");
  return `Answers of the ${states.length} steps to “${said}”: ${counts}`;
}

/** The number of removed regions that a view shows. */
export class RemovalSteps {
  /** @param {import("./state.js").Model} model @param {Search} search @param {Correction} correction */
  constructor(model, { order }, { step }) {
    this.model = model;
    this.order = order;
    this.last = order.length;
    this.ranks = regionRanks(order);
    this.minimal = step === null ? null : this.last - step;
  }

  /** @returns {number} */
  get current() {
    return this.clamp(this.model.get("removed"));
  }

  /** The number of regions that remain. */
  get shown() {
    return this.last - this.current;
  }

  /** The region that was removed last. @returns {number | null} */
  get removed() {
    return this.current > 0 ? this.order[this.shown] : null;
  }

  /** @param {number} count */
  clamp(count) {
    return Math.max(0, Math.min(this.last, count));
  }

  /** @param {number} count */
  go(count) {
    put(this.model, "removed", this.clamp(count));
  }

  /** Go to the step that removes a region. @param {number} region */
  goToRegion(region) {
    this.go(this.last - this.ranks[region]);
  }
}

/**
 * Runs of equal values.
 * @template T
 * @param {T[]} values
 * @returns {{from: number, length: number, value: T}[]}
 */
export function runs(values) {
  /** @type {{from: number, length: number, value: T}[]} */
  const result = [];
  values.forEach((value, k) => {
    const previous = result[result.length - 1];
    if (previous && previous.value === value) previous.length++;
    else result.push({ from: k, length: 1, value });
  });
  return result;
}

/**
 * Texts about the current step.
 * @param {RemovalSteps} steps
 * @param {Search} search
 * @param {Correction} correction
 * @param {number[]} counter probability of the counter token at each step
 */
export function removalTexts(steps, { area }, correction, counter) {
  const { current, shown, last } = steps;
  const share = percent(1 - area[shown]);
  const removed = `${current} of ${last} regions removed, ${share} of the image`;
  const minimal = current === steps.minimal ? ": the minimal correction region" : "";
  return {
    removed,
    status:
      `${removed}${minimal} · p(“${correction.counter}”) ${counter[shown].toFixed(3)}, ` +
      `p(“${correction.wrongToken}”) ${correction.wrong[shown].toFixed(3)}`,
    caption: current ? `Removed: ${share}` : "Removed: nothing",
    remaining: `The image with ${current} of ${last} regions removed`,
    gone: `The ${current} regions removed, ${share} of the image`,
  };
}
