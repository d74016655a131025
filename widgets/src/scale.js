// Colours of values: blue is language and red is vision, as in the paper. No DOM here.

import { RELIANCE_FLOOR, SCALES } from "./palette.js";

/** @typedef {import("./palette.js").Rgb} Rgb */
/** @typedef {"diverging" | "sequential"} Kind */

/**
 * Colour at a position on a scale.
 * @param {Rgb[]} stops equally spaced
 * @param {number} value clipped to [0, 1]
 * @returns {Rgb}
 */
function ramp(stops, value) {
  const x = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(x));
  const f = x - k;
  const mix = (/** @type {number} */ c) => Math.round(stops[k][c] * (1 - f) + stops[k + 1][c] * f);
  return [mix(0), mix(1), mix(2)];
}

/** Relative luminance (WCAG 2). @param {Rgb} rgb */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => (v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio (WCAG 2). @param {Rgb} a @param {Rgb} b */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** @type {Rgb} */
const BLACK = [0, 0, 0];
/** @type {Rgb} */
const WHITE = [255, 255, 255];

/** A colour in CSS. @param {Rgb} rgb */
export function cssColor(rgb) {
  return `rgb(${rgb.join(",")})`;
}

/**
 * Background and text colour of a value.
 * @param {Kind} kind
 * @param {number} value clipped to [0, 1]
 * @param {boolean} dark
 * @returns {{background: string, color: string}}
 */
export function tint(kind, value, dark) {
  const rgb = ramp(SCALES[dark ? "dark" : "light"][kind], value);
  const ink = contrast(rgb, BLACK) >= contrast(rgb, WHITE) ? BLACK : WHITE;
  return { background: cssColor(rgb), color: cssColor(ink) };
}

/** The scale as a CSS gradient. @param {Kind} kind @param {boolean} dark */
export function gradient(kind, dark) {
  return `linear-gradient(to right, ${SCALES[dark ? "dark" : "light"][kind].map(cssColor).join(",")})`;
}

/** Channels of a computed colour. @param {string} css @returns {Rgb | null} */
export function parseColor(css) {
  const match = css.match(/^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/**
 * Upper end of the reliance scale: the largest value, but at least the floor. Without the floor, an answer that does not
 * rely on the image would still have red tokens.
 * @param {number[]} values
 */
export function top(values) {
  return Math.max(RELIANCE_FLOOR, ...values);
}
