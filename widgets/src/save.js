// A picture of what is on screen: the view's boxes, texts, canvases and charts, written out as SVG.

import { s } from "./dom.js";

/**
 * @param {HTMLElement} view
 * @param {"svg" | "png"} kind
 * @param {string} name of the file, without suffix
 */
export async function savePicture(view, kind, name) {
  const svg = snapshot(view);
  const text = new XMLSerializer().serializeToString(svg);
  const plain = new Blob([text], { type: "image/svg+xml" });
  download(kind === "svg" ? plain : await rasterise(text, svg), `${name}.${kind}`);
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {string} text @param {SVGElement} svg @returns {Promise<Blob>} */
async function rasterise(text, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * Number(svg.getAttribute("width"));
  canvas.height = 2 * Number(svg.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error("no picture"))), "image/png"));
}

/** @param {HTMLElement} view */
export function snapshot(view) {
  const origin = view.getBoundingClientRect();
  const width = Math.ceil(origin.width);
  const height = Math.ceil(origin.height);
  const background = getComputedStyle(view).backgroundColor;
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  svg.append(s("rect", { width, height, fill: background }));
  walk(view, svg, origin);
  return svg;
}

/** @param {Element} element @param {SVGElement} svg @param {DOMRect} origin */
function walk(element, svg, origin) {
  if (element.matches(".controls, .tip, input, button, select")) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  const box = element.getBoundingClientRect();
  const at = { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
  if (element instanceof HTMLCanvasElement) {
    svg.append(s("image", { ...at, href: element.toDataURL("image/png"), preserveAspectRatio: "none" }));
    return;
  }
  if (element instanceof SVGElement) {
    const copy = /** @type {SVGElement} */ (element.cloneNode(true));
    for (const [name, value] of Object.entries(at)) copy.setAttribute(name, String(value));
    copy.setAttribute("color", style.color);
    svg.append(copy);
    return;
  }
  frame(element, style, at, svg);
  for (const child of element.childNodes) {
    if (child instanceof Element) walk(child, svg, origin);
    else if (child instanceof Text) write(child, style, svg, origin);
  }
}

/** @param {Element} element @param {CSSStyleDeclaration} style @param {{x: number, y: number, width: number, height: number}} at @param {SVGElement} svg */
function frame(element, style, at, svg) {
  const clear = "rgba(0, 0, 0, 0)";
  const border = Number.parseFloat(style.borderTopWidth);
  const ring = style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth);
  if (!element.matches(".chip, .bar, .key") || (style.backgroundColor === clear && !border && !ring)) return;
  const under = Number.parseFloat(style.borderBottomWidth);
  const r = Math.min(4, at.height / 2);
  svg.append(
    s("rect", {
      ...at, rx: r, fill: style.backgroundColor,
      stroke: ring ? style.outlineColor : border ? style.borderTopColor : "none", "stroke-width": ring || border,
    }),
  ); // prettier-ignore
  if (under > border) {
    const y = at.y + at.height - under / 2;
    svg.append(
      s("line", {
        x1: at.x, x2: at.x + at.width, y1: y, y2: y, stroke: style.borderBottomColor, "stroke-width": under,
        "stroke-dasharray": style.borderBottomStyle === "dotted" ? `${under} ${under}` : null,
      }),
    ); // prettier-ignore
  }
}

/** Word by word, each where the browser put it. @param {Text} node @param {CSSStyleDeclaration} style @param {SVGElement} svg @param {DOMRect} origin */
function write(node, style, svg, origin) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    svg.append(
      s(
        "text",
        {
          x: box.left - origin.left + box.width / 2, y: box.top - origin.top + box.height * 0.78, "text-anchor": "middle",
          "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight, fill: style.color,
          "text-decoration": style.textDecorationLine,
        },
        word,
      ),
    ); // prettier-ignore
  }
}
