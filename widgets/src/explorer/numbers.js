// The numbers of all explained words as a table, and how they were measured.

import { percent } from "../logic/format.js";
import { numberText } from "../logic/reliance-split.js";
import { direction } from "../logic/words.js";
import { button, h } from "../parts/dom.js";

/** @typedef {import("../logic/answer.js").Explained} Explained */

const HEADS = [
  ["Word", ""],
  ["Reliance", "How much the word owes to the image"],
  ["Insertion AUC", "Area under the curve of regions shown; higher is better"],
  ["Deletion AUC", "Area under the curve of regions hidden; lower is better"],
  ["p, whole image", "Probability for the whole image"],
  ["p, blank image", "Probability with every region hidden"],
  ["Enough regions", "Number of regions that are enough for the word, and their share of the image"],
];

/**
 * @param {Explained[]} explained
 * @param {(tokens: number[]) => void} select
 * @param {(reliance: number | null) => {background: string, color: string} | null} color
 */
export function createNumbers(explained, select, color) {
  const names = explained.map(({ name, tokens }) => button(name, () => select(tokens), { class: "word", dir: direction(name) }));
  const reliance = explained.map(() => h("td", {}));
  const rows = explained.map((word, k) => h("tr", {}, h("th", { scope: "row" }, names[k]), reliance[k], ...cells(word)));
  const head = h("tr", {}, ...HEADS.map(([title, about]) => h("th", { scope: "col", title: about || null }, title)));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return {
    element: h("div", { class: "table" }, table),
    /** @param {number | null} word the explanation that is shown @param {import("../logic/answer.js").Definition} definition */
    draw(word, definition) {
      explained.forEach((one, k) => {
        const value = one.reliance[definition];
        const colors = color(value);
        reliance[k].textContent = numberText(value);
        reliance[k].style.backgroundColor = colors?.background ?? "";
        reliance[k].style.color = colors?.color ?? "";
        rows[k].classList.toggle("now", k === word);
        names[k].setAttribute("aria-pressed", String(k === word));
      });
    },
  };
}

/** @param {Explained} word */
function cells({ insertionAuc, deletionAuc, reliance, sufficient, area }) {
  const texts = [
    numberText(insertionAuc, 3),
    numberText(deletionAuc, 3),
    numberText(reliance.full),
    numberText(reliance.blank),
    `${sufficient} (${percent(area[sufficient])})`,
  ];
  return texts.map((text) => h("td", {}, text));
}
