// A picture of regions that can be pointed at, and a pair of such pictures.

import { h } from "./dom.js";
import { HeatLayer, PixelLayer } from "./layers.js";
import { OutlineLayer } from "./outline-layer.js";
import { pixelsOf } from "./pixels.js";

/**
 * @typedef {import("../logic/regions.js").RegionMap} RegionMap
 *
 * @typedef {object} Pointing
 * @property {(region: number | null, event: MouseEvent) => void} hover
 * @property {(region: number) => void} pick
 */

/** One picture: pixels, heat and outlines on top of each other. */
export class Stage {
  /** @param {RegionMap} map @param {number[]} order @param {string} title @param {Pointing} pointing */
  constructor(map, order, title, pointing) {
    this.map = map;
    this.pixels = new PixelLayer(map, order);
    this.heat = new HeatLayer(map);
    this.lines = new OutlineLayer(map);
    this.picture = h("div", { class: "picture", role: "img" }, this.pixels.canvas, this.heat.canvas, this.lines.canvas);
    this.picture.style.aspectRatio = `${map.width} / ${map.height}`;
    this.picture.style.setProperty("--ratio", String(map.width / map.height));
    this.title = h("figcaption", {}, title);
    this.element = h("figure", { class: "stage" }, this.title, this.picture);
    this.listen(pointing);
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
    const { width, height, labels } = this.map;
    const [x, y] = this.positionOf(event).map(Math.floor);
    return x < 0 || y < 0 || x >= width || y >= height ? null : labels[y * width + x];
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
  /** @param {RegionMap} map @param {number[]} order @param {[string, string]} titles @param {Pointing} pointing */
  constructor(map, order, titles, pointing) {
    this.map = map;
    this.left = new Stage(map, order, titles[0], pointing);
    this.right = new Stage(map, order, titles[1], pointing);
    this.both = [this.left, this.right];
  }

  /**
   * Load the image and the fill.
   * @param {{image: Blob, fill: Blob}} sources
   * @param {boolean} complementary whether the right picture shows what the left one hides
   */
  async load(sources, complementary) {
    const { width, height } = this.map;
    const [image, fill] = await Promise.all([sources.image, sources.fill].map((blob) => pixelsOf(blob, width, height)));
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
