// One of several pictures of different shapes, in a frame that keeps its shape.

import { frameRatio } from "../logic/pictures.js";
import { h } from "./dom.js";

/** @typedef {import("../logic/pictures.js").Picture} Picture */

/** @param {HTMLElement} picture @param {Picture[]} pictures */
export function framed(picture, pictures) {
  const frame = h("div", { class: "frame" }, picture);
  frame.style.setProperty("--ratio", String(frameRatio(pictures)));
  return frame;
}

/**
 * Give the element of a picture its shape; in a frame the largest that fits.
 * @param {HTMLElement} picture
 * @param {number} width
 * @param {number} height
 * @param {Picture[] | null} [pictures] where it is in a frame
 */
export function shapePicture(picture, width, height, pictures = null) {
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.setProperty("--ratio", String(width / height));
  if (pictures) picture.style.width = `${100 * Math.min(1, width / height / frameRatio(pictures))}%`;
}
