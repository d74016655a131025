// The answer to a masked image, with the words that are new and those that are gone.

import { direction } from "../logic/words.js";
import { h } from "./dom.js";

/** @typedef {import("../logic/painting-session.js").Piece} Piece */

const MAX_LENGTH = 48; // characters of a deleted passage

export function createAnswerChanges() {
  const paragraph = h("p", { class: "changes" });
  const element = h("div", { class: "regenerated" }, h("h3", {}, "The answer, generated again"), paragraph);
  return {
    element,
    /** @param {Piece[] | null | undefined} pieces @param {string} placeholder shown without pieces */
    draw(pieces, placeholder) {
      const all = pieces ?? [];
      const text = all.flatMap(([kind, piece]) => (kind === "gone" ? [] : [piece])).join("");
      paragraph.dir = direction(text || all.map(([, piece]) => piece).join(""));
      const empty = pieces ? "(nothing) " : placeholder;
      paragraph.replaceChildren(...(text ? [] : [empty]), ...all.flatMap(marked));
    },
  };
}

/** @param {Piece} piece @returns {(Node | string)[]} */
function marked([kind, text]) {
  if (kind === "same") return [text];
  const core = text.trim();
  if (kind === "new") return [" ", h("ins", {}, h("bdi", {}, core))];
  const short = core.length > MAX_LENGTH ? `${core.slice(0, 24).trimEnd()} … ${core.slice(-16).trimStart()}` : core;
  return [" ", h("del", { title: core }, h("bdi", {}, short))];
}
