// Several pictures or frames on one canvas: which one is shown, what it is called, and where regions lie outside it.

import { centroids } from "./navigation.js";
import { NO_REGION, croppedMap } from "./regions.js";

/** @typedef {import("./regions.js").RegionMap} RegionMap */
/** @typedef {(number | null)[]} PictureEvidence of each picture; null where it was not explained */

/**
 * @typedef {object} Picture
 * @property {[number, number, number, number]} box left, top, right and bottom on the canvas
 * @property {string} label its number or time
 * @property {number | null} seconds of a frame, where its time is known
 * @property {boolean} frame whether it is a frame of a video
 * @property {boolean} explained
 */

const LEAST_EVIDENCE = 0.05; // of probability: smaller evidence is drawn relative to it, so that noise is not drawn as evidence
const SLOWEST = 1; // frames per second of playing
const FASTEST = 8;

/** @type {WeakMap<RegionMap, Map<number, RegionMap>>} */
const maps = new WeakMap();

/** The map of one of several pictures. @param {RegionMap} map of the canvas @param {Picture[]} pictures @param {number} k */
export function pictureMap(map, pictures, k) {
  let own = maps.get(map);
  if (!own) maps.set(map, (own = new Map()));
  let part = own.get(k);
  if (!part) own.set(k, (part = croppedMap(map, pictures[k].box)));
  return part;
}

/** Width and height. @param {Picture} picture @returns {[number, number]} */
export const pictureSize = ({ box: [left, top, right, bottom] }) => [right - left, bottom - top];

/** Ratio of the frame in which pictures of different shapes are shown, so that nothing moves when another is shown. @param {Picture[]} pictures */
export function frameRatio(pictures) {
  const ratios = pictures.map(pictureSize).map(([width, height]) => width / height).sort((a, b) => a - b);
  return ratios[ratios.length >> 1];
}

/** The picture with the most evidence; without evidence the first that was explained. @param {PictureEvidence} evidence */
export function strongestPicture(evidence) {
  const measured = evidence.map((value) => value ?? -1);
  return measured.indexOf(Math.max(...measured));
}

/** The picture that holds the region of a step. @param {{order: number[], regionPicture?: number[]}} search @param {number} step */
export function pictureOfStep({ order, regionPicture = [] }, step) {
  return regionPicture[order[Math.max(0, step - 1)]] ?? 0;
}

/** Evidence of pictures as heights, 0 … 1. @param {PictureEvidence} evidence */
export function evidenceShares(evidence) {
  const top = Math.max(LEAST_EVIDENCE, ...evidence.map((value) => value ?? 0));
  return evidence.map((value) => (value ?? 0) / top);
}

/**
 * A picture in words: number, time and evidence.
 * @param {Picture[]} pictures
 * @param {number} k
 * @param {PictureEvidence | null} evidence null where no word is shown
 */
export function pictureText(pictures, k, evidence) {
  const { label, frame, explained } = pictures[k];
  const frames = frame ? pictures.flatMap((other, i) => (other.frame ? [i] : [])) : [];
  const number = frame ? `frame ${frames.indexOf(k) + 1} of ${frames.length}` : `picture ${k + 1} of ${pictures.length}`;
  const time = frame && !/frame \d+$/.test(label) ? `, ${label}` : "";
  if (!explained) return `${number}${time}, not explained`;
  const value = evidence?.[k];
  return `${number}${time}${value === null || value === undefined ? "" : `, evidence ${value.toFixed(2)}`}`;
}

/** The text below a thumbnail. @param {Picture} picture @param {number} k */
export function shortLabel({ label, frame, explained }, k) {
  const text = frame ? label.replace(/^frame /, "") : String(k + 1);
  return explained ? text : `${text}, not explained`;
}

/** The place among `count` places to which a key moves; null for other keys. @param {string} key @param {number} at @param {number} count */
export function keyedPlace(key, at, count) {
  /** @type {Record<string, number>} */
  const places = {
    ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
    PageDown: at - 5, PageUp: at + 5, Home: 0, End: count - 1,
  };
  return key in places ? Math.max(0, Math.min(count - 1, places[key])) : null;
}

/** The frame under a position of the time line. @param {number} share 0 … 1 @param {number} count */
export const frameAt = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));

/** Frames per second at which a video is played: its own, within limits; two where times are unknown. @param {Picture[]} frames */
export function playingSpeed(frames) {
  const [first, last] = [frames[0]?.seconds ?? null, frames[frames.length - 1]?.seconds ?? null];
  if (first === null || last === null || last <= first) return 2;
  return Math.max(SLOWEST, Math.min(FASTEST, (frames.length - 1) / (last - first)));
}

/**
 * Centres of regions in each picture, in shares of its width and height.
 * @param {RegionMap} map of the canvas
 * @param {Picture[]} pictures
 * @param {number[]} regions
 * @returns {[number, number][][]}
 */
export function regionMarks(map, pictures, regions) {
  return pictures.map((_, k) => {
    const part = pictureMap(map, pictures, k);
    const present = regions.filter((region) => part.runs[region].length);
    const centres = centroids({ ...part, runs: present.map((region) => part.runs[region]) });
    return centres.map(([x, y]) => [x / part.width, y / part.height]);
  });
}

/**
 * Make what lies between pictures transparent, and show what is never hidden in the fill, too.
 * @param {RegionMap} map of the canvas
 * @param {Picture[]} pictures
 * @param {Uint32Array} image
 * @param {Uint32Array} fill
 */
export function clearBetween({ width, height, labels }, pictures, image, fill) {
  const inside = new Uint8Array(width * height);
  for (const { box: [left, top, right, bottom] } of pictures) {
    for (let y = top; y < bottom; y++) inside.fill(1, y * width + left, y * width + right);
  }
  for (let k = 0; k < labels.length; k++) {
    if (!inside[k]) image[k] = 0;
    if (labels[k] === NO_REGION) fill[k] = image[k];
  }
}
