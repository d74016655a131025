// RelianceSlider: which tokens lean on the image, which on the language prior.

import { above, bounds, meanCurve } from "./curves.js";
import { chart } from "./chart.js";
import { button, choice, h, s } from "./dom.js";
import { gradient, tint, top } from "./scale.js";
import { sentence } from "./sentence.js";
import { follow, perFrame, put } from "./state.js";
import { quote } from "./words.js";

const VISION = "#d6604d";
const LANGUAGE = "#4393c3";

/** @type {Record<import("./data.js").Definition, string>} */
const MEANING = {
  paper: "mean over the steps of p minus its minimum (the paper's)",
  area: "area under p minus its minimum (the published code's)",
  difference: "p(full image) minus p(blank image)",
};

/**
 * @param {import("./index.js").Context} context
 * @param {((token: number | null) => void) | null} preview called instead of drawing a curve of its own
 */
export function reliance({ model, answer, dark, onDark }, preview) {
  const { tokens } = answer;
  const search = /** @type {import("./data.js").Search} */ (answer.search);
  const measured = /** @type {Record<import("./data.js").Definition, number[]>} */ (answer.reliance);
  const single = tokens.map((_, k) => [k]);
  const everything = Object.values(measured).flat();
  /** @type {number | null} */
  let hovered = null;
  const definition = () => /** @type {import("./data.js").Definition} */ (model.get("definition"));
  const scores = () => measured[definition()] ?? measured.paper;
  const colour = (/** @type {number} */ score) => tint("diverging", score / top(scores()), dark());

  const list = sentence("Tokens coloured from language (blue) to vision (red); pick one to see its curve", tokens, false, {
    pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
    hover(chip) {
      hovered = chip;
      preview?.(chip);
      drawCurve();
    },
    clear: () => put(model, "token", null),
  });
  const definitions = choice(
    "Definition of reliance",
    [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
    (value) => put(model, "definition", value),
  ); // prettier-ignore
  const slider = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", step: 0.005, class: "wide", "aria-label": "Threshold of reliance" })
  );
  slider.addEventListener("input", () => put(model, "threshold", Number(slider.value)));
  const counts = h("p", { class: "status", role: "status" });
  const strip = s("svg", { class: "strip", role: "img", preserveAspectRatio: "none" });
  const readout = h("p", { class: "readout" });
  const plot = chart("Curve", "share of the image shown", search.area, null);
  const curve = h("div", { class: "curves" }, readout, plot.element);
  const legend = h("div", { class: "legend" });
  const forget = button("Let go of the picked token", () => put(model, "token", null));

  /** @param {number} k */
  function describe(k) {
    return `${quote([k], tokens) || "(nothing visible)"}: reliance ${measured.paper[k].toFixed(3)}, area ${measured.area[k].toFixed(3)}, p(full) − p(blank) ${measured.difference[k].toFixed(3)}`;
  }

  function drawCurve() {
    const token = hovered ?? model.get("token");
    const known = token !== null && token !== undefined;
    forget.style.display = typeof model.get("token") === "number" ? "" : "none";
    if (preview) {
      readout.textContent = known ? describe(token) : "Point at a token for its numbers; pick it for its curves.";
      return;
    }
    const mean = (/** @type {number[]} */ chosen) => meanCurve(search.insertion, tokens.length, chosen);
    const seen = above(scores(), model.get("threshold"));
    const rest = tokens.map((_, k) => k).filter((k) => !seen.includes(k));
    const groups = [
      ...(seen.length ? [{ color: VISION, values: mean(seen) }] : []),
      ...(rest.length ? [{ color: LANGUAGE, dash: "6 4", values: mean(rest) }] : []),
    ];
    readout.textContent = known
      ? describe(token)
      : "Mean probability of the two groups, vision solid and language dashed; point at a token for its own, pick it to keep it.";
    plot.draw(
      known ? [{ color: "#009e73", values: mean([token]) }] : groups,
      known ? `Insertion curve of ${describe(token)}` : "Mean insertion curves of the vision and the language tokens",
    );
    plot.point(null);
  }

  function draw() {
    const now = scores();
    /** @type {number} */
    const threshold = model.get("threshold");
    const grounded = new Set(above(now, threshold));
    const [low, high] = bounds([...everything, threshold]);
    slider.min = String(low);
    slider.max = String(high);
    slider.value = String(threshold);
    slider.setAttribute("aria-valuetext", `${threshold.toFixed(3)}: ${grounded.size} tokens lean on vision, ${now.length - grounded.size} on language`);
    definitions.set(definition());
    list.update({
      groups: single,
      tint: ([k]) => colour(now[k]),
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => `${describe(k)}; ${grounded.has(k) ? "vision" : "language"}`,
      mark: ([k]) => (grounded.has(k) ? "vision" : "language"),
    });
    counts.replaceChildren(
      h("strong", { class: "vision" }, `${grounded.size} vision`),
      ` above ${threshold.toFixed(3)} · `,
      h("strong", { class: "language" }, `${now.length - grounded.size} language`),
      ` · reliance: ${MEANING[definition()] ?? MEANING.paper}`,
    );
    // One tick per token at its score; ticks that fall together grow into a column.
    const width = 1000;
    const place = (/** @type {number} */ v) => ((v - low) / (high - low)) * width;
    /** @type {Map<number, number>} */
    const columns = new Map();
    const tallest = 40;
    const ordered = now.map((_, k) => k).sort((a, b) => now[a] - now[b]);
    const bins = ordered.map((k) => {
      const bin = Math.min(99, Math.floor(place(now[k]) / 10));
      const level = columns.get(bin) ?? 0;
      columns.set(bin, level + 1);
      return { k, bin, level };
    });
    const unit = Math.min(12, tallest / Math.max(1, ...columns.values()));
    strip.setAttribute("viewBox", `0 0 ${width} ${tallest + 2}`);
    strip.setAttribute("aria-label", `Distribution of the tokens' reliance from ${low} to ${high}`);
    const x = place(threshold);
    strip.replaceChildren(
      s("line", { x1: 0, x2: width, y1: tallest + 1, y2: tallest + 1, stroke: "currentColor", "stroke-opacity": 0.4 }),
      ...bins.map(({ k, bin, level }) =>
        s("rect", {
          x: bin * 10 + 1, width: 8, y: tallest - (level + 1) * unit, height: Math.max(0.5, unit - 0.5),
          fill: colour(now[k]).background, stroke: "currentColor", "stroke-opacity": 0.45, "stroke-width": 0.5,
        }),
      ),
      s("line", { x1: x, x2: x, y1: 0, y2: tallest + 2, stroke: "currentColor", "stroke-width": 3 }),
    ); // prettier-ignore
    legend.replaceChildren(
      h("span", {}, "language"),
      h("span", { class: "bar", style: `background:${gradient("diverging", dark())}` }),
      h("span", {}, `vision (${top(now).toFixed(2)})`),
    );
  }

  const element = h(
    "section",
    { class: "reliance", "aria-label": "Reliance slider" },
    h("div", { class: "controls" }, definitions.element, legend),
    list.element,
    h("div", { class: "threshold" }, slider, strip),
    counts,
    preview ? readout : curve,
    h("div", { class: "controls" }, forget),
  );
  onDark(draw);
  const stops = [
    follow(model, ["threshold", "definition", "token"], perFrame(draw)),
    follow(model, preview ? ["token"] : ["token", "threshold", "definition"], perFrame(drawCurve)),
  ];
  draw();
  return {
    element,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
