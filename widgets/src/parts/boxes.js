// Backgrounds, borders and outlines of elements as SVG.

import { s } from "./dom.js";

/** @typedef {import("./snapshot.js").Box} Box */
/** @typedef {{width: number, style: string, color: string}} Edge */

/** A computed colour as renderers of SVG know it: `color-mix` computes to `color(srgb …)`. @param {string} color */
export function svgColor(color) {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/.exec(color);
  if (!mixed) return color;
  const [red, green, blue] = mixed.slice(1, 4).map((channel) => Math.round(255 * Number(channel)));
  return `rgba(${[red, green, blue, mixed[4] ?? 1].join(", ")})`;
}

/** Whether a computed colour is invisible. @param {string} color */
const transparent = (color) => /^rgba\(.*, 0\)$/.test(color);

/** @param {CSSStyleDeclaration} style @param {Box} box @param {SVGElement} svg */
export function drawBox(style, box, svg) {
  const [top, right, bottom, left] = ["top", "right", "bottom", "left"].map((side) => edgeOf(style, side));
  const framed = Boolean(top && right && left && bottom);
  const ring = style.outlineStyle === "none" ? null : outlineOf(style);
  drawRect(style, box, ring ?? (framed ? top : null), svg);
  if (framed) {
    if (bottom && top && bottom.width > top.width) svg.append(edgeLine(bottom, "bottom", box));
    return;
  }
  for (const [side, edge] of Object.entries({ top, right, bottom, left })) {
    if (edge) svg.append(edgeLine(edge, side, box));
  }
}

/** @param {CSSStyleDeclaration} style @param {string} side @returns {Edge | null} */
function edgeOf(style, side) {
  const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
  const kind = style.getPropertyValue(`border-${side}-style`);
  if (!width || kind === "none") return null;
  return { width, style: kind, color: svgColor(style.getPropertyValue(`border-${side}-color`)) };
}

/** @param {CSSStyleDeclaration} style @returns {Edge} */
function outlineOf(style) {
  return { width: Number.parseFloat(style.outlineWidth), style: style.outlineStyle, color: svgColor(style.outlineColor) };
}

/** Background and frame. @param {CSSStyleDeclaration} style @param {Box} box @param {Edge | null} edge @param {SVGElement} svg */
function drawRect(style, box, edge, svg) {
  const fill = gradientFill(style.backgroundImage, svg) ?? svgColor(style.backgroundColor);
  if (transparent(fill) && !edge) return;
  svg.append(
    s("rect", {
      ...box,
      rx: Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2),
      fill,
      stroke: edge?.color ?? "none",
      "stroke-width": edge?.width ?? 0,
      "stroke-dasharray": edge ? dashes(edge) : null,
    }),
  );
}

/** Ends of gradients by the direction in computed styles, where "to bottom" is left out. @type {Record<string, Record<string, number>>} */
const DIRECTIONS = {
  "to right": { x1: 0, y1: 0, x2: 1, y2: 0 },
  "to top": { x1: 0, y1: 1, x2: 0, y2: 0 },
  "": { x1: 0, y1: 0, x2: 0, y2: 1 },
};

/** A linear gradient as a reference. @param {string} image computed `background-image` @param {SVGElement} svg */
function gradientFill(image, svg) {
  const parsed = /^linear-gradient\((?:(to [a-z]+), )?(.*)\)$/.exec(image);
  const ends = parsed && DIRECTIONS[parsed[1] ?? ""];
  const colors = [...(parsed?.[2] ?? "").matchAll(/((?:rgba?|color)\([^)]*\))(?: ([\d.]+)%)?/g)];
  if (!ends || colors.length < 2) return null;
  const id = `gradient-${svg.querySelectorAll("linearGradient").length}`;
  const stops = colors.map(([, color, percent], k) =>
    s("stop", { offset: percent ? Number(percent) / 100 : k / (colors.length - 1), "stop-color": svgColor(color) }),
  );
  svg.append(s("linearGradient", { id, ...ends }, ...stops));
  return `url(#${id})`;
}

/** One side of a border. @param {Edge} edge @param {string} side @param {Box} box */
function edgeLine(edge, side, { x, y, width, height }) {
  const half = edge.width / 2;
  const ends = {
    top: { x1: x, x2: x + width, y1: y + half, y2: y + half },
    bottom: { x1: x, x2: x + width, y1: y + height - half, y2: y + height - half },
    left: { x1: x + half, x2: x + half, y1: y, y2: y + height },
    right: { x1: x + width - half, x2: x + width - half, y1: y, y2: y + height },
  }[side];
  return s("line", { ...ends, stroke: edge.color, "stroke-width": edge.width, "stroke-dasharray": dashes(edge) });
}

/** @param {Edge} edge */
function dashes({ style, width }) {
  if (style === "dotted") return `${width} ${width}`;
  return style === "dashed" ? `${2 * width} ${width}` : null;
}
