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
 * @property {Record<Definition, (number | null)[]> | null} reliance per token; null where it was not measured
 * @property {Map<string, Record<Definition, number | null>>} wordReliance of whole words, by their tokens
 * @property {(group: number[]) => boolean} isWord whether a chip is a word rather than punctuation
 * @property {Explained[]} explained
 * @property {Search | null} search
 * @property {Correction | null} correction
 * @property {Painting | null} painting
 *
 * @typedef {object} Explained an explanation in numbers
 * @property {string} name
 * @property {number[]} tokens explained together
 * @property {string} headline
 * @property {number[]} scores of the regions' evidence, 0 … 1
 * @property {number[]} evidence of each region, on the scale of the probability
 * @property {(number | null)[]} [pictureEvidence] of each of several pictures; null where it was not explained
 * @property {number[]} outlined regions of the headline
 * @property {string} outlinedMeaning what the outline means; empty without one
 * @property {number} sufficient the step at which the regions shown are enough
 * @property {number[]} area shown after each step
 * @property {number} evidenceScale the evidence that a map shows at full strength
 * @property {Record<Definition | "full" | "blank", number | null>} reliance of the explained tokens together
 * @property {number} insertionAuc
 * @property {number} deletionAuc
 * @property {string} note
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
 * @property {"mean" | "joint"} [aggregate] how the explained tokens become one target
 * @property {number[]} [targetInsertion] of the explained tokens together
 * @property {number[]} [targetDeletion]
 * @property {"mean" | "joint"} [aggregate] how the probabilities of several explained tokens are combined
 * @property {Float32Array | null} candidates
 * @property {import("./regions.js").RegionMap} map
 * @property {Blob} image
 * @property {Blob} fill
 * @property {string} [subject] what is explained, in words; by default "the image"
 * @property {import("./pictures.js").Picture[]} [pictures] several pictures on one canvas, of which `map` is the map
 * @property {number[]} [regionPicture] the picture in which most of each region lies
 * @property {(number | null)[]} [pictureEvidence] of each picture; null where it was not explained
 * @property {string} note
 *
 * @typedef {"still says it" | "another wrong answer" | "corrected"} State
 *
 * @typedef {object} Correction the answers with the first k regions shown
 * @property {string} said the wrong word
 * @property {string} wrongToken the wrong token at the deciding position
 * @property {string} counter the counter token at this position
 * @property {string[]} answers
 * @property {(State | null)[]} states of the answers; null where it cannot be decided
 * @property {number[]} wrong probability of the wrong token
 * @property {number | null} step the last step with a corrected answer
 *
 * @typedef {object} Painting
 * @property {import("./regions.js").RegionMap} map
 * @property {Blob} image
 * @property {Blob} fill
 * @property {number[]} regionArea
 * @property {string} [subject] what is painted, in words; by default "the image"
 * @property {import("./pictures.js").Picture[]} [pictures] several pictures on one canvas
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

/** @type {WeakMap<object, Explained[]>} */
const decodedWords = new WeakMap();

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
      reliance: raw.reliance,
      wordReliance: decodeWordReliance(raw),
      isWord: wordTest(raw.words),
      explained: decodeExplained(raw),
      search: raw.search ? decodeSearch({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? decodePainting({ ...raw.painting, ...own.painting }) : null,
    };
    decoded.set(own, answer);
  }
  return answer;
}

/** All explanations, in numbers. @param {any} raw @returns {Explained[]} */
function decodeExplained(raw) {
  let words = decodedWords.get(raw);
  if (!words) {
    /** @type {any[]} */
    const each = raw.each ?? (raw.search?.explained ? [{ name: raw.search.name, search: raw.search }] : []);
    words = each.flatMap(({ name, search }) => (search ? [{ ...search, name, tokens: search.explained }] : []));
    decodedWords.set(raw, words);
  }
  return words;
}

/** @param {any} raw @returns {Answer["wordReliance"]} */
function decodeWordReliance({ words, wordReliance }) {
  if (!wordReliance) return new Map();
  const { paper, area, difference } = wordReliance;
  return new Map(
    words.map((/** @type {number[]} */ tokens, /** @type {number} */ k) => [
      tokens.join(),
      { paper: paper[k], area: area[k], difference: difference[k] },
    ]),
  );
}

/** @param {number[][]} words @returns {Answer["isWord"]} */
function wordTest(words) {
  const members = new Set(words.flat());
  return (group) => group.some((k) => members.has(k));
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
