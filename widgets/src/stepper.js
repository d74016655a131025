// SearchStepper: walk through the search, region after region.

import { auc, meanCurve, nearest, percent, signed } from "./curves.js";
import { button, check, h } from "./dom.js";
import { chart } from "./chart.js";
import { pixels } from "./data.js";
import { heat } from "./regions.js";
import { sentence } from "./sentence.js";
import { stage } from "./stage.js";
import { follow, perFrame, put } from "./state.js";
import { quote } from "./words.js";

const SHOWN = "#009e73";
const HIDDEN = "#d55e00";

/**
 * @param {import("./index.js").Context} context
 * @param {boolean} alone whether it brings its own sentence
 */
export function stepper({ model, answer, onDark }, alone) {
  const search = /** @type {import("./data.js").Search} */ (answer.search);
  const { map, order, area, insertion, deletion, objective } = search;
  const count = answer.tokens.length;
  const last = order.length;
  const rank = new Array(last);
  order.forEach((region, k) => (rank[region] = k));
  const stepNow = () => Math.max(0, Math.min(last, model.get("step")));
  const go = (/** @type {number} */ step) => put(model, "step", Math.max(0, Math.min(last, step)));

  /** @type {number | null} */
  let pointed = null;
  /** @type {number | null} */
  let hovered = null;
  /** @type {number[]} */
  let shownTokens = [];
  /** @type {number[]} */
  let up = [];
  /** @type {number[]} */
  let down = [];

  // -- pictures --------------------------------------------------------------------------------

  const tip = h("div", { class: "tip", "aria-hidden": "true" });
  /** @param {number | null} region @param {MouseEvent} event */
  function hover(region, event) {
    tip.style.display = region === null ? "none" : "";
    if (region !== null) {
      const box = element.getBoundingClientRect();
      tip.textContent = facts(region);
      const left = event.clientX - box.left + 14;
      tip.style.left = `${Math.min(left, Math.max(0, box.width - 190))}px`;
      tip.style.top = `${event.clientY - box.top + 16}px`;
    }
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  }
  /** @param {number} region */
  function facts(region) {
    const k = rank[region];
    const gain = objective[k + 1] - objective[k];
    return [
      `Region ${region}, rank ${k + 1} of ${last}${search.decided[k] ? "" : " (proposed)"}`,
      `gain ${signed(gain)}`,
      `area ${percent(search.regionArea[region])}`,
      `probability once added ${up[k + 1].toFixed(3)}`,
    ].join("\n");
  }
  const jump = (/** @type {number} */ region) => go(rank[region] + 1);
  const left = stage(map, order, "Shown", hover, jump);
  const right = stage(map, order, "Hidden", hover, jump);

  // -- controls --------------------------------------------------------------------------------

  const slider = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step of the search", class: "wide" })
  );
  slider.addEventListener("input", () => go(Number(slider.value)));
  let playing = false;
  let began = 0;
  let from = 0;
  const play = button("▶ Play", () => setPlaying(!playing), { class: "play", "aria-pressed": "false" });
  /** @param {boolean} on */
  function setPlaying(on) {
    playing = on;
    play.textContent = on ? "❚❚ Pause" : "▶ Play";
    play.setAttribute("aria-pressed", String(on));
    if (!on) return;
    if (stepNow() === last) go(0);
    began = performance.now();
    from = stepNow();
    requestAnimationFrame(tick);
  }
  function tick() {
    if (!playing || !element.isConnected) return setPlaying(false);
    const step = Math.min(last, from + Math.floor(((performance.now() - began) / 1000) * model.get("speed")));
    if (step !== stepNow()) go(step);
    if (step === last) setPlaying(false);
    else requestAnimationFrame(tick);
  }
  const speed = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { "aria-label": "Speed", title: "Steps per second" },
      ...[1, 2, 4, 8, 16, 32].map((v) => h("option", { value: v }, `${v} per s`)),
    )
  );
  speed.addEventListener("change", () => {
    put(model, "speed", Number(speed.value));
    if (playing) setPlaying(true);
  });
  const warm = check("Other candidates", (on) => put(model, "heat", on));
  warm.element.title = "How the other regions would have scored in the round that added the outlined one";
  const borders = check("Borders", (on) => put(model, "borders", on));
  const stopAnd = (/** @type {number} */ step) => {
    setPlaying(false);
    go(step);
  };
  const controls = h(
    "div",
    { class: "controls" },
    button("|◀", () => stopAnd(0), { "aria-label": "First step" }),
    button("◀", () => stopAnd(stepNow() - 1), { "aria-label": "Step back" }),
    play,
    button("▶", () => stopAnd(stepNow() + 1), { "aria-label": "Step forward" }),
    button("▶|", () => stopAnd(last), { "aria-label": "Last step" }),
    speed,
    warm.element,
    borders.element,
  );
  const status = h("p", { class: "status" });
  const added = h("p", { class: "status" });

  // -- curves ----------------------------------------------------------------------------------

  const plot = chart("Curves", "share of the image shown (hidden, for the dashed curve)", area, (x) => go(nearest(area, x)));
  const whose = h("p", { class: "readout" });
  const key = (/** @type {string} */ color, /** @type {string} */ dash) =>
    h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` });
  const upText = h("span");
  const downText = h("span");
  const curves = h(
    "div",
    { class: "curves" },
    whose,
    plot.element,
    h("p", { class: "keys" }, h("span", {}, key(SHOWN, "solid"), upText), h("span", {}, key(HIDDEN, "dashed"), downText)),
  );

  const single = answer.tokens.map((_, k) => [k]);
  const strip = alone
    ? sentence("Tokens of the answer; pick one to see its curves", answer.tokens, false, {
        pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
        hover: (chip) => {
          hovered = chip;
          setCurves();
        },
        clear: () => put(model, "token", null),
      })
    : null;

  function setCurves() {
    const token = hovered ?? model.get("token");
    /** @type {number[]} */
    const chosen = alone ? search.explained : model.get("selected");
    shownTokens = token !== null && token !== undefined ? [token] : chosen.length ? chosen : search.explained;
    up = meanCurve(insertion, count, shownTokens);
    down = meanCurve(deletion, count, shownTokens);
    const said = `“${quote(shownTokens, search.targets)}”`;
    const many = shownTokens.length > 1 ? `, mean of ${shownTokens.length} tokens` : "";
    whose.textContent = `Probability of ${said}${many}`;
    upText.textContent = `shown: AUC ${auc(up, area).toFixed(3)} (higher is better)`;
    downText.textContent = `hidden: AUC ${auc(down, area).toFixed(3)} (lower is better)`;
    plot.draw(
      [
        { color: SHOWN, values: up },
        { color: HIDDEN, dash: "6 4", values: down },
      ],
      `${whose.textContent} over the share of the image: ${upText.textContent}, ${downText.textContent}`,
    );
    strip?.update({
      groups: single,
      tint: () => null,
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => `${quote([k], answer.tokens) || "(nothing visible)"}: token ${k}${
        search.targets[k] === answer.tokens[k] ? "" : `, followed as “${search.targets[k].trim()}”`
      }${search.explained.includes(k) ? ", explained" : ""}`,
      mark: ([k]) => (search.explained.includes(k) ? "explained" : ""),
    });
    drawSoon();
  }

  // -- drawing ---------------------------------------------------------------------------------

  /** Scores of the round that led to a step, but for the region it added. @param {number} step */
  function others(step) {
    const values = heat(/** @type {Float32Array} */ (search.candidates).subarray((step - 1) * last, step * last));
    values[order[step - 1]] = NaN;
    return values;
  }
  /** @type {number | null} */
  let heatStep = null;
  function draw() {
    const step = stepNow();
    const began = performance.now();
    const current = step > 0 ? order[step - 1] : null;
    slider.value = String(step);
    left.go(step);
    right.go(step);
    const on = model.get("heat") && search.candidates !== null && step > 0;
    if ((on ? step : null) !== heatStep) {
      heatStep = on ? step : null;
      left.heat(on ? others(step) : null);
    }
    const all = model.get("borders");
    left.outline(all, current, pointed);
    right.outline(all, current, pointed);
    plot.point(step);
    const share = area[step];
    slider.setAttribute("aria-valuetext", `step ${step} of ${last}, ${percent(share)} of the image shown`);
    status.textContent = `Step ${step} of ${last} · ${percent(share)} of the image · probability ${up[step].toFixed(3)} shown, ${down[step].toFixed(3)} hidden`;
    added.textContent =
      current === null
        ? "Nothing added yet."
        : `Region ${current} added · gain ${signed(objective[step] - objective[step - 1])} · objective ${objective[step].toFixed(3)}${search.decided[step - 1] ? "" : " · proposed: the search was cut short"}`;
    left.caption(step ? `Shown: the first ${step}` : "Shown: nothing");
    right.caption(step ? `Hidden: the first ${step}` : "Hidden: nothing");
    left.label(`The image with only the first ${step} of ${last} regions shown, ${percent(share)} of its area`);
    right.label(`The image with the first ${step} of ${last} regions hidden`);
    performance.measure("eagle_nb draw", { start: began });
    performance.clearMeasures("eagle_nb draw");
  }
  const drawSoon = perFrame(draw);

  const element = h(
    "section",
    { class: "stepper", "aria-label": "Search stepper" },
    strip && strip.element,
    h("div", { class: "stages" }, left.element, right.element, curves),
    h("div", { class: "row" }, slider),
    controls,
    status,
    added,
    tip,
  );
  tip.style.display = "none";
  element.addEventListener("keydown", (event) => {
    const inside = event.target;
    if (inside instanceof HTMLInputElement || inside instanceof HTMLSelectElement) return;
    if (inside instanceof Element && inside.closest("[role=listbox]")) return;
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: stepNow() - 1, ArrowRight: stepNow() + 1, Home: 0, End: last };
    if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    stopAnd(to[event.key]);
  });

  if (!search.candidates) warm.element.style.display = "none";
  const sizes = new ResizeObserver(() => {
    const changed = [left.fit(), right.fit()];
    if (changed.includes(true)) draw();
  });
  sizes.observe(left.picture);
  sizes.observe(right.picture);
  setCurves();
  const ready = Promise.all([
    pixels(search.image, map.width, map.height),
    pixels(search.fill, map.width, map.height),
  ]).then(([image, fill]) => {
    left.load(image, fill);
    right.load(fill, image);
    draw();
  });
  onDark(draw);
  const stops = [
    follow(model, ["step"], drawSoon),
    follow(model, ["heat", "borders", "speed"], () => {
      warm.input.checked = model.get("heat");
      borders.input.checked = model.get("borders");
      speed.value = String(model.get("speed"));
      drawSoon();
    }),
    follow(model, alone ? ["token"] : ["token", "selected"], setCurves),
  ];
  return {
    element,
    ready,
    /** Show a token's curves while the pointer is on it elsewhere. @param {number | null} token */
    preview(token) {
      hovered = token;
      setCurves();
    },
    stop() {
      playing = false;
      sizes.disconnect();
      for (const stop of stops) stop();
    },
  };
}
