// MaskPainter: paint regions, see what the model then says. In an exported page, what was tried is replayed.

import { bars } from "./bars.js";
import { brushes } from "./brush.js";
import { percent } from "./curves.js";
import { pixels } from "./data.js";
import { button, check, choice, h } from "./dom.js";
import { compared, eagleRow, lassoed, mean, pacer, stepWithin } from "./painting.js";
import { replay } from "./replay.js";
import { gradient, tint } from "./scale.js";
import { sentence } from "./sentence.js";
import { spoken } from "./spoken.js";
import { stage } from "./stage.js";
import { follow, perFrame, put, same } from "./state.js";
import { quote, sorted, toggle } from "./words.js";

const COLORS = { show: "#009e73", hide: "#d55e00" };
const DELAY = 150;
const PATIENCE = 10_000;

/**
 * @typedef {import("./painting.js").Mode} Mode
 *
 * @typedef {object} Tried a coalition that was scored
 * @property {number[]} painted
 * @property {Mode} mode
 * @property {number[]} [p] probability of each token; missing where scoring failed
 * @property {import("./spoken.js").Piece[] | null} [answer] in pieces, null while or if it is not generated
 * @property {string} [error]
 * @property {boolean} [done]
 * @property {number} [asked] the request that it answers
 * @property {boolean} [order] whether it is a step of EAGLE's order rather than painted by hand
 */

/** @param {import("./index.js").Context} context */
export function painter({ model, answer, dark, onDark }) {
  const painting = /** @type {import("./data.js").Painting} */ (answer.painting);
  const { map, regionArea, targets, full, eagle } = painting;
  /** @type {Tried[] | undefined} */
  const record = model.get("_record");
  /** @type {number[]} */
  let painted = model.get("painted");
  /** @type {Mode} */
  let mode = model.get("mode");
  /** @type {Tried} */
  let scored = model.get("_now") ?? record?.[0];
  /** Why what is painted could not be scored. @type {string | null} */
  let failed = null;
  /** When the kernel was last asked. */
  let asked = 0;
  /** @type {number | null} */
  let pointed = null;
  const area = (/** @type {number[]} */ regions) => regions.reduce((sum, k) => sum + regionArea[k], 0);

  // -- from strokes to the kernel ----------------------------------------------------------------

  /** @type {{painted: number[], mode: Mode}[]} */
  const undone = [];
  let sending = false;
  const answered = () => {
    const now = /** @type {Tried} */ (model.get("_now"));
    return now.done === true && now.asked === model.get("_asked");
  };
  const pace = pacer(
    () => {
      if (same(painted, model.get("painted")) && mode === model.get("mode")) return drawSoon();
      sending = true;
      model.set("painted", painted);
      model.set("mode", mode);
      model.set("_asked", model.get("_asked") + 1);
      model.save_changes();
      sending = false;
      asked = performance.now();
      setTimeout(drawSoon, PATIENCE + 100);
    },
    answered,
    DELAY,
  );
  /** @param {number[]} next @param {Mode} [nextMode] */
  function draft(next, nextMode = mode) {
    painted = next;
    mode = nextMode;
    failed = null;
    pace.offer();
    drawSoon();
  }
  /** @param {number[]} next @param {Mode} [nextMode] */
  function change(next, nextMode = mode) {
    remember({ painted, mode });
    draft(next, nextMode);
  }
  /** @param {{painted: number[], mode: Mode}} before */
  function remember(before) {
    undone.push(before);
    if (undone.length > 200) undone.shift();
  }
  function undo() {
    const before = undone.pop();
    if (before) draft(before.painted, before.mode);
  }
  /** What the kernel, a link or the slider sets. */
  function adopt() {
    if (sending) return;
    pace.drop();
    painted = model.get("painted");
    mode = model.get("mode");
    drawSoon();
  }
  function hear() {
    const now = /** @type {Tried | undefined} */ (model.get("_now"));
    if (!now || record) return;
    failed = now.error ?? null;
    if (now.p) scored = now;
    if (answered() && !pace.waiting() && !(same(now.painted, model.get("painted")) && now.mode === model.get("mode"))) {
      model.set("painted", now.painted); // both sides set it at once: the kernel's came last
      model.set("mode", now.mode);
    }
    pace.attempt();
    drawSoon();
  }

  // -- pictures and tools ------------------------------------------------------------------------

  const none = () => {};
  const hover = (/** @type {number | null} */ region) => {
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  };
  const left = stage(map, [], "", hover, none);
  const right = stage(map, [], "", hover, none);
  let shape = "brush";
  let erasing = false;
  /** @type {[number, number][]} */
  let lasso = [];
  /** @type {number[]} */
  let before = [];
  const apply = (/** @type {Iterable<number>} */ regions) => {
    const set = new Set(painted);
    for (const region of regions) erasing ? set.delete(region) : set.add(region);
    const next = sorted(set);
    if (!same(next, painted)) draft(next);
  };
  const brush = record
    ? null
    : brushes(map, [left, right], {
        begin() {
          before = painted;
          lasso = [];
        },
        move(points, regions) {
          if (shape === "brush") return apply(regions);
          lasso = points;
          drawSoon();
        },
        end(done) {
          if (done && lasso.length > 2) apply(lassoed(map, lasso));
          lasso = [];
          if (!same(before, painted)) remember({ painted: before, mode });
          drawSoon();
        },
        point: hover,
        toggle: (region) => change(toggle(painted, [region])),
        describe: (region) => percent(regionArea[region]),
      });
  const shapes = choice("What the pointer draws", [["brush", "Brush"], ["lasso", "Lasso"]], (v) => (shape = v)); // prettier-ignore
  const acts = choice("What it does", [["paint", "Paint"], ["erase", "Erase"]], (v) => (erasing = v === "erase")); // prettier-ignore
  const modes = choice(
    "What becomes of painted regions",
    [["hide", "Hide what is painted"], ["show", "Show only what is painted"]],
    (value) => change(painted, /** @type {Mode} */ (value)),
  ); // prettier-ignore
  shapes.set(shape);
  acts.set("paint");
  const undoButton = /** @type {HTMLButtonElement} */ (button("Undo", undo));
  const borders = check("Borders", () => drawSoon());
  borders.input.checked = true;
  const everything = Array.from({ length: map.n }, (_, k) => k);
  const tools = record
    ? []
    : [
        h("div", { class: "controls" }, modes.element),
        h(
          "div",
          { class: "controls" },
          shapes.element,
          acts.element,
          undoButton,
          button("Invert", () => change(toggle(everything, painted))),
          button("Clear", () => change([])),
          borders.element,
        ),
      ];

  // -- tokens, probabilities, answer --------------------------------------------------------------

  const choose = (/** @type {number[]} */ tokens) => put(model, "selected", tokens);
  const list = sentence("Tokens of the answer, tinted by their probability now; pick those to watch", answer.tokens, true, {
    pick: (chip) => choose(toggle(model.get("selected"), answer.groups[chip])),
    clear: () => choose([]),
    all: () => choose(answer.tokens.map((_, k) => k)),
  });
  const legend = h("div", { class: "legend" });
  const table = bars("Probabilities of the chosen tokens");
  const key = h("span", { class: "swatch" });
  const keys = h(
    "p",
    { class: "keys" },
    h("span", {}, h("span", { class: "swatch hollow" }), "whole image"),
    h("span", {}, key, "now"),
    eagle ? h("span", {}, h("span", { class: "swatch tick" }), "EAGLE's order at equal area") : null,
  );
  const status = h("p", { class: "status", role: "status" });
  const verdict = h("p", { class: "verdict" });
  const told = h("p", { class: "unseen", role: "status" }); // for screen readers
  const anew = spoken();
  const waiting = () => !record && !failed && !(scored.done && same(scored.painted, painted) && scored.mode === mode);
  const late = () => !answered() && asked > 0 && performance.now() - asked > PATIENCE;

  /** EAGLE's regions of at most the area that was scored. */
  function rival() {
    if (!eagle || !scored.p || scored.order || !scored.painted.length) return null;
    const own = area(scored.painted);
    const regions = stepWithin(eagle.area, own);
    return { own, regions, area: eagle.area[regions], row: eagleRow(eagle, scored.mode, regions) };
  }

  /** @type {any[]} */
  let drawn = [];
  function drawNumbers() {
    /** @type {number[]} */
    const selected = model.get("selected");
    const current = [scored, selected, dark(), waiting() || failed !== null];
    if (same(current, drawn)) return;
    drawn = current;
    const set = new Set(selected);
    const p = scored.p ?? full;
    const other = rival();
    list.update({
      groups: answer.groups,
      tint: (group) => tint("sequential", mean(p, group), dark()),
      selected(group) {
        const hits = group.filter((k) => set.has(k)).length;
        return hits === group.length ? true : hits ? "partly" : false;
      },
      describe: (group) =>
        `${quote(group, targets) || "(nothing visible)"}: ${mean(full, group).toFixed(2)} for the whole image, ${mean(p, group).toFixed(2)} now`,
    });
    legend.replaceChildren(
      h("span", {}, "probability now: 0 %"),
      h("span", { class: "bar", style: `background:${gradient("sequential", dark())}` }),
      h("span", {}, "100 %"),
    );
    const row = (/** @type {string} */ label, /** @type {number[]} */ tokens) => ({
      label,
      full: mean(full, tokens),
      now: mean(p, tokens),
      eagle: other?.regions ? mean(other.row, tokens) : null,
    });
    const parts = answer.groups.map((group) => group.filter((k) => set.has(k))).filter((group) => group.length);
    const rows = parts.map((group) => row(group.map((k) => targets[k]).join("").trim() || "·", group));
    if (rows.length > 1) rows.unshift(row("all of these", selected));
    table.draw(rows, COLORS[scored.mode]);
    key.style.background = COLORS[scored.mode];
    side.classList.toggle("stale", waiting() || failed !== null);
    if (rows.length && !waiting()) told.textContent = `${rows[0].label}: ${rows[0].now.toFixed(2)} now, ${rows[0].full.toFixed(2)} for the whole image`;
    verdict.textContent = sentenceOf(selected, other, p);
    anew.element.style.display = painting.generates && !scored.order ? "" : "none";
    anew.draw(scored.answer, record ? "Not generated for this one." : "…");
  }

  /** @param {number[]} selected @param {ReturnType<typeof rival>} other @param {number[]} p */
  function sentenceOf(selected, other, p) {
    if (!selected.length) return "Pick a word of the answer to watch it.";
    if (!eagle) return "";
    if (scored.order) return `EAGLE's order for “${quote(eagle.explained, targets)}”, step ${scored.painted.length} of ${map.n}.`;
    if (!other) return "Paint a region to compare it with EAGLE's order at equal area.";
    const text = compared(
      scored.mode,
      { p: mean(p, selected), area: other.own },
      { p: mean(other.row, selected), area: other.area, regions: other.regions },
    );
    return same(selected, eagle.explained) ? text : `${text} EAGLE's order was found for “${quote(eagle.explained, targets)}”.`;
  }

  // -- drawing -----------------------------------------------------------------------------------

  function draw() {
    const set = new Set(painted);
    const [share, show] = [percent(area(painted)), mode === "show"];
    left.show(() => true);
    right.show((region) => set.has(region) === show);
    left.heat(everything.map((k) => (set.has(k) ? 0.3 : NaN)));
    left.outline(borders.input.checked, null, pointed);
    right.outline(false, null, pointed);
    if (painted.length) left.surround(painted);
    if (lasso.length > 1) for (const each of [left, right]) each.line([...lasso, lasso[0]]);
    modes.set(mode);
    undoButton.disabled = !undone.length;
    const count = `${painted.length} of ${map.n} regions, ${share} of the image`;
    left.caption(!record ? "Paint here" : scored.order ? "EAGLE's regions" : "Painted");
    right.caption("What the model sees");
    right.label(`The image with ${count} ${show ? "shown and the rest hidden" : "hidden"}`);
    brush?.update(painted);
    if (record) left.label(`The image with ${count} painted`);
    const what = painted.length
      ? `${count} ${show ? "shown, all else hidden" : "hidden"}`
      : `Nothing painted: the model sees ${show ? "nothing" : "the whole image"}`;
    const doing = scored.done ? "scoring …" : "answering …";
    const now = failed ?? (waiting() ? (late() ? `${doing} the kernel is busy, or gone` : doing) : "");
    status.textContent = now ? `${what} · ${now}` : what;
    drawNumbers();
  }
  const drawSoon = perFrame(draw);

  const described = (/** @type {Tried} */ { painted: own, mode: how }) =>
    own.length
      ? `${own.length} region${own.length > 1 ? "s" : ""} ${how === "show" ? "shown" : "hidden"}, ${percent(area(own))} of the image`
      : how === "show" ? "blank image" : "whole image"; // prettier-ignore
  const steps = (/** @type {Mode} */ how) =>
    (eagle?.area ?? []).map((_, k) => ({
      painted: sorted((eagle?.order ?? []).slice(0, k)),
      mode: how,
      p: eagleRow(/** @type {any} */ (eagle), how, k),
      order: true,
    }));
  const tracks = [
    { name: "What was tried", states: record ?? [] },
    ...(eagle ? [{ name: "EAGLE's order, shown", states: steps("show") }, { name: "EAGLE's order, hidden", states: steps("hide") }] : []),
  ];
  const tape = record
    ? replay(tracks, described, (state) => {
        scored = { ...state, done: true };
        model.set("painted", state.painted);
        model.set("mode", state.mode);
        drawSoon();
      })
    : null;
  const side = h("div", { class: "curves numbers" }, table.element, keys, verdict, anew.element, told);
  const element = h(
    "section",
    { class: "painter", "aria-label": "Mask painter" },
    h("p", { class: "note" }, painting.note),
    list.element,
    h("div", { class: "row" }, legend),
    ...tools,
    tape ? tape.element : null,
    h("div", { class: "stages" }, left.element, right.element, side),
    record ? null : status,
  );
  element.addEventListener("keydown", (event) => {
    if (record || event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    undo();
  });
  const sizes = new ResizeObserver(() => {
    if ([left.fit(), right.fit()].includes(true)) draw();
  });
  sizes.observe(left.picture);
  sizes.observe(right.picture);
  if (tape) tape.go(0, (record ?? []).findIndex((one) => same(one.painted, painted) && one.mode === mode));
  const ready = Promise.all([
    pixels(painting.image, map.width, map.height),
    pixels(painting.fill, map.width, map.height),
  ]).then(([image, fill]) => {
    left.load(image, fill);
    right.load(image, fill);
    draw();
  });
  onDark(draw);
  const stops = [
    follow(model, ["painted", "mode"], adopt),
    follow(model, ["selected"], drawSoon),
    follow(model, ["_now"], hear),
  ];
  return {
    element,
    ready,
    stop() {
      pace.drop();
      sizes.disconnect();
      for (const stop of stops) stop();
    },
  };
}
