// Whether the page around a view is dark, and when that changes.

import { luminance, parseColor } from "./scale.js";

/**
 * Calls back with the answer, now and at each change; returns what ends it.
 * @param {HTMLElement} element whose background follows the page's theme
 * @param {(dark: boolean) => void} callback
 */
export function watchTheme(element, callback) {
  /** @type {boolean | null} */
  let last = null;
  const look = () => {
    const rgb = parseColor(getComputedStyle(element).backgroundColor);
    const dark = rgb ? luminance(rgb) < 0.2 : false;
    if (dark !== last) callback(dark);
    last = dark;
  };
  const later = () => {
    look();
    for (const ms of [100, 500, 1500]) setTimeout(look, ms); // a theme's style sheet arrives after its name
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(later);
  media.addEventListener("change", later);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name"] });
  }
  later();
  return () => {
    media.removeEventListener("change", later);
    observer.disconnect();
  };
}
