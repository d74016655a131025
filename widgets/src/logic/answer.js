// The data that the kernel sends once: texts and numbers as they are, arrays and images as bytes.

import { decodeRegions } from "./regions.js";
import { chips } from "./words.js";

/**
 * @typedef {"paper" | "area" | "difference"} Definition
 *
 * @typedef {object} Answer
 * @property {string[]} tokens
 * @property {number[][]} groups tokens of each chip
 * @property {number[] | null} probabilities
 * @property {Record<Definition, number[]> | null} reliance
 * @property {Search | null} search
 * @property {Correction | null} correction
 * @property {Painting | null} painting
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
 * @typedef {object} Correction the answers with the first k regions shown
 * @property {string} said the wrong word
 * @property {string} wrongToken the wrong token at the deciding position
 * @property {string} counter the counter token at this position
 * @property {string[]} answers
 * @property {boolean[]} turned whether each answer no longer contains the wrong word
 * @property {number[]} wrong probability of the wrong token
 * @property {number | null} step the last step with a corrected answer
 *
 * @typedef {object} Painting
 * @property {import("./regions.js").RegionMap} map
 * @property {Blob} image
 * @property {Blob} fill
 * @property {number[]} regionArea
 * @property {string[]} targets tokens whose probability is followed
 * @property {number[]} full probabilities for the whole image
 * @property {boolean} generates whether answers are generated
 * @property {Eagle | null} eagle
 * @property {string} note
 *
 * @typedef {object} Eagle an explanation to compare with
 * @property {number[]} order
 * @property {number[]} area
 * @property {number[]} explained
 * @property {Float32Array} insertion
 * @property {Float32Array} deletion
 */

/** @type {WeakMap<object, Answer>} */
const decoded = new WeakMap();

/**
 * Decode the trait `_data`.
 * @param {any} raw
 * @param {number} [word] which of several explanations; each holds only what differs from the first
 * @returns {Answer}
 */
export function decode(raw, word = 0) {
  const own = raw.each?.[word] ?? raw;
  let answer = decoded.get(own);
  if (!answer) {
    answer = {
      tokens: raw.tokens,
      groups: chips(raw.tokens.length, raw.words),
      probabilities: raw.probabilities,
      reliance: own.reliance,
      search: raw.search ? decodeSearch({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? decodePainting({ ...raw.painting, ...own.painting }) : null,
    };
    decoded.set(own, answer);
  }
  return answer;
}

/** @param {any} raw @returns {Search} */
function decodeSearch(raw) {
  return {
    ...raw,
    ...decodeImages(raw, raw.order.length),
    ...decodeCurves(raw),
    candidates: raw.candidates && floats(raw.candidates),
  };
}

/** @param {any} raw @returns {Painting} */
function decodePainting(raw) {
  return { ...raw, ...decodeImages(raw, raw.n), eagle: raw.eagle && { ...raw.eagle, ...decodeCurves(raw.eagle) } };
}

/** @param {any} raw @param {number} n regions */
function decodeImages(raw, n) {
  return {
    map: decodeRegions(new Uint16Array(bytes(raw.labels).buffer), raw.width, raw.height, n),
    image: new Blob([bytes(raw.image)], { type: raw.imageType }),
    fill: new Blob([bytes(raw.fill)], { type: raw.fillType }),
  };
}

/** @param {any} raw */
const decodeCurves = (raw) => ({ insertion: floats(raw.insertion), deletion: floats(raw.deletion) });

/** @param {any} value */
const floats = (value) => new Float32Array(bytes(value).buffer);

/**
 * Bytes in a buffer of their own, from a kernel's DataView or a page's base64.
 * @param {any} value
 */
function bytes(value) {
  if (typeof value === "string") return Uint8Array.from(atob(value), (c) => c.charCodeAt(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return new Uint8Array(value).slice();
}
