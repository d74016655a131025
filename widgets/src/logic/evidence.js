// The map of evidence: a picture in its own colours where the evidence is 1, in dark grey where it is 0.

import { HIDDEN_LIGHTNESS } from "../palette.js";
import { percent } from "./format.js";
import { isolated } from "./words.js";

/** @typedef {import("./answer.js").Explained} Explained */
/** @typedef {import("../palette.js").Rgb} Rgb */


/** The colour that the map shows for a colour of the picture. @param {Rgb} color @param {number} weight 0 … 1 @returns {Rgb} */
export function litColor([red, green, blue], weight) {
  const grey = HIDDEN_LIGHTNESS * (0.299 * red + 0.587 * green + 0.114 * blue) * (1 - weight);
  const mix = (/** @type {number} */ channel) => Math.round(channel * weight + grey);
  return [mix(red), mix(green), mix(blue)];
}

/**
 * Draw the map.
 * @param {Uint32Array} picture RGBA, little-endian
 * @param {Uint16Array} labels region of each pixel
 * @param {number[] | null} weights 0 … 1 per region; null leaves the picture as it is, and so do pixels of no region
 * @param {Uint32Array} out
 */
export function drawEvidence(picture, labels, weights, out) {
  if (!weights) return void out.set(picture);
  for (let k = 0; k < picture.length; k++) {
    const pixel = picture[k];
    const red = pixel & 255;
    const green = (pixel >> 8) & 255;
    const blue = (pixel >> 16) & 255;
    const weight = weights[labels[k]] ?? 1;
    const grey = HIDDEN_LIGHTNESS * (0.299 * red + 0.587 * green + 0.114 * blue) * (1 - weight) + 0.5;
    out[k] = ((255 << 24) | ((blue * weight + grey) << 16) | ((green * weight + grey) << 8) | (red * weight + grey)) >>> 0;
  }
}

/** Mean colour of a region. @param {Uint32Array} picture @param {number[]} runs first and end pixels @returns {Rgb} */
export function meanColor(picture, runs) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let k = 0; k < runs.length; k += 2) {
    for (let pixel = runs[k]; pixel < runs[k + 1]; pixel++, count++) {
      for (const c of [0, 1, 2]) sum[c] += (picture[pixel] >> (8 * c)) & 255;
    }
  }
  const mean = (/** @type {number} */ c) => Math.round(sum[c] / Math.max(1, count));
  return [mean(0), mean(1), mean(2)];
}

/** The region with the most evidence. @param {number[]} scores */
export const strongest = (scores) => scores.indexOf(Math.max(...scores));

/** Evidence with its sign. @param {number} value */
const signedEvidence = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

/** The ends of the colour bar. @param {Explained} word */
export const barTexts = ({ evidenceScale }) => ({ high: signedEvidence(evidenceScale), low: "0" });

/** A region under the pointer. @param {Explained} word @param {number} region @param {number[]} regionArea @param {string} [subject] */
export function regionEvidenceText({ evidence, name }, region, regionArea, subject = "the image") {
  return `Region ${region}, ${percent(regionArea[region])} of ${subject}: ${signedEvidence(evidence[region])} of the probability of “${isolated(name)}”`;
}
