// Colours: blue is language, red is vision, as in the paper; safe for colour-blind readers. No drawing here.

/** @typedef {[number, number, number]} Rgb */

/** @type {Record<"light" | "dark", {diverging: Rgb[], sequential: Rgb[]}>} */
const STOPS = {
  light: {
    diverging: [[33, 102, 172], [103, 169, 207], [209, 229, 240], [247, 247, 247], [253, 219, 199], [239, 138, 98], [178, 24, 43]],
    sequential: [[255, 255, 255], [199, 229, 190], [60, 140, 90]],
  },
  dark: {
    diverging: [[92, 163, 226], [54, 112, 168], [40, 66, 92], [52, 52, 54], [100, 56, 46], [176, 74, 56], [240, 114, 92]],
    sequential: [[40, 42, 44], [34, 84, 58], [96, 190, 130]],
  },
}; // prettier-ignore

/**
 * @param {Rgb[]} stops
 * @param {number} value in [0, 1]
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
const INK = [0, 0, 0];
/** @type {Rgb} */
const PAPER = [255, 255, 255];

/**
 * Background and text colour of a value in [0, 1].
 * @param {"diverging" | "sequential"} kind
 * @param {number} value
 * @param {boolean} dark
 * @returns {{background: string, color: string}}
 */
export function tint(kind, value, dark) {
  const rgb = ramp(STOPS[dark ? "dark" : "light"][kind], value);
  const ink = contrast(rgb, INK) >= contrast(rgb, PAPER) ? INK : PAPER;
  return { background: `rgb(${rgb.join(",")})`, color: `rgb(${ink.join(",")})` };
}

/** The scale as a CSS gradient. @param {"diverging" | "sequential"} kind @param {boolean} dark */
export function gradient(kind, dark) {
  return `linear-gradient(to right, ${STOPS[dark ? "dark" : "light"][kind].map((c) => `rgb(${c.join(",")})`).join(",")})`;
}

/** Channels of a computed colour. @param {string} css @returns {Rgb | null} */
export function parseColor(css) {
  const found = css.match(/^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}

/**
 * The reliance scale runs from 0 to this: the largest value, but at least a quarter, so that an answer that
 * owes the image nothing is not painted red.
 * @param {number[]} values
 */
export function top(values) {
  return Math.max(0.25, ...values);
}
