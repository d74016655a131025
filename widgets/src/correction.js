// CorrectionStepper: the answer as the image loses region after region.

import { button, h, s } from "./dom.js";
import { chart } from "./chart.js";
import { meanCurve, nearest, percent } from "./curves.js";
import { pixels } from "./data.js";
import { stage } from "./stage.js";
import { follow, perFrame, put } from "./state.js";
import { runs } from "./words.js";

const COUNTER = "#009e73";
const WRONG = "#d55e00";

/**
 * @param {import("./index.js").Context} context
 */
export function correction({ model, answer, onDark }) {
  const search = /** @type {import("./data.js").Search} */ (answer.search);
  const told = /** @type {import("./data.js").Correction} */ (answer.correction);
  const { map, order, area } = search;
  const last = order.length;
  const position = search.explained[0];
  const counter = meanCurve(search.insertion, answer.tokens.length, [position]);
  const removed = () => Math.max(0, Math.min(last, model.get("removed")));
  const go = (/** @type {number} */ count) => put(model, "removed", Math.max(0, Math.min(last, count)));

  // -- pictures and curves -----------------------------------------------------------------------

  /** @type {number | null} */
  let pointed = null;
  const rank = new Array(last);
  order.forEach((region, k) => (rank[region] = k));
  const hover = (/** @type {number | null} */ region) => {
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  };
  const jump = (/** @type {number} */ region) => go(last - rank[region]);
  const left = stage(map, order, "Shown", hover, jump);
  const gone = stage(map, order, "Removed", hover, jump);
  const plot = chart("Probabilities", "share of the image shown", area, (x) => go(last - nearest(area, x)));
  const key = (/** @type {string} */ color, /** @type {string} */ dash) =>
    h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` });
  const curves = h(
    "div",
    { class: "curves" },
    h("p", { class: "readout" }, "Probability of the token that decides"),
    plot.element,
    h(
      "p",
      { class: "keys" },
      h("span", {}, key(COUNTER, "solid"), `“${told.counter}”`),
      h("span", {}, key(WRONG, "dashed"), `“${told.wrongToken}”, as it was said`),
    ),
  );
  plot.draw(
    [
      { color: COUNTER, values: counter },
      { color: WRONG, dash: "6 4", values: told.wrong },
    ],
    `Probabilities of “${told.counter}” and of “${told.wrongToken}” over the share of the image shown`,
  );

  // -- the answers -------------------------------------------------------------------------------

  const slider = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", min: 0, max: last, step: 1, class: "wide", "aria-label": "Regions removed" })
  );
  slider.addEventListener("input", () => go(Number(slider.value)));
  const turned = told.turned.slice().reverse();
  const cursor = s("rect", { y: 0, width: 1, height: 10, fill: "none", stroke: "currentColor", "stroke-width": 2, "vector-effect": "non-scaling-stroke" });
  const strip = s(
    "svg",
    { class: "answers", viewBox: `0 0 ${last + 1} 10`, preserveAspectRatio: "none", role: "img" },
    ...runs(turned).map(({ from, length, value }) =>
      s("rect", { x: from, y: value ? 0 : 3, width: length, height: value ? 10 : 4, fill: value ? COUNTER : WRONG }),
    ),
    cursor,
  );
  strip.setAttribute("aria-label", `${turned.filter(Boolean).length} of ${last + 1} answers no longer say “${told.said}”`);
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    go(Math.floor(((/** @type {MouseEvent} */ (event).clientX - box.left) / box.width) * (last + 1)));
  });
  const text = h("bdi", {});
  const mark = h("strong", {});
  const said = h("p", { class: "said", role: "status" }, mark, " ", text);
  const status = h("p", { class: "status" });
  const minimal = told.step === null ? null : last - told.step;
  const controls = h(
    "div",
    { class: "controls" },
    button("Whole image", () => go(0)),
    button("◀", () => go(removed() - 1), { "aria-label": "One region back" }),
    button("▶", () => go(removed() + 1), { "aria-label": "Remove one more" }),
    minimal === null
      ? h("span", { class: "note" }, "No step corrects this answer.")
      : button("Minimal correction", () => go(minimal)),
  );

  function draw() {
    const count = removed();
    const step = last - count;
    slider.value = String(count);
    left.go(step);
    gone.go(step);
    const current = count > 0 ? order[step] : null;
    left.outline(false, current, pointed);
    gone.outline(false, current, pointed);
    plot.point(step);
    cursor.setAttribute("x", String(count));
    const right = told.turned[step];
    said.className = right ? "said turned" : "said";
    mark.textContent = right ? "✓ Corrected:" : "✗ Still says it:";
    text.textContent = told.answers[step] || "(nothing)";
    const share = percent(1 - area[step]);
    slider.setAttribute("aria-valuetext", `${count} of ${last} regions removed, ${share} of the image`);
    status.textContent = `${count} of ${last} regions removed, ${share} of the image${
      count === minimal ? ": the minimal correction region" : ""
    } · p(“${told.counter}”) ${counter[step].toFixed(3)}, p(“${told.wrongToken}”) ${told.wrong[step].toFixed(3)}`;
    left.caption("Shown");
    gone.caption(count ? `Removed: ${share}` : "Removed: nothing");
    left.label(`The image with ${count} of ${last} regions removed`);
    gone.label(`The ${count} regions removed, ${share} of the image`);
  }
  const drawSoon = perFrame(draw);

  const element = h(
    "section",
    { class: "correction", "aria-label": "Correction stepper" },
    h("p", { class: "note" }, search.note),
    said,
    h("div", { class: "stages" }, left.element, gone.element, curves),
    h("div", { class: "row" }, slider),
    strip,
    controls,
    status,
  );
  element.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: removed() - 1, ArrowRight: removed() + 1, Home: 0, End: last };
    if (!(event.key in to)) return;
    event.preventDefault();
    event.stopPropagation();
    go(to[event.key]);
  });
  const sizes = new ResizeObserver(() => {
    const changed = [left.fit(), gone.fit()];
    if (changed.includes(true)) draw();
  });
  sizes.observe(left.picture);
  sizes.observe(gone.picture);
  const ready = Promise.all([
    pixels(search.image, map.width, map.height),
    pixels(search.fill, map.width, map.height),
  ]).then(([image, fill]) => {
    left.load(image, fill);
    gone.load(fill, image);
    draw();
  });
  onDark(draw);
  const stop = follow(model, ["removed"], drawSoon);
  return {
    element,
    ready,
    stop() {
      sizes.disconnect();
      stop();
    },
  };
}
