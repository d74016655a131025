// Numbers and texts about a painted mask.

import { mean } from "./curves.js";
import { comparisonText, eagleRow, stepWithin } from "./eagle.js";
import { percent } from "./format.js";
import { same } from "./state.js";
import { quote } from "./words.js";

/**
 * @typedef {import("./answer.js").Painting} Painting
 * @typedef {import("./painting-session.js").Mask} Mask
 * @typedef {import("./painting-session.js").Trial} Trial
 *
 * @typedef {object} Row
 * @property {string} label
 * @property {number} full probability for the whole image
 * @property {number} now
 * @property {number | null} eagle
 *
 * @typedef {object} Rival EAGLE's first regions at equal area
 * @property {number} own painted area
 * @property {number} regions
 * @property {number} area
 * @property {number[]} row probability of each token
 */

/** Share of the image. @param {Painting} painting @param {number[]} regions */
export function areaOf({ regionArea }, regions) {
  return regions.reduce((sum, k) => sum + regionArea[k], 0);
}

/** EAGLE's first regions that cover at most the painted area. @param {Painting} painting @param {Trial} trial @returns {Rival | null} */
export function equalAreaRival(painting, trial) {
  const { eagle } = painting;
  if (!eagle || !trial.p || trial.order || !trial.painted.length) return null;
  const own = areaOf(painting, trial.painted);
  const regions = stepWithin(eagle.area, own);
  return { own, regions, area: eagle.area[regions], row: eagleRow(eagle, trial.mode, regions) };
}

/**
 * Rows of the table: one per selected word, and their mean if there are several.
 * @param {Painting} painting
 * @param {number[][]} groups tokens of each chip
 * @param {number[]} selected
 * @param {number[]} p probability of each token
 * @param {Rival | null} rival
 * @returns {Row[]}
 */
export function probabilityRows({ targets, full }, groups, selected, p, rival) {
  const set = new Set(selected);
  const row = (/** @type {string} */ label, /** @type {number[]} */ tokens) => ({
    label,
    full: mean(full, tokens),
    now: mean(p, tokens),
    eagle: rival?.regions ? mean(rival.row, tokens) : null,
  });
  const parts = groups.map((group) => group.filter((k) => set.has(k))).filter((group) => group.length);
  const rows = parts.map((group) => row(group.map((k) => targets[k]).join("").trim() || "·", group));
  if (rows.length > 1) rows.unshift(row("all of these", selected));
  return rows;
}

/** A row, for screen readers. @param {Row} row */
export function rowText({ label, now, full }) {
  return `${label}: ${now.toFixed(2)} now, ${full.toFixed(2)} for the whole image`;
}

/** A word of the answer, for hovering and screen readers. @param {Painting} painting @param {number[]} group @param {number[]} p */
export function groupText({ targets, full }, group, p) {
  const label = quote(group, targets) || "(nothing visible)";
  return `${label}: ${mean(full, group).toFixed(2)} for the whole image, ${mean(p, group).toFixed(2)} now`;
}

/**
 * The painted region beside EAGLE's, or what to do for a comparison.
 * @param {Painting} painting
 * @param {Trial} trial
 * @param {number[]} selected
 * @param {number[]} p
 * @param {Rival | null} rival
 */
export function verdictText({ eagle, targets, map }, trial, selected, p, rival) {
  if (!selected.length) return "Select a word of the answer to follow its probability.";
  if (!eagle) return "";
  const explained = `“${quote(eagle.explained, targets)}”`;
  if (trial.order) return `EAGLE's order for ${explained}, step ${trial.painted.length} of ${map.n}.`;
  if (!rival) return "Paint a region to compare it with EAGLE's order at equal area.";
  const text = comparisonText(
    trial.mode,
    { p: mean(p, selected), area: rival.own },
    { p: mean(rival.row, selected), area: rival.area, regions: rival.regions },
  );
  return same(selected, eagle.explained) ? text : `${text} EAGLE's order explains ${explained}.`;
}

/** Number and area of the painted regions. @param {Painting} painting @param {number[]} painted */
export function countText(painting, painted) {
  return `${painted.length} of ${painting.map.n} regions, ${percent(areaOf(painting, painted))} of ${painting.subject ?? "the image"}`;
}

/** What the model sees. @param {Painting} painting @param {Mask} mask */
export function maskText(painting, { painted, mode }) {
  const show = mode === "show";
  if (!painted.length) return `Nothing painted: the model sees ${show ? "nothing" : "the whole image"}`;
  return `${countText(painting, painted)} ${show ? "shown, all else hidden" : "hidden"}`;
}

/** What the model sees, and what the kernel does. @param {Painting} painting @param {import("./painting-session.js").PaintingSession} session */
export function sessionText(painting, session) {
  const mask = maskText(painting, session.mask);
  if (session.error !== null) return `${mask} · ${session.error}`;
  if (!session.waiting) return mask;
  const activity = session.scored.done ? "scoring …" : "answering …";
  return `${mask} · ${activity}${session.late ? " the kernel is busy or has stopped" : ""}`;
}

/** A recorded state. @param {Painting} painting @param {Mask} mask */
export function stateText(painting, { painted, mode }) {
  const show = mode === "show";
  if (!painted.length) return show ? "blank image" : "whole image";
  const regions = `${painted.length} region${painted.length > 1 ? "s" : ""}`;
  return `${regions} ${show ? "shown" : "hidden"}, ${percent(areaOf(painting, painted))} of ${painting.subject ?? "the image"}`;
}
