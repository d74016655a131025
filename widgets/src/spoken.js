// The answer generated anew, with the words marked that are new and those that are gone.

import { h } from "./dom.js";
import { direction } from "./words.js";

/** @typedef {["same" | "new" | "gone", string]} Piece */

export function spoken() {
  const said = h("p", { class: "anew" });
  const element = h("div", { class: "spoken" }, h("h3", {}, "The answer, generated anew"), said);
  return {
    element,
    /** @param {Piece[] | null | undefined} pieces @param {string} missing what stands there without them */
    draw(pieces, missing) {
      const text = (pieces ?? []).filter(([kind]) => kind !== "gone").map(([, piece]) => piece).join(""); // prettier-ignore
      said.dir = direction(text || (pieces ?? []).map(([, piece]) => piece).join(""));
      said.replaceChildren(...(text ? [] : [pieces ? "(nothing) " : missing]), ...(pieces ?? []).flatMap(marked));
    },
  };
}

/** @param {Piece} piece @returns {(Node | string)[]} */
function marked([kind, text]) {
  if (kind === "same") return [text];
  const core = text.trim();
  if (kind === "new") return [" ", h("ins", {}, h("bdi", {}, core))];
  const short = core.length > 48 ? `${core.slice(0, 24).trimEnd()} … ${core.slice(-16).trimStart()}` : core;
  return [" ", h("del", { title: core }, h("bdi", {}, short))];
}
