// The theme of the page around a view.

import { luminance, parseColor } from "../logic/scale.js";
import { DARK_LUMINANCE, DELETION, INSERTION, INTERFACE, OUTLINES } from "../palette.js";

/** The palette as CSS variables of the view. */
export function paletteStyle() {
  const variables = (/** @type {Record<string, string>} */ colors) =>
    Object.entries(colors).map(([name, color]) => `--${name}: ${color};`).join(" ");
  const fallback = Object.fromEntries(Object.entries(INTERFACE.fallback).map(([name, color]) => [`default-${name}`, color]));
  const curves = { insertion: INSERTION, deletion: DELETION, mark: OUTLINES.added.line, "mark-halo": OUTLINES.added.halo };
  return (
    `.view { ${variables({ ...fallback, ...curves, ...INTERFACE.light })} }\n` +
    `.view.dark { ${variables(INTERFACE.dark)} }\n`
  );
}

/**
 * Call back now and at each change with whether the page is dark.
 * @param {HTMLElement} element whose background follows the page's theme
 * @param {(dark: boolean) => void} callback
 * @returns {() => void} ends the calls
 */
export function watchTheme(element, callback) {
  /** @type {boolean | null} */
  let last = null;
  const check = () => {
    const color = parseColor(getComputedStyle(element).backgroundColor);
    const dark = color ? luminance(color) < DARK_LUMINANCE : false;
    if (dark !== last) callback(dark);
    last = dark;
  };
  const checkRepeatedly = () => {
    check();
    for (const ms of [100, 500, 1500]) setTimeout(check, ms); // a theme's style sheet arrives after its name
  };
  const media = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")]; // paper is light
  const observer = new MutationObserver(checkRepeatedly);
  for (const list of media) list.addEventListener("change", checkRepeatedly);
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name"];
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true, attributeFilter });
  checkRepeatedly();
  return () => {
    for (const list of media) list.removeEventListener("change", checkRepeatedly);
    observer.disconnect();
  };
}
