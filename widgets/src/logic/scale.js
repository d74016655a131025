// Colour scales: language is blue and the image red, as in the paper.

import { RELIANCE_FLOOR, SCALES, UNMEASURED } from "../palette.js";

/** @typedef {import("../palette.js").Rgb} Rgb */
/** @typedef {"diverging" | "sequential"} Kind */

/** @type {Rgb} */
const BLACK = [0, 0, 0];
/** @type {Rgb} */
const WHITE = [255, 255, 255];

/** The stops of a scale. @param {Kind} kind @param {boolean} dark */
const stopsOf = (kind, dark) => SCALES[dark ? "dark" : "light"][kind];

/** A colour as CSS. @param {Rgb} color */
const rgb = (color) => `rgb(${color.join(",")})`;

/**
 * The colour of a value between equally spaced stops.
 * @param {Rgb[]} stops
 * @param {number} value clipped to [0, 1]
 * @returns {Rgb}
 */
export function interpolate(stops, value) {
  const x = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(x));
  const f = x - k;
  const mix = (/** @type {number} */ c) => Math.round(stops[k][c] * (1 - f) + stops[k + 1][c] * f);
  return [mix(0), mix(1), mix(2)];
}

/** Relative luminance (WCAG 2). @param {Rgb} color */
export function luminance(color) {
  const [r, g, b] = color.map((v) => (v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio (WCAG 2). @param {Rgb} a @param {Rgb} b */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Background and text colour of a value.
 * @param {Kind} kind
 * @param {number} value clipped to [0, 1]
 * @param {boolean} dark
 * @returns {{background: string, color: string}}
 */
export function tint(kind, value, dark) {
  return inked(interpolate(stopsOf(kind, dark), value));
}

/** The colours of what was not measured. @param {boolean} dark */
export function unmeasuredTint(dark) {
  return inked(UNMEASURED[dark ? "dark" : "light"]);
}

/** A background with the ink that is legible on it. @param {Rgb} background */
function inked(background) {
  const ink = contrast(background, BLACK) >= contrast(background, WHITE) ? BLACK : WHITE;
  return { background: rgb(background), color: rgb(ink) };
}

/** A scale as a CSS gradient. @param {Kind} kind @param {boolean} dark */
export function gradient(kind, dark) {
  return `linear-gradient(to right, ${stopsOf(kind, dark).map(rgb).join(",")})`;
}

/** Channels of a computed colour. @param {string} css @returns {Rgb | null} */
export function parseColor(css) {
  const channels = css.match(/^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/);
  return channels ? [Number(channels[1]), Number(channels[2]), Number(channels[3])] : null;
}

/**
 * Ends of the reliance scale: they include every value.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function scaleEnds(values) {
  return [Math.min(0, ...values), Math.max(RELIANCE_FLOOR, ...values)];
}

/**
 * Position of a reliance on a scale whose centre is the threshold.
 * @param {number} value
 * @param {number} threshold
 * @param {[number, number]} ends
 * @returns {number} 0 (language) … 0.5 (the threshold) … 1 (image)
 */
export function relianceShare(value, threshold, [low, high]) {
  if (value === threshold) return 0.5;
  const reach = value < threshold ? threshold - low : high - threshold;
  return Math.min(1, Math.max(0, 0.5 + (0.5 * (value - threshold)) / (reach > 0 ? reach : 1)));
}

/**
 * Stops of a scale whose centre is the threshold: position between its ends, and colour.
 * @param {boolean} dark
 * @param {number} threshold
 * @param {[number, number]} ends
 * @returns {{offset: number, color: string}[]}
 */
export function centredStops(dark, threshold, [low, high]) {
  const stops = stopsOf("diverging", dark);
  return stops.map((color, k) => {
    const share = k / (stops.length - 1);
    const value = share <= 0.5 ? low + 2 * share * (threshold - low) : threshold + (2 * share - 1) * (high - threshold);
    return { offset: (value - low) / (high - low), color: rgb(color) };
  });
}
