// The colour scale of scores over a picture. It is opaque, so no colour of the picture mixes with it.

import { HEAT } from "../palette.js";

const DARKEST = 0.35; // brightness of the lowest value

/**
 * The colour of a score.
 * @param {number} value 0 … 1
 * @returns {import("../palette.js").Rgb}
 */
export function heatColor(value) {
  const brightness = DARKEST + (1 - DARKEST) * Math.min(1, Math.max(0, value));
  const [red, green, blue] = HEAT.map((channel) => Math.round(channel * brightness));
  return [red, green, blue];
}

/** The scale as a CSS gradient. */
export function heatGradient() {
  return `linear-gradient(to right, ${[0, 1].map((v) => `rgb(${heatColor(v).join(",")})`).join(",")})`;
}
