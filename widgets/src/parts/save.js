// Saving a view as SVG or PNG.

import { snapshot } from "./snapshot.js";

const SCALE = 2; // pixels of the PNG per CSS pixel

/**
 * @param {HTMLElement} view
 * @param {"svg" | "png"} kind
 * @param {string} name of the file, without suffix
 */
export async function savePicture(view, kind, name) {
  const svg = snapshot(view);
  const text = new XMLSerializer().serializeToString(svg);
  const blob = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await rasterize(text, svg);
  download(blob, `${name}.${kind}`);
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
async function rasterize(text, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * Number(svg.getAttribute("width"));
  canvas.height = SCALE * Number(svg.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser could not encode the picture"))), "image/png"),
  );
}
