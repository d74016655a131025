// The pictures of a search: the regions shown so far, and the same regions hidden.

import { percent } from "../logic/format.js";
import { numberedRegions } from "../logic/label-points.js";
import { pictureOfStep, pictureText } from "../logic/pictures.js";
import { rejectedCandidates } from "../logic/search-steps.js";
import { h } from "../parts/dom.js";
import { PictureChoice } from "../parts/picture-choice.js";
import { StagePair } from "../parts/stage.js";

const TIP_WIDTH = 190; // pixels that a tip needs
const CHOICE = { follow: "Follow the search", marked: "the added region in other pictures" };

/** Two pictures, and a tip with the numbers of the region under the pointer. */
export class SearchPictures {
  /**
   * @param {import("../logic/search-steps.js").SearchSteps} steps
   * @param {(region: number) => string} describe
   * @param {() => void} onpoint another region is pointed at
   * @param {boolean} timed whether a video has a time line here
   */
  constructor(steps, describe, onpoint, timed) {
    this.steps = steps;
    this.describe = describe;
    this.onpoint = onpoint;
    /** @type {number | null} */
    this.pointed = null;
    /** The step whose candidates are drawn. @type {number | null} */
    this.heatStep = null;
    this.tip = h("div", { class: "tip", "aria-hidden": "true" });
    this.tip.style.display = "none";
    const { map, order, pictures = null } = steps.search;
    this.choice = pictures && new PictureChoice(steps.model, steps.search, { ...CHOICE, timed });
    this.pair = new StagePair(map, order, ["Insertion", "Deletion"], {
      hover: (region, event) => this.hover(region, event),
      pick: (region) => steps.goToRegion(region),
    }, pictures);
  }

  /** @param {number | null} region @param {MouseEvent} event */
  hover(region, event) {
    this.tip.style.display = region === null ? "none" : "";
    if (region !== null) {
      this.tip.textContent = this.describe(region);
      this.placeTip(event);
    }
    if (region === this.pointed) return;
    this.pointed = region;
    this.onpoint();
  }

  /** @param {MouseEvent} event */
  placeTip(event) {
    const panel = /** @type {HTMLElement} */ (this.tip.parentElement).getBoundingClientRect();
    const left = event.clientX - panel.left + 14;
    this.tip.style.left = `${Math.min(left, Math.max(0, panel.width - TIP_WIDTH))}px`;
    this.tip.style.top = `${event.clientY - panel.top + 16}px`;
  }

  /** @param {{heat: boolean, borders: boolean, numbers: boolean}} options */
  draw({ heat, borders, numbers }) {
    const { current, added, last, search } = this.steps;
    const shown = this.choice ? this.choice.chosen ?? pictureOfStep(search, current) : 0;
    const others = this.pair.both.map((stage) => stage.show(shown));
    if (others.includes(true)) this.heatStep = null;
    for (const stage of this.pair.both) {
      stage.pixels.go(current);
      stage.lines.draw(borders, added, this.pointed);
      if (numbers) stage.lines.number(numberedRegions(last, this.pointed));
    }
    this.drawHeat(heat && search.candidates !== null && current > 0 ? current : null);
    const share = percent(search.area[current]);
    const first = current ? `the first ${current}` : "nothing";
    const { left, right } = this.pair;
    const name = this.choice ? pictureText(this.choice.pictures, shown, null).replace(/^./, (c) => c.toUpperCase()) : "The image";
    const of = search.subject ?? "its area";
    left.describe(`Insertion: ${first} shown`, `${name} with only the first ${current} of ${last} regions shown, ${share} of ${of}`);
    right.describe(`Deletion: ${first} hidden`, `${name} with the first ${current} of ${last} regions hidden`);
    this.choice?.draw(shown, search.pictureEvidence ?? null, left.pixels.composite && left.pixels.canvas, added === null ? [] : [added]);
  }

  /** @param {number | null} step */
  drawHeat(step) {
    if (step === this.heatStep) return;
    this.heatStep = step;
    this.pair.left.heat.draw(step === null ? null : rejectedCandidates(this.steps.search, step));
  }
}
