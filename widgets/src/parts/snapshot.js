// A view as SVG: its boxes, texts, canvases and charts at their places on screen, without controls and hints.

import { drawBox, svgColor } from "./boxes.js";
import { s } from "./dom.js";

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 *
 * @typedef {object} Drawing
 * @property {SVGElement} svg
 * @property {DOMRect} origin
 * @property {Box} clip the visible part, inside all elements that scroll
 * @property {string} decoration of texts; CSS propagates it without inheriting it
 */

const SAVING = "saving-picture"; // the style sheet hides controls and hints of such a view

/** @param {HTMLElement} view */
export function snapshot(view) {
  view.classList.add(SAVING); // nothing is painted before it is removed
  try {
    return draw(view);
  } finally {
    view.classList.remove(SAVING);
  }
}

/** @param {HTMLElement} view */
function draw(view) {
  const origin = view.getBoundingClientRect();
  const size = { width: Math.ceil(origin.width), height: Math.ceil(origin.height) };
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}` });
  svg.append(s("rect", { ...size, fill: svgColor(getComputedStyle(view).backgroundColor) }));
  drawChildren(view, getComputedStyle(view), { svg, origin, clip: { x: 0, y: 0, ...size }, decoration: "none" });
  return svg;
}

/** @param {Element} element @param {CSSStyleDeclaration} style @param {Drawing} drawing */
function drawChildren(element, style, drawing) {
  for (const child of element.childNodes) {
    if (child instanceof Element) drawElement(child, drawing);
    else if (child instanceof Text) drawText(child, style, drawing);
  }
}

/** @param {Element} element @param {Drawing} drawing */
function drawElement(element, drawing) {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  const box = relative(element.getBoundingClientRect(), drawing.origin);
  if (element instanceof HTMLCanvasElement) {
    const href = element.toDataURL("image/png");
    drawing.svg.append(s("image", { ...box, href, preserveAspectRatio: "none" }));
  } else if (element instanceof SVGElement) {
    const copy = /** @type {SVGElement} */ (element.cloneNode(true));
    for (const [name, value] of Object.entries(box)) copy.setAttribute(name, String(value));
    copy.setAttribute("color", svgColor(style.color));
    drawing.svg.append(copy);
  } else {
    if (overlaps(box, drawing.clip)) drawBox(style, box, drawing.svg);
    drawChildren(element, style, {
      ...drawing,
      clip: style.overflowY === "visible" ? drawing.clip : box,
      decoration: style.textDecorationLine === "none" ? drawing.decoration : style.textDecorationLine,
    });
  }
}

/** Each word where the browser placed it. @param {Text} node @param {CSSStyleDeclaration} style @param {Drawing} drawing */
function drawText(node, style, { svg, origin, clip, decoration }) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = relative(range.getBoundingClientRect(), origin);
    if (!box.width || !overlaps(box, clip)) continue;
    svg.append(
      s(
        "text",
        {
          x: box.x + box.width / 2, y: box.y + box.height * 0.78, "text-anchor": "middle", fill: svgColor(style.color),
          "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
          "text-decoration": decoration === "none" ? null : decoration,
        },
        word,
      ),
    );
  }
}

/** @param {DOMRect} box @param {DOMRect} origin @returns {Box} */
function relative(box, origin) {
  return { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
}

/** @param {Box} a @param {Box} b */
function overlaps(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width + 1 && a.y < b.y + b.height && b.y < a.y + a.height + 1;
}
