// Selecting tokens: the explanation that measures them follows.

import { route } from "./routing.js";

/**
 * Select tokens. The explanation, its step and the token of its curves follow where the view has them.
 * @param {import("./state.js").Model} model
 * @param {import("./answer.js").Explained[]} explained
 * @param {number[]} tokens ascending
 */
export function selectTokens(model, explained, tokens) {
  const { word } = route(explained, tokens);
  const has = (/** @type {string} */ name) => model.get(name) !== undefined;
  if (word !== null && has("word") && model.get("word") !== word) {
    model.set("word", word);
    if (has("step")) model.set("step", explained[word].sufficient);
    if (has("picture")) model.set("picture", null); // the picture with the most evidence for it
  }
  if (has("token")) model.set("token", null);
  model.set("selected", tokens);
  model.save_changes();
}
