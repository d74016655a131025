// A picture of regions that can be pointed at, and a pair of such pictures.

import { clearBetween, pictureMap } from "../logic/pictures.js";
import { regionAt } from "../logic/regions.js";
import { h } from "./dom.js";
import { framed, shapePicture } from "./framed.js";
import { HeatLayer, PixelLayer } from "./layers.js";
import { OutlineLayer } from "./outline-layer.js";
import { pixelsOf } from "./pixels.js";

/**
 * @typedef {import("../logic/regions.js").RegionMap} RegionMap
 * @typedef {import("../logic/pictures.js").Picture} Picture
 *
 * @typedef {object} Pointing
 * @property {(region: number | null, event: MouseEvent) => void} hover
 * @property {(region: number) => void} pick
 */

/** One picture: pixels, heat and outlines on top of each other. */
export class Stage {
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {string} title
   * @param {Pointing} pointing
   * @param {Picture[] | null} [pictures] where one of several pictures is shown; `map` is that of their canvas
   */
  constructor(map, order, title, pointing, pictures = null) {
    this.whole = map;
    this.pictures = pictures;
    this.map = pictures ? pictureMap(map, pictures, 0) : map;
    this.pixels = new PixelLayer(map, order, pictures !== null);
    this.heat = new HeatLayer(this.map);
    this.lines = new OutlineLayer(this.map);
    this.picture = h("div", { class: "picture", role: "img" }, this.pixels.cropped.screen, this.heat.canvas, this.lines.canvas);
    this.title = h("figcaption", {}, title);
    this.element = h("figure", { class: "stage" }, this.title, pictures ? framed(this.picture, pictures) : this.picture);
    this.shape();
    this.listen(pointing);
  }

  /** Show one of several pictures; returns whether it is another one. @param {number} k */
  show(k) {
    if (!this.pictures) return false;
    const map = pictureMap(this.whole, this.pictures, k);
    const other = map !== this.map;
    this.map = map;
    if (other) {
      this.heat.adopt(map);
      this.lines.adopt(map);
      this.shape();
    }
    this.pixels.cropped.crop(this.pictures[k].box);
    return other;
  }

  /** Give the picture the shape of its map. */
  shape() {
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
  }

  /** @param {Pointing} pointing */
  listen({ hover, pick }) {
    this.picture.addEventListener("pointermove", (event) => hover(this.regionAt(event), event));
    this.picture.addEventListener("pointerleave", (event) => hover(null, event));
    this.picture.addEventListener("click", (event) => {
      const region = this.regionAt(event);
      if (region !== null) pick(region);
    });
  }

  /** Position of an event, in pixels of the picture. @param {MouseEvent} event @returns {[number, number]} */
  positionOf(event) {
    const box = this.picture.getBoundingClientRect();
    const { width, height } = this.map;
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  /** @param {MouseEvent} event */
  regionAt(event) {
    return regionAt(this.map, ...this.positionOf(event));
  }

  /** Fit the outlines to the size on screen; returns whether it changed. */
  fit() {
    return this.lines.fit(this.picture.getBoundingClientRect());
  }

  /** @param {string} caption @param {string} [label] for screen readers */
  describe(caption, label) {
    this.title.textContent = caption;
    if (label !== undefined) this.picture.setAttribute("aria-label", label);
  }
}

/** Two pictures of the same regions. */
export class StagePair {
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {[string, string]} titles
   * @param {Pointing} pointing
   * @param {Picture[] | null} [pictures] where one of several pictures is shown
   */
  constructor(map, order, titles, pointing, pictures = null) {
    this.map = map;
    this.left = new Stage(map, order, titles[0], pointing, pictures);
    this.right = new Stage(map, order, titles[1], pointing, pictures);
    this.both = [this.left, this.right];
  }

  /**
   * Load the image and the fill.
   * @param {{image: Blob, fill: Blob, pictures?: Picture[]}} sources
   * @param {boolean} complementary whether the right picture shows what the left one hides
   */
  async load(sources, complementary) {
    const { width, height } = this.map;
    const [image, fill] = await Promise.all([sources.image, sources.fill].map((blob) => pixelsOf(blob, width, height)));
    if (sources.pictures) {
      clearBetween(this.map, sources.pictures, image, fill);
      for (const { picture } of this.both) picture.classList.add("cut-out");
    }
    this.left.pixels.load(image, fill);
    if (complementary) this.right.pixels.load(fill, image);
    else this.right.pixels.load(image, fill);
  }

  /** Redraw when the size on screen changes. @param {() => void} draw @returns {() => void} ends it */
  watchSize(draw) {
    const observer = new ResizeObserver(() => {
      const changed = this.both.map((stage) => stage.fit());
      if (changed.includes(true)) draw();
    });
    for (const { picture } of this.both) observer.observe(picture);
    return () => observer.disconnect();
  }
}
