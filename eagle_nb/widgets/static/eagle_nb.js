// Built from widgets/src by `npm run build`; do not edit here.

// src/logic/state.js
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

// src/style.css
var style_default = ':host { display: block; }\n.view {\n  --ink: var(--jp-ui-font-color1, var(--vscode-editor-foreground, var(--default-ink)));\n  --soft: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, var(--default-soft)));\n  --paper: var(--jp-layout-color0, var(--vscode-editor-background, var(--default-paper)));\n  --panel: var(--jp-layout-color1, var(--vscode-editor-background, var(--default-paper)));\n  --line: var(--jp-border-color1, var(--default-line));\n  container-type: inline-size;\n  position: relative;\n  box-sizing: border-box;\n  padding: 0.75em;\n  color: var(--ink);\n  background: var(--paper);\n  font: var(--jp-content-font-size1, 1rem) / 1.5 var(--jp-ui-font-family, system-ui, sans-serif);\n}\n.view.dark { color-scheme: dark; }\n* { box-sizing: border-box; }\np, figure, h3 { margin: 0; }\nh3 { font-size: 1.05em; font-weight: 600; margin-bottom: 0.35em; }\nsection { position: relative; display: grid; gap: 0.5em; min-width: 0; }\n.note, .readout, .legend, .keys, figcaption { color: var(--soft); font-size: 0.9em; }\n.readout { white-space: pre-line; min-height: 1.5em; overflow-wrap: anywhere; }\n.status { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }\n.status + .status { margin-top: -0.4em; }\n.row { display: flex; flex-wrap: wrap; gap: 0.25em 1em; align-items: center; justify-content: space-between; }\n.row > .readout { flex: 1 1 18em; }\n.controls { display: flex; flex-wrap: wrap; gap: 0.4em 0.7em; align-items: center; }\n.saving { margin-top: 0.75em; }\n.chooser { margin-bottom: 0.75em; }\n\nbutton, select {\n  font: inherit; font-size: 0.9em; color: inherit; background: var(--panel); border: 1px solid var(--line);\n  border-radius: 4px; padding: 0.15em 0.6em; min-height: 1.9em; cursor: pointer;\n}\nbutton:hover, select:hover { border-color: var(--accent); }\nbutton.play { min-width: 6em; }\n:is(button, select, input, .chip):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\ninput[type="range"] { accent-color: var(--accent); margin: 0; min-width: 0; }\n.wide { width: 100%; flex: 1; }\n.check { display: inline-flex; gap: 0.35em; align-items: center; font-size: 0.9em; cursor: pointer; }\n.check input { accent-color: var(--accent); }\n.choice { display: inline-flex; flex-wrap: wrap; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }\n.choice label { cursor: pointer; font-size: 0.9em; }\n.choice label + label { border-inline-start: 1px solid var(--line); }\n.choice input { position: absolute; opacity: 0; pointer-events: none; }\n.choice span { display: block; padding: 0.2em 0.65em; }\n.choice input:checked + span { background: var(--ink); color: var(--paper); }\n.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: -2px; }\n\n.sentence { max-height: 15.9em; overflow-y: auto; padding: 4px; line-height: 2.1; user-select: none; overflow-wrap: anywhere; }\n.chip {\n  padding: 0.15em 0.3em; border: 1px solid color-mix(in srgb, var(--line) 60%, transparent); border-bottom-width: 1px;\n  border-radius: 4px; cursor: pointer; white-space: pre-wrap; scroll-margin: 1em;\n}\n.chip:hover { border-color: var(--ink); }\n.chip.before { border-start-end-radius: 0; border-end-end-radius: 0; }\n.chip.after { border-start-start-radius: 0; border-end-start-radius: 0; margin-inline-start: -1px; }\n.chip[aria-selected="true"] { outline: 2px solid var(--ring); outline-offset: 0; font-weight: 600; position: relative; }\n.chip.partly { outline: 2px dashed var(--ring); }\n.chip:focus-visible, .chip[aria-selected="true"]:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; position: relative; z-index: 1; }\n.chip.vision, .chip.explained { border-bottom: 3px solid var(--ink); }\n.chip.language { border-bottom: 3px dotted var(--soft); }\nstrong.vision { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }\nstrong.language { text-decoration: underline dotted; text-decoration-thickness: 2px; text-underline-offset: 3px; }\n.legend { display: inline-flex; gap: 0.5em; align-items: center; }\n.bar { display: inline-block; width: 7em; height: 0.8em; border: 1px solid var(--line); border-radius: 2px; }\n\n.stages { display: grid; grid-template-columns: 1fr; gap: 0.75em; align-items: start; }\n.stages > .curves { grid-column: 1 / -1; }\n.picture { position: relative; width: 100%; max-width: calc(30em * var(--ratio)); max-height: 30em; cursor: pointer; background: var(--default-empty); }\n.picture canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }\n.curves { min-width: 0; }\n.chart { display: block; width: 100%; max-width: 34em; height: auto; color: var(--ink); }\n.keys { display: flex; flex-wrap: wrap; gap: 0.1em 0.5em; align-items: center; }\n.key { display: inline-block; width: 1.8em; height: 0; }\n.keys > span { display: inline-flex; gap: 0.5em; align-items: center; margin-inline-end: 0.8em; }\n.threshold { display: grid; direction: ltr; }\n.strip { width: 100%; height: 3em; color: var(--ink); padding-inline: 0.5em; }\n.said { font-size: 1.1em; overflow-wrap: anywhere; border-inline-start: 5px dashed var(--deletion); padding-inline-start: 0.6em; }\n.said.turned { border-inline-start: 5px solid var(--insertion); }\n.answers { width: 100%; height: 1.1em; color: var(--ink); cursor: pointer; }\n.paintable { cursor: crosshair; touch-action: none; }\n.paintable:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }\n.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }\n.numbers { display: grid; gap: 0.6em; }\n.bars { max-height: 15em; overflow-y: auto; }\n.bars:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\n.bars table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9em; }\n.bars th, .bars td { padding: 0.1em 0.4em; font-weight: 400; text-align: end; white-space: nowrap; color: var(--ink); }\n.bars thead th { color: var(--soft); }\n.bars th:first-child { text-align: start; max-width: 9em; overflow: hidden; text-overflow: ellipsis; }\n.bars td:nth-child(2) { width: 100%; min-width: 4em; }\n.bars .now { font-weight: 600; }\n.meter { display: block; width: 100%; height: 1.1em; color: var(--ink); overflow: visible; }\n.swatch { display: inline-block; width: 1.2em; height: 0.7em; }\n.swatch.hollow { border: 1px solid var(--ink); }\n.swatch.tick { width: 4px; height: 1.1em; background: var(--ink); }\n.stale { opacity: 0.55; }\n.verdict { overflow-wrap: anywhere; }\n.verdict:empty { display: none; }\n.replay { display: grid; gap: 0.5em; }\n.regenerated { border-inline-start: 4px solid var(--line); padding-inline-start: 0.7em; }\n.regenerated h3 { font-size: 0.9em; font-weight: 400; color: var(--soft); margin: 0; }\n.changes { font-size: 1.1em; overflow-wrap: anywhere; white-space: pre-line; }\n.changes ins { font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }\n.changes del { color: var(--soft); text-decoration: line-through; }\nbutton:disabled { opacity: 0.5; cursor: default; }\n.tip {\n  position: absolute; z-index: 3; pointer-events: none; white-space: pre; padding: 0.35em 0.6em; font-size: 0.85em;\n  color: var(--paper); background: var(--ink); border-radius: 4px; max-width: 100%;\n}\n.explorer { display: grid; gap: 1em; }\n.part { border: 1px solid var(--line); border-radius: 6px; padding: 0.75em; min-width: 0; background: var(--paper); }\n@container (min-width: 24em) {\n  .stages { grid-template-columns: 1fr 1fr; }\n}\n@container (min-width: 50em) {\n  .stages { grid-template-columns: 1fr 1fr 1.3fr; }\n  .stages > .curves { grid-column: auto; }\n}\n';

// src/logic/regions.js
function decodeRegions(pairs, width, height, n) {
  const labels = new Uint16Array(width * height);
  const runs2 = Array.from({ length: n }, () => []);
  const rows = Array.from({ length: n }, () => [height, 0]);
  let start = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const label = pairs[k];
    const end = start + pairs[k + 1];
    labels.fill(label, start, end);
    runs2[label].push(start, end);
    const span = rows[label];
    span[0] = Math.min(span[0], Math.floor(start / width));
    span[1] = Math.max(span[1], Math.floor((end - 1) / width) + 1);
    start = end;
  }
  if (start !== labels.length) throw new Error(`the region map covers ${start} of ${labels.length} pixels`);
  return { width, height, n, labels, runs: runs2, rows };
}
function resampledLabels(map, width, height) {
  const labels = new Uint16Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * map.height / height) * map.width;
    for (let x = 0; x < width; x++, k++) labels[k] = map.labels[row + Math.floor((x + 0.5) * map.width / width)];
  }
  return labels;
}

// src/logic/words.js
function chips(count, words) {
  const firsts = Array.from({ length: count }, (_, k) => k);
  for (const word of words) {
    const first = Math.min(...word.map((k) => firsts[k]));
    const last = Math.max(...word);
    for (let k = first; k <= last; k++) firsts[k] = firsts[first];
  }
  const groups = [];
  for (let k = 0; k < count; k++) {
    if (k && firsts[k] === firsts[k - 1]) groups[groups.length - 1].push(k);
    else groups.push([k]);
  }
  return groups;
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

// src/logic/answer.js
var decoded = /* @__PURE__ */ new WeakMap();
function decode(raw, word = 0) {
  const own = raw.each?.[word] ?? raw;
  let answer = decoded.get(own);
  if (!answer) {
    answer = {
      tokens: raw.tokens,
      groups: chips(raw.tokens.length, raw.words),
      probabilities: raw.probabilities,
      reliance: own.reliance,
      search: raw.search ? decodeSearch({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? decodePainting({ ...raw.painting, ...own.painting }) : null
    };
    decoded.set(own, answer);
  }
  return answer;
}
function decodeSearch(raw) {
  return {
    ...raw,
    ...decodeImages(raw, raw.order.length),
    ...decodeCurves(raw),
    candidates: raw.candidates && floats(raw.candidates)
  };
}
function decodePainting(raw) {
  return { ...raw, ...decodeImages(raw, raw.n), eagle: raw.eagle && { ...raw.eagle, ...decodeCurves(raw.eagle) } };
}
function decodeImages(raw, n) {
  return {
    map: decodeRegions(new Uint16Array(bytes(raw.labels).buffer), raw.width, raw.height, n),
    image: new Blob([bytes(raw.image)], { type: raw.imageType }),
    fill: new Blob([bytes(raw.fill)], { type: raw.fillType })
  };
}
var decodeCurves = (raw) => ({ insertion: floats(raw.insertion), deletion: floats(raw.deletion) });
var floats = (value) => new Float32Array(bytes(value).buffer);
function bytes(value) {
  if (typeof value === "string") return Uint8Array.from(atob(value), (c) => c.charCodeAt(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return new Uint8Array(value).slice();
}

// src/logic/format.js
function percent(value) {
  return `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
}
function signed(value) {
  return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
}

// src/logic/curves.js
function mean(values, chosen) {
  return chosen.length ? chosen.reduce((sum, k) => sum + values[k], 0) / chosen.length : 0;
}
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

// src/logic/search-steps.js
var SearchSteps = class {
  /** @param {import("./state.js").Model} model @param {Search} search */
  constructor(model, search) {
    this.model = model;
    this.search = search;
    this.last = search.order.length;
    this.ranks = regionRanks(search.order);
  }
  /** @returns {number} */
  get current() {
    return this.clamp(this.model.get("step"));
  }
  /** The region that the current step added. @returns {number | null} */
  get added() {
    return this.current > 0 ? this.search.order[this.current - 1] : null;
  }
  /** @param {number} step */
  clamp(step) {
    return Math.max(0, Math.min(this.last, step));
  }
  /** @param {number} step */
  go(step) {
    put(this.model, "step", this.clamp(step));
  }
  /** Go to the step that adds a region. @param {number} region */
  goToRegion(region) {
    this.go(this.ranks[region] + 1);
  }
};
function regionRanks(order) {
  const ranks = new Array(order.length);
  order.forEach((region, k) => ranks[region] = k);
  return ranks;
}
function normalized(scores) {
  const finite = [...scores].filter(Number.isFinite);
  const low = Math.min(...finite);
  const spread2 = Math.max(...finite) - low;
  return [...scores].map((v) => Number.isFinite(v) ? spread2 > 0 ? (v - low) / spread2 : 0 : NaN);
}
function rejectedCandidates({ candidates, order }, step) {
  const n = order.length;
  const values = normalized(
    /** @type {Float32Array} */
    candidates.subarray((step - 1) * n, step * n)
  );
  values[order[step - 1]] = NaN;
  return values;
}
function tokenCurves({ insertion, deletion, objective }, tokens) {
  const count = insertion.length / objective.length;
  return { insertion: meanCurve(insertion, count, tokens), deletion: meanCurve(deletion, count, tokens) };
}
function curveTexts(search, tokens, curves) {
  const many = tokens.length > 1 ? `, mean of ${tokens.length} tokens` : "";
  const title = `Probability of “${quote(tokens, search.targets)}”${many}`;
  const insertion = `shown: AUC ${auc(curves.insertion, search.area).toFixed(3)} (higher is better)`;
  const deletion = `hidden: AUC ${auc(curves.deletion, search.area).toFixed(3)} (lower is better)`;
  return { title, insertion, deletion, label: `${title} over the share of the image: ${insertion}, ${deletion}` };
}
function tokenText(search, tokens, token) {
  const target = search.targets[token] === tokens[token] ? "" : `, target “${search.targets[token].trim()}”`;
  const explained = search.explained.includes(token) ? ", explained" : "";
  return `${quote([token], tokens) || "(nothing visible)"}: token ${token}${target}${explained}`;
}
function regionText(search, ranks, curves, region) {
  const { objective, order, decided, regionArea } = search;
  const k = ranks[region];
  return [
    `Region ${region}, rank ${k + 1} of ${order.length}${decided[k] ? "" : " (proposed)"}`,
    `gain ${signed(objective[k + 1] - objective[k])}`,
    `area ${percent(regionArea[region])}`,
    `probability once added ${curves.insertion[k + 1].toFixed(3)}`
  ].join("\n");
}
function stepText({ order, area }, { insertion, deletion }, step) {
  return `Step ${step} of ${order.length} · ${percent(area[step])} of the image · probability ${insertion[step].toFixed(3)} shown, ${deletion[step].toFixed(3)} hidden`;
}
function additionText({ order, objective, decided }, step) {
  if (step === 0) return "No region added.";
  const gain = signed(objective[step] - objective[step - 1]);
  const proposed = decided[step - 1] ? "" : " · proposed: the search ended early";
  return `Region ${order[step - 1]} added · gain ${gain} · objective ${objective[step].toFixed(3)}${proposed}`;
}

// src/logic/correction-steps.js
var RemovalSteps = class {
  /** @param {import("./state.js").Model} model @param {Search} search @param {Correction} correction */
  constructor(model, { order }, { step }) {
    this.model = model;
    this.order = order;
    this.last = order.length;
    this.ranks = regionRanks(order);
    this.minimal = step === null ? null : this.last - step;
  }
  /** @returns {number} */
  get current() {
    return this.clamp(this.model.get("removed"));
  }
  /** The number of regions that remain. */
  get shown() {
    return this.last - this.current;
  }
  /** The region that was removed last. @returns {number | null} */
  get removed() {
    return this.current > 0 ? this.order[this.shown] : null;
  }
  /** @param {number} count */
  clamp(count) {
    return Math.max(0, Math.min(this.last, count));
  }
  /** @param {number} count */
  go(count) {
    put(this.model, "removed", this.clamp(count));
  }
  /** Go to the step that removes a region. @param {number} region */
  goToRegion(region) {
    this.go(this.last - this.ranks[region]);
  }
};
function runs(values) {
  const result = [];
  values.forEach((value, k) => {
    const previous = result[result.length - 1];
    if (previous && previous.value === value) previous.length++;
    else result.push({ from: k, length: 1, value });
  });
  return result;
}
function removalTexts(steps, { area }, correction, counter) {
  const { current, shown, last } = steps;
  const share = percent(1 - area[shown]);
  const removed = `${current} of ${last} regions removed, ${share} of the image`;
  const minimal = current === steps.minimal ? ": the minimal correction region" : "";
  return {
    removed,
    status: `${removed}${minimal} · p(“${correction.counter}”) ${counter[shown].toFixed(3)}, p(“${correction.wrongToken}”) ${correction.wrong[shown].toFixed(3)}`,
    caption: current ? `Removed: ${share}` : "Removed: nothing",
    remaining: `The image with ${current} of ${last} regions removed`,
    gone: `The ${current} regions removed, ${share} of the image`
  };
}

// src/palette.js
var INSERTION = "#009e73";
var DELETION = "#d55e00";
var LANGUAGE = "#4393c3";
var VISION = "#d6604d";
var RELIANCE_FLOOR = 0.25;
var SCALES = {
  light: {
    diverging: [[33, 102, 172], [103, 169, 207], [209, 229, 240], [247, 247, 247], [253, 219, 199], [239, 138, 98], [178, 24, 43]],
    sequential: [[255, 255, 255], [199, 229, 190], [60, 140, 90]]
  },
  dark: {
    diverging: [[92, 163, 226], [54, 112, 168], [40, 66, 92], [52, 52, 54], [100, 56, 46], [176, 74, 56], [240, 114, 92]],
    sequential: [[40, 42, 44], [34, 84, 58], [96, 190, 130]]
  }
};
var HEAT = [255, 165, 32];
var HEAT_ALPHA = [20, 170];
var OUTLINES = {
  added: {
    line: "#ffd21f",
    halo: "rgba(0,0,0,.85)"
  },
  pointed: {
    line: "#ffffff",
    halo: "rgba(0,0,0,.8)"
  },
  borders: {
    line: "rgba(255,255,255,.55)",
    halo: "rgba(0,0,0,.25)"
  }
};
var INTERFACE = {
  light: {
    accent: "#0b63c4",
    ring: "#111111"
  },
  dark: {
    accent: "#6cb2ff",
    ring: "#ffffff"
  },
  fallback: {
    ink: "#1c1c1e",
    soft: "#595959",
    paper: "#ffffff",
    line: "#8888",
    empty: "#000000"
  }
};
var DARK_LUMINANCE = 0.2;

// src/parts/dom.js
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
  return (
    /** @type {HTMLButtonElement} */
    h("button", { type: "button", onclick, ...attributes }, label)
  );
}
function slider(label, oninput, attributes = {}) {
  const element = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", step: 1, class: "wide", "aria-label": label, ...attributes })
  );
  element.addEventListener("input", () => oninput(Number(element.value)));
  return element;
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
function perFrame(callback) {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      callback();
    });
  };
}

// src/parts/chart.js
var WIDTH = 420;
var HEIGHT = 190;
var LEFT = 34;
var RIGHT = 8;
var TOP = 8;
var BOTTOM = 32;
var px = (share) => LEFT + share * (WIDTH - LEFT - RIGHT);
var py = (probability) => HEIGHT - BOTTOM - probability * (HEIGHT - TOP - BOTTOM);
function createChart(label, xLabel, x, onpick) {
  const lines = s("g", { fill: "none", "stroke-width": 2, "stroke-linejoin": "round" });
  const cursor = s("line", { y1: py(0), y2: py(1), stroke: "currentColor", "stroke-width": 1.5, "stroke-opacity": 0.7 });
  const dots = s("g");
  const element = s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
    ...axes(xLabel),
    lines,
    cursor,
    dots
  );
  if (onpick) listenToPointer(element, onpick);
  let drawn = [];
  return {
    element,
    /** @param {Line[]} curves @param {string} text for screen readers */
    draw(curves, text) {
      drawn = curves;
      element.setAttribute("aria-label", text);
      lines.replaceChildren(...curves.map((curve) => polyline(curve, x)));
      dots.replaceChildren(...curves.map(({ color }) => s("circle", { r: 4, fill: color })));
    },
    /** Mark a step. @param {number | null} step */
    point(step) {
      cursor.style.display = dots.style.display = step === null ? "none" : "";
      if (step === null) return;
      cursor.setAttribute("x1", String(px(x[step])));
      cursor.setAttribute("x2", String(px(x[step])));
      drawn.forEach(({ values }, k) => {
        dots.children[k].setAttribute("cx", String(px(x[step])));
        dots.children[k].setAttribute("cy", String(py(values[step])));
      });
    }
  };
}
function axes(xLabel) {
  const faint = { stroke: "currentColor", "stroke-opacity": 0.18 };
  const small = { "font-size": 11, fill: "currentColor", "font-family": "system-ui, sans-serif" };
  const marks = [0, 0.25, 0.5, 0.75, 1];
  return [
    ...marks.map((v) => s("line", { x1: px(0), x2: px(1), y1: py(v), y2: py(v), ...faint })),
    ...[0, 0.5, 1].map((v) => s("text", { x: LEFT - 5, y: py(v) + 4, "text-anchor": "end", ...small }, String(v))),
    ...marks.map((v) => s("text", { x: px(v), y: HEIGHT - BOTTOM + 14, "text-anchor": v === 1 ? "end" : "middle", ...small }, `${100 * v} %`)),
    s("text", { x: (px(0) + px(1)) / 2, y: HEIGHT - 4, "text-anchor": "middle", ...small }, xLabel)
  ];
}
function polyline({ color, dash, values }, x) {
  const point = (v, k) => `${px(x[k]).toFixed(1)},${py(Math.min(1, Math.max(0, v))).toFixed(1)}`;
  return s("polyline", { points: values.map(point).join(" "), stroke: color, "stroke-dasharray": dash ?? null });
}
function listenToPointer(element, onpick) {
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

// src/parts/keys.js
function listenToStepKeys(element, steps, go) {
  element.addEventListener("keydown", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (target instanceof Element && target.closest("[role=listbox]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const destinations = { ArrowLeft: steps.current - 1, ArrowRight: steps.current + 1, Home: 0, End: steps.last };
    if (!(event.key in destinations)) return;
    consume(event);
    go(destinations[event.key]);
  });
}
function consume(event) {
  event.preventDefault();
  event.stopPropagation();
}

// src/logic/scale.js
var BLACK = [0, 0, 0];
var WHITE = [255, 255, 255];
var stopsOf = (kind, dark) => SCALES[dark ? "dark" : "light"][kind];
var rgb = (color) => `rgb(${color.join(",")})`;
function interpolate(stops, value) {
  const x = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(x));
  const f = x - k;
  const mix = (c) => Math.round(stops[k][c] * (1 - f) + stops[k + 1][c] * f);
  return [mix(0), mix(1), mix(2)];
}
function luminance(color) {
  const [r, g, b] = color.map((v) => v <= 10.3 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
function tint(kind, value, dark) {
  const background = interpolate(stopsOf(kind, dark), value);
  const ink = contrast(background, BLACK) >= contrast(background, WHITE) ? BLACK : WHITE;
  return { background: rgb(background), color: rgb(ink) };
}
function gradient(kind, dark) {
  return `linear-gradient(to right, ${stopsOf(kind, dark).map(rgb).join(",")})`;
}
function parseColor(css) {
  const channels = css.match(/^rgba?\(([\d.]+),\s*([\d.]+),\s*([\d.]+)/);
  return channels ? [Number(channels[1]), Number(channels[2]), Number(channels[3])] : null;
}
function scaleEnd(values) {
  return Math.max(RELIANCE_FLOOR, ...values);
}

// src/parts/legend.js
function curveKey(color, dash, text) {
  return h("span", {}, h("span", { class: "key", style: `border-top: 3px ${dash} ${color}` }), text);
}
function scaleLegend(kind, dark, low, high) {
  return [
    h("span", {}, low),
    h("span", { class: "bar", style: `background:${gradient(kind, dark)}` }),
    h("span", {}, high)
  ];
}

// src/logic/composite.js
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
    this.on = new Uint8Array(map.n);
    this.step = 0;
  }
  /**
   * Place the first regions of the order.
   * @param {number} step
   * @returns {[number, number]} the rows that changed, first and after the last
   */
  go(step) {
    const changed = this.order.slice(Math.min(step, this.step), Math.max(step, this.step));
    const placed = step > this.step;
    this.step = step;
    return this.change(changed, () => placed);
  }
  /** Place a set of regions. @param {(region: number) => boolean} placed @returns {[number, number]} */
  show(placed) {
    return this.change(Array.from(this.on.keys()), placed);
  }
  /** @param {number[]} regions @param {(region: number) => boolean} placed @returns {[number, number]} */
  change(regions, placed) {
    let first = this.map.height;
    let last = 0;
    for (const region of regions) {
      const on = placed(region);
      if (on === Boolean(this.on[region])) continue;
      this.on[region] = Number(on);
      copyRuns(this.pixels, on ? this.placed : this.waiting, this.map.runs[region]);
      first = Math.min(first, this.map.rows[region][0]);
      last = Math.max(last, this.map.rows[region][1]);
    }
    return [first, Math.max(first, last)];
  }
};
function copyRuns(target, source, runs2) {
  for (let k = 0; k < runs2.length; k += 2) target.set(source.subarray(runs2[k], runs2[k + 1]), runs2[k]);
}

// src/logic/outlines.js
function allBorders(map) {
  return segments(map, 0, map.height, (a, b) => a !== b && a >= 0 && b >= 0);
}
function outline(map, regions) {
  const inside = new Uint8Array(map.n + 1);
  for (const region of regions) inside[region + 1] = 1;
  const rows = regions.map((region) => map.rows[region]);
  const top = Math.min(map.height, ...rows.map(([first]) => first));
  const bottom = Math.max(top, ...rows.map(([, end]) => end));
  return segments(map, top, bottom, (a, b) => inside[a + 1] !== inside[b + 1]);
}
function segments(map, top, bottom, differs) {
  return [...horizontal(map, top, bottom, differs), ...vertical(map, top, bottom, differs)];
}
function labelAt({ width, height, labels }, x, y) {
  return x < 0 || y < 0 || x >= width || y >= height ? -1 : labels[y * width + x];
}
function horizontal(map, top, bottom, differs) {
  const lines = [];
  for (let y = top; y <= bottom; y++) {
    let start = -1;
    for (let x = 0; x <= map.width; x++) {
      const edge = x < map.width && differs(labelAt(map, x, y - 1), labelAt(map, x, y));
      if (edge && start < 0) start = x;
      if (!edge && start >= 0) {
        lines.push(start, y, x, y);
        start = -1;
      }
    }
  }
  return lines;
}
function vertical(map, top, bottom, differs) {
  const lines = [];
  const starts = new Int32Array(map.width + 1).fill(-1);
  for (let y = top; y <= bottom; y++) {
    for (let x = 0; x <= map.width; x++) {
      const edge = y < bottom && differs(labelAt(map, x - 1, y), labelAt(map, x, y));
      if (edge && starts[x] < 0) starts[x] = y;
      if (!edge && starts[x] >= 0) {
        lines.push(x, starts[x], x, y);
        starts[x] = -1;
      }
    }
  }
  return lines;
}

// src/parts/layers.js
var HEAT_SIZE = 360;
function createCanvas(width, height, name) {
  const canvas = (
    /** @type {HTMLCanvasElement} */
    h("canvas", { class: name, "aria-hidden": "true" })
  );
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
var contextOf = (canvas) => (
  /** @type {CanvasRenderingContext2D} */
  canvas.getContext("2d")
);
var PixelLayer = class {
  /** @param {RegionMap} map @param {number[]} order */
  constructor(map, order) {
    this.map = map;
    this.order = order;
    this.canvas = createCanvas(map.width, map.height, "pixels");
    this.composite = null;
    this.data = null;
  }
  /** @param {Uint32Array} placed @param {Uint32Array} waiting */
  load(placed, waiting) {
    const { width, height } = this.map;
    this.composite = new Composite(this.map, this.order, placed, waiting);
    this.data = new ImageData(new Uint8ClampedArray(this.composite.pixels.buffer), width, height);
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
  /** Place the first regions of the order. @param {number} step */
  go(step) {
    if (this.composite && this.composite.step !== step) this.repaint(this.composite.go(step));
  }
  /** Place a set of regions. @param {(region: number) => boolean} placed */
  show(placed) {
    if (this.composite) this.repaint(this.composite.show(placed));
  }
  /** @param {[number, number]} rows */
  repaint([first, end]) {
    if (!this.data || end <= first) return;
    contextOf(this.canvas).putImageData(this.data, 0, 0, 0, first, this.map.width, end - first);
  }
};
var HeatLayer = class {
  /** @param {RegionMap} map */
  constructor(map) {
    const scale = Math.min(1, HEAT_SIZE / Math.max(map.width, map.height));
    const size2 = (pixels) => Math.max(1, Math.round(pixels * scale));
    this.canvas = createCanvas(size2(map.width), size2(map.height), "heat");
    this.data = contextOf(this.canvas).createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.data.data.buffer);
    this.labels = resampledLabels(map, this.canvas.width, this.canvas.height);
  }
  /** @param {number[] | null} values 0 … 1 per region; NaN is transparent */
  draw(values) {
    this.canvas.style.display = values ? "" : "none";
    if (!values) return;
    const colors = values.map((v) => Number.isNaN(v) ? 0 : heatColor(v));
    for (let k = 0; k < this.labels.length; k++) this.pixels[k] = colors[this.labels[k]];
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
};
function heatColor(value) {
  const [low, high] = HEAT_ALPHA;
  const [red, green, blue] = HEAT;
  const alpha = Math.round(low + (high - low) * value);
  return (alpha << 24 | blue << 16 | green << 8 | red) >>> 0;
}
var OutlineLayer = class {
  /** @param {RegionMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = createCanvas(1, 1, "lines");
    this.cached = /* @__PURE__ */ new Map();
    this.surrounded = null;
    this.borderPath = null;
    this.borders = null;
  }
  /** Fit the size on screen; returns whether it changed. @param {DOMRect} box */
  fit(box) {
    const width = Math.max(1, Math.round(box.width * devicePixelRatio));
    const height = Math.max(1, Math.round(box.height * devicePixelRatio));
    const { canvas } = this;
    if (canvas.width === width && canvas.height === height) return false;
    canvas.width = width;
    canvas.height = height;
    this.borders = null;
    return true;
  }
  /** @param {boolean} all whether all borders are drawn @param {number | null} added @param {number | null} pointed */
  draw(all, added, pointed) {
    const context = contextOf(this.canvas);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (all) context.drawImage(this.drawnBorders(), 0, 0);
    if (pointed !== null) this.stroke(this.outlineOf(pointed), 1.5, OUTLINES.pointed);
    if (added !== null) this.stroke(this.outlineOf(added), 2.5, OUTLINES.added);
  }
  /** Add the outline of a set of regions. @param {number[]} regions */
  surround(regions) {
    const key = regions.join();
    if (this.surrounded?.key !== key) this.surrounded = { key, path: outline(this.map, regions) };
    this.stroke(this.surrounded.path, 2, OUTLINES.added);
  }
  /** Add a line through points. @param {[number, number][]} points */
  line(points) {
    const path = points.slice(1).flatMap((to, k) => [...points[k], ...to]);
    this.stroke(path, 1.5, OUTLINES.pointed);
  }
  /** @param {number} region */
  outlineOf(region) {
    let path = this.cached.get(region);
    if (!path) this.cached.set(region, path = outline(this.map, [region]));
    return path;
  }
  /** All borders, drawn once per size. */
  drawnBorders() {
    if (!this.borders) {
      this.borderPath ??= allBorders(this.map);
      this.borders = createCanvas(this.canvas.width, this.canvas.height, "");
      this.stroke(this.borderPath, 0.6, OUTLINES.borders, this.borders);
    }
    return this.borders;
  }
  /** @param {number[]} path @param {number} thickness @param {{line: string, halo: string}} colors @param {HTMLCanvasElement} canvas */
  stroke(path, thickness, colors, canvas = this.canvas) {
    const context = contextOf(canvas);
    const scale = canvas.width / this.map.width;
    context.beginPath();
    for (let k = 0; k < path.length; k += 4) {
      context.moveTo(path[k] * scale, path[k + 1] * scale);
      context.lineTo(path[k + 2] * scale, path[k + 3] * scale);
    }
    context.lineCap = "square";
    context.strokeStyle = colors.halo;
    context.lineWidth = (thickness + 2) * devicePixelRatio;
    context.stroke();
    context.strokeStyle = colors.line;
    context.lineWidth = thickness * devicePixelRatio;
    context.stroke();
  }
};

// src/parts/pixels.js
async function pixelsOf(blob, width, height) {
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = (
    /** @type {CanvasRenderingContext2D} */
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
}

// src/parts/stage.js
var Stage = class {
  /** @param {RegionMap} map @param {number[]} order @param {string} title @param {Pointing} pointing */
  constructor(map, order, title, pointing) {
    this.map = map;
    this.pixels = new PixelLayer(map, order);
    this.heat = new HeatLayer(map);
    this.lines = new OutlineLayer(map);
    this.picture = h("div", { class: "picture", role: "img" }, this.pixels.canvas, this.heat.canvas, this.lines.canvas);
    this.picture.style.aspectRatio = `${map.width} / ${map.height}`;
    this.picture.style.setProperty("--ratio", String(map.width / map.height));
    this.title = h("figcaption", {}, title);
    this.element = h("figure", { class: "stage" }, this.title, this.picture);
    this.listen(pointing);
  }
  /** @param {Pointing} pointing */
  listen({ hover, pick }) {
    this.picture.addEventListener("pointermove", (event) => hover(this.regionAt(event), event));
    this.picture.addEventListener("pointerleave", (event) => hover(null, event));
    this.picture.addEventListener("click", (event) => {
      const region = this.regionAt(event);
      if (region !== null) pick(region);
    });
  }
  /** Position of an event, in pixels of the picture. @param {MouseEvent} event @returns {[number, number]} */
  positionOf(event) {
    const box = this.picture.getBoundingClientRect();
    const { width, height } = this.map;
    return [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
  }
  /** @param {MouseEvent} event */
  regionAt(event) {
    const { width, height, labels } = this.map;
    const [x, y] = this.positionOf(event).map(Math.floor);
    return x < 0 || y < 0 || x >= width || y >= height ? null : labels[y * width + x];
  }
  /** Fit the outlines to the size on screen; returns whether it changed. */
  fit() {
    return this.lines.fit(this.picture.getBoundingClientRect());
  }
  /** @param {string} caption @param {string} [label] for screen readers */
  describe(caption, label) {
    this.title.textContent = caption;
    if (label !== void 0) this.picture.setAttribute("aria-label", label);
  }
};
var StagePair = class {
  /** @param {RegionMap} map @param {number[]} order @param {[string, string]} titles @param {Pointing} pointing */
  constructor(map, order, titles, pointing) {
    this.map = map;
    this.left = new Stage(map, order, titles[0], pointing);
    this.right = new Stage(map, order, titles[1], pointing);
    this.both = [this.left, this.right];
  }
  /**
   * Load the image and the fill.
   * @param {{image: Blob, fill: Blob}} sources
   * @param {boolean} complementary whether the right picture shows what the left one hides
   */
  async load(sources, complementary) {
    const { width, height } = this.map;
    const [image, fill2] = await Promise.all([sources.image, sources.fill].map((blob) => pixelsOf(blob, width, height)));
    this.left.pixels.load(image, fill2);
    if (complementary) this.right.pixels.load(fill2, image);
    else this.right.pixels.load(image, fill2);
  }
  /** Redraw when the size on screen changes. @param {() => void} draw @returns {() => void} ends it */
  watchSize(draw) {
    const observer = new ResizeObserver(() => {
      const changed = this.both.map((stage) => stage.fit());
      if (changed.includes(true)) draw();
    });
    for (const { picture } of this.both) observer.observe(picture);
    return () => observer.disconnect();
  }
};

// src/correction/answer-strip.js
function createAnswerStrip({ turned, said }, onpick) {
  const corrected = turned.slice().reverse();
  const steps = corrected.length;
  const cursor = s("rect", {
    y: 0,
    width: 1,
    height: 10,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "vector-effect": "non-scaling-stroke"
  });
  const element = s(
    "svg",
    { class: "answers", viewBox: `0 0 ${steps} 10`, preserveAspectRatio: "none", role: "img" },
    ...runs(corrected).map(
      ({ from, length: length2, value }) => s("rect", { x: from, y: value ? 0 : 3, width: length2, height: value ? 10 : 4, fill: value ? INSERTION : DELETION })
    ),
    cursor
  );
  element.setAttribute("aria-label", `${corrected.filter(Boolean).length} of ${steps} answers no longer say “${said}”`);
  element.addEventListener("click", (event) => {
    const box = element.getBoundingClientRect();
    onpick(Math.floor(
      /** @type {MouseEvent} */
      (event.clientX - box.left) / box.width * steps
    ));
  });
  return {
    element,
    /** Mark a number of removed regions. @param {number} count */
    mark(count) {
      cursor.setAttribute("x", String(count));
    }
  };
}

// src/correction/panel.js
var CorrectionPanel = class {
  /** @param {import("../panels.js").Context} context @param {() => void} drawSoon */
  constructor({ model, answer }, drawSoon) {
    this.search = /** @type {Search} */
    answer.search;
    this.correction = /** @type {Correction} */
    answer.correction;
    const { insertion, explained } = this.search;
    this.counter = meanCurve(insertion, answer.tokens.length, [explained[0]]);
    this.steps = new RemovalSteps(model, this.search, this.correction);
    this.drawSoon = drawSoon;
    this.pointed = null;
    this.pair = this.createPictures();
    this.chart = this.createCurves();
    const go = (count) => this.steps.go(count);
    this.slider = slider("Regions removed", go, { min: 0, max: this.steps.last });
    this.strip = createAnswerStrip(this.correction, go);
    this.mark = h("strong", {});
    this.text = h("bdi", {});
    this.answer = h("p", { class: "said", role: "status" }, this.mark, " ", this.text);
    this.status = h("p", { class: "status" });
    this.element = this.createElement();
    listenToStepKeys(this.element, this.steps, go);
  }
  createPictures() {
    return new StagePair(this.search.map, this.search.order, ["Shown", "Removed"], {
      hover: (region) => {
        if (region === this.pointed) return;
        this.pointed = region;
        this.drawSoon();
      },
      pick: (region) => this.steps.goToRegion(region)
    });
  }
  createCurves() {
    const { area } = this.search;
    const { counter, wrongToken, wrong } = this.correction;
    const chart = createChart(
      "Probabilities",
      "share of the image shown",
      area,
      (x) => this.steps.go(this.steps.last - nearest(area, x))
    );
    const lines = [
      { color: INSERTION, values: this.counter },
      { color: DELETION, dash: "6 4", values: wrong }
    ];
    chart.draw(lines, `Probabilities of “${counter}” and of “${wrongToken}” over the share of the image shown`);
    return chart;
  }
  createElement() {
    const { counter, wrongToken } = this.correction;
    const keys = [
      curveKey(INSERTION, "solid", `“${counter}”`),
      curveKey(DELETION, "dashed", `“${wrongToken}”, as generated`)
    ];
    const curves = h(
      "div",
      { class: "curves" },
      h("p", { class: "readout" }, "Probability at the deciding token"),
      this.chart.element,
      h("p", { class: "keys" }, ...keys)
    );
    return h(
      "section",
      { class: "correction", "aria-label": "Correction stepper" },
      h("p", { class: "note" }, this.search.note),
      this.answer,
      h("div", { class: "stages" }, this.pair.left.element, this.pair.right.element, curves),
      h("div", { class: "row" }, this.slider),
      this.strip.element,
      this.createControls(),
      this.status
    );
  }
  createControls() {
    const { steps } = this;
    const { minimal } = steps;
    return h(
      "div",
      { class: "controls" },
      button("Whole image", () => steps.go(0)),
      button("◀", () => steps.go(steps.current - 1), { "aria-label": "One region back" }),
      button("▶", () => steps.go(steps.current + 1), { "aria-label": "Remove one more" }),
      minimal === null ? h("span", { class: "note" }, "No step corrects this answer.") : button("Minimal correction", () => steps.go(minimal))
    );
  }
  draw() {
    const { steps, pair, correction } = this;
    const { current, shown, removed } = steps;
    const texts = removalTexts(steps, this.search, correction, this.counter);
    for (const stage of pair.both) {
      stage.pixels.go(shown);
      stage.lines.draw(false, removed, this.pointed);
    }
    pair.left.describe("Shown", texts.remaining);
    pair.right.describe(texts.caption, texts.gone);
    this.chart.point(shown);
    this.strip.mark(current);
    this.slider.value = String(current);
    this.slider.setAttribute("aria-valuetext", texts.removed);
    const corrected = correction.turned[shown];
    this.answer.className = corrected ? "said turned" : "said";
    this.mark.textContent = corrected ? "✓ Corrected:" : "✗ Still says it:";
    this.text.textContent = correction.answers[shown] || "(nothing)";
    this.status.textContent = texts.status;
  }
};
function createCorrection(context) {
  const panel = new CorrectionPanel(context, () => drawSoon());
  const draw = () => panel.draw();
  const drawSoon = perFrame(draw);
  const unwatch = panel.pair.watchSize(draw);
  const ready = panel.pair.load(panel.search, true).then(draw);
  context.onDark(draw);
  const unfollow = follow(context.model, ["removed"], drawSoon);
  return {
    element: panel.element,
    ready,
    stop() {
      unwatch();
      unfollow();
    }
  };
}

// src/logic/selection.js
function sorted(values) {
  return [...new Set(values)].sort((a, b) => a - b);
}
function toggle(selected, members) {
  const set = new Set(selected);
  const all = members.every((k) => set.has(k));
  for (const k of members) {
    if (all) set.delete(k);
    else set.add(k);
  }
  return sorted(set);
}
function coverage(group, selected) {
  const hits = group.filter((k) => selected.has(k)).length;
  if (hits === group.length) return true;
  return hits ? "partly" : false;
}

// src/logic/eagle.js
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
function eagleStates(eagle, mode) {
  return eagle.area.map((_, k) => ({
    painted: sorted(eagle.order.slice(0, k)),
    mode,
    p: eagleRow(eagle, mode, k),
    order: true
  }));
}
function comparisonText(mode, own, eagle) {
  const show = mode === "show";
  const yours = `Yours: ${own.p.toFixed(2)} with ${percent(own.area)} of the image ${show ? "shown" : "hidden"}.`;
  if (eagle.regions === 0) return `${yours} EAGLE's first region is larger than that, so there is nothing to compare.`;
  const first = eagle.regions === 1 ? "first region" : `first ${eagle.regions} regions`;
  const lead = (own.p - eagle.p) * (show ? 1 : -1);
  const who = Math.abs(lead) < 5e-3 ? "the two are even" : `${lead > 0 ? "you are" : "EAGLE is"} ahead by ${Math.abs(lead).toFixed(2)}`;
  return `${yours} EAGLE's ${first} at equal area (${percent(eagle.area)}): ${eagle.p.toFixed(2)}. ${show ? "Higher" : "Lower"} is better here: ${who}.`;
}

// src/logic/pacer.js
function createPacer(send, answered, delay) {
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
    /** An answer may have arrived. */
    attempt,
    /** Whether a change is still to be sent. */
    pending: () => due || timer !== void 0,
    drop() {
      clearTimeout(timer);
      timer = void 0;
      due = false;
    }
  };
}

// src/logic/painting-session.js
var DELAY = 150;
var PATIENCE = 1e4;
var MAX_HISTORY = 200;
var PaintingSession = class {
  /** @param {import("./state.js").Model} model @param {() => void} onchange */
  constructor(model, onchange) {
    this.model = model;
    this.onchange = onchange;
    this.record = model.get("_record");
    this.painted = model.get("painted");
    this.mode = model.get("mode");
    this.scored = model.get("_now") ?? this.record?.[0];
    this.error = null;
    this.history = [];
    this.sentAt = 0;
    this.sending = false;
    this.pacer = createPacer(() => this.send(), () => this.answered, DELAY);
  }
  /** @returns {Mask} */
  get mask() {
    return { painted: this.painted, mode: this.mode };
  }
  /** Whether the kernel has answered the latest request. */
  get answered() {
    const trial = (
      /** @type {Trial} */
      this.model.get("_now")
    );
    return trial.done === true && trial.asked === this.model.get("_asked");
  }
  /** Whether the mask is still to be scored. */
  get waiting() {
    return !this.record && this.error === null && !(this.scored.done && sameMask(this.scored, this.mask));
  }
  /** Whether the numbers on screen belong to an earlier mask. */
  get stale() {
    return this.waiting || this.error !== null;
  }
  /** Whether the kernel takes unusually long. */
  get late() {
    return !this.answered && this.sentAt > 0 && performance.now() - this.sentAt > PATIENCE;
  }
  send() {
    const { model } = this;
    if (sameMask(this.mask, { painted: model.get("painted"), mode: model.get("mode") })) return this.onchange();
    this.sending = true;
    model.set("painted", this.painted);
    model.set("mode", this.mode);
    model.set("_asked", model.get("_asked") + 1);
    model.save_changes();
    this.sending = false;
    this.sentAt = performance.now();
    setTimeout(this.onchange, PATIENCE + 100);
  }
  /** Change the mask without an entry in the history. @param {Mask} mask */
  draft({ painted, mode }) {
    this.painted = painted;
    this.mode = mode;
    this.error = null;
    this.pacer.offer();
    this.onchange();
  }
  /** Change the mask. @param {Partial<Mask>} change */
  change(change) {
    this.remember(this.mask);
    this.draft({ ...this.mask, ...change });
  }
  /** @param {Mask} mask */
  remember(mask) {
    this.history.push(mask);
    if (this.history.length > MAX_HISTORY) this.history.shift();
  }
  undo() {
    const mask = this.history.pop();
    if (mask) this.draft(mask);
  }
  /** Take over a mask that the kernel, a link or the slider set. */
  adopt() {
    if (this.sending) return;
    this.pacer.drop();
    this.painted = this.model.get("painted");
    this.mode = this.model.get("mode");
    this.onchange();
  }
  /** Take over what the kernel scored. */
  receive() {
    const { model } = this;
    const trial = model.get("_now");
    if (!trial || this.record) return;
    this.error = trial.error ?? null;
    if (trial.p) this.scored = trial;
    const mask = { painted: model.get("painted"), mode: model.get("mode") };
    if (this.answered && !this.pacer.pending() && !sameMask(trial, mask)) {
      model.set("painted", trial.painted);
      model.set("mode", trial.mode);
    }
    this.pacer.attempt();
    this.onchange();
  }
  /** Show a recorded state. @param {Trial} trial */
  replay(trial) {
    this.scored = { ...trial, done: true };
    this.model.set("painted", trial.painted);
    this.model.set("mode", trial.mode);
    this.onchange();
  }
  stop() {
    this.pacer.drop();
  }
};
function sameMask(a, b) {
  return same(a.painted, b.painted) && a.mode === b.mode;
}

// src/logic/painting-texts.js
function areaOf({ regionArea }, regions) {
  return regions.reduce((sum, k) => sum + regionArea[k], 0);
}
function equalAreaRival(painting, trial) {
  const { eagle } = painting;
  if (!eagle || !trial.p || trial.order || !trial.painted.length) return null;
  const own = areaOf(painting, trial.painted);
  const regions = stepWithin(eagle.area, own);
  return { own, regions, area: eagle.area[regions], row: eagleRow(eagle, trial.mode, regions) };
}
function probabilityRows({ targets, full }, groups, selected, p, rival) {
  const set = new Set(selected);
  const row = (label, tokens) => ({
    label,
    full: mean(full, tokens),
    now: mean(p, tokens),
    eagle: rival?.regions ? mean(rival.row, tokens) : null
  });
  const parts = groups.map((group) => group.filter((k) => set.has(k))).filter((group) => group.length);
  const rows = parts.map((group) => row(group.map((k) => targets[k]).join("").trim() || "·", group));
  if (rows.length > 1) rows.unshift(row("all of these", selected));
  return rows;
}
function rowText({ label, now, full }) {
  return `${label}: ${now.toFixed(2)} now, ${full.toFixed(2)} for the whole image`;
}
function groupText({ targets, full }, group, p) {
  const label = quote(group, targets) || "(nothing visible)";
  return `${label}: ${mean(full, group).toFixed(2)} for the whole image, ${mean(p, group).toFixed(2)} now`;
}
function verdictText({ eagle, targets, map }, trial, selected, p, rival) {
  if (!selected.length) return "Select a word of the answer to follow its probability.";
  if (!eagle) return "";
  const explained = `“${quote(eagle.explained, targets)}”`;
  if (trial.order) return `EAGLE's order for ${explained}, step ${trial.painted.length} of ${map.n}.`;
  if (!rival) return "Paint a region to compare it with EAGLE's order at equal area.";
  const text = comparisonText(
    trial.mode,
    { p: mean(p, selected), area: rival.own },
    { p: mean(rival.row, selected), area: rival.area, regions: rival.regions }
  );
  return same(selected, eagle.explained) ? text : `${text} EAGLE's order explains ${explained}.`;
}
function countText(painting, painted) {
  return `${painted.length} of ${painting.map.n} regions, ${percent(areaOf(painting, painted))} of the image`;
}
function maskText(painting, { painted, mode }) {
  const show = mode === "show";
  if (!painted.length) return `Nothing painted: the model sees ${show ? "nothing" : "the whole image"}`;
  return `${countText(painting, painted)} ${show ? "shown, all else hidden" : "hidden"}`;
}
function sessionText(painting, session) {
  const mask = maskText(painting, session.mask);
  if (session.error !== null) return `${mask} · ${session.error}`;
  if (!session.waiting) return mask;
  const activity = session.scored.done ? "scoring …" : "answering …";
  return `${mask} · ${activity}${session.late ? " the kernel is busy or has stopped" : ""}`;
}
function stateText(painting, { painted, mode }) {
  const show = mode === "show";
  if (!painted.length) return show ? "blank image" : "whole image";
  const regions = `${painted.length} region${painted.length > 1 ? "s" : ""}`;
  return `${regions} ${show ? "shown" : "hidden"}, ${percent(areaOf(painting, painted))} of the image`;
}

// src/logic/strokes.js
function brushedRegions({ width, height, labels }, from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  const regions = /* @__PURE__ */ new Set();
  for (let k = 0; k <= steps; k++) {
    const x = Math.floor(from[0] + (to[0] - from[0]) * k / steps);
    const y = Math.floor(from[1] + (to[1] - from[1]) * k / steps);
    if (x >= 0 && y >= 0 && x < width && y < height) regions.add(labels[y * width + x]);
  }
  return regions;
}
function lassoedRegions(map, points) {
  const { width, height, labels, n } = map;
  const inside = new Uint32Array(n);
  for (let y = 0; y < height; y++) {
    const crossings = rowCrossings(points, y + 0.5);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width, Math.ceil(crossings[k + 1] - 0.5));
      for (let x = Math.max(0, Math.ceil(crossings[k] - 0.5)); x < end; x++) inside[labels[y * width + x]]++;
    }
  }
  return [...inside.keys()].filter((region) => 2 * inside[region] > size(map, region));
}
function rowCrossings(points, y) {
  const crossings = [];
  points.forEach(([x1, y1], k) => {
    const [x2, y2] = points[(k + 1) % points.length];
    if (y1 <= y !== y2 <= y) crossings.push(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
  });
  return crossings.sort((a, b) => a - b);
}
function size({ runs: runs2 }, region) {
  let sum = 0;
  for (let k = 0; k < runs2[region].length; k += 2) sum += runs2[region][k + 1] - runs2[region][k];
  return sum;
}

// src/painter/pointer.js
function listenToStrokes(stage, strokes) {
  const { picture, map } = stage;
  let points = [];
  const end = (completed) => {
    if (!points.length) return;
    points = [];
    strokes.end(completed);
  };
  picture.classList.add("paintable");
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    points = [stage.positionOf(event)];
    strokes.begin();
    strokes.move(points, brushedRegions(map, points[0], points[0]));
  });
  picture.addEventListener("pointermove", (event) => {
    if (!points.length) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const from = points[points.length - 1];
      const to = stage.positionOf(each);
      points.push(to);
      strokes.move(points, brushedRegions(map, from, to));
    }
  });
  picture.addEventListener("pointerup", () => end(true));
  picture.addEventListener("pointercancel", () => end(false));
  picture.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
  });
}

// src/logic/navigation.js
function centroids({ width, runs: runs2 }) {
  return runs2.map((own) => {
    let [x, y, count] = [0, 0, 0];
    for (let k = 0; k < own.length; k += 2) {
      for (let start = own[k]; start < own[k + 1]; ) {
        const row = Math.floor(start / width);
        const end = Math.min(own[k + 1], (row + 1) * width);
        x += ((start + end) / 2 - row * width) * (end - start);
        y += (row + 0.5) * (end - start);
        count += end - start;
        start = end;
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
function verticalNeighbour(centres, from, direction2) {
  let best = from;
  let least = Infinity;
  centres.forEach(([x, y], k) => {
    const along = (y - centres[from][1]) * direction2;
    const aside = Math.abs(x - centres[from][0]);
    const cost = along + 2 * aside;
    if (along > 0 && along >= aside && cost < least) [best, least] = [k, cost];
  });
  return best;
}
function positionText([x, y], { width, height }) {
  const row = ["top", "middle", "bottom"][Math.min(2, Math.floor(3 * y / height))];
  const column = ["left", "centre", "right"][Math.min(2, Math.floor(3 * x / width))];
  return `${row} ${column}`;
}

// src/painter/region-list.js
var RegionList = class {
  /** @param {import("../parts/stage.js").Stage} stage @param {Callbacks} callbacks */
  constructor({ map, picture }, callbacks) {
    this.picture = picture;
    this.callbacks = callbacks;
    this.centres = centroids(map);
    this.order = readingOrder(map, this.centres);
    this.current = this.order[0];
    this.painted = /* @__PURE__ */ new Set();
    this.options = this.createOptions(map);
    picture.append(...this.order.map((k) => this.options[k]));
    const label = "Regions of the image; arrow keys move between regions, space paints";
    const attributes = { role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": label };
    for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
    this.listen();
  }
  /** @param {import("../logic/regions.js").RegionMap} map */
  createOptions(map) {
    const prefix = `region-${Math.random().toString(36).slice(2)}`;
    return this.centres.map(
      (centre, k) => h("span", {
        role: "option",
        id: `${prefix}-${k}`,
        class: "unseen",
        "aria-selected": "false",
        "aria-label": `Region ${k}, ${positionText(centre, map)}, ${this.callbacks.describe(k)} of the image`
      })
    );
  }
  listen() {
    const { picture } = this;
    picture.addEventListener("focus", () => {
      if (picture.matches(":focus-visible")) this.moveTo(this.current);
    });
    picture.addEventListener("blur", () => this.callbacks.point(null));
    picture.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = this.actions()[event.key];
      if (!action) return;
      consume(event);
      action();
    });
  }
  /** @returns {Record<string, () => void>} */
  actions() {
    const { order, current, centres } = this;
    const along = (by) => () => this.moveTo(order[Math.max(0, Math.min(order.length - 1, order.indexOf(current) + by))]);
    const vertical2 = (direction2) => () => this.moveTo(verticalNeighbour(centres, current, direction2));
    const toggle2 = () => this.callbacks.toggle(current);
    return {
      ArrowRight: along(1),
      ArrowLeft: along(-1),
      ArrowDown: vertical2(1),
      ArrowUp: vertical2(-1),
      Home: () => this.moveTo(order[0]),
      End: () => this.moveTo(order[order.length - 1]),
      " ": toggle2,
      Enter: toggle2
    };
  }
  /** @param {number} region */
  moveTo(region) {
    this.current = region;
    this.picture.setAttribute("aria-activedescendant", this.options[region].id);
    this.callbacks.point(region);
  }
  /** @param {number[]} painted */
  update(painted) {
    const next = new Set(painted);
    this.options.forEach((option, k) => {
      if (next.has(k) !== this.painted.has(k)) option.setAttribute("aria-selected", String(next.has(k)));
    });
    this.painted = next;
  }
};

// src/painter/pictures.js
var PAINTED_HEAT = 0.3;
var PaintedPictures = class {
  /** @param {Painting} painting @param {Session} session @param {import("./tools.js").Tools} tools @param {() => void} onchange */
  constructor(painting, session, tools, onchange) {
    this.painting = painting;
    this.session = session;
    this.tools = tools;
    this.onchange = onchange;
    this.pointed = null;
    this.lasso = [];
    this.before = [];
    this.pair = new StagePair(painting.map, [], ["", ""], { hover: (region) => this.point(region), pick() {
    } });
    this.list = session.record ? null : this.makePaintable();
  }
  makePaintable() {
    const { session, painting } = this;
    for (const stage of this.pair.both) {
      listenToStrokes(stage, {
        begin: () => this.begin(),
        move: (points, regions) => this.move(points, regions),
        end: (completed) => this.end(completed)
      });
    }
    return new RegionList(this.pair.left, {
      point: (region) => this.point(region),
      toggle: (region) => session.change({ painted: toggle(session.painted, [region]) }),
      describe: (region) => percent(painting.regionArea[region])
    });
  }
  /** @param {number | null} region */
  point(region) {
    if (region === this.pointed) return;
    this.pointed = region;
    this.onchange();
  }
  begin() {
    this.before = this.session.painted;
    this.lasso = [];
  }
  /** @param {[number, number][]} points @param {Set<number>} regions */
  move(points, regions) {
    if (this.tools.shape === "brush") return this.apply(regions);
    this.lasso = points;
    this.onchange();
  }
  /** @param {boolean} completed */
  end(completed) {
    const { session, lasso } = this;
    if (completed && lasso.length > 2) this.apply(lassoedRegions(this.painting.map, lasso));
    this.lasso = [];
    if (!same(this.before, session.painted)) session.remember({ painted: this.before, mode: session.mode });
    this.onchange();
  }
  /** Paint or erase regions. @param {Iterable<number>} regions */
  apply(regions) {
    const { session } = this;
    const set = new Set(session.painted);
    for (const region of regions) {
      if (this.tools.erasing) set.delete(region);
      else set.add(region);
    }
    const painted = sorted(set);
    if (!same(painted, session.painted)) session.draft({ painted, mode: session.mode });
  }
  draw() {
    const { painted, mode } = this.session;
    const { left, right, both } = this.pair;
    const set = new Set(painted);
    left.pixels.show(() => true);
    right.pixels.show((region) => set.has(region) === (mode === "show"));
    left.heat.draw(this.tools.everything.map((k) => set.has(k) ? PAINTED_HEAT : NaN));
    left.lines.draw(this.tools.borders.input.checked, null, this.pointed);
    right.lines.draw(false, null, this.pointed);
    if (painted.length) left.lines.surround(painted);
    if (this.lasso.length > 1) for (const stage of both) stage.lines.line([...this.lasso, this.lasso[0]]);
    this.describe();
    this.list?.update(painted);
  }
  describe() {
    const { record, scored, painted, mode } = this.session;
    const count = countText(this.painting, painted);
    if (record) this.pair.left.describe(scored.order ? "EAGLE's regions" : "Painted", `The image with ${count} painted`);
    else this.pair.left.describe("Paint here");
    const seen = mode === "show" ? "shown and the rest hidden" : "hidden";
    this.pair.right.describe("What the model sees", `The image with ${count} ${seen}`);
  }
};

// src/parts/answer-changes.js
var MAX_LENGTH = 48;
function createAnswerChanges() {
  const paragraph = h("p", { class: "changes" });
  const element = h("div", { class: "regenerated" }, h("h3", {}, "The answer, generated again"), paragraph);
  return {
    element,
    /** @param {Piece[] | null | undefined} pieces @param {string} placeholder shown without pieces */
    draw(pieces, placeholder) {
      const all = pieces ?? [];
      const text = all.flatMap(([kind, piece]) => kind === "gone" ? [] : [piece]).join("");
      paragraph.dir = direction(text || all.map(([, piece]) => piece).join(""));
      const empty = pieces ? "(nothing) " : placeholder;
      paragraph.replaceChildren(...text ? [] : [empty], ...all.flatMap(marked));
    }
  };
}
function marked([kind, text]) {
  if (kind === "same") return [text];
  const core = text.trim();
  if (kind === "new") return [" ", h("ins", {}, h("bdi", {}, core))];
  const short = core.length > MAX_LENGTH ? `${core.slice(0, 24).trimEnd()} … ${core.slice(-16).trimStart()}` : core;
  return [" ", h("del", { title: core }, h("bdi", {}, short))];
}

// src/parts/bars.js
function createBars(label) {
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
      const compared = rows.some((row) => row.eagle !== null);
      const names = ["Word", "", "whole", "now", ...compared ? ["EAGLE"] : []];
      head.replaceChildren(...names.map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name)));
      body.replaceChildren(...rows.map((row) => tableRow(row, color, compared)));
    }
  };
}
function tableRow(row, color, compared) {
  return h(
    "tr",
    {},
    h("th", { scope: "row", dir: direction(row.label) }, h("bdi", {}, row.label)),
    h("td", {}, meter(row, color)),
    h("td", {}, row.full.toFixed(2)),
    h("td", { class: "now" }, row.now.toFixed(2)),
    compared ? h("td", {}, row.eagle === null ? "–" : row.eagle.toFixed(2)) : null
  );
}
var length = (p) => 100 * Math.min(1, Math.max(0, p));
function meter({ full, now, eagle }, color) {
  const line = { "vector-effect": "non-scaling-stroke", stroke: "currentColor" };
  return s(
    "svg",
    { class: "meter", viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("line", { x1: 0, x2: 100, y1: 13.5, y2: 13.5, ...line, "stroke-opacity": 0.3 }),
    s("rect", { x: 0, width: length(now), y: 3, height: 9, fill: color }),
    s("rect", { x: 0, width: length(full), y: 3, height: 9, fill: "none", ...line, "stroke-opacity": 0.75 }),
    eagle === null ? null : s("line", { x1: length(eagle), x2: length(eagle), y1: 0, y2: 14, ...line, "stroke-width": 4 })
  );
}

// src/parts/chip-input.js
function listenToChipPointer(list, callbacks) {
  listenToClicks(list, callbacks);
  const { element } = list;
  element.addEventListener("pointerover", (event) => {
    const chip = list.chipAt(event.target);
    callbacks.hover?.(chip < 0 ? null : chip);
  });
  element.addEventListener("focusin", (event) => {
    const chip = list.chipAt(event.target);
    if (chip >= 0) callbacks.hover?.(chip);
  });
  element.addEventListener("pointerleave", () => callbacks.hover?.(null));
  element.addEventListener("focusout", () => callbacks.hover?.(null));
}
function listenToClicks(list, callbacks) {
  let start = null;
  let dragged = false;
  list.element.addEventListener("pointerdown", (event) => {
    const chip = list.chipAt(event.target);
    if (chip < 0 || event.button) return;
    start = event.shiftKey ? null : chip;
    dragged = false;
  });
  list.element.addEventListener("pointermove", (event) => {
    if (start === null || !callbacks.drag || !(event.buttons & 1)) return;
    const chip = list.chipAt(event.target);
    if (chip < 0 || chip === start && !dragged) return;
    callbacks.drag(start, chip, !dragged);
    dragged = true;
    getSelection()?.removeAllRanges();
  });
  list.element.addEventListener("click", (event) => {
    const chip = list.chipAt(event.target);
    const endsDrag = dragged;
    start = null;
    dragged = false;
    if (chip < 0 || endsDrag) return;
    list.moveTo(chip, true);
    callbacks.pick(chip, event);
  });
}
function listenToChipKeys(list, callbacks) {
  list.element.addEventListener("keydown", (event) => {
    const chip = list.chipAt(event.target);
    if (chip < 0) return;
    const action = actionOf(event, chip, list, callbacks);
    if (!action) return;
    consume(event);
    action();
  });
}
function actionOf(event, chip, list, callbacks) {
  if ((event.ctrlKey || event.metaKey) && event.key === "a" && callbacks.all) return callbacks.all;
  if (event.ctrlKey || event.metaKey || event.altKey) return void 0;
  const forward = getComputedStyle(list.element).direction === "rtl" ? -1 : 1;
  const step = (by) => () => {
    list.moveTo(chip + by, true);
    if (event.shiftKey && callbacks.drag) callbacks.pick(list.focused, { shiftKey: true });
  };
  const pick = () => callbacks.pick(chip, { shiftKey: event.shiftKey });
  const actions = {
    ArrowRight: step(forward),
    ArrowLeft: step(-forward),
    ArrowDown: step(1),
    ArrowUp: step(-1),
    Home: () => list.moveTo(0, true),
    End: () => list.moveTo(list.items.length - 1, true),
    " ": pick,
    Enter: pick,
    Escape: () => callbacks.clear?.()
  };
  return actions[event.key];
}

// src/parts/chip-list.js
var ChipList = class {
  /** @param {string} label @param {string[]} tokens @param {boolean} multiple @param {Callbacks} callbacks */
  constructor(label, tokens, multiple, callbacks) {
    this.tokens = tokens;
    this.items = [];
    this.groups = null;
    this.focused = 0;
    this.element = h("div", {
      class: "sentence",
      dir: direction(tokens.join("")),
      role: "listbox",
      "aria-label": label,
      "aria-multiselectable": String(multiple),
      "aria-orientation": "horizontal"
    });
    listenToChipPointer(this, callbacks);
    listenToChipKeys(this, callbacks);
  }
  /** Index of the chip at an event's target, or -1. @param {EventTarget | null} target */
  chipAt(target) {
    const item = target instanceof Element ? target.closest("[role=option]") : null;
    return item ? this.items.indexOf(
      /** @type {HTMLElement} */
      item
    ) : -1;
  }
  /** Move the tab stop. @param {number} chip @param {boolean} focus whether the keyboard focus moves too */
  moveTo(chip, focus) {
    if (!this.items.length) return;
    this.items[this.focused]?.setAttribute("tabindex", "-1");
    this.focused = Math.max(0, Math.min(this.items.length - 1, chip));
    this.items[this.focused].setAttribute("tabindex", "0");
    if (focus) this.items[this.focused].focus();
  }
  /** @param {Look} look */
  update(look) {
    if (this.groups !== look.groups) this.rebuild(look.groups);
    look.groups.forEach((group, k) => dress(this.items[k], group, look, joints(look.groups, k, this.tokens)));
  }
  /** @param {number[][]} groups */
  rebuild(groups) {
    this.groups = groups;
    this.items = groups.map((group) => createChip(group, this.tokens));
    this.element.replaceChildren(...this.items.flatMap((item, k) => [...space(groups[k], this.tokens), item]));
    this.moveTo(this.focused, false);
  }
};
function createChip(group, tokens) {
  const text = visible(group.map((k) => tokens[k]).join(""));
  return h("span", { role: "option", tabindex: "-1", "data-tokens": group.join(" ") }, h("bdi", {}, text));
}
function dress(item, group, look, joined) {
  const colors = look.tint(group);
  item.style.background = colors?.background ?? "";
  item.style.color = colors?.color ?? "";
  const selected = look.selected(group);
  item.setAttribute("aria-selected", String(selected === true));
  item.className = `chip ${selected === "partly" ? "partly" : ""} ${look.mark?.(group) ?? ""} ${joined}`;
  const text = look.describe(group);
  item.setAttribute("aria-label", text);
  item.title = text;
}
function joints(groups, k, tokens) {
  const continues = (c) => c > 0 && c < groups.length && !/^\s/.test(tokens[groups[c][0]]);
  return `${continues(k) ? "after" : ""} ${continues(k + 1) ? "before" : ""}`;
}
function space(group, tokens) {
  const text = group.map((k) => tokens[k]).join("");
  if (!/^\s/.test(text)) return [];
  return [/\n/.test(text) ? h("br", { role: "presentation" }) : document.createTextNode(" ")];
}

// src/painter/read-out.js
var COLORS = { show: INSERTION, hide: DELETION };
var ReadOut = class {
  /** @param {import("../panels.js").Context} context @param {import("../logic/painting-session.js").PaintingSession} session */
  constructor({ model, answer, dark }, session) {
    this.model = model;
    this.answer = answer;
    this.painting = /** @type {import("../logic/answer.js").Painting} */
    answer.painting;
    this.dark = dark;
    this.session = session;
    this.drawn = [];
    this.chips = this.createChips();
    this.legend = h("div", { class: "legend" });
    this.table = createBars("Probabilities of the selected tokens");
    this.swatch = h("span", { class: "swatch" });
    this.verdict = h("p", { class: "verdict" });
    this.changes = createAnswerChanges();
    this.announcement = h("p", { class: "unseen", role: "status" });
    this.element = h(
      "div",
      { class: "curves numbers" },
      this.table.element,
      this.createKeys(),
      this.verdict,
      this.changes.element,
      this.announcement
    );
  }
  createChips() {
    const { model, answer } = this;
    const select = (tokens) => put(model, "selected", tokens);
    const label = "Tokens of the answer, coloured by their current probability; select those to follow";
    return new ChipList(label, answer.tokens, true, {
      pick: (chip) => select(toggle(model.get("selected"), answer.groups[chip])),
      clear: () => select([]),
      all: () => select(answer.tokens.map((_, k) => k))
    });
  }
  createKeys() {
    const key = (swatch, text) => h("span", {}, swatch, text);
    return h(
      "p",
      { class: "keys" },
      key(h("span", { class: "swatch hollow" }), "whole image"),
      key(this.swatch, "now"),
      this.painting.eagle ? key(h("span", { class: "swatch tick" }), "EAGLE's order at equal area") : null
    );
  }
  draw() {
    const { session } = this;
    const selected = this.model.get("selected");
    const shown = [session.scored, selected, this.dark(), session.stale];
    if (same(shown, this.drawn)) return;
    this.drawn = shown;
    const p = session.scored.p ?? this.painting.full;
    this.drawChips(selected, p);
    this.drawNumbers(selected, p);
    this.changes.element.style.display = this.painting.generates && !session.scored.order ? "" : "none";
    this.changes.draw(session.scored.answer, session.record ? "No answer was generated for this state." : "…");
  }
  /** @param {number[]} selected @param {number[]} p */
  drawChips(selected, p) {
    const set = new Set(selected);
    this.chips.update({
      groups: this.answer.groups,
      tint: (group) => tint("sequential", mean(p, group), this.dark()),
      selected: (group) => coverage(group, set),
      describe: (group) => groupText(this.painting, group, p)
    });
    this.legend.replaceChildren(...scaleLegend("sequential", this.dark(), "probability now: 0 %", "100 %"));
  }
  /** @param {number[]} selected @param {number[]} p */
  drawNumbers(selected, p) {
    const { session, painting } = this;
    const rival = equalAreaRival(painting, session.scored);
    const rows = probabilityRows(painting, this.answer.groups, selected, p, rival);
    this.table.draw(rows, COLORS[session.scored.mode]);
    this.swatch.style.background = COLORS[session.scored.mode];
    this.element.classList.toggle("stale", session.stale);
    if (rows.length && !session.waiting) this.announcement.textContent = rowText(rows[0]);
    this.verdict.textContent = verdictText(painting, session.scored, selected, p, rival);
  }
};

// src/painter/recording.js
var NOTE = "This page is a recording without a model: nothing new can be painted. Move through the recorded states.";
function createRecording(tracks, describe, show) {
  let track = 0;
  let position = 0;
  const states = () => tracks[track].states;
  const steps = slider("Recorded state", (value) => go(track, value), { min: 0 });
  const status = h("p", { class: "status" });
  const chosen = choice(
    "What is replayed",
    tracks.map(({ name }, k) => [String(k), name]),
    (value) => go(Number(value), 0)
  );
  function go(nextTrack, nextPosition) {
    track = nextTrack;
    position = Math.max(0, Math.min(states().length - 1, nextPosition));
    chosen.set(String(track));
    steps.max = String(states().length - 1);
    steps.value = String(position);
    const text = `${position + 1} of ${states().length}: ${describe(states()[position])}`;
    steps.setAttribute("aria-valuetext", text);
    status.textContent = text;
    show(states()[position]);
  }
  const element = h(
    "div",
    { class: "replay" },
    h("p", { class: "note" }, NOTE),
    h(
      "div",
      { class: "controls" },
      tracks.length > 1 ? chosen.element : null,
      button("◀", () => go(track, position - 1), { "aria-label": "Previous state" }),
      button("▶", () => go(track, position + 1), { "aria-label": "Next state" })
    ),
    steps,
    status
  );
  return { element, go };
}

// src/painter/tools.js
var Tools = class {
  /** @param {import("../logic/painting-session.js").PaintingSession} session @param {number} n regions @param {() => void} onchange */
  constructor(session, n, onchange) {
    this.session = session;
    this.everything = Array.from({ length: n }, (_, k) => k);
    this.shape = "brush";
    this.erasing = false;
    this.shapes = choice("What the pointer draws", [["brush", "Brush"], ["lasso", "Lasso"]], (v) => this.shape = v);
    this.effects = choice("What the pointer does", [["paint", "Paint"], ["erase", "Erase"]], (v) => this.erasing = v === "erase");
    this.modes = choice(
      "What happens to painted regions",
      [["hide", "Hide what is painted"], ["show", "Show only what is painted"]],
      (value) => session.change({ mode: (
        /** @type {import("../logic/eagle.js").Mode} */
        value
      ) })
    );
    this.shapes.set("brush");
    this.effects.set("paint");
    this.undo = button("Undo", () => session.undo());
    this.borders = check("Borders", onchange);
    this.borders.input.checked = true;
    this.elements = session.record ? [] : this.createRows();
  }
  createRows() {
    const { session } = this;
    return [
      h("div", { class: "controls" }, this.modes.element),
      h(
        "div",
        { class: "controls" },
        this.shapes.element,
        this.effects.element,
        this.undo,
        button("Invert", () => session.change({ painted: toggle(this.everything, session.painted) })),
        button("Clear", () => session.change({ painted: [] })),
        this.borders.element
      )
    ];
  }
  draw() {
    this.modes.set(this.session.mode);
    this.undo.disabled = !this.session.history.length;
  }
};

// src/painter/panel.js
function createPainter(context) {
  const { model, answer, onDark } = context;
  const painting = (
    /** @type {Painting} */
    answer.painting
  );
  const session = new PaintingSession(model, () => drawSoon());
  const tools = new Tools(session, painting.map.n, () => drawSoon());
  const pictures = new PaintedPictures(painting, session, tools, () => drawSoon());
  const readOut = new ReadOut(context, session);
  const recording = session.record ? createStates(painting, session) : null;
  const status = h("p", { class: "status", role: "status" });
  function draw() {
    pictures.draw();
    tools.draw();
    status.textContent = sessionText(painting, session);
    readOut.draw();
  }
  const drawSoon = perFrame(draw);
  const { left, right } = pictures.pair;
  const element = h(
    "section",
    { class: "painter", "aria-label": "Mask painter" },
    h("p", { class: "note" }, painting.note),
    readOut.chips.element,
    h("div", { class: "row" }, readOut.legend),
    ...tools.elements,
    recording && recording.element,
    h("div", { class: "stages" }, left.element, right.element, readOut.element),
    session.record ? null : status
  );
  listenToUndo(element, session);
  recording?.go(0, (session.record ?? []).findIndex((trial) => sameMask(trial, session.mask)));
  const ready = pictures.pair.load(painting, false).then(draw);
  onDark(draw);
  const stops = [
    pictures.pair.watchSize(draw),
    follow(model, ["painted", "mode"], () => session.adopt()),
    follow(model, ["selected"], drawSoon),
    follow(model, ["_now"], () => session.receive())
  ];
  return {
    element,
    ready,
    stop() {
      session.stop();
      for (const stop of stops) stop();
    }
  };
}
function createStates(painting, session) {
  const { eagle } = painting;
  const tracks = [{ name: "Tried by hand", states: session.record ?? [] }];
  if (eagle) {
    tracks.push({ name: "EAGLE's order, shown", states: eagleStates(eagle, "show") });
    tracks.push({ name: "EAGLE's order, hidden", states: eagleStates(eagle, "hide") });
  }
  return createRecording(tracks, (trial) => stateText(painting, trial), (trial) => session.replay(trial));
}
function listenToUndo(element, session) {
  element.addEventListener("keydown", (event) => {
    if (session.record || event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    consume(event);
    session.undo();
  });
}

// src/logic/token-texts.js
function chipText({ tokens, probabilities, reliance }, group) {
  const parts = group.length > 1 ? [`${group.length} tokens`] : [`token ${group[0]}`];
  if (probabilities) parts.push(`probability ${group.map((k) => probabilities[k].toFixed(2)).join(" · ")}`);
  if (reliance) parts.push(`reliance ${group.map((k) => reliance.paper[k].toFixed(2)).join(" · ")}`);
  const texts = group.map((k) => tokens[k].replace(/\n/g, "⏎"));
  const label = texts.join(group.length > 1 ? "|" : "").trim();
  return `${label || "(nothing visible)"}: ${parts.join(", ")}`;
}
function selectionText(selected, tokens) {
  if (!selected.length) return `No token selected of ${tokens.length}.`;
  return `${selected.length} of ${tokens.length} tokens selected: “${quote(selected, tokens)}”`;
}

// src/logic/units.js
var FUNCTION_WORDS = new Set(
  "a an the this that these those and or but nor of in on at to from with without by for as into onto over under above below behind beside between near next left right front top is are was were be been being has have had there it its their his her which who while not".split(" ")
);
var ENDS = /[.!?。！？؟।…]["'”’)\]]*\s*$/;
var PAUSES = /[,;:.!?。！？؟،؛、，；：।…()[\]"“”—–]/;
function unitTokens(unit, chip, groups, tokens) {
  if (unit === "token" || unit === "word") return groups[chip];
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  const newLine = (a, b) => /\n\s*$/.test(text[a]) || /^\s*\n/.test(text[b]);
  if (unit === "sentence") return spread(chip, groups, (a, b) => !ENDS.test(text[a]) && !newLine(a, b));
  const inside = (c) => /[\p{L}\p{N}]/u.test(text[c]) && !FUNCTION_WORDS.has(text[c].trim().toLowerCase());
  return spread(chip, groups, (a, b) => inside(a) && inside(b) && !PAUSES.test(text[a].trim()) && !newLine(a, b));
}
function spread(chip, groups, joined) {
  let first = chip;
  let last = chip;
  while (first > 0 && joined(first - 1, first)) first--;
  while (last < groups.length - 1 && joined(last, last + 1)) last++;
  return groups.slice(first, last + 1).flat();
}

// src/picker/panel.js
var HELP = "Click, shift-click or drag; arrow keys and space; Escape clears.";
function createPicker(context) {
  const { model, answer, onDark } = context;
  const everything = answer.tokens.map((_, k) => k);
  const select = (tokens) => {
    put(model, "selected", tokens);
    if (answer.search) put(model, "token", null);
  };
  const chips2 = createChips(context, select, everything, (group) => {
    readout.textContent = group ? chipText(answer, group) : HELP;
  });
  const unit = choice(
    "What a click selects",
    [["token", "Token"], ["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"]],
    (value) => put(model, "unit", value)
  );
  const tints = createTints(context);
  const readout = h("p", { class: "readout" }, HELP);
  const status = h("p", { class: "status", role: "status" });
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h(
      "div",
      { class: "controls" },
      unit.element,
      tints.choice.element,
      button("All", () => select(everything)),
      button("Clear", () => select([]))
    ),
    chips2.list.element,
    h("div", { class: "row" }, readout, tints.legend),
    status
  );
  function draw() {
    const selected = model.get("selected");
    const set = new Set(selected);
    chips2.list.update({
      groups: chips2.groups(),
      tint: tints.color,
      selected: (group) => coverage(group, set),
      describe: (group) => chipText(answer, group)
    });
    unit.set(model.get("unit"));
    tints.update();
    status.textContent = selectionText(selected, answer.tokens);
  }
  onDark(draw);
  return { element, stop: follow(model, ["selected", "unit", "tint"], draw) };
}
function createChips({ model, answer }, select, everything, hover) {
  const single = everything.map((k) => [k]);
  const groups = () => model.get("unit") === "token" ? single : answer.groups;
  const range = (a, b) => sorted(groups().slice(Math.min(a, b), Math.max(a, b) + 1).flat());
  let anchor = 0;
  let before = [];
  const list = new ChipList("Tokens of the answer; select those to explain", answer.tokens, true, {
    pick(chip, { shiftKey }) {
      const selected = model.get("selected");
      if (shiftKey) return select(sorted([...selected, ...range(anchor, chip)]));
      anchor = chip;
      select(toggle(selected, unitTokens(model.get("unit"), chip, groups(), answer.tokens)));
    },
    drag(from, to, first) {
      if (first) before = model.get("selected");
      anchor = from;
      select(sorted([...before, ...range(from, to)]));
    },
    hover: (chip) => hover(chip === null ? null : groups()[chip]),
    clear: () => select([]),
    all: () => select(everything)
  });
  return { list, groups };
}
function createTints({ model, answer, dark }) {
  const { probabilities, reliance } = answer;
  const available = [["none", "Plain"]];
  if (probabilities) available.unshift(["probability", "Probability"]);
  if (reliance) available.unshift(["reliance", "Reliance"]);
  const chosen = choice("What the colours show", available, (value) => put(model, "tint", value));
  const legend = h("div", { class: "legend" });
  const kind = () => available.some(([name]) => name === model.get("tint")) ? model.get("tint") : "none";
  const end = reliance ? scaleEnd(reliance.paper) : 1;
  return {
    choice: chosen,
    legend,
    /** @param {number[]} group */
    color(group) {
      if (kind() === "reliance" && reliance) return tint("diverging", mean(reliance.paper, group) / end, dark());
      if (kind() === "probability" && probabilities) return tint("sequential", mean(probabilities, group), dark());
      return null;
    },
    update() {
      chosen.set(kind());
      legend.replaceChildren(
        ...kind() === "reliance" ? scaleLegend("diverging", dark(), "language", `vision (${end.toFixed(2)})`) : [],
        ...kind() === "probability" ? scaleLegend("sequential", dark(), percent(0), percent(1)) : []
      );
    }
  };
}

// src/logic/reliance-split.js
var MEANINGS = {
  paper: "mean over the steps of p minus its minimum (the paper's)",
  area: "area under p minus its minimum (the published code's)",
  difference: "p(full image) minus p(blank image)"
};
function above(scores, threshold) {
  return scores.flatMap((score, k) => score > threshold ? [k] : []);
}
function sliderBounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20 - 1e-9) / 20;
  const high = Math.ceil(Math.max(RELIANCE_FLOOR, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}
function stackedTicks(scores, [low, high], bins) {
  const heights = /* @__PURE__ */ new Map();
  const ascending = scores.map((_, k) => k).sort((a, b) => scores[a] - scores[b]);
  return ascending.map((token) => {
    const bin = Math.min(bins - 1, Math.floor((scores[token] - low) / (high - low) * bins));
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { token, bin, level };
  });
}
function relianceText(tokens, { paper, area, difference }, token) {
  return `${quote([token], tokens) || "(nothing visible)"}: reliance ${paper[token].toFixed(3)}, area ${area[token].toFixed(3)}, p(full) − p(blank) ${difference[token].toFixed(3)}`;
}

// src/reliance/read-out.js
var HINT = "Point at a token for its numbers; select it for its curves.";
var CURVE_HINT = "Mean probability of the two groups, vision solid and language dashed. Point at a token for its own curve; select it to keep the curve.";
function createReadOut(answer, withCurves) {
  const { tokens } = answer;
  const search = (
    /** @type {import("../logic/answer.js").Search} */
    answer.search
  );
  const reliance = (
    /** @type {import("./panel.js").Scores} */
    answer.reliance
  );
  const text = h("p", { class: "readout" });
  const chart = createChart("Curve", "share of the image shown", search.area, null);
  const curve = (group) => meanCurve(search.insertion, tokens.length, group);
  function drawGroups(scores, threshold) {
    const vision = above(scores, threshold);
    const language = tokens.map((_, k) => k).filter((k) => !vision.includes(k));
    const lines = [
      ...vision.length ? [{ color: VISION, values: curve(vision) }] : [],
      ...language.length ? [{ color: LANGUAGE, dash: "6 4", values: curve(language) }] : []
    ];
    chart.draw(lines, "Mean insertion curves of the vision and the language tokens");
  }
  return {
    element: withCurves ? h("div", { class: "curves" }, text, chart.element) : text,
    /** @param {number | null} token @param {number[]} scores @param {number} threshold */
    update(token, scores, threshold) {
      const numbers = token === null ? null : relianceText(tokens, reliance, token);
      text.textContent = numbers ?? (withCurves ? CURVE_HINT : HINT);
      if (!withCurves) return;
      if (token === null) drawGroups(scores, threshold);
      else chart.draw([{ color: INSERTION, values: curve([token]) }], `Insertion curve of ${numbers}`);
      chart.point(null);
    }
  };
}

// src/reliance/strip.js
var BINS = 100;
var BIN_WIDTH = 10;
var WIDTH2 = BINS * BIN_WIDTH;
var HEIGHT2 = 40;
var MAX_TICK = 12;
function createStrip() {
  const element = s("svg", { class: "strip", role: "img", preserveAspectRatio: "none", viewBox: `0 0 ${WIDTH2} ${HEIGHT2 + 2}` });
  return {
    element,
    /**
     * @param {number[]} scores
     * @param {[number, number]} bounds
     * @param {number} threshold
     * @param {(score: number) => string} color
     */
    draw(scores, bounds, threshold, color) {
      const [low, high] = bounds;
      const ticks = stackedTicks(scores, bounds, BINS);
      const unit = Math.min(MAX_TICK, HEIGHT2 / Math.max(1, ...ticks.map(({ level }) => level + 1)));
      const x = (threshold - low) / (high - low) * WIDTH2;
      element.setAttribute("aria-label", `Distribution of the tokens' reliance from ${low} to ${high}`);
      element.replaceChildren(
        s("line", { x1: 0, x2: WIDTH2, y1: HEIGHT2 + 1, y2: HEIGHT2 + 1, stroke: "currentColor", "stroke-opacity": 0.4 }),
        ...ticks.map(({ token, bin, level }) => tick(bin, level, unit, color(scores[token]))),
        s("line", { x1: x, x2: x, y1: 0, y2: HEIGHT2 + 2, stroke: "currentColor", "stroke-width": 3 })
      );
    }
  };
}
function tick(bin, level, unit, fill2) {
  return s("rect", {
    x: bin * BIN_WIDTH + 1,
    width: BIN_WIDTH - 2,
    y: HEIGHT2 - (level + 1) * unit,
    height: Math.max(0.5, unit - 0.5),
    fill: fill2,
    stroke: "currentColor",
    "stroke-opacity": 0.45,
    "stroke-width": 0.5
  });
}

// src/reliance/panel.js
var ReliancePanel = class {
  /** @param {import("../panels.js").Context} context @param {((token: number | null) => void) | null} preview */
  constructor({ model, answer, dark }, preview) {
    this.model = model;
    this.dark = dark;
    this.tokens = answer.tokens;
    this.reliance = /** @type {Scores} */
    answer.reliance;
    this.groups = answer.tokens.map((_, k) => [k]);
    this.hovered = null;
    this.chips = this.createChips(preview);
    this.definitions = choice(
      "Definition of reliance",
      [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
      (value) => put(model, "definition", value)
    );
    this.slider = slider("Threshold of reliance", (value) => put(model, "threshold", value), { step: 5e-3 });
    this.strip = createStrip();
    this.legend = h("div", { class: "legend" });
    this.counts = h("p", { class: "status", role: "status" });
    this.readOut = createReadOut(answer, preview === null);
    this.clear = button("Clear the selected token", () => put(model, "token", null));
    this.element = this.createElement();
  }
  /** @param {((token: number | null) => void) | null} preview */
  createChips(preview) {
    const { model } = this;
    const label = "Tokens coloured from language (blue) to vision (red); select one to see its curve";
    return new ChipList(label, this.tokens, false, {
      pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
      hover: (chip) => {
        this.hovered = chip;
        preview?.(chip);
        this.drawReadOut();
      },
      clear: () => put(model, "token", null)
    });
  }
  createElement() {
    return h(
      "section",
      { class: "reliance", "aria-label": "Reliance slider" },
      h("div", { class: "controls" }, this.definitions.element, this.legend),
      this.chips.element,
      h("div", { class: "threshold" }, this.slider, this.strip.element),
      this.counts,
      this.readOut.element,
      h("div", { class: "controls" }, this.clear)
    );
  }
  /** @returns {Definition} */
  get definition() {
    return this.model.get("definition");
  }
  get scores() {
    return this.reliance[this.definition] ?? this.reliance.paper;
  }
  /** @param {number} score */
  color(score) {
    return tint("diverging", score / scaleEnd(this.scores), this.dark());
  }
  drawReadOut() {
    const { model } = this;
    this.clear.style.display = typeof model.get("token") === "number" ? "" : "none";
    this.readOut.update(this.hovered ?? model.get("token") ?? null, this.scores, model.get("threshold"));
  }
  draw() {
    const { scores } = this;
    const threshold = this.model.get("threshold");
    const vision = new Set(above(scores, threshold));
    const bounds = sliderBounds([...Object.values(this.reliance).flat(), threshold]);
    this.drawSlider(bounds, threshold, vision.size);
    this.definitions.set(this.definition);
    this.drawChips(vision);
    this.drawCounts(threshold, vision.size);
    this.strip.draw(scores, bounds, threshold, (score) => this.color(score).background);
    this.legend.replaceChildren(...scaleLegend("diverging", this.dark(), "language", `vision (${scaleEnd(scores).toFixed(2)})`));
  }
  /** @param {[number, number]} bounds @param {number} threshold @param {number} vision */
  drawSlider([low, high], threshold, vision) {
    this.slider.min = String(low);
    this.slider.max = String(high);
    this.slider.value = String(threshold);
    const language = this.tokens.length - vision;
    this.slider.setAttribute("aria-valuetext", `${threshold.toFixed(3)}: ${vision} tokens rely on vision, ${language} on language`);
  }
  /** @param {Set<number>} vision */
  drawChips(vision) {
    const { model, scores } = this;
    const group = (k) => vision.has(k) ? "vision" : "language";
    this.chips.update({
      groups: this.groups,
      tint: ([k]) => this.color(scores[k]),
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => `${relianceText(this.tokens, this.reliance, k)}; ${group(k)}`,
      mark: ([k]) => group(k)
    });
  }
  /** @param {number} threshold @param {number} vision */
  drawCounts(threshold, vision) {
    this.counts.replaceChildren(
      h("strong", { class: "vision" }, `${vision} vision`),
      ` above ${threshold.toFixed(3)} · `,
      h("strong", { class: "language" }, `${this.tokens.length - vision} language`),
      ` · reliance: ${MEANINGS[this.definition] ?? MEANINGS.paper}`
    );
  }
};
function createReliance(context, preview) {
  const { model, onDark } = context;
  const panel = new ReliancePanel(context, preview);
  const draw = () => panel.draw();
  onDark(draw);
  const stops = [
    follow(model, ["threshold", "definition", "token"], perFrame(draw)),
    follow(model, preview ? ["token"] : ["token", "threshold", "definition"], perFrame(() => panel.drawReadOut()))
  ];
  draw();
  return {
    element: panel.element,
    stop() {
      for (const stop of stops) stop();
    }
  };
}

// src/logic/playback.js
var Playback = class {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.playing = false;
    this.startTime = 0;
    this.startStep = 0;
  }
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }
  /** Play from the current step, at the end from the first. */
  play() {
    const { player } = this;
    if (player.current() === player.last) player.go(0);
    this.startTime = player.now();
    this.startStep = player.current();
    if (this.playing) return;
    this.playing = true;
    player.onchange(true);
    player.schedule(() => this.tick());
  }
  pause() {
    this.playing = false;
    this.player.onchange(false);
  }
  tick() {
    const { player } = this;
    if (!this.playing) return;
    if (!player.visible()) return this.pause();
    const elapsed = (player.now() - this.startTime) / 1e3;
    const step = Math.min(player.last, this.startStep + Math.floor(elapsed * player.speed()));
    if (step !== player.current()) player.go(step);
    if (step === player.last) this.pause();
    else player.schedule(() => this.tick());
  }
};

// src/stepper/controls.js
var SPEEDS = [1, 2, 4, 8, 16, 32];
var StepControls = class {
  /** @param {import("../logic/state.js").Model} model @param {import("../logic/search-steps.js").SearchSteps} steps */
  constructor(model, steps) {
    this.model = model;
    this.steps = steps;
    this.slider = slider("Step of the search", (step) => steps.go(step), { min: 0, max: steps.last });
    this.play = button("▶ Play", () => this.playback.toggle(), { class: "play", "aria-pressed": "false" });
    this.playback = new Playback({
      current: () => steps.current,
      last: steps.last,
      speed: () => model.get("speed"),
      go: (step) => steps.go(step),
      visible: () => this.element.isConnected,
      onchange: (playing) => this.showPlaying(playing),
      now: () => performance.now(),
      schedule: (tick2) => requestAnimationFrame(tick2)
    });
    this.speed = this.createSpeed();
    this.heat = check("Other candidates", (on) => put(model, "heat", on));
    this.heat.element.title = "Scores of the other regions in the round that added the outlined region";
    if (!steps.search.candidates) this.heat.element.style.display = "none";
    this.borders = check("Borders", (on) => put(model, "borders", on));
    this.element = this.createRow();
  }
  createSpeed() {
    const options = SPEEDS.map((v) => h("option", { value: v }, `${v} per s`));
    const select = (
      /** @type {HTMLSelectElement} */
      h("select", { "aria-label": "Speed", title: "Steps per second" }, ...options)
    );
    select.addEventListener("change", () => {
      put(this.model, "speed", Number(select.value));
      if (this.playback.playing) this.playback.play();
    });
    return select;
  }
  createRow() {
    const { steps } = this;
    const jump = (sign, label, step) => button(sign, () => this.stopAt(step()), { "aria-label": label });
    return h(
      "div",
      { class: "controls" },
      jump("|◀", "First step", () => 0),
      jump("◀", "Step back", () => steps.current - 1),
      this.play,
      jump("▶", "Step forward", () => steps.current + 1),
      jump("▶|", "Last step", () => steps.last),
      this.speed,
      this.heat.element,
      this.borders.element
    );
  }
  /** Stop playing and go to a step. @param {number} step */
  stopAt(step) {
    this.playback.pause();
    this.steps.go(step);
  }
  /** @param {boolean} playing */
  showPlaying(playing) {
    this.play.textContent = playing ? "❚❚ Pause" : "▶ Play";
    this.play.setAttribute("aria-pressed", String(playing));
  }
  /** Show the options that the model holds. */
  adopt() {
    this.heat.input.checked = this.model.get("heat");
    this.borders.input.checked = this.model.get("borders");
    this.speed.value = String(this.model.get("speed"));
  }
  draw() {
    const { current, last, search } = this.steps;
    this.slider.value = String(current);
    this.slider.setAttribute("aria-valuetext", `step ${current} of ${last}, ${percent(search.area[current])} of the image shown`);
  }
};

// src/stepper/curve-view.js
var X_LABEL = "share of the image shown (hidden, for the dashed curve)";
var CurveView = class {
  /**
   * @param {import("../panels.js").Context} context
   * @param {import("../logic/search-steps.js").SearchSteps} steps
   * @param {boolean} alone
   * @param {() => void} onupdate called when other curves are drawn
   */
  constructor({ model, answer }, steps, alone, onupdate) {
    this.model = model;
    this.answer = answer;
    this.search = steps.search;
    this.alone = alone;
    this.onupdate = onupdate;
    this.hovered = null;
    this.curves = tokenCurves(this.search, this.search.explained);
    this.chart = createChart("Curves", X_LABEL, this.search.area, (x) => steps.go(nearest(this.search.area, x)));
    this.title = h("p", { class: "readout" });
    this.insertion = h("span");
    this.deletion = h("span");
    const keys = [curveKey(INSERTION, "solid", this.insertion), curveKey(DELETION, "dashed", this.deletion)];
    this.element = h("div", { class: "curves" }, this.title, this.chart.element, h("p", { class: "keys" }, ...keys));
    this.groups = answer.tokens.map((_, k) => [k]);
    this.chips = alone ? this.createChips() : null;
  }
  createChips() {
    const { model } = this;
    return new ChipList("Tokens of the answer; select one to see its curves", this.answer.tokens, false, {
      pick: (chip) => put(model, "token", model.get("token") === chip ? null : chip),
      hover: (chip) => this.preview(chip),
      clear: () => put(model, "token", null)
    });
  }
  /** Show a token's curves while the pointer is on it. @param {number | null} token */
  preview(token) {
    this.hovered = token;
    this.update();
  }
  /** The tokens whose curves are drawn. @returns {number[]} */
  get tokens() {
    const token = this.hovered ?? this.model.get("token");
    if (token !== null && token !== void 0) return [token];
    const selected = this.alone ? [] : this.model.get("selected");
    return selected.length ? selected : this.search.explained;
  }
  update() {
    this.curves = tokenCurves(this.search, this.tokens);
    const texts = curveTexts(this.search, this.tokens, this.curves);
    this.title.textContent = texts.title;
    this.insertion.textContent = texts.insertion;
    this.deletion.textContent = texts.deletion;
    const lines = [
      { color: INSERTION, values: this.curves.insertion },
      { color: DELETION, dash: "6 4", values: this.curves.deletion }
    ];
    this.chart.draw(lines, texts.label);
    this.updateChips();
    this.onupdate();
  }
  updateChips() {
    const { search, answer, model } = this;
    this.chips?.update({
      groups: this.groups,
      tint: () => null,
      selected: ([k]) => model.get("token") === k,
      describe: ([k]) => tokenText(search, answer.tokens, k),
      mark: ([k]) => search.explained.includes(k) ? "explained" : ""
    });
  }
};

// src/stepper/pictures.js
var TIP_WIDTH = 190;
var SearchPictures = class {
  /**
   * @param {import("../logic/search-steps.js").SearchSteps} steps
   * @param {(region: number) => string} describe
   * @param {() => void} onpoint another region is pointed at
   */
  constructor(steps, describe, onpoint) {
    this.steps = steps;
    this.describe = describe;
    this.onpoint = onpoint;
    this.pointed = null;
    this.heatStep = null;
    this.tip = h("div", { class: "tip", "aria-hidden": "true" });
    this.tip.style.display = "none";
    const { map, order } = steps.search;
    this.pair = new StagePair(map, order, ["Shown", "Hidden"], {
      hover: (region, event) => this.hover(region, event),
      pick: (region) => steps.goToRegion(region)
    });
  }
  /** @param {number | null} region @param {MouseEvent} event */
  hover(region, event) {
    this.tip.style.display = region === null ? "none" : "";
    if (region !== null) {
      this.tip.textContent = this.describe(region);
      this.placeTip(event);
    }
    if (region === this.pointed) return;
    this.pointed = region;
    this.onpoint();
  }
  /** @param {MouseEvent} event */
  placeTip(event) {
    const panel = (
      /** @type {HTMLElement} */
      this.tip.parentElement.getBoundingClientRect()
    );
    const left = event.clientX - panel.left + 14;
    this.tip.style.left = `${Math.min(left, Math.max(0, panel.width - TIP_WIDTH))}px`;
    this.tip.style.top = `${event.clientY - panel.top + 16}px`;
  }
  /** @param {{heat: boolean, borders: boolean}} options */
  draw({ heat, borders }) {
    const { current, added, last, search } = this.steps;
    for (const stage of this.pair.both) {
      stage.pixels.go(current);
      stage.lines.draw(borders, added, this.pointed);
    }
    this.drawHeat(heat && search.candidates !== null && current > 0 ? current : null);
    const share = percent(search.area[current]);
    const first = current ? `the first ${current}` : "nothing";
    const { left, right } = this.pair;
    left.describe(`Shown: ${first}`, `The image with only the first ${current} of ${last} regions shown, ${share} of its area`);
    right.describe(`Hidden: ${first}`, `The image with the first ${current} of ${last} regions hidden`);
  }
  /** @param {number | null} step */
  drawHeat(step) {
    if (step === this.heatStep) return;
    this.heatStep = step;
    this.pair.left.heat.draw(step === null ? null : rejectedCandidates(this.steps.search, step));
  }
};

// src/stepper/panel.js
function createStepper(context, alone) {
  const { model, answer, onDark } = context;
  const search = (
    /** @type {import("../logic/answer.js").Search} */
    answer.search
  );
  const steps = new SearchSteps(model, search);
  const curves = new CurveView(context, steps, alone, () => drawSoon());
  const describe = (region) => regionText(search, steps.ranks, curves.curves, region);
  const pictures = new SearchPictures(steps, describe, () => drawSoon());
  const controls = new StepControls(model, steps);
  const status = h("p", { class: "status" });
  const addition = h("p", { class: "status" });
  const draw = measured(() => {
    const { current } = steps;
    controls.draw();
    pictures.draw({ heat: model.get("heat"), borders: model.get("borders") });
    curves.chart.point(current);
    status.textContent = stepText(search, curves.curves, current);
    addition.textContent = additionText(search, current);
  });
  const drawSoon = perFrame(draw);
  const element = h(
    "section",
    { class: "stepper", "aria-label": "Search stepper" },
    curves.chips && curves.chips.element,
    h("div", { class: "stages" }, pictures.pair.left.element, pictures.pair.right.element, curves.element),
    h("div", { class: "row" }, controls.slider),
    controls.element,
    status,
    addition,
    pictures.tip
  );
  listenToStepKeys(element, steps, (step) => controls.stopAt(step));
  const unwatch = pictures.pair.watchSize(draw);
  curves.update();
  const ready = pictures.pair.load(search, true).then(draw);
  onDark(draw);
  const stops = [
    unwatch,
    follow(model, ["step"], drawSoon),
    follow(model, ["heat", "borders", "speed"], () => {
      controls.adopt();
      drawSoon();
    }),
    follow(model, alone ? ["token"] : ["token", "selected"], () => curves.update())
  ];
  return {
    element,
    ready,
    preview: (token) => curves.preview(token),
    stop() {
      controls.playback.pause();
      for (const stop of stops) stop();
    }
  };
}
function measured(draw) {
  return () => {
    const start = performance.now();
    draw();
    performance.measure("eagle_nb draw", { start });
    performance.clearMeasures("eagle_nb draw");
  };
}

// src/panels.js
function createPanel(name, context) {
  if (name === "picker") return createPicker(context);
  if (name === "stepper") return createStepper(context, true);
  if (name === "reliance") return createReliance(context, null);
  if (name === "correction") return createCorrection(context);
  if (name === "painter") return createPainter(context);
  return createExplorer(context);
}
function createExplorer(context) {
  const stepper = createStepper(context, false);
  const picker = createPicker(context);
  const reliance = createReliance(context, stepper.preview);
  const element = h(
    "div",
    { class: "explorer" },
    h("p", { class: "note" }, context.answer.search?.note ?? ""),
    titled("The answer, word by word", picker),
    titled("The search, region by region", stepper),
    titled("Seen, or guessed from language?", reliance)
  );
  return { element, ready: stepper.ready, stop: () => [stepper, picker, reliance].forEach((panel) => panel.stop()) };
}
function titled(title, panel) {
  return h("div", { class: "part" }, h("h3", {}, title), panel.element);
}

// src/parts/boxes.js
var transparent = (color) => /^rgba\(.*, 0\)$/.test(color);
function drawBox(style, box, svg) {
  const [top, right, bottom, left] = ["top", "right", "bottom", "left"].map((side) => edgeOf(style, side));
  const framed = Boolean(top && right && left && bottom);
  const ring = style.outlineStyle === "none" ? null : outlineOf(style);
  drawRect(style, box, ring ?? (framed ? top : null), svg);
  if (framed) {
    if (bottom && top && bottom.width > top.width) svg.append(edgeLine(bottom, "bottom", box));
    return;
  }
  for (const [side, edge] of Object.entries({ top, right, bottom, left })) {
    if (edge) svg.append(edgeLine(edge, side, box));
  }
}
function edgeOf(style, side) {
  const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
  const kind = style.getPropertyValue(`border-${side}-style`);
  if (!width || kind === "none") return null;
  return { width, style: kind, color: style.getPropertyValue(`border-${side}-color`) };
}
function outlineOf(style) {
  return { width: Number.parseFloat(style.outlineWidth), style: style.outlineStyle, color: style.outlineColor };
}
function drawRect(style, box, edge, svg) {
  const fill2 = gradientFill(style.backgroundImage, svg) ?? style.backgroundColor;
  if (transparent(fill2) && !edge) return;
  svg.append(
    s("rect", {
      ...box,
      rx: Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2),
      fill: fill2,
      stroke: edge?.color ?? "none",
      "stroke-width": edge?.width ?? 0,
      "stroke-dasharray": edge ? dashes(edge) : null
    })
  );
}
function gradientFill(image, svg) {
  const colors = image.startsWith("linear-gradient(to right") ? image.match(/rgba?\([^)]*\)/g) ?? [] : [];
  if (colors.length < 2) return null;
  const id = `gradient-${svg.querySelectorAll("linearGradient").length}`;
  const stops = colors.map((color, k) => s("stop", { offset: k / (colors.length - 1), "stop-color": color }));
  svg.append(s("linearGradient", { id }, ...stops));
  return `url(#${id})`;
}
function edgeLine(edge, side, { x, y, width, height }) {
  const half = edge.width / 2;
  const ends = {
    top: { x1: x, x2: x + width, y1: y + half, y2: y + half },
    bottom: { x1: x, x2: x + width, y1: y + height - half, y2: y + height - half },
    left: { x1: x + half, x2: x + half, y1: y, y2: y + height },
    right: { x1: x + width - half, x2: x + width - half, y1: y, y2: y + height }
  }[side];
  return s("line", { ...ends, stroke: edge.color, "stroke-width": edge.width, "stroke-dasharray": dashes(edge) });
}
function dashes({ style, width }) {
  if (style === "dotted") return `${width} ${width}`;
  return style === "dashed" ? `${2 * width} ${width}` : null;
}

// src/parts/snapshot.js
var SKIPPED = "input, button, select, .choice, .check, .chooser, .saving, .tip, .unseen";
function snapshot(view) {
  const origin = view.getBoundingClientRect();
  const size2 = { width: Math.ceil(origin.width), height: Math.ceil(origin.height) };
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", ...size2, viewBox: `0 0 ${size2.width} ${size2.height}` });
  svg.append(s("rect", { ...size2, fill: getComputedStyle(view).backgroundColor }));
  drawChildren(view, getComputedStyle(view), { svg, origin, clip: { x: 0, y: 0, ...size2 }, decoration: "none" });
  return svg;
}
function drawChildren(element, style, drawing) {
  for (const child of element.childNodes) {
    if (child instanceof Element) drawElement(child, drawing);
    else if (child instanceof Text) drawText(child, style, drawing);
  }
}
function drawElement(element, drawing) {
  if (element.matches(SKIPPED)) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  const box = relative(element.getBoundingClientRect(), drawing.origin);
  if (element instanceof HTMLCanvasElement) {
    const href = element.toDataURL("image/png");
    drawing.svg.append(s("image", { ...box, href, preserveAspectRatio: "none" }));
  } else if (element instanceof SVGElement) {
    const copy = (
      /** @type {SVGElement} */
      element.cloneNode(true)
    );
    for (const [name, value] of Object.entries(box)) copy.setAttribute(name, String(value));
    copy.setAttribute("color", style.color);
    drawing.svg.append(copy);
  } else {
    if (overlaps(box, drawing.clip)) drawBox(style, box, drawing.svg);
    drawChildren(element, style, {
      ...drawing,
      clip: style.overflowY === "visible" ? drawing.clip : box,
      decoration: style.textDecorationLine === "none" ? drawing.decoration : style.textDecorationLine
    });
  }
}
function drawText(node, style, { svg, origin, clip, decoration }) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = relative(range.getBoundingClientRect(), origin);
    if (!box.width || !overlaps(box, clip)) continue;
    svg.append(
      s(
        "text",
        {
          x: box.x + box.width / 2,
          y: box.y + box.height * 0.78,
          "text-anchor": "middle",
          fill: style.color,
          "font-family": style.fontFamily,
          "font-size": style.fontSize,
          "font-weight": style.fontWeight,
          "text-decoration": decoration === "none" ? null : decoration
        },
        word
      )
    );
  }
}
function relative(box, origin) {
  return { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
}
function overlaps(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width + 1 && a.y < b.y + b.height && b.y < a.y + a.height + 1;
}

// src/parts/save.js
var SCALE = 2;
async function savePicture(view, kind, name) {
  const svg = snapshot(view);
  const text = new XMLSerializer().serializeToString(svg);
  const blob = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await rasterize(text, svg);
  download(blob, `${name}.${kind}`);
}
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
}
async function rasterize(text, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * Number(svg.getAttribute("width"));
  canvas.height = SCALE * Number(svg.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(
    (resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("the browser could not encode the picture")), "image/png")
  );
}

// src/parts/theme.js
function paletteStyle() {
  const variables = (colors) => Object.entries(colors).map(([name, color]) => `--${name}: ${color};`).join(" ");
  const fallback = Object.fromEntries(Object.entries(INTERFACE.fallback).map(([name, color]) => [`default-${name}`, color]));
  const curves = { insertion: INSERTION, deletion: DELETION };
  return `.view { ${variables({ ...fallback, ...curves, ...INTERFACE.light })} }
.view.dark { ${variables(INTERFACE.dark)} }
`;
}
function watchTheme(element, callback) {
  let last = null;
  const check2 = () => {
    const color = parseColor(getComputedStyle(element).backgroundColor);
    const dark = color ? luminance(color) < DARK_LUMINANCE : false;
    if (dark !== last) callback(dark);
    last = dark;
  };
  const checkRepeatedly = () => {
    check2();
    for (const ms of [100, 500, 1500]) setTimeout(check2, ms);
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(checkRepeatedly);
  media.addEventListener("change", checkRepeatedly);
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name"];
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true, attributeFilter });
  checkRepeatedly();
  return () => {
    media.removeEventListener("change", checkRepeatedly);
    observer.disconnect();
  };
}

// src/view.js
function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true";
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  const name = model.get("_panel");
  const body = h("div", {});
  const words = createWordChoice(model);
  const view = h("div", { class: `view ${name}-view` }, words && words.element, body);
  view.append(createSaving(view, name));
  root.replaceChildren(createStyle(), view);
  let dark = false;
  let redraw = [];
  let panel = null;
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, ["word"], () => {
    panel?.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.set(String(word));
    const answer = decode(model.get("_data"), word);
    panel = createPanel(name, { model, answer, dark: () => dark, onDark: (callback) => redraw.push(callback) });
    body.replaceChildren(panel.element);
    delete view.dataset.ready;
    Promise.resolve(panel.ready).then(() => view.dataset.ready = "yes");
  });
  return () => {
    unwatch();
    unfollow();
    panel?.stop();
  };
}
function createStyle() {
  const style = document.createElement("style");
  style.textContent = paletteStyle() + style_default;
  return style;
}
function createSaving(view, name) {
  const save = (kind) => () => savePicture(view, kind, `eagle-${name}`);
  return h("div", { class: "controls saving" }, button("Save SVG", save("svg")), button("Save PNG", save("png")));
}
function createWordChoice(model) {
  const each = model.get("_data").each;
  if (!each) return null;
  const names = each.map(({ name }, k) => (
    /** @type {[string, string]} */
    [String(k), name]
  ));
  const chosen = choice("Explained word", names, (value) => {
    const word = each[Number(value)];
    model.set("selected", word.search.explained);
    model.set("token", null);
    model.set("step", word.telling);
    put(model, "word", Number(value));
  });
  return { element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element), set: chosen.set };
}

// src/index.js
var RETRY = 100;
function mount(name, tries = 50) {
  const hosts = (
    /** @type {NodeListOf<HTMLElement>} */
    document.querySelectorAll(`[data-eagle-nb="${name}"]:not([data-live])`)
  );
  if (!hosts.length && tries > 0) setTimeout(mount, RETRY, name, tries - 1);
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
