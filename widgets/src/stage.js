// One picture of the search: pixels, a heat layer and outlines, on three canvases on top of each other.

import { h } from "./dom.js";
import { Composite, outline, outlineOf, shrunk } from "./regions.js";

const HEAT_SIZE = 360;

/** @param {number} width @param {number} height @param {string} name */
function canvas(width, height, name) {
  const element = /** @type {HTMLCanvasElement} */ (h("canvas", { class: name, "aria-hidden": "true" }));
  element.width = width;
  element.height = height;
  return element;
}

/** @param {HTMLCanvasElement} element */
const pen = (element) => /** @type {CanvasRenderingContext2D} */ (element.getContext("2d"));

/**
 * @param {import("./regions.js").RegionMap} map
 * @param {number[]} order
 * @param {string} title
 * @param {(region: number | null, event: PointerEvent | MouseEvent) => void} onhover
 * @param {(region: number) => void} onpick
 */
export function stage(map, order, title, onhover, onpick) {
  const { width, height } = map;
  const base = canvas(width, height, "pixels");
  const shrink = Math.min(1, HEAT_SIZE / Math.max(width, height));
  const warm = canvas(Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink)), "heat");
  const lines = canvas(1, 1, "lines");
  const picture = h("div", { class: "picture", role: "img" }, base, warm, lines);
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.setProperty("--ratio", String(width / height));
  const caption = h("figcaption", {}, title);
  const element = h("figure", { class: "stage" }, caption, picture);

  /** Where an event lies in the picture, in its pixels. @param {MouseEvent} event @returns {[number, number]} */
  const place = (event) => {
    const box = picture.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  const regionAt = (/** @type {MouseEvent} */ event) => {
    const [x, y] = place(event).map(Math.floor);
    return x < 0 || y < 0 || x >= width || y >= height ? null : map.labels[y * width + x];
  };
  picture.addEventListener("pointermove", (event) => onhover(regionAt(event), event));
  picture.addEventListener("pointerleave", (event) => onhover(null, event));
  picture.addEventListener("click", (event) => {
    const region = regionAt(event);
    if (region !== null) onpick(region);
  });

  /** @type {Composite | null} */
  let composite = null;
  /** @type {ImageData | null} */
  let frame = null;
  /** @type {Map<number, number[]>} */
  const outlines = new Map();
  /** @type {{key: string, path: number[]} | null} */
  let around = null;
  /** @type {HTMLCanvasElement | null} */
  let borders = null;
  const heatData = pen(warm).createImageData(warm.width, warm.height);
  const heatPixels = new Uint32Array(heatData.data.buffer);
  const coarse = shrunk(map, warm.width, warm.height);

  /** @param {number} region */
  function known(region) {
    let lines = outlines.get(region);
    if (!lines) outlines.set(region, (lines = outline(map, region)));
    return lines;
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} path @param {number} thickness @param {string} color @param {string} halo */
  function stroke(context, path, thickness, color, halo) {
    const scale = context.canvas.width / width;
    context.beginPath();
    for (let k = 0; k < path.length; k += 4) {
      context.moveTo(path[k] * scale, path[k + 1] * scale);
      context.lineTo(path[k + 2] * scale, path[k + 3] * scale);
    }
    context.lineCap = "square";
    for (const [style, extra] of /** @type {[string, number][]} */ ([[halo, 2], [color, 0]])) {
      context.strokeStyle = style;
      context.lineWidth = (thickness + extra) * devicePixelRatio;
      context.stroke();
    }
  } // prettier-ignore

  /** Outlines are as sharp as the screen, whatever the picture's size. */
  function fit() {
    const box = picture.getBoundingClientRect();
    const w = Math.max(1, Math.round(box.width * devicePixelRatio));
    const hh = Math.max(1, Math.round(box.height * devicePixelRatio));
    if (lines.width === w && lines.height === hh) return false;
    lines.width = w;
    lines.height = hh;
    borders = null;
    return true;
  }

  return {
    element,
    picture,
    fit,
    place,
    /** @param {Uint32Array} placed @param {Uint32Array} waiting */
    load(placed, waiting) {
      composite = new Composite(map, order, placed, waiting);
      frame = new ImageData(new Uint8ClampedArray(composite.pixels.buffer), width, height);
      pen(base).putImageData(frame, 0, 0);
    },
    /** @param {number} step */
    go(step) {
      if (!composite || !frame || composite.step === step) return;
      const [first, end] = composite.go(step);
      if (end > first) pen(base).putImageData(frame, 0, 0, 0, first, width, end - first);
    },
    /** Show these regions and no others. @param {(region: number) => boolean} placed */
    show(placed) {
      if (!composite || !frame) return;
      const [first, end] = composite.show(placed);
      if (end > first) pen(base).putImageData(frame, 0, 0, 0, first, width, end - first);
    },
    /** @param {number[] | null} values 0 … 1 per region; NaN is left clear */
    heat(values) {
      warm.style.display = values ? "" : "none";
      if (!values) return;
      // Amber, brighter where the score was higher; little-endian RGBA
      const colors = values.map((v) => (Number.isNaN(v) ? 0 : ((Math.round(20 + 150 * v) << 24) | 0x20a5ff) >>> 0));
      for (let k = 0; k < coarse.length; k++) heatPixels[k] = colors[coarse[k]];
      pen(warm).putImageData(heatData, 0, 0);
    },
    /** @param {boolean} all @param {number | null} current @param {number | null} pointed */
    outline(all, current, pointed) {
      const context = pen(lines);
      context.clearRect(0, 0, lines.width, lines.height);
      if (all) {
        if (!borders) {
          borders = canvas(lines.width, lines.height, "");
          stroke(pen(borders), known(-1), 0.6, "rgba(255,255,255,.55)", "rgba(0,0,0,.25)");
        }
        context.drawImage(borders, 0, 0);
      }
      if (pointed !== null) stroke(context, known(pointed), 1.5, "#ffffff", "rgba(0,0,0,.8)");
      if (current !== null) stroke(context, known(current), 2.5, "#ffd21f", "rgba(0,0,0,.85)");
    },
    /** On top of the outlines, the border around a set of regions. @param {number[]} regions */
    surround(regions) {
      const key = regions.join();
      if (around?.key !== key) around = { key, path: outlineOf(map, regions) };
      stroke(pen(lines), around.path, 2, "#ffd21f", "rgba(0,0,0,.85)");
    },
    /** On top of the outlines, a line through these points. @param {[number, number][]} points */
    line(points) {
      const path = points.slice(1).flatMap((to, k) => [...points[k], ...to]);
      stroke(pen(lines), path, 1.5, "#ffffff", "rgba(0,0,0,.8)");
    },
    /** @param {string} text */
    label(text) {
      picture.setAttribute("aria-label", text);
    },
    /** @param {string} text */
    caption(text) {
      caption.textContent = text;
    },
  };
}
