// Built from widgets/src by `npm run build`; do not edit here.

// src/style.css
var style_default = ':host { display: block; }\n.view {\n  --ink: var(--jp-ui-font-color1, var(--vscode-editor-foreground, #1c1c1e));\n  --soft: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, #595959));\n  --paper: var(--jp-layout-color0, var(--vscode-editor-background, #ffffff));\n  --panel: var(--jp-layout-color1, var(--vscode-editor-background, #ffffff));\n  --line: var(--jp-border-color1, #8888);\n  --accent: #0b63c4;\n  --ring: #111111;\n  container-type: inline-size;\n  position: relative;\n  box-sizing: border-box;\n  padding: 0.75em;\n  color: var(--ink);\n  background: var(--paper);\n  font: var(--jp-content-font-size1, 1rem) / 1.5 var(--jp-ui-font-family, system-ui, sans-serif);\n}\n.view.dark { --accent: #6cb2ff; --ring: #ffffff; color-scheme: dark; }\n* { box-sizing: border-box; }\np, figure, h3 { margin: 0; }\nh3 { font-size: 1.05em; font-weight: 600; margin-bottom: 0.35em; }\nsection { position: relative; display: grid; gap: 0.5em; min-width: 0; }\n.note, .readout, .legend, .keys, figcaption { color: var(--soft); font-size: 0.9em; }\n.readout { white-space: pre-line; min-height: 1.5em; overflow-wrap: anywhere; }\n.status { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }\n.status + .status { margin-top: -0.4em; }\n.row { display: flex; flex-wrap: wrap; gap: 0.25em 1em; align-items: center; justify-content: space-between; }\n.row > .readout { flex: 1 1 18em; }\n.controls { display: flex; flex-wrap: wrap; gap: 0.4em 0.7em; align-items: center; }\n.saving { margin-top: 0.75em; }\n.chooser { margin-bottom: 0.75em; }\n\nbutton, select {\n  font: inherit; font-size: 0.9em; color: inherit; background: var(--panel); border: 1px solid var(--line);\n  border-radius: 4px; padding: 0.15em 0.6em; min-height: 1.9em; cursor: pointer;\n}\nbutton:hover, select:hover { border-color: var(--accent); }\nbutton.play { min-width: 6em; }\n:is(button, select, input, .chip):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\ninput[type="range"] { accent-color: var(--accent); margin: 0; min-width: 0; }\n.wide { width: 100%; flex: 1; }\n.check { display: inline-flex; gap: 0.35em; align-items: center; font-size: 0.9em; cursor: pointer; }\n.check input { accent-color: var(--accent); }\n.choice { display: inline-flex; flex-wrap: wrap; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }\n.choice label { cursor: pointer; font-size: 0.9em; }\n.choice label + label { border-inline-start: 1px solid var(--line); }\n.choice input { position: absolute; opacity: 0; pointer-events: none; }\n.choice span { display: block; padding: 0.2em 0.65em; }\n.choice input:checked + span { background: var(--ink); color: var(--paper); }\n.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: -2px; }\n\n.sentence { max-height: 15.9em; overflow-y: auto; padding: 4px; line-height: 2.1; user-select: none; overflow-wrap: anywhere; }\n.chip {\n  padding: 0.15em 0.3em; border: 1px solid color-mix(in srgb, var(--line) 60%, transparent); border-bottom-width: 1px;\n  border-radius: 4px; cursor: pointer; white-space: pre-wrap; scroll-margin: 1em;\n}\n.chip:hover { border-color: var(--ink); }\n.chip.before { border-start-end-radius: 0; border-end-end-radius: 0; }\n.chip.after { border-start-start-radius: 0; border-end-start-radius: 0; margin-inline-start: -1px; }\n.chip[aria-selected="true"] { outline: 2px solid var(--ring); outline-offset: 0; font-weight: 600; position: relative; }\n.chip.partly { outline: 2px dashed var(--ring); }\n.chip:focus-visible, .chip[aria-selected="true"]:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; position: relative; z-index: 1; }\n.chip.vision, .chip.explained { border-bottom: 3px solid var(--ink); }\n.chip.language { border-bottom: 3px dotted var(--soft); }\nstrong.vision { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }\nstrong.language { text-decoration: underline dotted; text-decoration-thickness: 2px; text-underline-offset: 3px; }\n.legend { display: inline-flex; gap: 0.5em; align-items: center; }\n.bar { display: inline-block; width: 7em; height: 0.8em; border: 1px solid var(--line); border-radius: 2px; }\n\n.stages { display: grid; grid-template-columns: 1fr; gap: 0.75em; align-items: start; }\n.stages > .curves { grid-column: 1 / -1; }\n.picture { position: relative; width: 100%; max-width: calc(30em * var(--ratio)); max-height: 30em; cursor: pointer; background: #000; }\n.picture canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }\n.curves { min-width: 0; }\n.chart { display: block; width: 100%; max-width: 34em; height: auto; color: var(--ink); }\n.keys { display: flex; flex-wrap: wrap; gap: 0.1em 0.5em; align-items: center; }\n.key { display: inline-block; width: 1.8em; height: 0; }\n.keys > span { display: inline-flex; gap: 0.5em; align-items: center; margin-inline-end: 0.8em; }\n.threshold { display: grid; direction: ltr; }\n.strip { width: 100%; height: 3em; color: var(--ink); padding-inline: 0.5em; }\n.said { font-size: 1.1em; overflow-wrap: anywhere; border-inline-start: 5px dashed #d55e00; padding-inline-start: 0.6em; }\n.said.turned { border-inline-start: 5px solid #009e73; }\n.answers { width: 100%; height: 1.1em; color: var(--ink); cursor: pointer; }\n.paintable { cursor: crosshair; touch-action: none; }\n.paintable:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }\n.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }\n.numbers { display: grid; gap: 0.6em; }\n.bars { max-height: 15em; overflow-y: auto; }\n.bars:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\n.bars table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9em; }\n.bars th, .bars td { padding: 0.1em 0.4em; font-weight: 400; text-align: end; white-space: nowrap; color: var(--ink); }\n.bars thead th { color: var(--soft); }\n.bars th:first-child { text-align: start; max-width: 9em; overflow: hidden; text-overflow: ellipsis; }\n.bars td:nth-child(2) { width: 100%; min-width: 4em; }\n.bars .now { font-weight: 600; }\n.meter { display: block; width: 100%; height: 1.1em; color: var(--ink); overflow: visible; }\n.swatch { display: inline-block; width: 1.2em; height: 0.7em; }\n.swatch.hollow { border: 1px solid var(--ink); }\n.swatch.tick { width: 4px; height: 1.1em; background: var(--ink); }\n.stale { opacity: 0.55; }\n.verdict { overflow-wrap: anywhere; }\n.verdict:empty { display: none; }\n.replay { display: grid; gap: 0.5em; }\n.spoken { border-inline-start: 4px solid var(--line); padding-inline-start: 0.7em; }\n.spoken h3 { font-size: 0.9em; font-weight: 400; color: var(--soft); margin: 0; }\n.anew { font-size: 1.1em; overflow-wrap: anywhere; white-space: pre-line; }\n.anew ins { font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }\n.anew del { color: var(--soft); text-decoration: line-through; }\nbutton:disabled { opacity: 0.5; cursor: default; }\n.tip {\n  position: absolute; z-index: 3; pointer-events: none; white-space: pre; padding: 0.35em 0.6em; font-size: 0.85em;\n  color: var(--paper); background: var(--ink); border-radius: 4px; max-width: 100%;\n}\n.explorer { display: grid; gap: 1em; }\n.part { border: 1px solid var(--line); border-radius: 6px; padding: 0.75em; min-width: 0; background: var(--paper); }\n@container (min-width: 24em) {\n  .stages { grid-template-columns: 1fr 1fr; }\n}\n@container (min-width: 50em) {\n  .stages { grid-template-columns: 1fr 1fr 1.3fr; }\n  .stages > .curves { grid-column: auto; }\n}\n';

// src/dom.js
function h(tag, attributes = {}, ...children) {
  return (
    /** @type {HTMLElement} */
    fill(document.createElement(tag), attributes, children)
  );
}
function s(tag, attributes = {}, ...children) {
  return (
    /** @type {SVGElement} */
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children)
  );
}
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== void 0) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((c) => c !== null));
  return element;
}
function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}
function choice(label, choices, onchange) {
  const name = `eagle-${Math.random().toString(36).slice(2)}`;
  const inputs = choices.map(
    ([value]) => (
      /** @type {HTMLInputElement} */
      h("input", { type: "radio", name, value, onchange: () => onchange(value) })
    )
  );
  const element = h(
    "div",
    { class: "choice", role: "radiogroup", "aria-label": label },
    ...choices.map(([, text], k) => h("label", {}, inputs[k], h("span", {}, text)))
  );
  return {
    element,
    /** @param {string} value */
    set(value) {
      for (const input of inputs) input.checked = input.value === value;
    }
  };
}
function check(label, onchange) {
  const input = (
    /** @type {HTMLInputElement} */
    h("input", { type: "checkbox" })
  );
  input.addEventListener("change", () => onchange(input.checked));
  return { element: h("label", { class: "check" }, input, label), input };
}

// src/chart.js
var WIDTH = 420;
var HEIGHT = 190;
var LEFT = 34;
var RIGHT = 8;
var TOP = 8;
var BOTTOM = 32;
function chart(label, xLabel, x, onpick) {
  const px = (v) => LEFT + v * (WIDTH - LEFT - RIGHT);
  const py = (v) => HEIGHT - BOTTOM - v * (HEIGHT - TOP - BOTTOM);
  const faint = { stroke: "currentColor", "stroke-opacity": 0.18 };
  const small = { "font-size": 11, fill: "currentColor", "font-family": "system-ui, sans-serif" };
  const marks = [0, 0.25, 0.5, 0.75, 1];
  const lines = s("g", { fill: "none", "stroke-width": 2, "stroke-linejoin": "round" });
  const cursor = s("line", { y1: py(0), y2: py(1), stroke: "currentColor", "stroke-width": 1.5, "stroke-opacity": 0.7 });
  const dots = s("g");
  const element = s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
    ...marks.map((v) => s("line", { x1: px(0), x2: px(1), y1: py(v), y2: py(v), ...faint })),
    ...[0, 0.5, 1].map((v) => s("text", { x: LEFT - 5, y: py(v) + 4, "text-anchor": "end", ...small }, String(v))),
    ...marks.map((v) => s("text", { x: px(v), y: HEIGHT - BOTTOM + 14, "text-anchor": v === 1 ? "end" : "middle", ...small }, `${100 * v} %`)),
    s("text", { x: (px(0) + px(1)) / 2, y: HEIGHT - 4, "text-anchor": "middle", ...small }, xLabel),
    lines,
    cursor,
    dots
  );
  if (onpick) {
    const pick = (event) => {
      const box = element.getBoundingClientRect();
      onpick(((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT));
    };
    element.style.cursor = "crosshair";
    element.style.touchAction = "none";
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      pick(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) pick(event);
    });
  }
  let now = [];
  return {
    element,
    /** @param {Line[]} curves @param {string} text */
    draw(curves2, text) {
      now = curves2;
      element.setAttribute("aria-label", text);
      lines.replaceChildren(
        ...curves2.map(
          ({ color, dash, values }) => s("polyline", {
            points: values.map((v, k) => `${px(x[k]).toFixed(1)},${py(Math.min(1, Math.max(0, v))).toFixed(1)}`).join(" "),
            stroke: color,
            "stroke-dasharray": dash ?? null
          })
        )
      );
      dots.replaceChildren(...curves2.map(({ color }) => s("circle", { r: 4, fill: color })));
    },
    /** @param {number | null} step */
    point(step) {
      cursor.style.display = dots.style.display = step === null ? "none" : "";
      if (step === null) return;
      cursor.setAttribute("x1", String(px(x[step])));
      cursor.setAttribute("x2", String(px(x[step])));
      now.forEach(({ values }, k) => {
        dots.children[k].setAttribute("cx", String(px(x[step])));
        dots.children[k].setAttribute("cy", String(py(values[step])));
      });
    }
  };
}

// src/curves.js
function meanCurve(table, count, tokens) {
  const steps = table.length / count;
  return Array.from({ length: steps }, (_, k) => {
    let sum = 0;
    for (const t of tokens) sum += table[k * count + t];
    return tokens.length ? sum / tokens.length : 0;
  });
}
function auc(values, x) {
  let sum = 0;
  for (let k = 1; k < x.length; k++) sum += (values[k] + values[k - 1]) / 2 * (x[k] - x[k - 1]);
  return sum;
}
function nearest(values, x) {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k] - x) < Math.abs(values[best] - x)) best = k;
  return best;
}
function above(scores, threshold) {
  return scores.flatMap((s2, k) => s2 > threshold ? [k] : []);
}
function bounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20 - 1e-9) / 20;
  const high = Math.ceil(Math.max(0.25, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}
function percent(value) {
  return `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
}
function signed(value) {
  return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
}

// src/regions.js
function regionMap(pairs, width, height, n) {
  const labels = new Uint16Array(width * height);
  const runs2 = Array.from({ length: n }, () => []);
  const rows = Array.from({ length: n }, () => [height, 0]);
  let at = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const label = pairs[k];
    const end = at + pairs[k + 1];
    labels.fill(label, at, end);
    runs2[label].push(at, end);
    const box = rows[label];
    box[0] = Math.min(box[0], Math.floor(at / width));
    box[1] = Math.max(box[1], Math.floor((end - 1) / width) + 1);
    at = end;
  }
  if (at !== labels.length) throw new Error(`the region map covers ${at} of ${labels.length} pixels`);
  return { width, height, n, labels, runs: runs2, rows };
}
function shrunk(map, width, height) {
  const labels = new Uint16Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * map.height / height) * map.width;
    for (let x = 0; x < width; x++, k++) labels[k] = map.labels[row + Math.floor((x + 0.5) * map.width / width)];
  }
  return labels;
}
function paint(target, source, runs2) {
  for (let k = 0; k < runs2.length; k += 2) target.set(source.subarray(runs2[k], runs2[k + 1]), runs2[k]);
}
var Composite = class {
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {Uint32Array} placed pixels of the regions already placed
   * @param {Uint32Array} waiting pixels of the others
   */
  constructor(map, order, placed, waiting) {
    this.map = map;
    this.order = order;
    this.placed = placed;
    this.waiting = waiting;
    this.pixels = waiting.slice();
    this.now = new Uint8Array(map.n);
    this.step = 0;
  }
  /**
   * @param {number} step
   * @returns {[number, number]} the rows that changed, first and after the last
   */
  go(step) {
    const changed = this.order.slice(Math.min(step, this.step), Math.max(step, this.step));
    const placed = step > this.step;
    this.step = step;
    return this.change(changed, () => placed);
  }
  /** @param {(region: number) => boolean} placed @returns {[number, number]} */
  show(placed) {
    return this.change(Array.from(this.now.keys()), placed);
  }
  /** @param {number[]} regions @param {(region: number) => boolean} placed @returns {[number, number]} */
  change(regions, placed) {
    let first = this.map.height;
    let last = 0;
    for (const region of regions) {
      const on = placed(region);
      if (on === Boolean(this.now[region])) continue;
      this.now[region] = Number(on);
      paint(this.pixels, on ? this.placed : this.waiting, this.map.runs[region]);
      first = Math.min(first, this.map.rows[region][0]);
      last = Math.max(last, this.map.rows[region][1]);
    }
    return [first, Math.max(first, last)];
  }
};
function outline(map, region) {
  if (region < 0) return segments(map, 0, map.height, (a, b) => a !== b && a >= 0 && b >= 0);
  const [top2, bottom] = map.rows[region];
  return segments(map, top2, bottom, (a, b) => a === region !== (b === region));
}
function outlineOf(map, regions) {
  const inside = new Uint8Array(map.n + 1);
  for (const region of regions) inside[region + 1] = 1;
  const rows = regions.map((region) => map.rows[region]);
  const top2 = Math.min(map.height, ...rows.map(([first]) => first));
  const bottom = Math.max(top2, ...rows.map(([, end]) => end));
  return segments(map, top2, bottom, (a, b) => inside[a + 1] !== inside[b + 1]);
}
function segments(map, top2, bottom, differs) {
  const { width, height, labels } = map;
  const lines = [];
  const at = (x, y) => x < 0 || y < 0 || x >= width || y >= height ? -1 : labels[y * width + x];
  for (let y = top2; y <= bottom; y++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const edge = x < width && differs(at(x, y - 1), at(x, y));
      if (edge && start < 0) start = x;
      if (!edge && start >= 0) {
        lines.push(start, y, x, y);
        start = -1;
      }
    }
  }
  const open = new Int32Array(width + 1).fill(-1);
  for (let y = top2; y <= bottom; y++) {
    for (let x = 0; x <= width; x++) {
      const edge = y < bottom && differs(at(x - 1, y), at(x, y));
      if (edge && open[x] < 0) open[x] = y;
      if (!edge && open[x] >= 0) {
        lines.push(x, open[x], x, y);
        open[x] = -1;
      }
    }
  }
  return lines;
}
function heat(row) {
  const known2 = [...row].filter(Number.isFinite);
  const low = Math.min(...known2);
  const spread2 = Math.max(...known2) - low;
  return [...row].map((v) => Number.isFinite(v) ? spread2 > 0 ? (v - low) / spread2 : 0 : NaN);
}

// src/words.js
var JOINTS = new Set(
  "a an the this that these those and or but nor of in on at to from with without by for as into onto over under above below behind beside between near next left right front top is are was were be been being has have had there it its their his her which who while not".split(" ")
);
var ENDS = /[.!?。！？؟।…]["'”’)\]]*\s*$/;
var PAUSES = /[,;:.!?。！？؟،؛、，；：।…()[\]"“”—–]/;
function chips(count, words) {
  const home = Array.from({ length: count }, (_, k) => k);
  for (const word of words) {
    const first = Math.min(...word.map((k) => home[k]));
    const last = Math.max(...word);
    for (let k = first; k <= last; k++) home[k] = home[first];
  }
  const groups = [];
  for (let k = 0; k < count; k++) {
    if (k && home[k] === home[k - 1]) groups[groups.length - 1].push(k);
    else groups.push([k]);
  }
  return groups;
}
function unitTokens(unit, chip2, groups, tokens) {
  if (unit === "token" || unit === "word") return groups[chip2];
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  const newLine = (a, b) => /\n\s*$/.test(text[a]) || /^\s*\n/.test(text[b]);
  if (unit === "sentence") return spread(chip2, groups, (a, b) => !ENDS.test(text[a]) && !newLine(a, b));
  const inside = (c) => /[\p{L}\p{N}]/u.test(text[c]) && !JOINTS.has(text[c].trim().toLowerCase());
  return spread(chip2, groups, (a, b) => inside(a) && inside(b) && !PAUSES.test(text[a].trim()) && !newLine(a, b));
}
function spread(chip2, groups, joined) {
  let first = chip2;
  let last = chip2;
  while (first > 0 && joined(first - 1, first)) first--;
  while (last < groups.length - 1 && joined(last, last + 1)) last++;
  return groups.slice(first, last + 1).flat();
}
function toggle(selected, tokens) {
  const set = new Set(selected);
  const all = tokens.every((k) => set.has(k));
  for (const k of tokens) {
    if (all) set.delete(k);
    else set.add(k);
  }
  return sorted(set);
}
function sorted(values) {
  return [...new Set(values)].sort((a, b) => a - b);
}
function visible(text) {
  if (text === "") return "·";
  const core = text.trim();
  if (core) return core;
  return text.includes("\n") ? "⏎" : "␣";
}
function quote(indices, tokens) {
  const gap = (i) => i > 0 && indices[i - 1] !== indices[i] - 1;
  const text = indices.map((k, i) => gap(i) ? ` … ${tokens[k].trimStart()}` : tokens[k]).join("").trim();
  return direction(text) === "rtl" ? `⁨${text}⁩` : text;
}
function direction(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}
function runs(values) {
  const found = [];
  values.forEach((value, k) => {
    const before = found[found.length - 1];
    if (before && before.value === value) before.length++;
    else found.push({ from: k, length: 1, value });
  });
  return found;
}

// src/data.js
var known = /* @__PURE__ */ new WeakMap();
function decode(raw, word = 0) {
  const own = raw.each?.[word] ?? raw;
  let answer = known.get(own);
  if (!answer) {
    answer = {
      tokens: raw.tokens,
      groups: chips(raw.tokens.length, raw.words),
      probabilities: raw.probabilities,
      reliance: own.reliance,
      search: raw.search ? search({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? painting({ ...raw.painting, ...own.painting }) : null
    };
    known.set(own, answer);
  }
  return answer;
}
function search(raw) {
  return {
    ...raw,
    ...pictures(raw, raw.order.length),
    ...curves(raw),
    candidates: raw.candidates && floats(raw.candidates)
  };
}
function painting(raw) {
  return { ...raw, ...pictures(raw, raw.n), eagle: raw.eagle && { ...raw.eagle, ...curves(raw.eagle) } };
}
function pictures(raw, n) {
  return {
    map: regionMap(new Uint16Array(bytes(raw.labels).buffer), raw.width, raw.height, n),
    image: new Blob([bytes(raw.image)], { type: raw.imageType }),
    fill: new Blob([bytes(raw.fill)], { type: raw.fillType })
  };
}
var curves = (raw) => ({ insertion: floats(raw.insertion), deletion: floats(raw.deletion) });
var floats = (value) => new Float32Array(bytes(value).buffer);
function bytes(value) {
  if (typeof value === "string") return Uint8Array.from(atob(value), (c) => c.charCodeAt(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return new Uint8Array(value).slice();
}
async function pixels(blob, width, height) {
  const bitmap = await createImageBitmap(blob);
  const canvas2 = document.createElement("canvas");
  canvas2.width = width;
  canvas2.height = height;
  const context = (
    /** @type {CanvasRenderingContext2D} */
    canvas2.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
}

// src/stage.js
var HEAT_SIZE = 360;
function canvas(width, height, name) {
  const element = (
    /** @type {HTMLCanvasElement} */
    h("canvas", { class: name, "aria-hidden": "true" })
  );
  element.width = width;
  element.height = height;
  return element;
}
var pen = (element) => (
  /** @type {CanvasRenderingContext2D} */
  element.getContext("2d")
);
function stage(map, order, title, onhover, onpick) {
  const { width, height } = map;
  const base = canvas(width, height, "pixels");
  const shrink = Math.min(1, HEAT_SIZE / Math.max(width, height));
  const warm = canvas(Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink)), "heat");
  const lines = canvas(1, 1, "lines");
  const picture = h("div", { class: "picture", role: "img" }, base, warm, lines);
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.setProperty("--ratio", String(width / height));
  const caption = h("figcaption", {}, title);
  const element = h("figure", { class: "stage" }, caption, picture);
  const place = (event) => {
    const box = picture.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
  };
  const regionAt = (event) => {
    const [x, y] = place(event).map(Math.floor);
    return x < 0 || y < 0 || x >= width || y >= height ? null : map.labels[y * width + x];
  };
  picture.addEventListener("pointermove", (event) => onhover(regionAt(event), event));
  picture.addEventListener("pointerleave", (event) => onhover(null, event));
  picture.addEventListener("click", (event) => {
    const region = regionAt(event);
    if (region !== null) onpick(region);
  });
  let composite = null;
  let frame2 = null;
  const outlines = /* @__PURE__ */ new Map();
  let around = null;
  let borders = null;
  const heatData = pen(warm).createImageData(warm.width, warm.height);
  const heatPixels = new Uint32Array(heatData.data.buffer);
  const coarse = shrunk(map, warm.width, warm.height);
  function known2(region) {
    let lines2 = outlines.get(region);
    if (!lines2) outlines.set(region, lines2 = outline(map, region));
    return lines2;
  }
  function stroke(context, path, thickness, color, halo) {
    const scale = context.canvas.width / width;
    context.beginPath();
    for (let k = 0; k < path.length; k += 4) {
      context.moveTo(path[k] * scale, path[k + 1] * scale);
      context.lineTo(path[k + 2] * scale, path[k + 3] * scale);
    }
    context.lineCap = "square";
    for (
      const [style, extra] of
      /** @type {[string, number][]} */
      [[halo, 2], [color, 0]]
    ) {
      context.strokeStyle = style;
      context.lineWidth = (thickness + extra) * devicePixelRatio;
      context.stroke();
    }
  }
  function fit() {
    const box = picture.getBoundingClientRect();
    const w = Math.max(1, Math.round(box.width * devicePixelRatio));
    const hh = Math.max(1, Math.round(box.height * devicePixelRatio));
    if (lines.width === w && lines.height === hh) return false;
    lines.width = w;
    lines.height = hh;
    borders = null;
    return true;
  }
  return {
    element,
    picture,
    fit,
    place,
    /** @param {Uint32Array} placed @param {Uint32Array} waiting */
    load(placed, waiting) {
      composite = new Composite(map, order, placed, waiting);
      frame2 = new ImageData(new Uint8ClampedArray(composite.pixels.buffer), width, height);
      pen(base).putImageData(frame2, 0, 0);
    },
    /** @param {number} step */
    go(step) {
      if (!composite || !frame2 || composite.step === step) return;
      const [first, end] = composite.go(step);
      if (end > first) pen(base).putImageData(frame2, 0, 0, 0, first, width, end - first);
    },
    /** Show these regions and no others. @param {(region: number) => boolean} placed */
    show(placed) {
      if (!composite || !frame2) return;
      const [first, end] = composite.show(placed);
      if (end > first) pen(base).putImageData(frame2, 0, 0, 0, first, width, end - first);
    },
    /** @param {number[] | null} values 0 … 1 per region; NaN is left clear */
    heat(values) {
      warm.style.display = values ? "" : "none";
      if (!values) return;
      const colors = values.map((v) => Number.isNaN(v) ? 0 : (Math.round(20 + 150 * v) << 24 | 2139647) >>> 0);
      for (let k = 0; k < coarse.length; k++) heatPixels[k] = colors[coarse[k]];
      pen(warm).putImageData(heatData, 0, 0);
    },
    /** @param {boolean} all @param {number | null} current @param {number | null} pointed */
    outline(all, current, pointed) {
      const context = pen(lines);
      context.clearRect(0, 0, lines.width, lines.height);
      if (all) {
        if (!borders) {
          borders = canvas(lines.width, lines.height, "");
          stroke(pen(borders), known2(-1), 0.6, "rgba(255,255,255,.55)", "rgba(0,0,0,.25)");
        }
        context.drawImage(borders, 0, 0);
      }
      if (pointed !== null) stroke(context, known2(pointed), 1.5, "#ffffff", "rgba(0,0,0,.8)");
      if (current !== null) stroke(context, known2(current), 2.5, "#ffd21f", "rgba(0,0,0,.85)");
    },
    /** On top of the outlines, the border around a set of regions. @param {number[]} regions */
    surround(regions) {
      const key = regions.join();
      if (around?.key !== key) around = { key, path: outlineOf(map, regions) };
      stroke(pen(lines), around.path, 2, "#ffd21f", "rgba(0,0,0,.85)");
    },
    /** On top of the outlines, a line through these points. @param {[number, number][]} points */
    line(points) {
      const path = points.slice(1).flatMap((to, k) => [...points[k], ...to]);
      stroke(pen(lines), path, 1.5, "#ffffff", "rgba(0,0,0,.8)");
    },
    /** @param {string} text */
    label(text) {
      picture.setAttribute("aria-label", text);
    },
    /** @param {string} text */
    caption(text) {
      caption.textContent = text;
    }
  };
}

// src/state.js
function createState(values) {
  const state = { ...values };
  const listeners = /* @__PURE__ */ new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      if (same(state[name], value)) return;
      state[name] = value;
      for (const callback of [...listeners.get(`change:${name}`) ?? []]) callback();
    },
    save_changes() {
    },
    on(event, callback) {
      if (!listeners.has(event)) listeners.set(event, /* @__PURE__ */ new Set());
      listeners.get(event)?.add(callback);
    },
    off(event, callback) {
      listeners.get(event)?.delete(callback);
    }
  };
}
function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, k) => v === b[k]);
  return Object.is(a, b);
}
function follow(model, names, callback) {
  for (const name of names) model.on(`change:${name}`, callback);
  callback();
  return () => {
    for (const name of names) model.off(`change:${name}`, callback);
  };
}
function put(model, name, value) {
  model.set(name, value);
  model.save_changes();
}
function perFrame(callback) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      callback();
    });
  };
}

// src/correction.js
var COUNTER = "#009e73";
var WRONG = "#d55e00";
function correction({ model, answer, onDark }) {
  const search2 = (
    /** @type {import("./data.js").Search} */
    answer.search
  );
  const told = (
    /** @type {import("./data.js").Correction} */
    answer.correction
  );
  const { map, order, area } = search2;
  const last = order.length;
  const position = search2.explained[0];
  const counter = meanCurve(search2.insertion, answer.tokens.length, [position]);
  const removed = () => Math.max(0, Math.min(last, model.get("removed")));
  const go = (count) => put(model, "removed", Math.max(0, Math.min(last, count)));
  let pointed = null;
  const rank = new Array(last);
  order.forEach((region, k) => rank[region] = k);
  const hover = (region) => {
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  };
  const jump = (region) => go(last - rank[region]);
  const left = stage(map, order, "Shown", hover, jump);
  const gone = stage(map, order, "Removed", hover, jump);
  const plot = chart("Probabilities", "share of the image shown", area, (x) => go(last - nearest(area, x)));
  const key = (color, dash) => h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` });
  const curves2 = h(
    "div",
    { class: "curves" },
    h("p", { class: "readout" }, "Probability of the token that decides"),
    plot.element,
    h(
      "p",
      { class: "keys" },
      h("span", {}, key(COUNTER, "solid"), `“${told.counter}”`),
      h("span", {}, key(WRONG, "dashed"), `“${told.wrongToken}”, as it was said`)
    )
  );
  plot.draw(
    [
      { color: COUNTER, values: counter },
      { color: WRONG, dash: "6 4", values: told.wrong }
    ],
    `Probabilities of “${told.counter}” and of “${told.wrongToken}” over the share of the image shown`
  );
  const slider = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", min: 0, max: last, step: 1, class: "wide", "aria-label": "Regions removed" })
  );
  slider.addEventListener("input", () => go(Number(slider.value)));
  const turned = told.turned.slice().reverse();
  const cursor = s("rect", { y: 0, width: 1, height: 10, fill: "none", stroke: "currentColor", "stroke-width": 2, "vector-effect": "non-scaling-stroke" });
  const strip = s(
    "svg",
    { class: "answers", viewBox: `0 0 ${last + 1} 10`, preserveAspectRatio: "none", role: "img" },
    ...runs(turned).map(
      ({ from, length: length2, value }) => s("rect", { x: from, y: value ? 0 : 3, width: length2, height: value ? 10 : 4, fill: value ? COUNTER : WRONG })
    ),
    cursor
  );
  strip.setAttribute("aria-label", `${turned.filter(Boolean).length} of ${last + 1} answers no longer say “${told.said}”`);
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    go(Math.floor(
      /** @type {MouseEvent} */
      (event.clientX - box.left) / box.width * (last + 1)
    ));
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
    minimal === null ? h("span", { class: "note" }, "No step corrects this answer.") : button("Minimal correction", () => go(minimal))
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
    status.textContent = `${count} of ${last} regions removed, ${share} of the image${count === minimal ? ": the minimal correction region" : ""} · p(“${told.counter}”) ${counter[step].toFixed(3)}, p(“${told.wrongToken}”) ${told.wrong[step].toFixed(3)}`;
    left.caption("Shown");
    gone.caption(count ? `Removed: ${share}` : "Removed: nothing");
    left.label(`The image with ${count} of ${last} regions removed`);
    gone.label(`The ${count} regions removed, ${share} of the image`);
  }
  const drawSoon = perFrame(draw);
  const element = h(
    "section",
    { class: "correction", "aria-label": "Correction stepper" },
    h("p", { class: "note" }, search2.note),
    said,
    h("div", { class: "stages" }, left.element, gone.element, curves2),
    h("div", { class: "row" }, slider),
    strip,
    controls,
    status
  );
  element.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
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
    pixels(search2.image, map.width, map.height),
    pixels(search2.fill, map.width, map.height)
  ]).then(([image, fill2]) => {
    left.load(image, fill2);
    gone.load(fill2, image);
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
    }
  };
}

// src/bars.js
var length = (p) => 100 * Math.min(1, Math.max(0, p));
function meter({ full, now, eagle }, color) {
  const still = { "vector-effect": "non-scaling-stroke", stroke: "currentColor" };
  return s(
    "svg",
    { class: "meter", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("line", { x1: 0, x2: 100, y1: 13.5, y2: 13.5, ...still, "stroke-opacity": 0.3 }),
    s("rect", { x: 0, width: length(now), y: 3, height: 9, fill: color }),
    s("rect", { x: 0, width: length(full), y: 3, height: 9, fill: "none", ...still, "stroke-opacity": 0.75 }),
    eagle === null ? null : s("line", { x1: length(eagle), x2: length(eagle), y1: 0, y2: 14, ...still, "stroke-width": 4 })
  );
}
function bars(label) {
  const head = h("tr");
  const body = h("tbody");
  const element = h(
    "div",
    { class: "bars", role: "region", "aria-label": label, tabindex: 0 },
    h("table", {}, h("thead", {}, head), body)
  );
  return {
    element,
    /** @param {Row[]} rows @param {string} color of the bars */
    draw(rows, color) {
      const compared2 = rows.some((row) => row.eagle !== null);
      const names = ["Word", "", "whole", "now", ...compared2 ? ["EAGLE"] : []];
      head.replaceChildren(...names.map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name)));
      body.replaceChildren(
        ...rows.map(
          (row) => h(
            "tr",
            {},
            h("th", { scope: "row", dir: direction(row.label) }, h("bdi", {}, row.label)),
            h("td", {}, meter(row, color)),
            h("td", {}, row.full.toFixed(2)),
            h("td", { class: "now" }, row.now.toFixed(2)),
            compared2 ? h("td", {}, row.eagle === null ? "–" : row.eagle.toFixed(2)) : null
          )
        )
      );
    }
  };
}

// src/painting.js
function brushed({ width, height, labels }, from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  const found = /* @__PURE__ */ new Set();
  for (let k = 0; k <= steps; k++) {
    const x = Math.floor(from[0] + (to[0] - from[0]) * k / steps);
    const y = Math.floor(from[1] + (to[1] - from[1]) * k / steps);
    if (x >= 0 && y >= 0 && x < width && y < height) found.add(labels[y * width + x]);
  }
  return found;
}
function lassoed({ width, height, labels, runs: runs2, n }, points) {
  const inside = new Uint32Array(n);
  for (let y = 0; y < height; y++) {
    const middle = y + 0.5;
    const crossings = [];
    points.forEach(([x1, y1], k) => {
      const [x2, y2] = points[(k + 1) % points.length];
      if (y1 <= middle !== y2 <= middle) crossings.push(x1 + (middle - y1) / (y2 - y1) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width, Math.ceil(crossings[k + 1] - 0.5));
      for (let x = Math.max(0, Math.ceil(crossings[k] - 0.5)); x < end; x++) inside[labels[y * width + x]]++;
    }
  }
  const size = (region) => {
    let sum = 0;
    for (let k = 0; k < runs2[region].length; k += 2) sum += runs2[region][k + 1] - runs2[region][k];
    return sum;
  };
  return [...inside.keys()].filter((region) => 2 * inside[region] > size(region));
}
function middles({ width, runs: runs2 }) {
  return runs2.map((own) => {
    let [x, y, count] = [0, 0, 0];
    for (let k = 0; k < own.length; k += 2) {
      for (let at = own[k]; at < own[k + 1]; ) {
        const row = Math.floor(at / width);
        const end = Math.min(own[k + 1], (row + 1) * width);
        x += ((at + end) / 2 - row * width) * (end - at);
        y += (row + 0.5) * (end - at);
        count += end - at;
        at = end;
      }
    }
    return [x / count, y / count];
  });
}
function readingOrder({ width, height, n }, centres) {
  const band = height / Math.max(1, Math.round(Math.sqrt(n * height / width)));
  const row = (k) => Math.floor(centres[k][1] / band);
  return centres.map((_, k) => k).sort((a, b) => row(a) - row(b) || centres[a][0] - centres[b][0]);
}
function vertical(centres, from, way) {
  let best = from;
  let least = Infinity;
  centres.forEach(([x, y], k) => {
    const up = (y - centres[from][1]) * way;
    const aside = Math.abs(x - centres[from][0]);
    const cost = up + 2 * aside;
    if (up > 0 && up >= aside && cost < least) [best, least] = [k, cost];
  });
  return best;
}
function whereabouts([x, y], { width, height }) {
  const row = ["top", "middle", "bottom"][Math.min(2, Math.floor(3 * y / height))];
  const column = ["left", "centre", "right"][Math.min(2, Math.floor(3 * x / width))];
  return `${row} ${column}`;
}
function pacer(send, answered, delay) {
  let timer;
  let due = false;
  const attempt = () => {
    if (!due || !answered()) return;
    due = false;
    send();
  };
  return {
    /** Something changed. */
    offer() {
      clearTimeout(timer);
      due = false;
      timer = setTimeout(() => {
        timer = void 0;
        due = true;
        attempt();
      }, delay);
    },
    /** An answer may have come. */
    attempt,
    /** Whether something waits to be sent. */
    waiting: () => due || timer !== void 0,
    drop() {
      clearTimeout(timer);
      timer = void 0;
      due = false;
    }
  };
}
function mean(values, chosen) {
  return chosen.length ? chosen.reduce((sum, k) => sum + values[k], 0) / chosen.length : 0;
}
function stepWithin(area, most) {
  let step = 0;
  while (step + 1 < area.length && area[step + 1] <= most + 1e-9) step++;
  return step;
}
function eagleRow(eagle, mode, step) {
  const table = mode === "show" ? eagle.insertion : eagle.deletion;
  const count = table.length / eagle.area.length;
  return Array.from(table.subarray(step * count, (step + 1) * count));
}
function compared(mode, own, eagle) {
  const show = mode === "show";
  const yours = `Yours: ${own.p.toFixed(2)} with ${percent(own.area)} of the image ${show ? "shown" : "hidden"}.`;
  if (eagle.regions === 0) return `${yours} EAGLE's first region is larger than that, so there is nothing to compare.`;
  const first = eagle.regions === 1 ? "first region" : `first ${eagle.regions} regions`;
  const lead = (own.p - eagle.p) * (show ? 1 : -1);
  const who = Math.abs(lead) < 5e-3 ? "the two are even" : `${lead > 0 ? "you are" : "EAGLE is"} ahead by ${Math.abs(lead).toFixed(2)}`;
  return `${yours} EAGLE's ${first} at equal area (${percent(eagle.area)}): ${eagle.p.toFixed(2)}. ${show ? "Higher" : "Lower"} is better here: ${who}.`;
}

// src/brush.js
function brushes(map, stages, strokes) {
  for (const stage2 of stages) pointer(map, stage2, strokes);
  return keyboard(map, stages[0].picture, strokes);
}
function pointer(map, { picture, place }, strokes) {
  let points = [];
  picture.classList.add("paintable");
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    points = [place(event)];
    strokes.begin();
    strokes.move(points, brushed(map, points[0], points[0]));
  });
  picture.addEventListener("pointermove", (event) => {
    if (!points.length) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const from = points[points.length - 1];
      const to = place(each);
      points.push(to);
      strokes.move(points, brushed(map, from, to));
    }
  });
  const end = (done) => () => {
    if (!points.length) return;
    points = [];
    strokes.end(done);
  };
  picture.addEventListener("pointerup", end(true));
  picture.addEventListener("pointercancel", end(false));
  picture.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false)();
  });
}
function keyboard(map, picture, strokes) {
  const centres = middles(map);
  const order = readingOrder(map, centres);
  const base = `region-${Math.random().toString(36).slice(2)}`;
  const options = centres.map(
    (centre, k) => h("span", {
      role: "option",
      id: `${base}-${k}`,
      class: "unseen",
      "aria-selected": "false",
      "aria-label": `Region ${k}, ${whereabouts(centre, map)}, ${strokes.describe(k)} of the image`
    })
  );
  let here = order[0];
  let known2 = /* @__PURE__ */ new Set();
  picture.append(...order.map((k) => options[k]));
  for (const [name, value] of Object.entries({
    role: "listbox",
    tabindex: "0",
    "aria-multiselectable": "true",
    "aria-label": "Regions of the image; arrow keys go from one to the next, space paints"
  })) {
    picture.setAttribute(name, value);
  }
  const at = (region) => {
    here = region;
    picture.setAttribute("aria-activedescendant", options[here].id);
    strokes.point(here);
  };
  const along = (by) => at(order[Math.max(0, Math.min(order.length - 1, order.indexOf(here) + by))]);
  picture.addEventListener("focus", () => {
    if (picture.matches(":focus-visible")) at(here);
  });
  picture.addEventListener("blur", () => strokes.point(null));
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ArrowRight: () => along(1),
      ArrowLeft: () => along(-1),
      ArrowDown: () => at(vertical(centres, here, 1)),
      ArrowUp: () => at(vertical(centres, here, -1)),
      Home: () => at(order[0]),
      End: () => at(order[order.length - 1]),
      " ": () => strokes.toggle(here),
      Enter: () => strokes.toggle(here)
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  return {
    /** @param {number[]} painted */
    update(painted) {
      const now = new Set(painted);
      options.forEach((option, k) => {
        if (now.has(k) !== known2.has(k)) option.setAttribute("aria-selected", String(now.has(k)));
      });
      known2 = now;
    }
  };
}

// src/replay.js
function replay(tracks, describe, show) {
  let track = 0;
  let at = 0;
  const states = () => tracks[track].states;
  const slider = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", min: 0, step: 1, class: "wide", "aria-label": "Recorded state" })
  );
  const told = h("p", { class: "status" });
  const chosen = choice(
    "What is replayed",
    tracks.map(({ name }, k) => [String(k), name]),
    (value) => go(Number(value), 0)
  );
  function go(nextTrack, next) {
    track = nextTrack;
    at = Math.max(0, Math.min(states().length - 1, next));
    chosen.set(String(track));
    slider.max = String(states().length - 1);
    slider.value = String(at);
    const text = `${at + 1} of ${states().length}: ${describe(states()[at])}`;
    slider.setAttribute("aria-valuetext", text);
    told.textContent = text;
    show(states()[at]);
  }
  slider.addEventListener("input", () => go(track, Number(slider.value)));
  const element = h(
    "div",
    { class: "replay" },
    h("p", { class: "note" }, "A recording: no model stands behind this page, so nothing new can be painted. Move through what was tried."),
    h(
      "div",
      { class: "controls" },
      tracks.length > 1 ? chosen.element : null,
      button("◀", () => go(track, at - 1), { "aria-label": "State before" }),
      button("▶", () => go(track, at + 1), { "aria-label": "Next state" })
    ),
    slider,
    told
  );
  return { element, go };
}

// src/scale.js
var STOPS = {
  light: {
    diverging: [[33, 102, 172], [103, 169, 207], [209, 229, 240], [247, 247, 247], [253, 219, 199], [239, 138, 98], [178, 24, 43]],
    sequential: [[255, 255, 255], [199, 229, 190], [60, 140, 90]]
  },
  dark: {
    diverging: [[92, 163, 226], [54, 112, 168], [40, 66, 92], [52, 52, 54], [100, 56, 46], [176, 74, 56], [240, 114, 92]],
    sequential: [[40, 42, 44], [34, 84, 58], [96, 190, 130]]
  }
};
function ramp(stops, value) {
  const x = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(x));
  const f = x - k;
  const mix = (c) => Math.round(stops[k][c] * (1 - f) + stops[k + 1][c] * f);
  return [mix(0), mix(1), mix(2)];
}
function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
var INK = [0, 0, 0];
var PAPER = [255, 255, 255];
function tint(kind, value, dark) {
  const rgb = ramp(STOPS[dark ? "dark" : "light"][kind], value);
  const ink = contrast(rgb, INK) >= contrast(rgb, PAPER) ? INK : PAPER;
  return { background: `rgb(${rgb.join(",")})`, color: `rgb(${ink.join(",")})` };
}
function gradient(kind, dark) {
  return `linear-gradient(to right, ${STOPS[dark ? "dark" : "light"][kind].map((c) => `rgb(${c.join(",")})`).join(",")})`;
}
function parseColor(css) {
  const found = css.match(/^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}
function top(values) {
  return Math.max(0.25, ...values);
}

// src/sentence.js
function sentence(label, tokens, multiple, callbacks) {
  const list = h("div", {
    class: "sentence",
    dir: direction(tokens.join("")),
    role: "listbox",
    "aria-label": label,
    "aria-multiselectable": String(multiple),
    "aria-orientation": "horizontal"
  });
  let items = [];
  let groups = null;
  let focus = 0;
  let dragFrom = null;
  let dragged = false;
  const chipAt = (target) => {
    const item = target instanceof Element ? target.closest("[role=option]") : null;
    return item ? items.indexOf(
      /** @type {HTMLElement} */
      item
    ) : -1;
  };
  function stop(chip2, move) {
    if (!items.length) return;
    items[focus]?.setAttribute("tabindex", "-1");
    focus = Math.max(0, Math.min(items.length - 1, chip2));
    items[focus].setAttribute("tabindex", "0");
    if (move) items[focus].focus();
  }
  list.addEventListener("pointerdown", (event) => {
    const chip2 = chipAt(event.target);
    if (chip2 < 0 || event.button) return;
    dragFrom = event.shiftKey ? null : chip2;
    dragged = false;
  });
  list.addEventListener("pointermove", (event) => {
    if (dragFrom === null || !callbacks.drag || !(event.buttons & 1)) return;
    const chip2 = chipAt(event.target);
    if (chip2 < 0 || chip2 === dragFrom && !dragged) return;
    callbacks.drag(dragFrom, chip2, !dragged);
    dragged = true;
    getSelection()?.removeAllRanges();
  });
  list.addEventListener("click", (event) => {
    const chip2 = chipAt(event.target);
    const wasDrag = dragged;
    dragFrom = null;
    dragged = false;
    if (chip2 < 0 || wasDrag) return;
    stop(chip2, true);
    callbacks.pick(chip2, event);
  });
  list.addEventListener("pointerover", (event) => {
    const chip2 = chipAt(event.target);
    callbacks.hover?.(chip2 < 0 ? null : chip2);
  });
  list.addEventListener("pointerleave", () => callbacks.hover?.(null));
  list.addEventListener("focusin", (event) => {
    const chip2 = chipAt(event.target);
    if (chip2 >= 0) callbacks.hover?.(chip2);
  });
  list.addEventListener("focusout", () => callbacks.hover?.(null));
  list.addEventListener("keydown", (event) => {
    const chip2 = chipAt(event.target);
    if (chip2 < 0) return;
    const rtl = getComputedStyle(list).direction === "rtl";
    const keys = {
      ArrowRight: () => step(rtl ? -1 : 1),
      ArrowLeft: () => step(rtl ? 1 : -1),
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => stop(0, true),
      End: () => stop(items.length - 1, true),
      " ": () => callbacks.pick(chip2, { shiftKey: event.shiftKey }),
      Enter: () => callbacks.pick(chip2, { shiftKey: event.shiftKey }),
      Escape: () => callbacks.clear?.()
    };
    const step = (by) => {
      stop(chip2 + by, true);
      if (event.shiftKey && callbacks.drag) callbacks.pick(focus, { shiftKey: true });
    };
    let act = keys[event.key];
    if ((event.ctrlKey || event.metaKey) && event.key === "a" && callbacks.all) act = callbacks.all;
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  return {
    element: list,
    /** @param {Look} look */
    update(look) {
      if (groups !== look.groups) {
        groups = look.groups;
        items = groups.map((group) => chip(group, tokens));
        list.replaceChildren(...items.flatMap((item, k) => separated(item, groups?.[k] ?? [], tokens)));
        stop(focus, false);
      }
      groups.forEach((group, k) => {
        const item = items[k];
        const colors = look.tint(group);
        item.style.background = colors?.background ?? "";
        item.style.color = colors?.color ?? "";
        const selected = look.selected(group);
        item.setAttribute("aria-selected", String(selected === true));
        item.className = `chip ${selected === "partly" ? "partly" : ""} ${look.mark?.(group) ?? ""} ${joint(groups ?? [], k, tokens)}`;
        const text = look.describe(group);
        item.setAttribute("aria-label", text);
        item.title = text;
      });
    }
  };
}
function chip(group, tokens) {
  const text = group.length > 1 ? visible(group.map((k) => tokens[k]).join("")) : visible(tokens[group[0]]);
  return h("span", { role: "option", tabindex: "-1", "data-tokens": group.join(" ") }, h("bdi", {}, text));
}
function joint(groups, k, tokens) {
  const continues = (c) => c > 0 && c < groups.length && !/^\s/.test(tokens[groups[c][0]]);
  return `${continues(k) ? "after" : ""} ${continues(k + 1) ? "before" : ""}`;
}
function separated(item, group, tokens) {
  const text = group.map((k) => tokens[k]).join("");
  const lead = /^\s/.test(text);
  const lines = /\n/.test(text);
  return [...lines && lead ? [h("br", { role: "presentation" })] : lead ? [document.createTextNode(" ")] : [], item];
}

// src/spoken.js
function spoken() {
  const said = h("p", { class: "anew" });
  const element = h("div", { class: "spoken" }, h("h3", {}, "The answer, generated anew"), said);
  return {
    element,
    /** @param {Piece[] | null | undefined} pieces @param {string} missing what stands there without them */
    draw(pieces, missing) {
      const text = (pieces ?? []).filter(([kind]) => kind !== "gone").map(([, piece]) => piece).join("");
      said.dir = direction(text || (pieces ?? []).map(([, piece]) => piece).join(""));
      said.replaceChildren(...text ? [] : [pieces ? "(nothing) " : missing], ...(pieces ?? []).flatMap(marked));
    }
  };
}
function marked([kind, text]) {
  if (kind === "same") return [text];
  const core = text.trim();
  if (kind === "new") return [" ", h("ins", {}, h("bdi", {}, core))];
  const short = core.length > 48 ? `${core.slice(0, 24).trimEnd()} … ${core.slice(-16).trimStart()}` : core;
  return [" ", h("del", { title: core }, h("bdi", {}, short))];
}

// src/painter.js
var COLORS = { show: "#009e73", hide: "#d55e00" };
var DELAY = 150;
var PATIENCE = 1e4;
function painter({ model, answer, dark, onDark }) {
  const painting2 = (
    /** @type {import("./data.js").Painting} */
    answer.painting
  );
  const { map, regionArea, targets, full, eagle } = painting2;
  const record = model.get("_record");
  let painted = model.get("painted");
  let mode = model.get("mode");
  let scored = model.get("_now") ?? record?.[0];
  let failed = null;
  let asked = 0;
  let pointed = null;
  const area = (regions) => regions.reduce((sum, k) => sum + regionArea[k], 0);
  const undone = [];
  let sending = false;
  const answered = () => {
    const now = (
      /** @type {Tried} */
      model.get("_now")
    );
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
    DELAY
  );
  function draft(next, nextMode = mode) {
    painted = next;
    mode = nextMode;
    failed = null;
    pace.offer();
    drawSoon();
  }
  function change(next, nextMode = mode) {
    remember({ painted, mode });
    draft(next, nextMode);
  }
  function remember(before2) {
    undone.push(before2);
    if (undone.length > 200) undone.shift();
  }
  function undo() {
    const before2 = undone.pop();
    if (before2) draft(before2.painted, before2.mode);
  }
  function adopt() {
    if (sending) return;
    pace.drop();
    painted = model.get("painted");
    mode = model.get("mode");
    drawSoon();
  }
  function hear() {
    const now = (
      /** @type {Tried | undefined} */
      model.get("_now")
    );
    if (!now || record) return;
    failed = now.error ?? null;
    if (now.p) scored = now;
    if (answered() && !pace.waiting() && !(same(now.painted, model.get("painted")) && now.mode === model.get("mode"))) {
      model.set("painted", now.painted);
      model.set("mode", now.mode);
    }
    pace.attempt();
    drawSoon();
  }
  const none = () => {
  };
  const hover = (region) => {
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  };
  const left = stage(map, [], "", hover, none);
  const right = stage(map, [], "", hover, none);
  let shape = "brush";
  let erasing = false;
  let lasso = [];
  let before = [];
  const apply = (regions) => {
    const set = new Set(painted);
    for (const region of regions) erasing ? set.delete(region) : set.add(region);
    const next = sorted(set);
    if (!same(next, painted)) draft(next);
  };
  const brush = record ? null : brushes(map, [left, right], {
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
    describe: (region) => percent(regionArea[region])
  });
  const shapes = choice("What the pointer draws", [["brush", "Brush"], ["lasso", "Lasso"]], (v) => shape = v);
  const acts = choice("What it does", [["paint", "Paint"], ["erase", "Erase"]], (v) => erasing = v === "erase");
  const modes = choice(
    "What becomes of painted regions",
    [["hide", "Hide what is painted"], ["show", "Show only what is painted"]],
    (value) => change(
      painted,
      /** @type {Mode} */
      value
    )
  );
  shapes.set(shape);
  acts.set("paint");
  const undoButton = (
    /** @type {HTMLButtonElement} */
    button("Undo", undo)
  );
  const borders = check("Borders", () => drawSoon());
  borders.input.checked = true;
  const everything = Array.from({ length: map.n }, (_, k) => k);
  const tools = record ? [] : [
    h("div", { class: "controls" }, modes.element),
    h(
      "div",
      { class: "controls" },
      shapes.element,
      acts.element,
      undoButton,
      button("Invert", () => change(toggle(everything, painted))),
      button("Clear", () => change([])),
      borders.element
    )
  ];
  const choose = (tokens) => put(model, "selected", tokens);
  const list = sentence("Tokens of the answer, tinted by their probability now; pick those to watch", answer.tokens, true, {
    pick: (chip2) => choose(toggle(model.get("selected"), answer.groups[chip2])),
    clear: () => choose([]),
    all: () => choose(answer.tokens.map((_, k) => k))
  });
  const legend = h("div", { class: "legend" });
  const table = bars("Probabilities of the chosen tokens");
  const key = h("span", { class: "swatch" });
  const keys = h(
    "p",
    { class: "keys" },
    h("span", {}, h("span", { class: "swatch hollow" }), "whole image"),
    h("span", {}, key, "now"),
    eagle ? h("span", {}, h("span", { class: "swatch tick" }), "EAGLE's order at equal area") : null
  );
  const status = h("p", { class: "status", role: "status" });
  const verdict = h("p", { class: "verdict" });
  const told = h("p", { class: "unseen", role: "status" });
  const anew = spoken();
  const waiting = () => !record && !failed && !(scored.done && same(scored.painted, painted) && scored.mode === mode);
  const late = () => !answered() && asked > 0 && performance.now() - asked > PATIENCE;
  function rival() {
    if (!eagle || !scored.p || scored.order || !scored.painted.length) return null;
    const own = area(scored.painted);
    const regions = stepWithin(eagle.area, own);
    return { own, regions, area: eagle.area[regions], row: eagleRow(eagle, scored.mode, regions) };
  }
  let drawn = [];
  function drawNumbers() {
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
      describe: (group) => `${quote(group, targets) || "(nothing visible)"}: ${mean(full, group).toFixed(2)} for the whole image, ${mean(p, group).toFixed(2)} now`
    });
    legend.replaceChildren(
      h("span", {}, "probability now: 0 %"),
      h("span", { class: "bar", style: `background:${gradient("sequential", dark())}` }),
      h("span", {}, "100 %")
    );
    const row = (label, tokens) => ({
      label,
      full: mean(full, tokens),
      now: mean(p, tokens),
      eagle: other?.regions ? mean(other.row, tokens) : null
    });
    const parts = answer.groups.map((group) => group.filter((k) => set.has(k))).filter((group) => group.length);
    const rows = parts.map((group) => row(group.map((k) => targets[k]).join("").trim() || "·", group));
    if (rows.length > 1) rows.unshift(row("all of these", selected));
    table.draw(rows, COLORS[scored.mode]);
    key.style.background = COLORS[scored.mode];
    side.classList.toggle("stale", waiting() || failed !== null);
    if (rows.length && !waiting()) told.textContent = `${rows[0].label}: ${rows[0].now.toFixed(2)} now, ${rows[0].full.toFixed(2)} for the whole image`;
    verdict.textContent = sentenceOf(selected, other, p);
    anew.element.style.display = painting2.generates && !scored.order ? "" : "none";
    anew.draw(scored.answer, record ? "Not generated for this one." : "…");
  }
  function sentenceOf(selected, other, p) {
    if (!selected.length) return "Pick a word of the answer to watch it.";
    if (!eagle) return "";
    if (scored.order) return `EAGLE's order for “${quote(eagle.explained, targets)}”, step ${scored.painted.length} of ${map.n}.`;
    if (!other) return "Paint a region to compare it with EAGLE's order at equal area.";
    const text = compared(
      scored.mode,
      { p: mean(p, selected), area: other.own },
      { p: mean(other.row, selected), area: other.area, regions: other.regions }
    );
    return same(selected, eagle.explained) ? text : `${text} EAGLE's order was found for “${quote(eagle.explained, targets)}”.`;
  }
  function draw() {
    const set = new Set(painted);
    const [share, show] = [percent(area(painted)), mode === "show"];
    left.show(() => true);
    right.show((region) => set.has(region) === show);
    left.heat(everything.map((k) => set.has(k) ? 0.3 : NaN));
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
    const what = painted.length ? `${count} ${show ? "shown, all else hidden" : "hidden"}` : `Nothing painted: the model sees ${show ? "nothing" : "the whole image"}`;
    const doing = scored.done ? "scoring …" : "answering …";
    const now = failed ?? (waiting() ? late() ? `${doing} the kernel is busy, or gone` : doing : "");
    status.textContent = now ? `${what} · ${now}` : what;
    drawNumbers();
  }
  const drawSoon = perFrame(draw);
  const described = ({ painted: own, mode: how }) => own.length ? `${own.length} region${own.length > 1 ? "s" : ""} ${how === "show" ? "shown" : "hidden"}, ${percent(area(own))} of the image` : how === "show" ? "blank image" : "whole image";
  const steps = (how) => (eagle?.area ?? []).map((_, k) => ({
    painted: sorted((eagle?.order ?? []).slice(0, k)),
    mode: how,
    p: eagleRow(
      /** @type {any} */
      eagle,
      how,
      k
    ),
    order: true
  }));
  const tracks = [
    { name: "What was tried", states: record ?? [] },
    ...eagle ? [{ name: "EAGLE's order, shown", states: steps("show") }, { name: "EAGLE's order, hidden", states: steps("hide") }] : []
  ];
  const tape = record ? replay(tracks, described, (state) => {
    scored = { ...state, done: true };
    model.set("painted", state.painted);
    model.set("mode", state.mode);
    drawSoon();
  }) : null;
  const side = h("div", { class: "curves numbers" }, table.element, keys, verdict, anew.element, told);
  const element = h(
    "section",
    { class: "painter", "aria-label": "Mask painter" },
    h("p", { class: "note" }, painting2.note),
    list.element,
    h("div", { class: "row" }, legend),
    ...tools,
    tape ? tape.element : null,
    h("div", { class: "stages" }, left.element, right.element, side),
    record ? null : status
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
    pixels(painting2.image, map.width, map.height),
    pixels(painting2.fill, map.width, map.height)
  ]).then(([image, fill2]) => {
    left.load(image, fill2);
    right.load(image, fill2);
    draw();
  });
  onDark(draw);
  const stops = [
    follow(model, ["painted", "mode"], adopt),
    follow(model, ["selected"], drawSoon),
    follow(model, ["_now"], hear)
  ];
  return {
    element,
    ready,
    stop() {
      pace.drop();
      sizes.disconnect();
      for (const stop of stops) stop();
    }
  };
}

// src/picker.js
function picker({ model, answer, dark, onDark }) {
  const { tokens, groups, probabilities, reliance: reliance2 } = answer;
  const single = tokens.map((_, k) => [k]);
  const chipsNow = () => model.get("unit") === "token" ? single : groups;
  const everything = tokens.map((_, k) => k);
  const choose = (chosen) => {
    put(model, "selected", chosen);
    if (answer.search) put(model, "token", null);
  };
  let anchor = 0;
  let base = [];
  const range = (a, b) => sorted(chipsNow().slice(Math.min(a, b), Math.max(a, b) + 1).flat());
  const list = sentence("Tokens of the answer; pick those to explain", tokens, true, {
    pick(chip2, { shiftKey }) {
      const now = model.get("selected");
      if (shiftKey) return choose(sorted([...now, ...range(anchor, chip2)]));
      anchor = chip2;
      choose(toggle(now, unitTokens(model.get("unit"), chip2, chipsNow(), tokens)));
    },
    drag(from, to, first) {
      if (first) base = model.get("selected");
      anchor = from;
      choose(sorted([...base, ...range(from, to)]));
    },
    hover: (chip2) => tell(chip2 === null ? null : chipsNow()[chip2]),
    clear: () => choose([]),
    all: () => choose(everything)
  });
  const unit = choice(
    "What a click selects",
    [["token", "Token"], ["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"]],
    (value) => put(model, "unit", value)
  );
  const tints = [["none", "Plain"]];
  if (probabilities) tints.unshift(["probability", "Probability"]);
  if (reliance2) tints.unshift(["reliance", "Reliance"]);
  const colour = choice("What the colours tell", tints, (value) => put(model, "tint", value));
  const legend = h("div", { class: "legend" });
  const readout = h("p", { class: "readout" });
  const status = h("p", { class: "status", role: "status" });
  function describe(group) {
    const parts = group.length > 1 ? [`${group.length} tokens`] : [`token ${group[0]}`];
    if (probabilities) parts.push(`probability ${group.map((k) => probabilities[k].toFixed(2)).join(" · ")}`);
    if (reliance2) parts.push(`reliance ${group.map((k) => reliance2.paper[k].toFixed(2)).join(" · ")}`);
    const said = group.map((k) => tokens[k].replace(/\n/g, "⏎")).join(group.length > 1 ? "|" : "").trim();
    return `${said || "(nothing visible)"}: ${parts.join(", ")}`;
  }
  function tell(group) {
    readout.textContent = group ? describe(group) : "Click, shift-click or drag; arrow keys and space; Escape clears.";
  }
  function draw() {
    const selected = model.get("selected");
    const set = new Set(selected);
    const kind = tints.some(([name]) => name === model.get("tint")) ? model.get("tint") : "none";
    const high = reliance2 ? top(reliance2.paper) : 1;
    const mean2 = (values, group) => group.reduce((sum, k) => sum + values[k], 0) / group.length;
    list.update({
      groups: chipsNow(),
      tint(group) {
        if (kind === "reliance" && reliance2) return tint("diverging", mean2(reliance2.paper, group) / high, dark());
        if (kind === "probability" && probabilities) return tint("sequential", mean2(probabilities, group), dark());
        return null;
      },
      selected(group) {
        const hits = group.filter((k) => set.has(k)).length;
        return hits === group.length ? true : hits ? "partly" : false;
      },
      describe
    });
    unit.set(model.get("unit"));
    colour.set(kind);
    const bar = (name, low, up) => [
      h("span", {}, low),
      h("span", { class: "bar", style: `background:${gradient(name, dark())}` }),
      h("span", {}, up)
    ];
    legend.replaceChildren(
      ...kind === "reliance" ? bar("diverging", "language", `vision (${high.toFixed(2)})`) : [],
      ...kind === "probability" ? bar("sequential", percent(0), percent(1)) : []
    );
    status.textContent = selected.length ? `${selected.length} of ${tokens.length} tokens selected: “${quote(selected, tokens)}”` : `No token selected of ${tokens.length}.`;
  }
  tell(null);
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h(
      "div",
      { class: "controls" },
      unit.element,
      colour.element,
      button("All", () => choose(everything)),
      button("Clear", () => choose([]))
    ),
    list.element,
    h("div", { class: "row" }, readout, legend),
    status
  );
  onDark(draw);
  return { element, stop: follow(model, ["selected", "unit", "tint"], draw) };
}

// src/reliance.js
var VISION = "#d6604d";
var LANGUAGE = "#4393c3";
var MEANING = {
  paper: "mean over the steps of p minus its minimum (the paper's)",
  area: "area under p minus its minimum (the published code's)",
  difference: "p(full image) minus p(blank image)"
};
function reliance({ model, answer, dark, onDark }, preview) {
  const { tokens } = answer;
  const search2 = (
    /** @type {import("./data.js").Search} */
    answer.search
  );
  const measured = (
    /** @type {Record<import("./data.js").Definition, number[]>} */
    answer.reliance
  );
  const single = tokens.map((_, k) => [k]);
  const everything = Object.values(measured).flat();
  let hovered = null;
  const definition = () => (
    /** @type {import("./data.js").Definition} */
    model.get("definition")
  );
  const scores = () => measured[definition()] ?? measured.paper;
  const colour = (score) => tint("diverging", score / top(scores()), dark());
  const list = sentence("Tokens coloured from language (blue) to vision (red); pick one to see its curve", tokens, false, {
    pick: (chip2) => put(model, "token", model.get("token") === chip2 ? null : chip2),
    hover(chip2) {
      hovered = chip2;
      preview?.(chip2);
      drawCurve();
    },
    clear: () => put(model, "token", null)
  });
  const definitions = choice(
    "Definition of reliance",
    [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
    (value) => put(model, "definition", value)
  );
  const slider = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", step: 5e-3, class: "wide", "aria-label": "Threshold of reliance" })
  );
  slider.addEventListener("input", () => put(model, "threshold", Number(slider.value)));
  const counts = h("p", { class: "status", role: "status" });
  const strip = s("svg", { class: "strip", role: "img", preserveAspectRatio: "none" });
  const readout = h("p", { class: "readout" });
  const plot = chart("Curve", "share of the image shown", search2.area, null);
  const curve = h("div", { class: "curves" }, readout, plot.element);
  const legend = h("div", { class: "legend" });
  const forget = button("Let go of the picked token", () => put(model, "token", null));
  function describe(k) {
    return `${quote([k], tokens) || "(nothing visible)"}: reliance ${measured.paper[k].toFixed(3)}, area ${measured.area[k].toFixed(3)}, p(full) − p(blank) ${measured.difference[k].toFixed(3)}`;
  }
  function drawCurve() {
    const token = hovered ?? model.get("token");
    const known2 = token !== null && token !== void 0;
    forget.style.display = typeof model.get("token") === "number" ? "" : "none";
    if (preview) {
      readout.textContent = known2 ? describe(token) : "Point at a token for its numbers; pick it for its curves.";
      return;
    }
    const mean2 = (chosen) => meanCurve(search2.insertion, tokens.length, chosen);
    const seen = above(scores(), model.get("threshold"));
    const rest = tokens.map((_, k) => k).filter((k) => !seen.includes(k));
    const groups = [
      ...seen.length ? [{ color: VISION, values: mean2(seen) }] : [],
      ...rest.length ? [{ color: LANGUAGE, dash: "6 4", values: mean2(rest) }] : []
    ];
    readout.textContent = known2 ? describe(token) : "Mean probability of the two groups, vision solid and language dashed; point at a token for its own, pick it to keep it.";
    plot.draw(
      known2 ? [{ color: "#009e73", values: mean2([token]) }] : groups,
      known2 ? `Insertion curve of ${describe(token)}` : "Mean insertion curves of the vision and the language tokens"
    );
    plot.point(null);
  }
  function draw() {
    const now = scores();
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
      mark: ([k]) => grounded.has(k) ? "vision" : "language"
    });
    counts.replaceChildren(
      h("strong", { class: "vision" }, `${grounded.size} vision`),
      ` above ${threshold.toFixed(3)} · `,
      h("strong", { class: "language" }, `${now.length - grounded.size} language`),
      ` · reliance: ${MEANING[definition()] ?? MEANING.paper}`
    );
    const width = 1e3;
    const place = (v) => (v - low) / (high - low) * width;
    const columns = /* @__PURE__ */ new Map();
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
      ...bins.map(
        ({ k, bin, level }) => s("rect", {
          x: bin * 10 + 1,
          width: 8,
          y: tallest - (level + 1) * unit,
          height: Math.max(0.5, unit - 0.5),
          fill: colour(now[k]).background,
          stroke: "currentColor",
          "stroke-opacity": 0.45,
          "stroke-width": 0.5
        })
      ),
      s("line", { x1: x, x2: x, y1: 0, y2: tallest + 2, stroke: "currentColor", "stroke-width": 3 })
    );
    legend.replaceChildren(
      h("span", {}, "language"),
      h("span", { class: "bar", style: `background:${gradient("diverging", dark())}` }),
      h("span", {}, `vision (${top(now).toFixed(2)})`)
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
    h("div", { class: "controls" }, forget)
  );
  onDark(draw);
  const stops = [
    follow(model, ["threshold", "definition", "token"], perFrame(draw)),
    follow(model, preview ? ["token"] : ["token", "threshold", "definition"], perFrame(drawCurve))
  ];
  draw();
  return {
    element,
    stop() {
      for (const stop of stops) stop();
    }
  };
}

// src/save.js
async function savePicture(view, kind, name) {
  const svg = snapshot(view);
  const text = new XMLSerializer().serializeToString(svg);
  const plain = new Blob([text], { type: "image/svg+xml" });
  download(kind === "svg" ? plain : await rasterise(text, svg), `${name}.${kind}`);
}
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
}
async function rasterise(text, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas2 = document.createElement("canvas");
  canvas2.width = 2 * Number(svg.getAttribute("width"));
  canvas2.height = 2 * Number(svg.getAttribute("height"));
  canvas2.getContext("2d")?.drawImage(image, 0, 0, canvas2.width, canvas2.height);
  return new Promise((resolve, reject) => canvas2.toBlob((b) => b ? resolve(b) : reject(new Error("no picture")), "image/png"));
}
function snapshot(view) {
  const origin = view.getBoundingClientRect();
  const width = Math.ceil(origin.width);
  const height = Math.ceil(origin.height);
  const background = getComputedStyle(view).backgroundColor;
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  svg.append(s("rect", { width, height, fill: background }));
  walk(view, svg, origin);
  return svg;
}
function walk(element, svg, origin) {
  if (element.matches(".controls, .tip, input, button, select")) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  const box = element.getBoundingClientRect();
  const at = { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
  if (element instanceof HTMLCanvasElement) {
    svg.append(s("image", { ...at, href: element.toDataURL("image/png"), preserveAspectRatio: "none" }));
    return;
  }
  if (element instanceof SVGElement) {
    const copy = (
      /** @type {SVGElement} */
      element.cloneNode(true)
    );
    for (const [name, value] of Object.entries(at)) copy.setAttribute(name, String(value));
    copy.setAttribute("color", style.color);
    svg.append(copy);
    return;
  }
  frame(element, style, at, svg);
  for (const child of element.childNodes) {
    if (child instanceof Element) walk(child, svg, origin);
    else if (child instanceof Text) write(child, style, svg, origin);
  }
}
function frame(element, style, at, svg) {
  const clear = "rgba(0, 0, 0, 0)";
  const border = Number.parseFloat(style.borderTopWidth);
  const ring = style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth);
  if (!element.matches(".chip, .bar, .key") || style.backgroundColor === clear && !border && !ring) return;
  const under = Number.parseFloat(style.borderBottomWidth);
  const r = Math.min(4, at.height / 2);
  svg.append(
    s("rect", {
      ...at,
      rx: r,
      fill: style.backgroundColor,
      stroke: ring ? style.outlineColor : border ? style.borderTopColor : "none",
      "stroke-width": ring || border
    })
  );
  if (under > border) {
    const y = at.y + at.height - under / 2;
    svg.append(
      s("line", {
        x1: at.x,
        x2: at.x + at.width,
        y1: y,
        y2: y,
        stroke: style.borderBottomColor,
        "stroke-width": under,
        "stroke-dasharray": style.borderBottomStyle === "dotted" ? `${under} ${under}` : null
      })
    );
  }
}
function write(node, style, svg, origin) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    svg.append(
      s(
        "text",
        {
          x: box.left - origin.left + box.width / 2,
          y: box.top - origin.top + box.height * 0.78,
          "text-anchor": "middle",
          "font-family": style.fontFamily,
          "font-size": style.fontSize,
          "font-weight": style.fontWeight,
          fill: style.color,
          "text-decoration": style.textDecorationLine
        },
        word
      )
    );
  }
}

// src/stepper.js
var SHOWN = "#009e73";
var HIDDEN = "#d55e00";
function stepper({ model, answer, onDark }, alone) {
  const search2 = (
    /** @type {import("./data.js").Search} */
    answer.search
  );
  const { map, order, area, insertion, deletion, objective } = search2;
  const count = answer.tokens.length;
  const last = order.length;
  const rank = new Array(last);
  order.forEach((region, k) => rank[region] = k);
  const stepNow = () => Math.max(0, Math.min(last, model.get("step")));
  const go = (step) => put(model, "step", Math.max(0, Math.min(last, step)));
  let pointed = null;
  let hovered = null;
  let shownTokens = [];
  let up = [];
  let down = [];
  const tip = h("div", { class: "tip", "aria-hidden": "true" });
  function hover(region, event) {
    tip.style.display = region === null ? "none" : "";
    if (region !== null) {
      const box = element.getBoundingClientRect();
      tip.textContent = facts(region);
      const left2 = event.clientX - box.left + 14;
      tip.style.left = `${Math.min(left2, Math.max(0, box.width - 190))}px`;
      tip.style.top = `${event.clientY - box.top + 16}px`;
    }
    if (region === pointed) return;
    pointed = region;
    drawSoon();
  }
  function facts(region) {
    const k = rank[region];
    const gain = objective[k + 1] - objective[k];
    return [
      `Region ${region}, rank ${k + 1} of ${last}${search2.decided[k] ? "" : " (proposed)"}`,
      `gain ${signed(gain)}`,
      `area ${percent(search2.regionArea[region])}`,
      `probability once added ${up[k + 1].toFixed(3)}`
    ].join("\n");
  }
  const jump = (region) => go(rank[region] + 1);
  const left = stage(map, order, "Shown", hover, jump);
  const right = stage(map, order, "Hidden", hover, jump);
  const slider = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step of the search", class: "wide" })
  );
  slider.addEventListener("input", () => go(Number(slider.value)));
  let playing = false;
  let began = 0;
  let from = 0;
  const play = button("▶ Play", () => setPlaying(!playing), { class: "play", "aria-pressed": "false" });
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
    const step = Math.min(last, from + Math.floor((performance.now() - began) / 1e3 * model.get("speed")));
    if (step !== stepNow()) go(step);
    if (step === last) setPlaying(false);
    else requestAnimationFrame(tick);
  }
  const speed = (
    /** @type {HTMLSelectElement} */
    h(
      "select",
      { "aria-label": "Speed", title: "Steps per second" },
      ...[1, 2, 4, 8, 16, 32].map((v) => h("option", { value: v }, `${v} per s`))
    )
  );
  speed.addEventListener("change", () => {
    put(model, "speed", Number(speed.value));
    if (playing) setPlaying(true);
  });
  const warm = check("Other candidates", (on) => put(model, "heat", on));
  warm.element.title = "How the other regions would have scored in the round that added the outlined one";
  const borders = check("Borders", (on) => put(model, "borders", on));
  const stopAnd = (step) => {
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
    borders.element
  );
  const status = h("p", { class: "status" });
  const added = h("p", { class: "status" });
  const plot = chart("Curves", "share of the image shown (hidden, for the dashed curve)", area, (x) => go(nearest(area, x)));
  const whose = h("p", { class: "readout" });
  const key = (color, dash) => h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` });
  const upText = h("span");
  const downText = h("span");
  const curves2 = h(
    "div",
    { class: "curves" },
    whose,
    plot.element,
    h("p", { class: "keys" }, h("span", {}, key(SHOWN, "solid"), upText), h("span", {}, key(HIDDEN, "dashed"), downText))
  );
  const single = answer.tokens.map((_, k) => [k]);
  const strip = alone ? sentence("Tokens of the answer; pick one to see its curves", answer.tokens, false, {
    pick: (chip2) => put(model, "token", model.get("token") === chip2 ? null : chip2),
    hover: (chip2) => {
      hovered = chip2;
      setCurves();
    },
    clear: () => put(model, "token", null)
  }) : null;
  function setCurves() {
    const token = hovered ?? model.get("token");
    const chosen = alone ? search2.explained : model.get("selected");
    shownTokens = token !== null && token !== void 0 ? [token] : chosen.length ? chosen : search2.explained;
    up = meanCurve(insertion, count, shownTokens);
    down = meanCurve(deletion, count, shownTokens);
    const said = `“${quote(shownTokens, search2.targets)}”`;
    const many = shownTokens.length > 1 ? `, mean of ${shownTokens.length} tokens` : "";
    whose.textContent = `Probability of ${said}${many}`;
    upText.textContent = `shown: AUC ${auc(up, area).toFixed(3)} (higher is better)`;
    downText.textContent = `hidden: AUC ${auc(down, area).toFixed(3)} (lower is better)`;
    plot.draw(
      [
        { color: SHOWN, values: up },
        { color: HIDDEN, dash: "6 4", values: down }
      ],
      `${whose.textContent} over the share of the image: ${upText.textContent}, ${downText.textContent}`
    );
    strip?.update({
      groups: single,
      tint: () => null,
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => `${quote([k], answer.tokens) || "(nothing visible)"}: token ${k}${search2.targets[k] === answer.tokens[k] ? "" : `, followed as “${search2.targets[k].trim()}”`}${search2.explained.includes(k) ? ", explained" : ""}`,
      mark: ([k]) => search2.explained.includes(k) ? "explained" : ""
    });
    drawSoon();
  }
  function others(step) {
    const values = heat(
      /** @type {Float32Array} */
      search2.candidates.subarray((step - 1) * last, step * last)
    );
    values[order[step - 1]] = NaN;
    return values;
  }
  let heatStep = null;
  function draw() {
    const step = stepNow();
    const began2 = performance.now();
    const current = step > 0 ? order[step - 1] : null;
    slider.value = String(step);
    left.go(step);
    right.go(step);
    const on = model.get("heat") && search2.candidates !== null && step > 0;
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
    added.textContent = current === null ? "Nothing added yet." : `Region ${current} added · gain ${signed(objective[step] - objective[step - 1])} · objective ${objective[step].toFixed(3)}${search2.decided[step - 1] ? "" : " · proposed: the search was cut short"}`;
    left.caption(step ? `Shown: the first ${step}` : "Shown: nothing");
    right.caption(step ? `Hidden: the first ${step}` : "Hidden: nothing");
    left.label(`The image with only the first ${step} of ${last} regions shown, ${percent(share)} of its area`);
    right.label(`The image with the first ${step} of ${last} regions hidden`);
    performance.measure("eagle_nb draw", { start: began2 });
    performance.clearMeasures("eagle_nb draw");
  }
  const drawSoon = perFrame(draw);
  const element = h(
    "section",
    { class: "stepper", "aria-label": "Search stepper" },
    strip && strip.element,
    h("div", { class: "stages" }, left.element, right.element, curves2),
    h("div", { class: "row" }, slider),
    controls,
    status,
    added,
    tip
  );
  tip.style.display = "none";
  element.addEventListener("keydown", (event) => {
    const inside = event.target;
    if (inside instanceof HTMLInputElement || inside instanceof HTMLSelectElement) return;
    if (inside instanceof Element && inside.closest("[role=listbox]")) return;
    const to = { ArrowLeft: stepNow() - 1, ArrowRight: stepNow() + 1, Home: 0, End: last };
    if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    stopAnd(to[event.key]);
  });
  if (!search2.candidates) warm.element.style.display = "none";
  const sizes = new ResizeObserver(() => {
    const changed = [left.fit(), right.fit()];
    if (changed.includes(true)) draw();
  });
  sizes.observe(left.picture);
  sizes.observe(right.picture);
  setCurves();
  const ready = Promise.all([
    pixels(search2.image, map.width, map.height),
    pixels(search2.fill, map.width, map.height)
  ]).then(([image, fill2]) => {
    left.load(image, fill2);
    right.load(fill2, image);
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
    follow(model, alone ? ["token"] : ["token", "selected"], setCurves)
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
    }
  };
}

// src/theme.js
function watchTheme(element, callback) {
  let last = null;
  const look = () => {
    const rgb = parseColor(getComputedStyle(element).backgroundColor);
    const dark = rgb ? luminance(rgb) < 0.2 : false;
    if (dark !== last) callback(dark);
    last = dark;
  };
  const later = () => {
    look();
    for (const ms of [100, 500, 1500]) setTimeout(look, ms);
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(later);
  media.addEventListener("change", later);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name"] });
  }
  later();
  return () => {
    media.removeEventListener("change", later);
    observer.disconnect();
  };
}

// src/index.js
function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true";
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  let dark = false;
  let redraw = [];
  let panels = [];
  const name = model.get("_panel");
  const body = h("div", {});
  const view = h("div", { class: `view ${name}-view` });
  const words = wordChoice(model);
  const save = (kind) => () => savePicture(view, kind, `eagle-${name}`);
  view.append(
    ...words ? [words.element] : [],
    body,
    h(
      "div",
      { class: "controls saving" },
      button("Save SVG", save("svg")),
      button("Save PNG", save("png"))
    )
  );
  const style = document.createElement("style");
  style.textContent = style_default;
  root.replaceChildren(style, view);
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, ["word"], () => {
    for (const panel of panels) panel.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.set(String(word));
    panels = build(name, {
      model,
      answer: decode(model.get("_data"), word),
      dark: () => dark,
      onDark: (callback) => redraw.push(callback)
    });
    body.replaceChildren(...panels.map((p) => p.element));
    delete view.dataset.ready;
    Promise.all(panels.map((p) => p.ready)).then(() => view.dataset.ready = "yes");
  });
  return () => {
    unwatch();
    unfollow();
    for (const panel of panels) panel.stop();
  };
}
function wordChoice(model) {
  const each = model.get("_data").each;
  if (!each) return null;
  const chosen = choice(
    "Explained word",
    each.map((one, k) => [String(k), one.name]),
    (value) => {
      const one = each[Number(value)];
      model.set("selected", one.search.explained);
      model.set("token", null);
      model.set("step", one.telling);
      put(model, "word", Number(value));
    }
  );
  return { element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element), set: chosen.set };
}
function build(name, context) {
  if (name === "picker") return [picker(context)];
  if (name === "stepper") return [stepper(context, true)];
  if (name === "reliance") return [reliance(context, null)];
  if (name === "correction") return [correction(context)];
  if (name === "painter") return [painter(context)];
  const steps = stepper(context, false);
  const side = [picker(context), reliance(context, steps.preview)];
  const titled = (title, panel) => h("div", { class: "part" }, h("h3", {}, title), panel.element);
  const element = h(
    "div",
    { class: "explorer" },
    h("p", { class: "note" }, context.answer.search?.note ?? ""),
    titled("The answer, word by word", side[0]),
    titled("The search, region by region", steps),
    titled("Seen, or guessed from language?", side[1])
  );
  return [{ element, ready: steps.ready, stop: () => [steps, ...side].forEach((p) => p.stop()) }];
}
function mount(name, tries = 50) {
  const hosts = (
    /** @type {NodeListOf<HTMLElement>} */
    document.querySelectorAll(`[data-eagle-nb="${name}"]:not([data-live])`)
  );
  if (!hosts.length && tries > 0) setTimeout(mount, 100, name, tries - 1);
  for (const host of hosts) {
    host.dataset.live = "yes";
    const text = host.querySelector("script[type='application/json']")?.textContent ?? "{}";
    const el = host.appendChild(document.createElement("div"));
    try {
      render({ model: createState(JSON.parse(text)), el });
    } catch (error) {
      delete host.dataset.live;
      throw error;
    }
  }
}
var index_default = { render };
export {
  index_default as default,
  mount
};
