// The painted image, and beside it what the model sees.

import { percent } from "../logic/format.js";
import { numberedRegions } from "../logic/label-points.js";
import { countText } from "../logic/painting-texts.js";
import { sorted, toggle } from "../logic/selection.js";
import { same } from "../logic/state.js";
import { lassoedRegions } from "../logic/strokes.js";
import { StagePair } from "../parts/stage.js";
import { listenToStrokes } from "./pointer.js";
import { RegionList } from "./region-list.js";

/**
 * @typedef {import("../logic/answer.js").Painting} Painting
 * @typedef {import("../logic/painting-session.js").PaintingSession} Session
 */

/** Two pictures that can be painted on; in an exported page only the recorded states are shown. */
export class PaintedPictures {
  /** @param {Painting} painting @param {Session} session @param {import("./tools.js").Tools} tools @param {() => void} onchange */
  constructor(painting, session, tools, onchange) {
    this.painting = painting;
    this.session = session;
    this.tools = tools;
    this.onchange = onchange;
    /** @type {number | null} */
    this.pointed = null;
    /** @type {[number, number][]} */
    this.lasso = [];
    /** The painted regions before a stroke. @type {number[]} */
    this.before = [];
    this.pair = new StagePair(painting.map, [], ["", ""], { hover: (region) => this.point(region), pick() {} });
    this.list = session.record ? null : this.makePaintable();
  }

  makePaintable() {
    const { session, painting } = this;
    for (const stage of this.pair.both) {
      listenToStrokes(stage, {
        begin: () => this.begin(),
        move: (points, regions) => this.move(points, regions),
        end: (completed) => this.end(completed),
      });
    }
    return new RegionList(this.pair.left, {
      point: (region) => this.point(region),
      toggle: (region) => session.change({ painted: toggle(session.painted, [region]) }),
      describe: (region) => percent(painting.regionArea[region]),
    });
  }

  /** @param {number | null} region */
  point(region) {
    if (region === this.pointed) return;
    this.pointed = region;
    this.onchange();
  }

  begin() {
    this.before = this.session.painted;
    this.lasso = [];
  }

  /** @param {[number, number][]} points @param {Set<number>} regions */
  move(points, regions) {
    if (this.tools.shape === "brush") return this.apply(regions);
    this.lasso = points;
    this.onchange();
  }

  /** @param {boolean} completed */
  end(completed) {
    const { session, lasso } = this;
    if (completed && lasso.length > 2) this.apply(lassoedRegions(this.painting.map, lasso));
    this.lasso = [];
    if (!same(this.before, session.painted)) session.remember({ painted: this.before, mode: session.mode });
    this.onchange();
  }

  /** Paint or erase regions. @param {Iterable<number>} regions */
  apply(regions) {
    const { session } = this;
    const set = new Set(session.painted);
    for (const region of regions) {
      if (this.tools.erasing) set.delete(region);
      else set.add(region);
    }
    const painted = sorted(set);
    if (!same(painted, session.painted)) session.draft({ painted, mode: session.mode });
  }

  draw() {
    const { painted, mode } = this.session;
    const { left, right, both } = this.pair;
    const set = new Set(painted);
    left.pixels.show(() => true);
    right.pixels.show((region) => set.has(region) === (mode === "show"));
    left.heat.hatch(set);
    left.lines.draw(this.tools.borders.input.checked, null, this.pointed);
    right.lines.draw(false, null, this.pointed);
    if (painted.length) left.lines.surround(painted);
    if (this.tools.numbered) for (const { lines } of both) lines.number(numberedRegions(this.painting.map.n, this.pointed));
    if (this.lasso.length > 1) for (const stage of both) stage.lines.line([...this.lasso, this.lasso[0]]);
    this.describe();
    this.list?.update(painted);
  }

  describe() {
    const { record, scored, painted, mode } = this.session;
    const count = countText(this.painting, painted);
    if (record) this.pair.left.describe(scored.order ? "EAGLE's regions" : "Painted", `The image with ${count} painted`);
    else this.pair.left.describe("Paint here");
    const seen = mode === "show" ? "shown and the rest hidden" : "hidden";
    this.pair.right.describe("What the model sees", `The image with ${count} ${seen}`);
  }
}
