// What the kernel sends once: texts and numbers as they are, arrays and pictures as bytes.

import { regionMap } from "./regions.js";
import { chips } from "./words.js";

/**
 * @typedef {object} Answer
 * @property {string[]} tokens
 * @property {number[][]} groups tokens of each chip
 * @property {number[] | null} probabilities
 * @property {Record<Definition, number[]> | null} reliance
 * @property {Search | null} search
 * @property {Correction | null} correction
 * @property {Painting | null} painting
 *
 * @typedef {object} Correction the answer with the first k regions shown
 * @property {string} said the wrong word
 * @property {string} wrongToken the token that decided for it
 * @property {string} counter the token in its place
 * @property {string[]} answers
 * @property {boolean[]} turned whether each no longer says it
 * @property {number[]} wrong probability of the wrong token
 * @property {number | null} step the last one that is turned
 *
 * @typedef {object} Painting
 * @property {import("./regions.js").RegionMap} map
 * @property {Blob} image
 * @property {Blob} fill
 * @property {number[]} regionArea
 * @property {string[]} targets tokens whose probability is followed
 * @property {number[]} full probabilities for the whole image
 * @property {boolean} generates whether the answer is generated anew
 * @property {Eagle | null} eagle
 * @property {string} note
 *
 * @typedef {object} Eagle an explanation to compare with
 * @property {number[]} order
 * @property {number[]} area
 * @property {number[]} explained
 * @property {Float32Array} insertion
 * @property {Float32Array} deletion
 *
 * @typedef {object} Search
 * @property {string[]} targets tokens whose probability was followed
 * @property {number[]} explained tokens explained together
 * @property {number[]} order
 * @property {number[]} area shown after each step
 * @property {number[]} regionArea
 * @property {number[]} objective
 * @property {boolean[]} decided
 * @property {Float32Array} insertion
 * @property {Float32Array} deletion
 * @property {Float32Array | null} candidates
 * @property {import("./regions.js").RegionMap} map
 * @property {Blob} image
 * @property {Blob} fill
 * @property {string} note
 *
 * @typedef {"paper" | "area" | "difference"} Definition
 */

/** @type {WeakMap<object, Answer>} */
const known = new WeakMap();

/**
 * @param {any} raw the trait `_data`
 * @param {number} [word] which of several explanations; each holds what differs from the first
 * @returns {Answer}
 */
export function decode(raw, word = 0) {
  const own = raw.each?.[word] ?? raw;
  let answer = known.get(own);
  if (!answer) {
    answer = {
      tokens: raw.tokens,
      groups: chips(raw.tokens.length, raw.words),
      probabilities: raw.probabilities,
      reliance: own.reliance,
      search: raw.search ? search({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? painting({ ...raw.painting, ...own.painting }) : null,
    };
    known.set(own, answer);
  }
  return answer;
}

/** @param {any} raw @returns {Search} */
function search(raw) {
  return {
    ...raw,
    ...pictures(raw, raw.order.length),
    ...curves(raw),
    candidates: raw.candidates && floats(raw.candidates),
  };
}

/** @param {any} raw @returns {Painting} */
function painting(raw) {
  return { ...raw, ...pictures(raw, raw.n), eagle: raw.eagle && { ...raw.eagle, ...curves(raw.eagle) } };
}

/** @param {any} raw @param {number} n regions */
function pictures(raw, n) {
  return {
    map: regionMap(new Uint16Array(bytes(raw.labels).buffer), raw.width, raw.height, n),
    image: new Blob([bytes(raw.image)], { type: raw.imageType }),
    fill: new Blob([bytes(raw.fill)], { type: raw.fillType }),
  };
}

/** @param {any} raw */
const curves = (raw) => ({ insertion: floats(raw.insertion), deletion: floats(raw.deletion) });

/** @param {any} value */
const floats = (value) => new Float32Array(bytes(value).buffer);

/**
 * Bytes at the start of a buffer of their own, from a kernel's DataView or a page's base64.
 * @param {any} value
 */
function bytes(value) {
  if (typeof value === "string") return Uint8Array.from(atob(value), (c) => c.charCodeAt(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return new Uint8Array(value).slice();
}

/**
 * The pixels of a picture at a given size.
 * @param {Blob} blob
 * @param {number} width
 * @param {number} height
 */
export async function pixels(blob, width, height) {
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
}
