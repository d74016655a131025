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
var style_default = ':host { display: block; }\n.view {\n  --ink: var(--jp-ui-font-color1, var(--vscode-editor-foreground, var(--default-ink)));\n  --soft: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, var(--default-soft)));\n  --paper: var(--jp-layout-color0, var(--vscode-editor-background, var(--default-paper)));\n  --panel: var(--jp-layout-color1, var(--vscode-editor-background, var(--default-paper)));\n  --line: var(--jp-border-color1, var(--default-line));\n  container-type: inline-size;\n  position: relative;\n  box-sizing: border-box;\n  padding: 0.75em;\n  color: var(--ink);\n  background: var(--paper);\n  font: var(--jp-content-font-size1, 1rem) / 1.5 var(--jp-ui-font-family, system-ui, sans-serif);\n}\n.view.dark { color-scheme: dark; }\n* { box-sizing: border-box; }\np, figure, h3 { margin: 0; }\n[hidden] { display: none !important; }\nh3 { font-size: 1.05em; font-weight: 600; margin-bottom: 0.35em; }\nsection { position: relative; display: grid; gap: 0.5em; min-width: 0; }\n.note, .readout, .legend, .keys, figcaption { color: var(--soft); font-size: 0.9em; }\n.readout { white-space: pre-line; min-height: 1.5em; overflow-wrap: anywhere; }\n.status { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }\n.status + .status { margin-top: -0.4em; }\n.row { display: flex; flex-wrap: wrap; gap: 0.25em 1em; align-items: center; justify-content: space-between; }\n.row > .readout { flex: 1 1 18em; }\n.controls { display: flex; flex-wrap: wrap; gap: 0.4em 0.7em; align-items: center; }\n.saving { margin-top: 0.75em; }\n.chooser { margin-bottom: 0.75em; }\n\nbutton, select {\n  font: inherit; font-size: 0.9em; color: inherit; background: var(--panel); border: 1px solid var(--line);\n  border-radius: 4px; padding: 0.15em 0.6em; min-height: 1.9em; cursor: pointer;\n}\nbutton:hover, select:hover { border-color: var(--accent); }\nbutton.play { min-width: 6em; }\n:is(button, select, input, summary, .chip):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\ninput[type="range"] { accent-color: var(--accent); margin: 0; min-width: 0; }\n.wide { width: 100%; flex: 1; }\n.check { display: inline-flex; gap: 0.35em; align-items: center; font-size: 0.9em; cursor: pointer; }\n.check input { accent-color: var(--accent); }\n.choice { display: inline-flex; flex-wrap: wrap; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }\n.choice label { cursor: pointer; font-size: 0.9em; }\n.choice label + label { border-inline-start: 1px solid var(--line); }\n.choice input { position: absolute; opacity: 0; pointer-events: none; }\n.choice span { display: block; padding: 0.2em 0.65em; }\n.choice input:checked + span { background: var(--ink); color: var(--paper); }\n.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: -2px; }\n\n.legend { display: inline-flex; gap: 0.5em; align-items: center; }\n.bar { display: inline-block; width: 7em; height: 0.8em; border: 1px solid var(--line); border-radius: 2px; }\n\n.picture { position: relative; width: 100%; max-width: calc(30em * var(--ratio)); max-height: 30em; cursor: pointer; background: var(--default-empty); }\n.picture canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }\n.curves { min-width: 0; }\n.chart { display: block; width: 100%; max-width: 34em; height: auto; color: var(--ink); }\n.keys { display: flex; flex-wrap: wrap; gap: 0.1em 0.5em; align-items: center; }\n.key { display: inline-block; width: 1.8em; height: 0; }\n.keys > span { display: inline-flex; gap: 0.5em; align-items: center; margin-inline-end: 0.8em; }\n.said { font-size: 1.1em; overflow-wrap: anywhere; border-inline-start: 5px dashed var(--deletion); padding-inline-start: 0.6em; }\n.said.turned { border-inline-start: 5px solid var(--insertion); }\n.answers { width: 100%; height: 1.1em; color: var(--ink); cursor: pointer; }\n.paintable { cursor: crosshair; touch-action: none; }\n.paintable:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }\n.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }\n.numbers { display: grid; gap: 0.6em; }\n.bars { max-height: 15em; overflow-y: auto; }\n.bars:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\n.bars table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9em; }\n.bars th, .bars td { padding: 0.1em 0.4em; font-weight: 400; text-align: end; white-space: nowrap; color: var(--ink); }\n.bars thead th { color: var(--soft); }\n.bars th:first-child { text-align: start; max-width: 9em; overflow: hidden; text-overflow: ellipsis; }\n.bars td:nth-child(2) { width: 100%; min-width: 4em; }\n.bars .now { font-weight: 600; }\n.meter { display: block; width: 100%; height: 1.1em; color: var(--ink); overflow: visible; }\n.swatch { display: inline-block; width: 1.2em; height: 0.7em; }\n.swatch.hollow { border: 1px solid var(--ink); }\n.swatch.tick { width: 4px; height: 1.1em; background: var(--ink); }\n.stale { opacity: 0.55; }\n.verdict { overflow-wrap: anywhere; }\n.verdict:empty { display: none; }\n.replay { display: grid; gap: 0.5em; }\n.regenerated { border-inline-start: 4px solid var(--line); padding-inline-start: 0.7em; }\n.regenerated h3 { font-size: 0.9em; font-weight: 400; color: var(--soft); margin: 0; }\n.changes { font-size: 1.1em; overflow-wrap: anywhere; white-space: pre-line; }\n.changes ins { font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }\n.changes del { color: var(--soft); text-decoration: line-through; }\nbutton:disabled { opacity: 0.5; cursor: default; }\n.tip {\n  position: absolute; z-index: 3; pointer-events: none; white-space: pre; padding: 0.35em 0.6em; font-size: 0.85em;\n  color: var(--paper); background: var(--ink); border-radius: 4px; max-width: 100%;\n}\n';

// src/explorer/explorer.css
var explorer_default = "/* The Explorer: the answer first; the search and the numbers folded below. */\n.explorer { display: grid; gap: 0.9em; }\n.answer { display: grid; gap: 0.9em 1.6em; grid-template-columns: minmax(0, 1fr); }\n.finding { display: grid; gap: 0.4em; align-content: start; min-width: 0; }\n.headline { font-size: 1.3em; line-height: 1.35; font-weight: 600; overflow-wrap: anywhere; text-wrap: pretty; }\n.headlines { display: grid; align-items: start; }\n.headlines > * { grid-area: 1 / 1; min-width: 0; }\n.reserved { visibility: hidden; }\n@media (hover: none) { .reserved { display: none; } }\n.verdict-line { color: var(--soft); }\n.asked { display: grid; gap: 0.6em; align-content: start; min-width: 0; }\n.asked .sentence { font-size: 1.15em; }\n.answer-map { --tall: 28em; display: grid; gap: 0.35em; align-content: start; min-width: 0; }\n.mapped { display: grid; grid-template-columns: minmax(0, calc(var(--tall) * var(--ratio))) auto; gap: 0.4em 0.6em; min-width: 0; }\n.mapped > .picture, .mapped > .overlay { grid-area: 1 / 1; }\n.mapped > .colorbar { grid-area: 1 / 2; }\n.answer-map .readout { min-height: 3em; }\n.answer-map .picture { max-width: none; max-height: none; }\n.answer-map .picture > canvas { border-radius: 3px; }\n.colorbar {\n  display: grid; grid-template-rows: auto auto 1fr auto; justify-items: start; gap: 0.15em; flex: none;\n  color: var(--soft); font-size: max(12px, 0.85em); line-height: 1.2; font-variant-numeric: tabular-nums;\n}\n.ramp-place { position: relative; width: 1.1em; min-height: 3em; }\n.ramp { position: absolute; inset: 0; width: 100%; height: 100%; border: 1px solid var(--line); }\n.overlay {\n  position: relative; align-self: end; display: flex; flex-wrap: wrap; gap: 0.5em 0.8em; align-items: center; padding: 0.7em 0.9em;\n  color: var(--ink); background: color-mix(in srgb, var(--paper) 92%, transparent); border-top: 3px solid var(--accent);\n}\n.mapped > .overlay.part { grid-area: 2 / 1 / 3 / 3; width: 0; min-width: 100%; }\n.overlay p { flex: 1 1 12em; }\n.fold { border-top: 1px solid var(--line); padding-top: 0.6em; min-width: 0; }\n.fold > summary { cursor: pointer; padding: 0.2em 0; }\n.fold > summary > .title { font-weight: 600; font-size: 1.05em; }\n.fold > summary > .about { color: var(--soft); margin-inline-start: 0.6em; font-size: max(12px, 0.9em); }\n.fold > .content { display: grid; gap: 0.8em; padding-top: 0.6em; min-width: 0; }\n.options-fold { border: 0; padding: 0; }\n.options-fold > summary > .title { font-weight: 400; font-size: max(12px, 0.9em); color: var(--soft); }\n.options { display: grid; gap: 0.5em; }\n.option { display: flex; flex-wrap: wrap; gap: 0.3em 0.7em; align-items: center; font-size: max(12px, 0.9em); }\n.table { overflow: auto; max-height: 32em; }\n.table table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: max(12px, 0.9em); }\n.table :is(th, td) { padding: 0.25em 0.8em; text-align: end; font-weight: 400; border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, transparent); }\n.table thead th { color: var(--soft); position: sticky; top: 0; background: var(--paper); vertical-align: bottom; }\n.table :is(th, td):first-child { text-align: start; padding-inline-start: 0; }\n.table .now :is(th, td) { font-weight: 700; }\n.table .word { min-width: 4em; text-align: start; }\n.view.saving-picture .table button.word { display: inline !important; border: 0; padding: 0; background: none; }\n.view.saving-picture .table { max-height: none; overflow: visible; }\n@media print {\n  .view .table button.word { display: inline !important; border: 0; padding: 0; background: none; }\n  .table { max-height: none; overflow: visible; }\n}\n@media (pointer: coarse) { .fold > summary { min-height: 44px; padding-block: 0.7em; } }\n@container (max-width: 480px) {\n  .fold > summary { min-height: 44px; padding-block: 0.7em; }\n  .answer-map { --tall: 19em; }\n  .headline { font-size: 1.15em; }\n  .verdict-line { min-height: 3em; }\n  .overlay { padding: 0.4em 0.6em; font-size: max(12px, 0.9em); }\n}\n@container (min-width: 46em) {\n  .answer { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }\n  .answer > .finding { grid-column: 1 / 3; }\n}\n";

// src/words.css
var words_default = '/* The answer as a row of words, and the scale of reliance below it. */\n.ask { color: var(--soft); font-size: max(12px, 0.9em); }\n.words { display: grid; gap: 0.25em; min-width: 0; }\n.sentence { position: relative; padding: 4px; line-height: 1.5; user-select: none; overflow-wrap: anywhere; }\n.sentence.folded { max-height: calc(4 * (1.9em + 10px) + 8px); overflow-y: auto; scrollbar-width: thin; }\n.together { white-space: nowrap; }\n.chip {\n  display: inline-block; max-width: 100%; margin-block: 3px; padding: 0.1em 0.35em; border: 1px solid color-mix(in srgb, var(--line) 60%, transparent); border-bottom-width: 3px;\n  border-radius: 4px; cursor: pointer; white-space: normal; overflow-wrap: anywhere; scroll-margin: 1em;\n}\n.chip:hover { border-color: var(--ink); }\n.chip.before { border-start-end-radius: 0; border-end-end-radius: 0; }\n.chip.after { border-start-start-radius: 0; border-end-start-radius: 0; margin-inline-start: -1px; }\n.chip[aria-selected="true"] { outline: 3px solid var(--ring); outline-offset: 0; font-weight: 700; position: relative; z-index: 1; }\n.chip.partly { outline: 3px dashed var(--ring); }\n.chip:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; position: relative; z-index: 2; }\n.chip.vision { border-bottom-color: var(--ink); }\n.chip.language { border-bottom: 3px dotted var(--soft); }\n.chip.unmeasured { border-bottom: 3px solid transparent; }\n.chip.explained { border-bottom-color: var(--ink); }\n.row-controls:not(:has(:not([hidden]))) { display: none; }\n.threshold { display: grid; gap: 0.35em; direction: ltr; }\n.counts { font-weight: 600; }\n.soft { color: var(--soft); font-weight: 400; white-space: nowrap; }\n.track { display: grid; }\n.track > input { width: 100%; }\n.strip { width: calc(100% - 16px); margin-inline: 8px; height: 38px; color: var(--ink); display: block; }\n.axis { position: relative; height: 1.5em; margin-inline: 8px; color: var(--soft); font-size: max(12px, 0.8em); font-variant-numeric: tabular-nums; }\n.axis > span { position: absolute; transform: translateX(-50%); }\n.ends { display: flex; justify-content: space-between; gap: 1em; margin-inline: 8px; color: var(--soft); font-size: max(12px, 0.85em); }\n.unmeasured-key { display: inline-flex; gap: 0.4em; align-items: center; }\n.definition { display: flex; flex-wrap: wrap; gap: 0.3em 0.7em; align-items: center; }\n.several, .touch { display: none; }\n@media (pointer: coarse) {\n  .several, .touch { display: revert; }\n  .mouse { display: none; }\n  .chip { padding-block: calc((44px - 1.5em - 4px) / 2); min-width: 44px; text-align: center; }\n  .sentence.folded { max-height: calc(4 * 50px + 8px); }\n}\n@container (max-width: 480px) {\n  .several, .touch { display: revert; }\n  .mouse { display: none; }\n  .chip { padding-block: calc((44px - 1.5em - 4px) / 2); min-width: 44px; text-align: center; }\n  .sentence.folded { max-height: calc(4 * 50px + 8px); }\n}\n';

// src/parts.css
var parts_default = '/* Pictures with their controls and curves, the strip of answers, touch, print and saved pictures. */\n.steps { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75em; align-items: start; }\n.steering { display: grid; gap: 0.5em; min-width: 0; }\n.charted { display: grid; gap: 0.1em; max-width: 34em; min-width: 0; }\n.chart { display: block; width: 100%; max-width: 34em; height: auto; color: var(--ink); }\n.chart:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\n.values { min-height: 1.5em; color: var(--ink); font-size: 0.9em; font-variant-numeric: tabular-nums; }\n.values:empty { visibility: hidden; }\n.answer-strip { display: grid; gap: 0.3em; direction: ltr; }\n.answers { display: block; width: 100%; height: 24px; color: var(--ink); cursor: pointer; overflow: visible; }\n.state { width: 24px; height: 24px; flex: none; color: var(--ink); }\n.meter { display: block; width: 100%; height: 14px; color: var(--ink); overflow: visible; }\n.bar { flex: none; }\n.steering > .legend { display: flex; flex-wrap: wrap; gap: 0 0.5em; }\n.scale { display: inline-flex; gap: 0.5em; align-items: center; font-variant-numeric: tabular-nums; }\n.said.other { border-inline-start-style: dotted; }\n@container (min-width: 18em) {\n  .steps { grid-template-columns: repeat(2, minmax(0, 1fr)); }\n  .steps > :is(.steering, .curves) { grid-column: 1 / -1; }\n}\n@container (max-width: 24em) {\n  .steps.paintable-steps { grid-template-columns: minmax(0, 1fr); }\n}\n@container (min-width: 50em) {\n  .steps { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.3fr); grid-template-rows: auto 1fr; }\n  .steps > .steering { grid-column: 1 / 3; }\n  .steps > .curves { grid-column: 3; grid-row: 1 / 3; }\n}\n\n:is(.tip, .note, .readout, .legend, .keys, figcaption, .values, .bars table, button, select, .check, .choice label) { font-size: max(12px, 0.9em); }\n@media (pointer: coarse) { :is(button, select, .check, .choice span, .answers) { min-height: 44px; } }\n@media (pointer: coarse) { :is(button, .choice label) { min-width: 44px; } input[type="range"] { height: 44px; } }\n@media (pointer: coarse) { .choice span { display: grid; place-items: center; } .check { padding-inline: 0.4em; } }\n@container (max-width: 480px) {\n  :is(button, select, .check, .choice span) { min-height: 44px; }\n  :is(button, .choice label) { min-width: 44px; }\n  input[type="range"] { height: 44px; }\n  .choice span { display: grid; place-items: center; }\n  .check { padding-inline: 0.4em; }\n  .controls { gap: 0.4em; }\n}\n\n/* A saved or printed picture has no controls and no hints. */\n.view.saving-picture :is(input, button, select, summary, .controls, .choice, .check, .chooser, .saving, .tip, .unseen, .hint, .unsaved, details:not([open])),\n.view.saving-picture .values:empty { display: none !important; }\n.view.saving-picture .sentence, .view.saving-picture .bars { max-height: none; overflow: visible; }\n@media print {\n  .view.view {\n    --ink: var(--default-ink); --soft: var(--default-soft); --paper: var(--default-paper); --panel: var(--default-paper); --ring: var(--default-ink);\n    padding: 0; color-scheme: light; print-color-adjust: exact; -webkit-print-color-adjust: exact;\n  }\n  .view :is(input, button, select, summary, .controls, .choice, .check, .chooser, .saving, .tip, .unseen, .hint, .unsaved, details:not([open])) { display: none !important; }\n  .sentence, .bars { max-height: none; overflow: visible; }\n  figure, .charted, .curves, .steering, .keys, .legend, tr, .chip { break-inside: avoid; }\n  h3, figcaption { break-after: avoid; }\n}\n';

// src/pictures.css
var pictures_default = '/* Several pictures: one large, a strip of thumbnails, and the time line of a video. */\n.frame { display: grid; place-items: center; width: 100%; max-width: calc(30em * var(--ratio)); max-height: 30em; aspect-ratio: var(--ratio); min-width: 0; }\n.frame > .picture, .answer-map .frame > .picture { max-width: none; max-height: none; background: none; }\n.picture.cut-out { background: none; }\n.mapped > .frame { grid-area: 1 / 1; max-width: none; max-height: none; }\n.picture-choice { display: grid; gap: 0.4em; min-width: 0; }\n.picture-status { display: flex; flex-wrap: wrap; gap: 0.2em 1em; align-items: center; min-height: 2.2em; font-size: max(12px, 0.9em); font-variant-numeric: tabular-nums; }\n.mark-key { display: inline-flex; gap: 0.4em; align-items: center; color: var(--soft); }\n.mark-dot { width: 9px; height: 9px; border-radius: 50%; background: var(--mark); border: 1.5px solid var(--mark-halo); }\n.thumbs { display: flex; gap: 4px; overflow-x: auto; padding: 3px; margin: -3px; scrollbar-width: thin; position: relative; }\n.thumb {\n  display: grid; grid-template-rows: auto 4px auto; gap: 3px; flex: none; justify-items: center; align-content: start; padding: 3px; min-width: 44px; min-height: 44px;\n  border: 1px solid transparent; border-radius: 4px; background: none; line-height: 1.25;\n}\n.thumb:hover { border-color: var(--line); }\n.thumb[aria-pressed="true"] { border-color: var(--ink); outline: 2px solid var(--ink); outline-offset: -2px; font-weight: 700; }\n.thumb:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }\n.thumb-picture { display: block; border-radius: 2px; }\n.thumb-bar { width: 100%; height: 4px; border-radius: 2px; background: color-mix(in srgb, var(--line) 45%, transparent); overflow: hidden; }\n.thumb-bar > i { display: block; height: 100%; background: var(--insertion); }\n.thumb-label { max-width: 7em; text-align: center; font-size: 12px; font-variant-numeric: tabular-nums; white-space: normal; }\n.thumb.unexplained { border-style: dashed; border-color: var(--line); color: var(--soft); }\n.time-line { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.2em 0.7em; align-items: start; direction: ltr; }\n.time-line > .play { min-height: 44px; min-width: 7.2em; }\n.time-track { height: 48px; cursor: pointer; touch-action: none; border-bottom: 1px solid var(--line); }\n.time-track:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }\n.time-bars { display: block; width: 100%; height: 100%; color: var(--ink); overflow: visible; }\n.time-bar { fill: var(--insertion); }\n.time-bar.unexplained { fill: var(--soft); }\n.time-here { fill: color-mix(in srgb, var(--accent) 22%, transparent); stroke: var(--accent); stroke-width: 1.5; }\n.time-mark { fill: var(--mark); stroke: var(--mark-halo); stroke-width: 1.5; }\n.time-ticks { display: flex; justify-content: space-between; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }\n.steps > .picture-choice { grid-column: 1 / -1; }\n@container (min-width: 50em) { .steps > .picture-choice { grid-column: 1 / 3; } .steps:has(> .picture-choice) > .curves { grid-row: 1 / 4; } }\n.view.saving-picture button.thumb { display: grid !important; }\n.view.saving-picture .thumbs { flex-wrap: wrap; }\n@media print {\n  .view button.thumb { display: grid !important; }\n  .thumbs { flex-wrap: wrap; }\n}\n';

// src/logic/regions.js
var NO_REGION = 65535;
function decodeRegions(pairs, width, height, n) {
  const map = emptyMap(width, height, n);
  let start = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    const end = start + pairs[k + 1];
    addRun(map, pairs[k], start, end);
    start = end;
  }
  if (start !== map.labels.length) throw new Error(`the region map covers ${start} of ${map.labels.length} pixels`);
  return map;
}
function croppedMap(map, [left, top, right, bottom]) {
  const width = right - left;
  const part = emptyMap(width, bottom - top, map.n);
  for (let y = top; y < bottom; y++) {
    const row = y * map.width;
    const offset = (y - top) * width - row - left;
    for (let x = row + left, end; x < row + right; x = end) {
      for (end = x + 1; end < row + right && map.labels[end] === map.labels[x]; ) end++;
      addRun(part, map.labels[x], x + offset, end + offset);
    }
  }
  return part;
}
function emptyMap(width, height, n) {
  return {
    width,
    height,
    n,
    labels: new Uint16Array(width * height),
    runs: Array.from({ length: n }, () => []),
    rows: Array.from({ length: n }, () => [height, 0])
  };
}
function addRun({ width, labels, runs: runs2, rows }, label2, start, end) {
  labels.fill(label2, start, end);
  if (label2 === NO_REGION) return;
  runs2[label2].push(start, end);
  const span = rows[label2];
  span[0] = Math.min(span[0], Math.floor(start / width));
  span[1] = Math.max(span[1], Math.floor((end - 1) / width) + 1);
}
function regionAt({ width, height, labels }, x, y) {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const label2 = labels[Math.floor(y) * width + Math.floor(x)];
  return label2 === NO_REGION ? null : label2;
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
function joinedRuns(groups, tokens, words = []) {
  const text = groups.map((group) => group.map((k) => tokens[k]).join(""));
  const wordOf = new Map(words.flatMap((word, w) => word.map((k) => (
    /** @type {[number, number]} */
    [k, w]
  ))));
  const mark2 = (c) => !/[\p{L}\p{N}\s]/u.test(text[c].trim());
  const sameWord = (c) => {
    const word = wordOf.get(groups[c][0]);
    return word !== void 0 && word === wordOf.get(groups[c - 1][0]);
  };
  const runs2 = [];
  groups.forEach((_, c) => {
    const touches = c > 0 && !/^\s/.test(text[c]) && !/\s$/.test(text[c - 1]);
    if (touches && (mark2(c) || mark2(c - 1) || sameWord(c))) runs2[runs2.length - 1].push(c);
    else runs2.push([c]);
  });
  return runs2;
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
  return isolated(text);
}
function isolated(text) {
  return direction(text) === "rtl" ? `⁨${text}⁩` : text;
}
function typeset(text) {
  return text.replace(/“([^”]*)”/g, (_, quoted) => `“${isolated(quoted)}”`).replace(/(\d) %/g, "$1 %").replace(/ → /g, " → ");
}
function direction(text) {
  const letter = text.match(/\p{L}/u)?.[0] ?? "";
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}

// src/logic/answer.js
var decoded = /* @__PURE__ */ new WeakMap();
var decodedWords = /* @__PURE__ */ new WeakMap();
function decode(raw, word = 0) {
  const own = raw.each?.[word] ?? raw;
  let answer = decoded.get(own);
  if (!answer) {
    answer = {
      tokens: raw.tokens,
      groups: chips(raw.tokens.length, raw.words),
      probabilities: raw.probabilities,
      reliance: raw.reliance,
      wordReliance: decodeWordReliance(raw),
      isWord: wordTest(raw.words),
      explained: decodeExplained(raw),
      search: raw.search ? decodeSearch({ ...raw.search, ...own.search }) : null,
      correction: raw.correction ?? null,
      painting: raw.painting ? decodePainting({ ...raw.painting, ...own.painting }) : null
    };
    decoded.set(own, answer);
  }
  return answer;
}
function decodeExplained(raw) {
  let words = decodedWords.get(raw);
  if (!words) {
    const each = raw.each ?? (raw.search?.explained ? [{ name: raw.search.name, search: raw.search }] : []);
    words = each.flatMap(({ name, search }) => search ? [{ ...search, name, tokens: search.explained }] : []);
    decodedWords.set(raw, words);
  }
  return words;
}
function decodeWordReliance({ words, wordReliance }) {
  if (!wordReliance) return /* @__PURE__ */ new Map();
  const { paper, area, difference } = wordReliance;
  return new Map(
    words.map((tokens, k) => [
      tokens.join(),
      { paper: paper[k], area: area[k], difference: difference[k] }
    ])
  );
}
function wordTest(words) {
  const members = new Set(words.flat());
  return (group) => group.some((k) => members.has(k));
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
function valuesText(x, curves, step, subject = "the image") {
  const values = curves.flatMap(({ name, values: values2 }) => name ? [`${name} ${values2[step].toFixed(3)}`] : []);
  return `${percent(x)} of ${subject}: ${values.join(", ")}`;
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
function candidateRange({ candidates, order }, step) {
  const n = order.length;
  const scores = [...(candidates ?? []).slice((step - 1) * n, step * n)].filter(Number.isFinite);
  return step > 0 && scores.length > 1 ? [Math.min(...scores), Math.max(...scores)] : null;
}
function tokenCurves({ insertion, deletion, objective, explained, targetInsertion, targetDeletion }, tokens) {
  if (targetInsertion && targetDeletion && same(tokens, explained)) return { insertion: targetInsertion, deletion: targetDeletion };
  const count = insertion.length / objective.length;
  return { insertion: meanCurve(insertion, count, tokens), deletion: meanCurve(deletion, count, tokens) };
}
function curveTexts(search, tokens, curves) {
  const joint = search.aggregate === "joint" && same(tokens, search.explained);
  const many = tokens.length > 1 ? `, ${joint ? "joint" : "mean"} of ${tokens.length} tokens` : "";
  const foreign = tokens.some((token) => !search.explained.includes(token));
  const along = foreign ? `, along the order of “${quote(search.explained, search.targets)}”` : "";
  const title = `Probability of “${quote(tokens, search.targets)}”${many}${along}`;
  const insertion = `insertion: AUC ${auc(curves.insertion, search.area).toFixed(3)} (higher is better)`;
  const deletion = `deletion: AUC ${auc(curves.deletion, search.area).toFixed(3)} (lower is better)`;
  return { title, insertion, deletion, label: `${title} over the share of the image: ${insertion}, ${deletion}` };
}
function regionText(search, ranks, curves, region) {
  const { objective, order, decided, regionArea } = search;
  const k = ranks[region];
  return [
    `Region ${region}, rank ${k + 1} of ${order.length}${decided[k] ? "" : " (proposed)"}`,
    `gain ${signed(objective[k + 1] - objective[k])}`,
    `area ${percent(regionArea[region])}`,
    `insertion once added ${curves.insertion[k + 1].toFixed(3)}`
  ].join("\n");
}
function stepText({ order, area, subject = "the image" }, { insertion, deletion }, step) {
  return `Step ${step} of ${order.length} · ${percent(area[step])} of ${subject} · insertion ${insertion[step].toFixed(3)}, deletion ${deletion[step].toFixed(3)}`;
}
function additionText({ order, objective, decided }, step) {
  if (step === 0) return "No region added.";
  const gain = signed(objective[step] - objective[step - 1]);
  const proposed = decided[step - 1] ? "" : " · proposed: the search ended early";
  return `Region ${order[step - 1]} added · gain ${gain} · objective ${objective[step].toFixed(3)}${proposed}`;
}

// src/logic/correction-steps.js
var STATES = [
  { state: "corrected", name: "corrected", mark: "✓ Corrected:" },
  { state: "another wrong answer", name: "another wrong answer", mark: "≠ Another wrong answer:" },
  { state: "still says it", name: "still says it", mark: "✗ Still says it:" },
  { state: null, name: "undecided", mark: "? Undecided:" }
];
function stateMark(state) {
  return STATES.find((known) => known.state === state)?.mark ?? "";
}
function stateKey(states) {
  const counted = STATES.map((entry) => ({ ...entry, count: states.filter((state) => state === entry.state).length }));
  return counted.filter(({ count }) => count > 0);
}
function stateKeyText(states, said) {
  const counts = stateKey(states).map(({ name, count }) => `${count} ${name}`).join(", ");
  return `Answers of the ${states.length} steps to “${said}”: ${counts}`;
}
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
var UNMEASURED = {
  light: [198, 198, 202],
  dark: [92, 92, 98]
};
var HIDDEN_LIGHTNESS = 0.35;
var HEAT = [255, 165, 32];
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
function button(label2, onclick, attributes = {}) {
  return (
    /** @type {HTMLButtonElement} */
    h("button", { type: "button", onclick, ...attributes }, label2)
  );
}
function slider(label2, oninput, attributes = {}) {
  const element = (
    /** @type {HTMLInputElement} */
    h("input", { type: "range", step: 1, class: "wide", "aria-label": label2, ...attributes })
  );
  element.addEventListener("input", () => oninput(Number(element.value)));
  return element;
}
function choice(label2, choices, onchange) {
  const name = `eagle-${Math.random().toString(36).slice(2)}`;
  const inputs = choices.map(
    ([value]) => (
      /** @type {HTMLInputElement} */
      h("input", { type: "radio", name, value, onchange: () => onchange(value) })
    )
  );
  const element = h(
    "div",
    { class: "choice", role: "radiogroup", "aria-label": label2 },
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
function check(label2, onchange) {
  const input = (
    /** @type {HTMLInputElement} */
    h("input", { type: "checkbox" })
  );
  input.addEventListener("change", () => onchange(input.checked));
  return { element: h("label", { class: "check" }, input, label2), input };
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

// src/parts/axes.js
var LEFT = 34;
var RIGHT = 12;
var TOP = 8;
var BOTTOM = 36;
var FONT = { "font-size": 12, fill: "currentColor", "font-family": "system-ui, sans-serif" };
var Frame = class {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
  }
  /** Horizontal position. @param {number} share */
  px(share) {
    return LEFT + share * (this.width - LEFT - RIGHT);
  }
  /** Vertical position. @param {number} probability */
  py(probability) {
    return this.height - BOTTOM - Math.min(1, Math.max(0, probability)) * (this.height - TOP - BOTTOM);
  }
  /** The share at a horizontal position. @param {number} x */
  share(x) {
    return (x - LEFT) / (this.width - LEFT - RIGHT);
  }
};
function createAxes(frame, xLabel) {
  const faint = { stroke: "currentColor", "stroke-opacity": 0.18 };
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const [left, right] = [frame.px(0), frame.px(1)];
  const below = frame.height - BOTTOM + 15;
  return [
    ...quarters.map((v) => s("line", { x1: left, x2: right, y1: frame.py(v), y2: frame.py(v), ...faint })),
    ...[0, 0.5, 1].map((v) => s("text", { x: left - 5, y: frame.py(v) + 4, "text-anchor": "end", ...FONT }, String(v))),
    ...quarters.map((v) => {
      const place = v === 1 ? { x: frame.width, "text-anchor": "end" } : { x: frame.px(v), "text-anchor": "middle" };
      return s("text", { y: below, ...place, ...FONT }, `${100 * v} %`);
    }),
    s("text", { x: (left + right) / 2, y: frame.height - 4, "text-anchor": "middle", ...FONT }, xLabel)
  ];
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

// src/parts/chart.js
var WIDTH = 420;
var SMALLEST = 200;
var ASPECT = 0.45;
var TALLEST = 230;
var Chart = class {
  /** @param {string} label @param {string} xLabel @param {number[]} x @param {((x: number) => void) | null} onpick */
  constructor(label2, xLabel, x, onpick) {
    this.xLabel = xLabel;
    this.subject = void 0;
    this.x = x;
    this.onpick = onpick;
    this.frame = new Frame(WIDTH, WIDTH * ASPECT);
    this.curves = [];
    this.step = null;
    this.hovered = null;
    this.axes = s("g");
    this.lines = s("g", { fill: "none", "stroke-width": 2, "stroke-linejoin": "round" });
    this.marks = s("g");
    this.svg = s(
      "svg",
      { class: "chart", role: "slider", tabindex: 0, "aria-label": label2, "aria-valuemin": 0, "aria-valuemax": x.length - 1 },
      this.axes,
      this.lines,
      this.marks
    );
    this.values = h("p", { class: "values" });
    this.element = h("div", { class: "charted" }, this.svg, this.values);
    new ResizeObserver(([{ contentRect }]) => this.fit(contentRect.width)).observe(this.svg);
    this.listen();
    this.layout();
  }
  /** @param {number} width on screen */
  fit(width) {
    const rounded = Math.max(SMALLEST, Math.round(width));
    if (!width || rounded === this.frame.width) return;
    this.frame = new Frame(rounded, Math.min(TALLEST, Math.round(rounded * ASPECT)));
    this.layout();
  }
  layout() {
    this.svg.setAttribute("viewBox", `0 0 ${this.frame.width} ${this.frame.height}`);
    this.axes.replaceChildren(...createAxes(this.frame, this.xLabel));
    this.drawLines();
  }
  drawLines() {
    const { frame } = this;
    this.lines.replaceChildren(
      ...this.curves.map(({ color, dash, values }) => {
        const points = values.map((v, k) => `${frame.px(this.x[k]).toFixed(1)},${frame.py(v).toFixed(1)}`);
        return s("polyline", { points: points.join(" "), stroke: color, "stroke-dasharray": dash ?? null });
      })
    );
    this.drawMarks();
  }
  /** The marked step as a line with dots, the one under the pointer as a dashed line with rings. */
  drawMarks() {
    const { step, hovered } = this;
    this.marks.replaceChildren(
      ...step === null ? [] : this.createMark(step, false),
      ...hovered === null || hovered === step ? [] : this.createMark(hovered, true)
    );
    const shown = hovered ?? step;
    const named = shown !== null && this.curves.some(({ name }) => name);
    this.values.textContent = named ? valuesText(this.x[shown], this.curves, shown, this.subject) : "";
    this.svg.setAttribute("aria-valuenow", String(shown ?? 0));
    this.svg.setAttribute("aria-valuetext", this.values.textContent || "no step selected");
  }
  /** @param {number} step @param {boolean} passing whether only the pointer is there */
  createMark(step, passing) {
    const { frame } = this;
    const x = frame.px(this.x[step]);
    const dash = passing ? { "stroke-dasharray": "3 3" } : {};
    const line = { x1: x, x2: x, y1: frame.py(0), y2: frame.py(1), stroke: "currentColor", "stroke-width": 1.5, "stroke-opacity": 0.7 };
    const dots = this.curves.map(
      ({ color, values }) => s("circle", { cx: x, cy: frame.py(values[step]), r: 4, stroke: color, "stroke-width": 2, fill: passing ? "none" : color })
    );
    return [s("line", { ...line, ...dash }), ...dots];
  }
  /** @param {number | null} step */
  hover(step) {
    if (step === this.hovered) return;
    this.hovered = step;
    this.drawMarks();
  }
  /** The share under the pointer. @param {PointerEvent} event */
  shareAt(event) {
    const box = this.svg.getBoundingClientRect();
    return this.frame.share((event.clientX - box.left) / box.width * this.frame.width);
  }
  listen() {
    const { svg, x, onpick } = this;
    const hover = (event) => this.hover(nearest(x, this.shareAt(event)));
    if (onpick) svg.style.cursor = "crosshair";
    svg.style.touchAction = "pan-y";
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      hover(event);
      onpick?.(this.shareAt(event));
    });
    svg.addEventListener("pointermove", (event) => {
      hover(event);
      if (event.buttons & 1) onpick?.(this.shareAt(event));
    });
    svg.addEventListener("pointerleave", () => this.hover(null));
    svg.addEventListener("blur", () => this.hover(null));
    svg.addEventListener("keydown", (event) => this.move(event));
  }
  /** Arrow keys, Home and End. @param {KeyboardEvent} event */
  move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.x.length - 1;
    const current = this.hovered ?? this.step ?? 0;
    const destinations = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last };
    if (!(event.key in destinations)) return;
    consume(event);
    const step = Math.max(0, Math.min(last, destinations[event.key]));
    if (!this.onpick) return this.hover(step);
    this.hover(null);
    this.onpick(this.x[step]);
  }
};
function createChart(label2, xLabel, x, onpick, subject) {
  const chart = new Chart(label2, xLabel, x, onpick);
  chart.subject = subject;
  return {
    element: chart.element,
    /** @param {Line[]} curves @param {string} text for screen readers */
    draw(curves, text) {
      chart.curves = curves;
      chart.svg.setAttribute("aria-label", text);
      chart.drawLines();
    },
    /** Mark a step. @param {number | null} step */
    point(step) {
      chart.step = step;
      chart.drawMarks();
    }
  };
}

// src/logic/heat.js
var DARKEST = 0.35;
function heatColor(value) {
  const brightness = DARKEST + (1 - DARKEST) * Math.min(1, Math.max(0, value));
  const [red, green, blue] = HEAT.map((channel) => Math.round(channel * brightness));
  return [red, green, blue];
}
function heatGradient() {
  return `linear-gradient(to right, ${[0, 1].map((v) => `rgb(${heatColor(v).join(",")})`).join(",")})`;
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
  return inked(interpolate(stopsOf(kind, dark), value));
}
function unmeasuredTint(dark) {
  return inked(UNMEASURED[dark ? "dark" : "light"]);
}
function inked(background) {
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
function scaleEnds(values) {
  return [Math.min(0, ...values), Math.max(RELIANCE_FLOOR, ...values)];
}
function relianceShare(value, threshold, [low, high]) {
  if (value === threshold) return 0.5;
  const reach = value < threshold ? threshold - low : high - threshold;
  return Math.min(1, Math.max(0, 0.5 + 0.5 * (value - threshold) / (reach > 0 ? reach : 1)));
}
function centredStops(dark, threshold, [low, high]) {
  const stops = stopsOf("diverging", dark);
  return stops.map((color, k) => {
    const share = k / (stops.length - 1);
    const value = share <= 0.5 ? low + 2 * share * (threshold - low) : threshold + (2 * share - 1) * (high - threshold);
    return { offset: (value - low) / (high - low), color: rgb(color) };
  });
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
function heatLegend(meaning) {
  const [low, high] = [h("span"), h("span")];
  const bar2 = h("span", { class: "bar", style: `background:${heatGradient()}` });
  const element = h("p", { class: "legend" }, h("span", {}, `${meaning}:`), h("span", { class: "scale" }, low, bar2, high));
  return {
    element,
    /** @param {[number, number] | null} range lowest and highest score */
    draw(range) {
      element.style.display = range ? "" : "none";
      if (!range) return;
      low.textContent = range[0].toFixed(3);
      high.textContent = range[1].toFixed(3);
    }
  };
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

// src/logic/pictures.js
var LEAST_EVIDENCE = 0.05;
var SLOWEST = 1;
var FASTEST = 8;
var maps = /* @__PURE__ */ new WeakMap();
function pictureMap(map, pictures, k) {
  let own = maps.get(map);
  if (!own) maps.set(map, own = /* @__PURE__ */ new Map());
  let part = own.get(k);
  if (!part) own.set(k, part = croppedMap(map, pictures[k].box));
  return part;
}
var pictureSize = ({ box: [left, top, right, bottom] }) => [right - left, bottom - top];
function frameRatio(pictures) {
  const ratios = pictures.map(pictureSize).map(([width, height]) => width / height).sort((a, b) => a - b);
  return ratios[ratios.length >> 1];
}
function strongestPicture(evidence) {
  const measured3 = evidence.map((value) => value ?? -1);
  return measured3.indexOf(Math.max(...measured3));
}
function pictureOfStep({ order, regionPicture = [] }, step) {
  return regionPicture[order[Math.max(0, step - 1)]] ?? 0;
}
function evidenceShares(evidence) {
  const top = Math.max(LEAST_EVIDENCE, ...evidence.map((value) => value ?? 0));
  return evidence.map((value) => (value ?? 0) / top);
}
function pictureText(pictures, k, evidence) {
  const { label: label2, frame, explained } = pictures[k];
  const frames = frame ? pictures.flatMap((other, i) => other.frame ? [i] : []) : [];
  const number = frame ? `frame ${frames.indexOf(k) + 1} of ${frames.length}` : `picture ${k + 1} of ${pictures.length}`;
  const time = frame && !/frame \d+$/.test(label2) ? `, ${label2}` : "";
  if (!explained) return `${number}${time}, not explained`;
  const value = evidence?.[k];
  return `${number}${time}${value === null || value === void 0 ? "" : `, evidence ${value.toFixed(2)}`}`;
}
function shortLabel({ label: label2, frame, explained }, k) {
  const text = frame ? label2.replace(/^frame /, "") : String(k + 1);
  return explained ? text : `${text}, not explained`;
}
function keyedPlace(key, at, count) {
  const places = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - 5,
    PageUp: at + 5,
    Home: 0,
    End: count - 1
  };
  return key in places ? Math.max(0, Math.min(count - 1, places[key])) : null;
}
var frameAt = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
function playingSpeed(frames) {
  const [first, last] = [frames[0]?.seconds ?? null, frames[frames.length - 1]?.seconds ?? null];
  if (first === null || last === null || last <= first) return 2;
  return Math.max(SLOWEST, Math.min(FASTEST, (frames.length - 1) / (last - first)));
}
function regionMarks(map, pictures, regions) {
  return pictures.map((_, k) => {
    const part = pictureMap(map, pictures, k);
    const present = regions.filter((region) => part.runs[region].length);
    const centres = centroids({ ...part, runs: present.map((region) => part.runs[region]) });
    return centres.map(([x, y]) => [x / part.width, y / part.height]);
  });
}
function clearBetween({ width, height, labels }, pictures, image, fill2) {
  const inside = new Uint8Array(width * height);
  for (const { box: [left, top, right, bottom] } of pictures) {
    for (let y = top; y < bottom; y++) inside.fill(1, y * width + left, y * width + right);
  }
  for (let k = 0; k < labels.length; k++) {
    if (!inside[k]) image[k] = 0;
    if (labels[k] === NO_REGION) fill2[k] = image[k];
  }
}

// src/parts/framed.js
function framed(picture, pictures) {
  const frame = h("div", { class: "frame" }, picture);
  frame.style.setProperty("--ratio", String(frameRatio(pictures)));
  return frame;
}
function shapePicture(picture, width, height, pictures = null) {
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.setProperty("--ratio", String(width / height));
  if (pictures) picture.style.width = `${100 * Math.min(1, width / height / frameRatio(pictures))}%`;
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

// src/parts/layers.js
var HEAT_SIZE = 360;
var HATCH_PERIOD = 12;
var HATCH_ALPHA = 150;
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
var Cropped = class {
  /** @param {number} width @param {number} height @param {string} name @param {boolean} several whether only a part is shown */
  constructor(width, height, name, several) {
    this.canvas = createCanvas(width, height, name);
    this.screen = several ? createCanvas(1, 1, name) : this.canvas;
    this.box = [0, 0, width, height];
  }
  /** Show a part. @param {number[]} box */
  crop(box) {
    if (this.screen === this.canvas) return;
    this.box = box;
    this.screen.width = box[2] - box[0];
    this.screen.height = box[3] - box[1];
    this.show();
  }
  /** Draw the part again. */
  show() {
    if (this.screen === this.canvas) return;
    const [left, top, right, bottom] = this.box;
    const size2 = (
      /** @type {const} */
      [right - left, bottom - top]
    );
    contextOf(this.screen).clearRect(0, 0, ...size2);
    contextOf(this.screen).drawImage(this.canvas, left, top, ...size2, 0, 0, ...size2);
  }
};
var PixelLayer = class {
  /** @param {RegionMap} map @param {number[]} order @param {boolean} several whether one of several pictures is shown */
  constructor(map, order, several) {
    this.map = map;
    this.order = order;
    this.cropped = new Cropped(map.width, map.height, "pixels", several);
    this.canvas = this.cropped.canvas;
    this.composite = null;
    this.data = null;
  }
  /** @param {Uint32Array} placed @param {Uint32Array} waiting */
  load(placed, waiting) {
    const { width, height } = this.map;
    this.composite = new Composite(this.map, this.order, placed, waiting);
    this.data = new ImageData(new Uint8ClampedArray(this.composite.pixels.buffer), width, height);
    contextOf(this.canvas).putImageData(this.data, 0, 0);
    this.cropped.show();
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
    this.cropped.show();
  }
};
var HeatLayer = class {
  /** @param {RegionMap} map */
  constructor(map) {
    this.canvas = createCanvas(1, 1, "heat");
    this.data = new ImageData(1, 1);
    this.pixels = new Uint32Array(1);
    this.labels = new Uint16Array(1);
    this.adopt(map);
  }
  /** Draw over another map from now on. @param {RegionMap} map */
  adopt(map) {
    const scale = Math.min(1, HEAT_SIZE / Math.max(map.width, map.height));
    const size2 = (pixels) => Math.max(1, Math.round(pixels * scale));
    const [width, height] = [size2(map.width), size2(map.height)];
    this.canvas.width = width;
    this.canvas.height = height;
    this.data = contextOf(this.canvas).createImageData(width, height);
    this.pixels = new Uint32Array(this.data.data.buffer);
    this.labels = resampledLabels(map, width, height);
  }
  /** @param {number[] | null} values 0 … 1 per region; NaN is transparent */
  draw(values) {
    this.canvas.style.display = values ? "" : "none";
    if (!values) return;
    const colors = values.map((v) => Number.isNaN(v) ? 0 : pixelOf(heatColor(v), 255));
    for (let k = 0; k < this.labels.length; k++) this.pixels[k] = colors[this.labels[k]];
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
  /** Hatch regions with a black and a white line side by side, visible over every colour. @param {Set<number>} regions */
  hatch(regions) {
    const { width } = this.canvas;
    const lines = [pixelOf([0, 0, 0], HATCH_ALPHA), pixelOf([255, 255, 255], HATCH_ALPHA)];
    for (let k = 0; k < this.labels.length; k++) {
      const diagonal = (k % width + Math.floor(k / width)) % HATCH_PERIOD;
      this.pixels[k] = regions.has(this.labels[k]) ? lines[diagonal >> 1] ?? 0 : 0;
    }
    this.canvas.style.display = regions.size ? "" : "none";
    contextOf(this.canvas).putImageData(this.data, 0, 0);
  }
};
var pixelOf = ([red, green, blue], alpha) => (alpha << 24 | blue << 16 | green << 8 | red) >>> 0;

// src/logic/label-points.js
var MAX_NUMBERS = 120;
function numberedRegions(n, pointed) {
  if (n <= MAX_NUMBERS) return Array.from({ length: n }, (_, k) => k);
  return pointed === null ? [] : [pointed];
}
var NEAR_BEST = 0.85;
var BEFORE = [[-1, 0, 3], [0, -1, 3], [-1, -1, 4], [1, -1, 4]];
var AFTER = [[1, 0, 3], [0, 1, 3], [1, 1, 4], [-1, 1, 4]];
function labelPoints(map) {
  const { width, runs: runs2 } = map;
  const distances = borderDistances(map);
  return centroids(map).map((centre, region) => {
    let largest = 0;
    eachPixel(runs2[region], (pixel) => largest = Math.max(largest, distances[pixel]));
    let best = [0, 0];
    let shortest = Infinity;
    eachPixel(runs2[region], (pixel) => {
      if (distances[pixel] < NEAR_BEST * largest) return;
      const [x, y] = [pixel % width + 0.5, Math.floor(pixel / width) + 0.5];
      const length2 = Math.hypot(x - centre[0], y - centre[1]);
      if (length2 < shortest) [best, shortest] = [[x, y], length2];
    });
    return best;
  });
}
function eachPixel(runs2, callback) {
  for (let k = 0; k < runs2.length; k += 2) for (let pixel = runs2[k]; pixel < runs2[k + 1]; pixel++) callback(pixel);
}
function borderDistances({ width, height, labels }) {
  const distances = new Float32Array(width * height).fill(Infinity);
  const relax = (x, y, neighbours) => {
    const pixel = y * width + x;
    for (const [dx, dy, cost] of neighbours) {
      const [nx, ny] = [x + dx, y + dy];
      const outside = nx < 0 || ny < 0 || nx >= width || ny >= height || labels[ny * width + nx] !== labels[pixel];
      distances[pixel] = Math.min(distances[pixel], cost + (outside ? 0 : distances[ny * width + nx]));
    }
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) relax(x, y, BEFORE);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) relax(x, y, AFTER);
  return distances;
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
  if (x < 0 || y < 0 || x >= width || y >= height) return -1;
  const label2 = labels[y * width + x];
  return label2 === NO_REGION ? -1 : label2;
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

// src/parts/outline-layer.js
var NUMBER_SIZE = 12;
var OutlineLayer = class {
  /** @param {RegionMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = createCanvas(1, 1, "lines");
    this.map = map;
    this.cached = /* @__PURE__ */ new Map();
    this.surrounded = null;
    this.points = null;
    this.borderPath = null;
    this.borders = null;
  }
  /** Draw over another map from now on. @param {RegionMap} map */
  adopt(map) {
    this.map = map;
    this.cached.clear();
    this.surrounded = this.points = this.borderPath = this.borders = null;
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
  /** Add the numbers of regions, with a halo that keeps them legible over every picture. @param {number[]} regions */
  number(regions) {
    const context = contextOf(this.canvas);
    const scale = this.canvas.width / this.map.width;
    this.points ??= labelPoints(this.map);
    context.font = `600 ${NUMBER_SIZE * devicePixelRatio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeStyle = OUTLINES.pointed.halo;
    context.fillStyle = OUTLINES.pointed.line;
    for (const region of regions) {
      if (!this.map.runs[region].length) continue;
      const [x, y] = this.points[region];
      context.strokeText(String(region), x * scale, y * scale);
      context.fillText(String(region), x * scale, y * scale);
    }
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
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {string} title
   * @param {Pointing} pointing
   * @param {Picture[] | null} [pictures] where one of several pictures is shown; `map` is that of their canvas
   */
  constructor(map, order, title, pointing, pictures = null) {
    this.whole = map;
    this.pictures = pictures;
    this.map = pictures ? pictureMap(map, pictures, 0) : map;
    this.pixels = new PixelLayer(map, order, pictures !== null);
    this.heat = new HeatLayer(this.map);
    this.lines = new OutlineLayer(this.map);
    this.picture = h("div", { class: "picture", role: "img" }, this.pixels.cropped.screen, this.heat.canvas, this.lines.canvas);
    this.title = h("figcaption", {}, title);
    this.element = h("figure", { class: "stage" }, this.title, pictures ? framed(this.picture, pictures) : this.picture);
    this.shape();
    this.listen(pointing);
  }
  /** Show one of several pictures; returns whether it is another one. @param {number} k */
  show(k) {
    if (!this.pictures) return false;
    const map = pictureMap(this.whole, this.pictures, k);
    const other = map !== this.map;
    this.map = map;
    if (other) {
      this.heat.adopt(map);
      this.lines.adopt(map);
      this.shape();
    }
    this.pixels.cropped.crop(this.pictures[k].box);
    return other;
  }
  /** Give the picture the shape of its map. */
  shape() {
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
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
    return regionAt(this.map, ...this.positionOf(event));
  }
  /** Fit the outlines to the size on screen; returns whether it changed. */
  fit() {
    return this.lines.fit(this.picture.getBoundingClientRect());
  }
  /** @param {string} caption @param {string} [label] for screen readers */
  describe(caption, label2) {
    this.title.textContent = caption;
    if (label2 !== void 0) this.picture.setAttribute("aria-label", label2);
  }
};
var StagePair = class {
  /**
   * @param {RegionMap} map
   * @param {number[]} order
   * @param {[string, string]} titles
   * @param {Pointing} pointing
   * @param {Picture[] | null} [pictures] where one of several pictures is shown
   */
  constructor(map, order, titles, pointing, pictures = null) {
    this.map = map;
    this.left = new Stage(map, order, titles[0], pointing, pictures);
    this.right = new Stage(map, order, titles[1], pointing, pictures);
    this.both = [this.left, this.right];
  }
  /**
   * Load the image and the fill.
   * @param {{image: Blob, fill: Blob, pictures?: Picture[]}} sources
   * @param {boolean} complementary whether the right picture shows what the left one hides
   */
  async load(sources, complementary) {
    const { width, height } = this.map;
    const [image, fill2] = await Promise.all([sources.image, sources.fill].map((blob) => pixelsOf(blob, width, height)));
    if (sources.pictures) {
      clearBetween(this.map, sources.pictures, image, fill2);
      for (const { picture } of this.both) picture.classList.add("cut-out");
    }
    this.left.pixels.load(image, fill2);
    if (complementary) this.right.pixels.load(fill2, image);
    else this.right.pixels.load(image, fill2);
  }
  /** Redraw when the size on screen changes. @param {() => void} draw @returns {() => void} ends it */
  watchSize(draw2) {
    const observer = new ResizeObserver(() => {
      const changed = this.both.map((stage) => stage.fit());
      if (changed.includes(true)) draw2();
    });
    for (const { picture } of this.both) observer.observe(picture);
    return () => observer.disconnect();
  }
};

// src/correction/answer-strip.js
var HEIGHT = 24;
var GAP = 4;
function looks(state) {
  if (state === "corrected") return { y: 2, color: INSERTION, kind: "filled" };
  if (state === "another wrong answer") return { y: 9, color: DELETION, kind: "hatched" };
  if (state === "still says it") return { y: 16, color: DELETION, kind: "filled" };
  return { y: 16, color: "currentColor", kind: "empty" };
}
function bar(state, from, length2, pattern) {
  const { y, color, kind } = looks(state);
  const fill2 = { filled: color, hatched: `url(#${pattern})`, empty: "none" }[kind];
  const frame = kind === "filled" ? {} : { stroke: color, "stroke-width": 1 };
  return s("rect", { x: `${100 * from}%`, y, width: `${100 * length2}%`, height: HEIGHT - 2 - y, fill: fill2, ...frame });
}
function hatching(id) {
  const line = s("path", { d: `M0 ${GAP}L${GAP} 0`, stroke: DELETION, "stroke-width": 1.5 });
  return s("defs", {}, s("pattern", { id, width: GAP, height: GAP, patternUnits: "userSpaceOnUse" }, line));
}
function createAnswerStrip({ states, said }, onpick) {
  const byRemoved = states.slice().reverse();
  const count = states.length;
  const id = `hatching-${Math.random().toString(36).slice(2)}`;
  const cursor = s("rect", { y: 1, height: HEIGHT - 2, width: `${100 / count}%`, fill: "none", stroke: "currentColor", "stroke-width": 2 });
  const strip = s(
    "svg",
    { class: "answers", role: "img", "aria-label": stateKeyText(states, said) },
    hatching(id),
    ...runs(byRemoved).map(({ from, length: length2, value }) => bar(value, from / count, length2 / count, id)),
    cursor
  );
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    const position = Math.floor((event.clientX - box.left) / box.width * count);
    onpick(Math.max(0, Math.min(count - 1, position)));
  });
  return {
    element: h("div", { class: "answer-strip" }, strip, createKey(states)),
    /** Mark a number of removed regions. @param {number} removed */
    mark(removed) {
      cursor.setAttribute("x", `${100 * removed / count}%`);
    }
  };
}
function createKey(states) {
  const entries = stateKey(states).map(({ state, name, count }) => {
    const id = `hatching-${Math.random().toString(36).slice(2)}`;
    const swatch = s("svg", { class: "state", "aria-hidden": "true" }, hatching(id), bar(state, 0.1, 0.8, id));
    return h("span", {}, swatch, `${name}: ${count} of ${states.length} steps`);
  });
  return h("p", { class: "keys" }, ...entries);
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
      { name: `p(“${counter}”)`, color: INSERTION, values: this.counter },
      { name: `p(“${wrongToken}”)`, color: DELETION, dash: "6 4", values: wrong }
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
      h("div", { class: "steps" }, this.pair.left.element, this.pair.right.element, this.createSteering(), curves)
    );
  }
  createSteering() {
    const slider2 = h("div", { class: "row unsaved" }, this.slider);
    return h("div", { class: "steering" }, slider2, this.strip.element, this.createControls(), this.status);
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
    const state = correction.states[shown];
    this.answer.classList.toggle("turned", state === "corrected");
    this.answer.classList.toggle("other", state === "another wrong answer");
    this.mark.textContent = stateMark(state);
    this.text.textContent = correction.answers[shown] || "(nothing)";
    this.status.textContent = texts.status;
  }
};
function createCorrection(context) {
  const panel = new CorrectionPanel(context, () => drawSoon());
  const draw2 = () => panel.draw();
  const drawSoon = perFrame(draw2);
  const unwatch = panel.pair.watchSize(draw2);
  const ready = panel.pair.load(panel.search, true).then(draw2);
  context.onDark(draw2);
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
  const show2 = mode === "show";
  const yours = `Yours: ${own.p.toFixed(2)} with ${percent(own.area)} of the image ${show2 ? "shown" : "hidden"}.`;
  if (eagle.regions === 0) return `${yours} EAGLE's first region is larger than that, so there is nothing to compare.`;
  const first = eagle.regions === 1 ? "first region" : `first ${eagle.regions} regions`;
  const lead = (own.p - eagle.p) * (show2 ? 1 : -1);
  const who = Math.abs(lead) < 5e-3 ? "the two are even" : `${lead > 0 ? "you are" : "EAGLE is"} ahead by ${Math.abs(lead).toFixed(2)}`;
  return `${yours} EAGLE's ${first} at equal area (${percent(eagle.area)}): ${eagle.p.toFixed(2)}. ${show2 ? "Higher" : "Lower"} is better here: ${who}.`;
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
  const row = (label2, tokens) => ({
    label: label2,
    full: mean(full, tokens),
    now: mean(p, tokens),
    eagle: rival?.regions ? mean(rival.row, tokens) : null
  });
  const parts = groups.map((group) => group.filter((k) => set.has(k))).filter((group) => group.length);
  const rows = parts.map((group) => row(group.map((k) => targets[k]).join("").trim() || "·", group));
  if (rows.length > 1) rows.unshift(row("all of these", selected));
  return rows;
}
function rowText({ label: label2, now, full }) {
  return `${label2}: ${now.toFixed(2)} now, ${full.toFixed(2)} for the whole image`;
}
function groupText({ targets, full }, group, p) {
  const label2 = quote(group, targets) || "(nothing visible)";
  return `${label2}: ${mean(full, group).toFixed(2)} for the whole image, ${mean(p, group).toFixed(2)} now`;
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
  return `${painted.length} of ${painting.map.n} regions, ${percent(areaOf(painting, painted))} of ${painting.subject ?? "the image"}`;
}
function maskText(painting, { painted, mode }) {
  const show2 = mode === "show";
  if (!painted.length) return `Nothing painted: the model sees ${show2 ? "nothing" : "the whole image"}`;
  return `${countText(painting, painted)} ${show2 ? "shown, all else hidden" : "hidden"}`;
}
function sessionText(painting, session) {
  const mask = maskText(painting, session.mask);
  if (session.error !== null) return `${mask} · ${session.error}`;
  if (!session.waiting) return mask;
  const activity = session.scored.done ? "scoring …" : "answering …";
  return `${mask} · ${activity}${session.late ? " the kernel is busy or has stopped" : ""}`;
}
function stateText(painting, { painted, mode }) {
  const show2 = mode === "show";
  if (!painted.length) return show2 ? "blank image" : "whole image";
  const regions = `${painted.length} region${painted.length > 1 ? "s" : ""}`;
  return `${regions} ${show2 ? "shown" : "hidden"}, ${percent(areaOf(painting, painted))} of ${painting.subject ?? "the image"}`;
}

// src/logic/strokes.js
function brushedRegions(map, from, to) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  const regions = /* @__PURE__ */ new Set();
  for (let k = 0; k <= steps; k++) {
    const region = regionAt(map, from[0] + (to[0] - from[0]) * k / steps, from[1] + (to[1] - from[1]) * k / steps);
    if (region !== null) regions.add(region);
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
    const label2 = "Regions of the image; arrow keys move between regions, space paints";
    const attributes = { role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": label2 };
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
    left.heat.hatch(set);
    left.lines.draw(this.tools.borders.input.checked, null, this.pointed);
    right.lines.draw(false, null, this.pointed);
    if (painted.length) left.lines.surround(painted);
    if (this.tools.numbered) for (const { lines } of both) lines.number(numberedRegions(this.painting.map.n, this.pointed));
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
function createBars(label2) {
  const head = h("tr");
  const body = h("tbody");
  const element = h(
    "div",
    { class: "bars", role: "region", "aria-label": label2, tabindex: 0 },
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
var length = (p) => `${(100 * Math.min(1, Math.max(0, p))).toFixed(2)}%`;
function meter({ full, now, eagle }, color) {
  const line = { stroke: "currentColor" };
  return s(
    "svg",
    { class: "meter", "aria-hidden": "true" },
    s("line", { x1: 0, x2: "100%", y1: 13.5, y2: 13.5, ...line, "stroke-opacity": 0.3 }),
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
    if (event.pointerType === "touch") return;
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
    start = adds(event) ? null : chip;
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
var adds = ({ shiftKey, ctrlKey, metaKey }) => Boolean(shiftKey || ctrlKey || metaKey);
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
  const pick = () => callbacks.pick(chip, event);
  if (event.key === " " || event.key === "Enter") return pick;
  if (event.ctrlKey || event.metaKey || event.altKey) return void 0;
  const forward = getComputedStyle(list.element).direction === "rtl" ? -1 : 1;
  const step = (by) => () => {
    list.moveTo(chip + by, true);
    if (event.shiftKey && callbacks.drag) callbacks.pick(list.focused, { shiftKey: true });
  };
  const actions = {
    ArrowRight: step(forward),
    ArrowLeft: step(-forward),
    ArrowDown: step(1),
    ArrowUp: step(-1),
    Home: () => list.moveTo(0, true),
    End: () => list.moveTo(list.items.length - 1, true),
    Escape: () => callbacks.clear?.()
  };
  return actions[event.key];
}

// src/parts/chip-list.js
var ChipList = class {
  /**
   * @param {string} label
   * @param {string[]} tokens
   * @param {boolean} multiple
   * @param {Callbacks} callbacks
   * @param {number[][]} [words] tokens of each word, which stay on one line
   */
  constructor(label2, tokens, multiple, callbacks, words = []) {
    this.tokens = tokens;
    this.words = words;
    this.items = [];
    this.groups = null;
    this.focused = 0;
    this.element = h("div", {
      class: "sentence",
      dir: direction(tokens.join("")),
      role: "listbox",
      "aria-label": label2,
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
    const runs2 = joinedRuns(groups, this.tokens, this.words);
    this.element.replaceChildren(
      ...runs2.flatMap((run) => [...space(groups[run[0]], this.tokens), together(run.map((k) => this.items[k]))])
    );
    this.moveTo(this.focused, false);
  }
  /** Scroll the list, not the page, so that a chip is visible. @param {number} chip */
  reveal(chip) {
    const { element } = this;
    const [list, item] = [element.getBoundingClientRect(), this.items[chip].getBoundingClientRect()];
    if (item.top < list.top) element.scrollTop -= list.top - item.top + item.height / 2;
    else if (item.bottom > list.bottom) element.scrollTop += item.bottom - list.bottom + item.height / 2;
  }
};
function createChip(group, tokens) {
  const text = visible(group.map((k) => tokens[k]).join(""));
  return h("span", { role: "option", tabindex: "-1", "data-tokens": group.join(" ") }, h("bdi", {}, text));
}
function dress(item, group, look, joined) {
  const colors = look.tint(group);
  item.style.backgroundColor = colors?.background ?? "";
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
function together(items) {
  return items.length === 1 ? items[0] : h("span", { class: "together", role: "presentation" }, ...items);
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
    const label2 = "Tokens of the answer, coloured by their current probability; select those to follow";
    return new ChipList(label2, answer.tokens, true, {
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
function createRecording(tracks, describe, show2) {
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
    show2(states()[position]);
  }
  const element = h(
    "div",
    { class: "replay" },
    h("p", { class: "note unsaved" }, NOTE),
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
    this.numbers = check("Numbers", (on) => put(session.model, "numbers", on));
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
        this.borders.element,
        this.numbers.element
      )
    ];
  }
  /** Whether the numbers of the regions are drawn. */
  get numbered() {
    return Boolean(this.session.model.get("numbers"));
  }
  draw() {
    this.modes.set(this.session.mode);
    this.numbers.input.checked = this.numbered;
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
  function draw2() {
    pictures.draw();
    tools.draw();
    status.textContent = sessionText(painting, session);
    readOut.draw();
  }
  const drawSoon = perFrame(draw2);
  const { left, right } = pictures.pair;
  const element = h(
    "section",
    { class: "painter", "aria-label": "Mask painter" },
    h("p", { class: "note" }, painting.note),
    readOut.chips.element,
    h("div", { class: "row" }, readOut.legend),
    ...tools.elements,
    recording && recording.element,
    h("div", { class: session.record ? "steps" : "steps paintable-steps" }, left.element, right.element, readOut.element),
    session.record ? null : status
  );
  listenToUndo(element, session);
  recording?.go(0, (session.record ?? []).findIndex((trial) => sameMask(trial, session.mask)));
  const ready = pictures.pair.load(painting, false).then(draw2);
  onDark(draw2);
  const stops = [
    pictures.pair.watchSize(draw2),
    follow(model, ["painted", "mode"], () => session.adopt()),
    follow(model, ["selected", "numbers"], drawSoon),
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

// src/logic/routing.js
function route(explained, selected) {
  if (!selected.length) return { kind: "empty", word: null, nearest: null };
  const key = selected.join();
  const own = explained.findIndex(({ tokens }) => tokens.join() === key);
  if (own >= 0) return { kind: "own", word: own, nearest: own };
  const whole = smallestAround(explained, selected);
  if (whole !== null) return { kind: "part", word: whole, nearest: whole };
  return { kind: "unexplained", word: null, nearest: closest(explained, selected) };
}
function smallestAround(explained, selected) {
  let best = null;
  explained.forEach(({ tokens }, k) => {
    const contains = selected.every((token) => tokens.includes(token));
    if (contains && (best === null || tokens.length < explained[best].tokens.length)) best = k;
  });
  return best;
}
function closest(explained, selected) {
  const ranked = explained.map(({ tokens }, k) => {
    const shared = tokens.filter((token) => selected.includes(token)).length;
    const different = tokens.length + selected.length - 2 * shared;
    const distance = Math.min(...tokens.flatMap((a) => selected.map((b) => Math.abs(a - b))));
    return { k, cost: different - 2 * shared, distance };
  });
  ranked.sort((a, b) => a.cost - b.cost || a.distance - b.distance || a.k - b.k);
  return ranked[0]?.k ?? null;
}

// src/logic/choosing.js
function selectTokens(model, explained, tokens) {
  const { word } = route(explained, tokens);
  const has = (name) => model.get(name) !== void 0;
  if (word !== null && has("word") && model.get("word") !== word) {
    model.set("word", word);
    if (has("step")) model.set("step", explained[word].sufficient);
    if (has("picture")) model.set("picture", null);
  }
  if (has("token")) model.set("token", null);
  model.set("selected", tokens);
  model.save_changes();
}

// src/logic/reliance-split.js
var MEANINGS = {
  paper: "the mean over the steps of the insertion curve, minus its minimum (the paper's definition)",
  area: "the area under the insertion curve, minus its minimum (the published code's definition)",
  difference: "the probability for the whole image minus that for a blank one"
};
function sliderBounds(values) {
  const low = Math.floor(Math.min(0, ...values) * 20) / 20;
  const high = Math.ceil(Math.max(RELIANCE_FLOOR, ...values) * 20 + 1e-9) / 20;
  return [low + 0, high];
}
function stackedMarks(values, [low, high], bins) {
  const heights = /* @__PURE__ */ new Map();
  return [...values].sort((a, b) => a - b).map((value) => {
    const bin = Math.min(bins - 1, Math.floor((value - low) / (high - low) * bins));
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { value, bin, level };
  });
}
function numberText(value, digits = 2) {
  return value === null || value === void 0 ? "not measured" : value.toFixed(digits).replace("-", "−");
}
function relianceText(tokens, group, value, threshold) {
  const text = quote(group, tokens) || "(nothing visible)";
  if (value === null) return `${text}: reliance not measured`;
  return `${text}: reliance ${numberText(value)}, relies on ${value > threshold ? "the image" : "language"}`;
}

// src/logic/explorer-texts.js
var quotedText = (tokens, texts) => `“${quote(tokens, texts) || "(nothing visible)"}”`;
function selectionTexts({ explained, tokens: texts, groups }, tokens, { kind, word, nearest: nearest2 }) {
  if (kind === "empty") return { headline: "Select a word of the answer to see what carried it.", remark: "" };
  const quoted = quotedText(tokens, texts);
  if (word !== null) {
    const { headline, name } = explained[word];
    const whole = `“${isolated(name)}”`;
    return { headline: typeset(headline), remark: kind === "own" ? "" : `${quoted} was explained as a part of ${whole}, whose map this is.` };
  }
  const several = groups.filter((group) => group.some((token) => tokens.includes(token))).length > 1;
  const missing = `${quoted} was not explained${several ? " as one" : ""}`;
  const near = nearest2 === null ? "" : `; nearest: “${isolated(explained[nearest2].name)}”`;
  return { headline: `${missing}.`, remark: `${missing}${near}.` };
}
function verdictText2(quoted, value, threshold) {
  if (value === null) return `The reliance of ${quoted} was not measured.`;
  const [place, side] = value > threshold ? ["above", "it relies on the image"] : ["not above", "it was guessed from language"];
  return `Reliance of ${quoted}: ${numberText(value)}, ${place} the threshold ${numberText(threshold)}: ${side}.`;
}
function offerText({ explained }, { nearest: nearest2 }) {
  if (nearest2 === null) return "";
  return `Show “${isolated(explained[nearest2].name)}”`;
}

// src/logic/token-texts.js
function chipText({ tokens, probabilities, reliance: measured3 }, group, reliance = null) {
  const parts = group.length > 1 ? [`${group.length} tokens`] : [`token ${group[0]}`];
  if (probabilities) parts.push(`probability ${group.map((k) => probabilities[k].toFixed(2)).join(" · ")}`);
  if (measured3) parts.push(`reliance ${numberText(reliance)}`);
  const texts = group.map((k) => tokens[k].replace(/\n/g, "⏎"));
  const label2 = texts.join(group.length > 1 ? "|" : "").trim();
  return `${label2 || "(nothing visible)"}: ${parts.join(", ")}`;
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

// src/parts/word-row.js
var WordRow = class {
  /** @param {import("../logic/answer.js").Answer} answer @param {string} label @param {RowCallbacks} callbacks */
  constructor(answer, label2, callbacks) {
    this.answer = answer;
    this.callbacks = callbacks;
    const several = callbacks.several ?? true;
    this.adding = false;
    this.shown = "";
    this.list = new ChipList(label2, answer.tokens, several, this.chipCallbacks(several), answer.groups);
    this.all = button(`Show all ${answer.tokens.length} tokens`, () => this.fold(!this.folded), { class: "unfold", "aria-expanded": "false" });
    this.all.hidden = true;
    this.several = button("Select several", () => this.switchAdding(), { class: "several", "aria-pressed": "false" });
    this.several.hidden = !several;
    this.element = h("div", { class: "words" }, this.list.element, h("div", { class: "controls row-controls" }, this.all, this.several));
    this.fold(true);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.element);
  }
  /** @param {boolean} several @returns {import("./chip-list.js").Callbacks} */
  chipCallbacks(several) {
    const { select, selected, unit, groups, hover } = this.callbacks;
    const range = (a, b) => groups().slice(Math.min(a, b), Math.max(a, b) + 1).flat();
    const choose = (tokens) => {
      hover(null);
      select(tokens);
    };
    const pick = (chip, event) => {
      choose(several && (this.adding || adds(event)) ? toggle(selected(), unit(chip)) : unit(chip));
    };
    return {
      pick,
      drag: several ? (from, to) => select(sorted(range(from, to))) : void 0,
      hover: (chip) => hover(chip === null ? null : unit(chip)),
      clear: () => choose([]),
      all: several ? () => choose(this.answer.tokens.map((_, k) => k)) : void 0
    };
  }
  switchAdding() {
    this.adding = !this.adding;
    this.several.setAttribute("aria-pressed", String(this.adding));
  }
  get folded() {
    return this.list.element.classList.contains("folded");
  }
  /** @param {boolean} folded */
  fold(folded) {
    this.list.element.classList.toggle("folded", folded);
    this.all.textContent = folded ? `Show all ${this.answer.tokens.length} tokens` : "Show fewer";
    this.all.setAttribute("aria-expanded", String(!folded));
    if (folded) this.reveal();
  }
  /** Offer to unfold only an answer that does not fit. */
  fit() {
    const { element } = this.list;
    if (this.folded) this.all.hidden = element.scrollHeight <= element.clientHeight + 4;
    this.reveal();
  }
  /** Keep the selected word visible. */
  reveal() {
    const selected = this.list.items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (this.folded && selected >= 0) this.list.reveal(selected);
  }
  /** @param {Omit<import("./chip-list.js").Look, "groups">} look */
  update(look) {
    const shown = JSON.stringify(this.callbacks.selected());
    this.list.update({ ...look, groups: this.callbacks.groups() });
    if (shown !== this.shown) this.reveal();
    this.shown = shown;
  }
  stop() {
    this.observer.disconnect();
  }
};

// src/picker/row.js
function createRow(context, threshold, select, hover) {
  const { model, answer, dark } = context;
  const single = answer.tokens.map((_, k) => [k]);
  const byToken = () => model.get("unit") === "token";
  const groups = () => byToken() ? single : answer.groups;
  const row = new WordRow(answer, "Words of the answer; select those whose evidence is shown", {
    groups,
    unit: (chip) => unitTokens(model.get("unit"), chip, groups(), answer.tokens),
    selected: () => model.get("selected"),
    select,
    hover
  });
  function color(group) {
    const kind = shownTint(context);
    if (kind === "reliance" && threshold) return threshold.color(threshold.reliance(group, byToken())) ?? unmeasuredTint(dark());
    if (kind === "probability" && answer.probabilities) return tint("sequential", mean(answer.probabilities, group), dark());
    return null;
  }
  return {
    element: row.element,
    draw() {
      const set = new Set(model.get("selected"));
      const marked2 = shownTint(context) === "reliance" && threshold;
      row.update({
        tint: color,
        selected: (group) => coverage(group, set),
        describe: (group) => chipText(answer, group, threshold?.reliance(group, byToken()) ?? null),
        mark: (group) => marked2 ? threshold.mark(threshold.reliance(group, byToken())) : ""
      });
    },
    /** Move the focus to the word of a token. @param {number} token */
    focus: (token) => row.list.moveTo(groups().findIndex((group) => group.includes(token)), true),
    stop: () => row.stop()
  };
}
function availableTints({ answer }) {
  const tints = [["none", "Plain"]];
  if (answer.probabilities) tints.unshift(["probability", "Probability"]);
  if (answer.reliance) tints.unshift(["reliance", "Reliance"]);
  return tints;
}
function shownTint(context) {
  const tint2 = context.model.get("tint");
  return availableTints(context).some(([name]) => name === tint2) ? tint2 : "none";
}
function createOptions(context) {
  const { model } = context;
  const unit = choice(
    "What a click selects",
    [["word", "Word"], ["phrase", "Phrase"], ["sentence", "Sentence"], ["token", "Token"]],
    (value) => put(model, "unit", value)
  );
  const colors = choice("What the colours show", availableTints(context), (value) => put(model, "tint", value));
  const labelled = (text, element) => h("div", { class: "option" }, h("span", {}, text), element);
  return {
    element: h("div", { class: "options unsaved" }, labelled("A click selects a", unit.element), labelled("Colours show", colors.element)),
    draw() {
      unit.set(model.get("unit"));
      colors.set(shownTint(context));
    }
  };
}

// src/reliance/definition.js
function createDefinition(model) {
  const chosen = choice(
    "Definition of reliance",
    [["paper", "Paper"], ["area", "Area"], ["difference", "p(full) − p(blank)"]],
    (value) => put(model, "definition", value)
  );
  const meaning = h("p", { class: "readout" });
  return {
    element: h("div", { class: "definition" }, h("span", {}, "Definition of reliance"), chosen.element, meaning),
    draw() {
      const definition = model.get("definition");
      chosen.set(definition);
      meaning.textContent = `Reliance is ${MEANINGS[definition] ?? MEANINGS.paper}.`;
    }
  };
}

// src/logic/measured.js
function chipReliance(answer, group, definition, single = false) {
  const numbers = single ? null : answer.wordReliance.get(group.join());
  if (numbers) return numbers[definition];
  return group.length === 1 ? answer.reliance?.[definition][group[0]] ?? null : null;
}
function measured(values) {
  return values.flatMap((value) => value === null ? [] : [value]);
}
function splitWords(answer, definition, threshold) {
  const split = { image: [], language: [], unmeasured: [] };
  for (const group of answer.groups) {
    const value = chipReliance(answer, group, definition);
    if (value === null) {
      if (answer.isWord(group)) split.unmeasured.push(group);
    } else split[value > threshold ? "image" : "language"].push(group);
  }
  return split;
}
function splitText({ image, language, unmeasured }) {
  const parts = [
    `${image.length} ${image.length === 1 ? "word relies" : "words rely"} on the image`,
    `${language.length} on language`
  ];
  if (unmeasured.length) parts.push(`${unmeasured.length} not measured`);
  return parts.join(" · ");
}

// src/reliance/strip.js
var BINS = 70;
var BIN_WIDTH = 10;
var WIDTH2 = BINS * BIN_WIDTH;
var MARKS = 26;
var SCALE = 12;
var MAX_MARK = 11;
function createStrip() {
  const id = `scale-${Math.random().toString(36).slice(2)}`;
  const gradient2 = s("linearGradient", { id });
  const marks = s("g");
  const line = s("line", { y1: 0, y2: MARKS + SCALE, stroke: "currentColor", "stroke-width": 4 });
  const scale = s("rect", { x: 0, y: MARKS, width: WIDTH2, height: SCALE, fill: `url(#${id})`, stroke: "currentColor", "stroke-opacity": 0.4 });
  const drawing = s(
    "svg",
    { class: "strip", role: "img", preserveAspectRatio: "none", viewBox: `0 0 ${WIDTH2} ${MARKS + SCALE}` },
    s("defs", {}, gradient2),
    scale,
    marks,
    line
  );
  const axis = h("div", { class: "axis", "aria-hidden": "true" });
  return {
    drawing,
    axis,
    /**
     * @param {number[]} values of the words that were measured
     * @param {[number, number]} bounds
     * @param {number} threshold
     * @param {boolean} dark
     * @param {(value: number) => string} color
     */
    draw(values, bounds, threshold, dark, color) {
      const [low, high] = bounds;
      const stops = centredStops(dark, threshold, bounds);
      gradient2.replaceChildren(...stops.map(({ offset, color: color2 }) => s("stop", { offset, "stop-color": color2 })));
      const placed = stackedMarks(values, bounds, BINS);
      const unit = Math.min(MAX_MARK, MARKS / Math.max(1, ...placed.map(({ level }) => level + 1)));
      marks.replaceChildren(...placed.map(({ bin, level, value }) => mark(bin, level, unit, color(value))));
      const x = String((threshold - low) / (high - low) * WIDTH2);
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      drawing.setAttribute("aria-label", `Reliance of ${values.length} words, on a scale from ${low} to ${high}`);
      axis.replaceChildren(...axisValues(bounds).map((value) => label(value, bounds)));
    }
  };
}
function mark(bin, level, unit, fill2) {
  return s("rect", {
    x: bin * BIN_WIDTH + 1,
    width: BIN_WIDTH - 2,
    y: MARKS - (level + 1) * unit,
    height: Math.max(0.5, unit - 0.5),
    fill: fill2,
    stroke: "currentColor",
    "stroke-opacity": 0.6,
    "stroke-width": unit > 4 ? 1 : 0
  });
}
function axisValues([low, high]) {
  const step = high - low > 0.6 ? 0.2 : 0.1;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}
function label(value, [low, high]) {
  return h("span", { style: `inset-inline-start: ${100 * (value - low) / (high - low)}%` }, value.toFixed(1).replace("-", "−"));
}

// src/reliance/threshold.js
var DEFAULT_SCALE = { threshold: 0.2, definition: "paper" };
var ThresholdControl = class {
  /**
   * @param {import("../panels.js").Context} context
   * @param {{threshold: number, definition: Definition} | null} [fixed] for a view without these traits
   */
  constructor({ model, answer, dark }, fixed = null) {
    this.model = model;
    this.fixed = fixed;
    this.answer = answer;
    this.dark = dark;
    this.slider = slider("Threshold of reliance", (value) => put(model, "threshold", value), { step: 5e-3 });
    this.strip = createStrip();
    this.counts = h("p", { class: "status counts", role: "status" });
    this.unmeasured = h("span", { class: "unmeasured-key" }, h("span", { class: "swatch" }), "not measured");
    const ends = h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, "← language"), this.unmeasured, h("span", {}, "image →"));
    this.element = h(
      "div",
      { class: "threshold" },
      this.counts,
      h("div", { class: "track" }, this.strip.drawing, this.slider, this.strip.axis, ends)
    );
  }
  /** @returns {Definition} */
  get definition() {
    return this.fixed?.definition ?? this.model.get("definition");
  }
  /** @returns {number} */
  get threshold() {
    return this.fixed?.threshold ?? this.model.get("threshold");
  }
  /** Reliance of every chip that was measured. */
  get values() {
    return measured(this.answer.groups.map((group) => chipReliance(this.answer, group, this.definition)));
  }
  /** The reliance of a chip, or null. @param {number[]} group @param {boolean} [single] */
  reliance(group, single = false) {
    return chipReliance(this.answer, group, this.definition, single);
  }
  /** @param {number | null} value */
  color(value) {
    if (value === null) return null;
    return tint("diverging", relianceShare(value, this.threshold, scaleEnds(this.values)), this.dark());
  }
  /** A class that distinguishes the groups without their colours. @param {number | null} value */
  mark(value) {
    if (value === null) return "unmeasured";
    return value > this.threshold ? "vision" : "language";
  }
  draw() {
    const { threshold, values } = this;
    const bounds = sliderBounds([...values, threshold]);
    const text = splitText(splitWords(this.answer, this.definition, threshold));
    [this.slider.min, this.slider.max] = bounds.map(String);
    this.slider.value = String(threshold);
    this.slider.setAttribute("aria-valuetext", `${threshold.toFixed(3)}: ${text}`);
    this.counts.replaceChildren(text, h("span", { class: "soft" }, ` (threshold ${threshold.toFixed(2)})`));
    this.unmeasured.hidden = this.answer.groups.every((group) => this.reliance(group) !== null);
    this.unmeasured.firstChild.style.backgroundColor = unmeasuredTint(this.dark()).background;
    const background = (value) => this.color(value)?.background ?? "";
    this.strip.draw(values, bounds, threshold, this.dark(), background);
  }
};

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
      schedule: (tick) => requestAnimationFrame(tick)
    });
    this.speed = this.createSpeed();
    this.heat = check("Other candidates", (on) => put(model, "heat", on));
    this.heat.element.title = "Scores of the other regions in the round that added the outlined region";
    if (!steps.search.candidates) this.heat.element.style.display = "none";
    this.borders = check("Borders", (on) => put(model, "borders", on));
    this.numbers = check("Numbers", (on) => put(model, "numbers", on));
    this.legend = heatLegend("Other candidates, by the objective with each of them added instead");
    this.element = h("div", { class: "steering" }, h("div", { class: "row unsaved" }, this.slider), this.createRow(), this.legend.element);
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
    const jump = (sign, label2, step) => button(sign, () => this.stopAt(step()), { "aria-label": label2 });
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
      this.borders.element,
      this.numbers.element
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
    this.numbers.input.checked = Boolean(this.model.get("numbers"));
    this.speed.value = String(this.model.get("speed"));
  }
  draw() {
    const { current, last, search } = this.steps;
    this.legend.draw(this.model.get("heat") ? candidateRange(search, current) : null);
    this.slider.value = String(current);
    this.slider.setAttribute("aria-valuetext", `step ${current} of ${last}, ${percent(search.area[current])} of ${search.subject ?? "the image"} shown`);
  }
};

// src/stepper/curve-view.js
var X_LABEL = "shown (insertion) or hidden (deletion)";
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
    this.curves = tokenCurves(this.search, this.search.explained);
    this.chart = createChart("Curves", `${(this.search.subject ?? "image").replace(/^the /, "")} ${X_LABEL}`, this.search.area, (x) => steps.go(nearest(this.search.area, x)), this.search.subject);
    this.title = h("p", { class: "readout" });
    this.insertion = h("span");
    this.deletion = h("span");
    const keys = [curveKey(INSERTION, "solid", this.insertion), curveKey(DELETION, "dashed", this.deletion)];
    this.element = h("div", { class: "curves" }, this.title, this.chart.element, h("p", { class: "keys" }, ...keys));
  }
  /** The tokens whose curves are drawn. @returns {number[]} */
  get tokens() {
    const token = this.model.get("token");
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
      { name: "insertion", color: INSERTION, values: this.curves.insertion },
      { name: "deletion", color: DELETION, dash: "6 4", values: this.curves.deletion }
    ];
    this.chart.draw(lines, texts.label);
    this.onupdate();
  }
};

// src/parts/picture-strip.js
var HEIGHTS = [76, 56];
var FEW = 8;
var MAX_RATIO = 2.5;
var MARK = 3.5;
var PictureStrip = class {
  /** @param {Picture[]} pictures @param {(k: number) => void} choose */
  constructor(pictures, choose) {
    this.pictures = pictures;
    this.choose = choose;
    this.shown = -1;
    const height = HEIGHTS[Number(pictures.length > FEW)];
    this.canvases = pictures.map((picture) => thumbnail(...pictureSize(picture), height));
    this.bars = pictures.map(() => h("i", {}));
    this.buttons = pictures.map((picture, k) => this.createButton(picture, k));
    this.element = h("div", { class: "thumbs", role: "group", "aria-label": "Pictures; arrow keys move between them" }, ...this.buttons);
    new ResizeObserver(() => this.shown >= 0 && this.reveal(this.shown)).observe(this.element);
    this.element.addEventListener("keydown", (event) => {
      const at = keyedPlace(event.key, this.shown, pictures.length);
      if (at === null || event.ctrlKey || event.metaKey || event.altKey) return;
      consume(event);
      choose(at);
      this.buttons[at].focus();
    });
  }
  /** @param {Picture} picture @param {number} k */
  createButton(picture, k) {
    const made = button("", () => this.choose(k), { class: picture.explained ? "thumb" : "thumb unexplained" });
    made.append(this.canvases[k], h("span", { class: "thumb-bar" }, this.bars[k]), h("span", { class: "thumb-label" }, shortLabel(picture, k)));
    return made;
  }
  /**
   * @param {number} shown the picture that is shown large
   * @param {PictureEvidence | null} evidence
   * @param {HTMLCanvasElement | null} source the canvas with all pictures
   * @param {[number, number][][]} marks of regions, in shares of each picture
   */
  draw(shown, evidence, source, marks) {
    const shares = evidence && evidenceShares(evidence);
    this.pictures.forEach((picture, k) => {
      this.bars[k].style.width = `${(100 * (shares?.[k] ?? 0)).toFixed(1)}%`;
      this.buttons[k].setAttribute("aria-label", pictureText(this.pictures, k, evidence));
      this.buttons[k].setAttribute("aria-pressed", String(k === shown));
      this.buttons[k].tabIndex = k === shown ? 0 : -1;
      if (source) drawThumbnail(this.canvases[k], source, picture.box, k === shown ? [] : marks[k]);
    });
    if (shown !== this.shown) this.reveal(shown);
    this.shown = shown;
  }
  /** Scroll the strip, and nothing else, to a picture. @param {number} k */
  reveal(k) {
    const { element } = this;
    const { offsetLeft: left, offsetWidth: width } = this.buttons[k];
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left + width > element.scrollLeft + element.clientWidth) element.scrollLeft = left + width - element.clientWidth;
  }
};
function thumbnail(width, height, high) {
  const shape = Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, width / height));
  const canvas = createCanvas(Math.round(2 * high * shape), 2 * high, "thumb-picture");
  canvas.style.width = `${high * shape}px`;
  canvas.style.height = `${high}px`;
  return canvas;
}
function drawThumbnail(canvas, source, [left, top, right, bottom], marks) {
  const context = contextOf(canvas);
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, left, top, right - left, bottom - top, 0, 0, width, height);
  for (const [x, y] of marks) {
    context.beginPath();
    context.arc(x * width, y * height, 2 * MARK, 0, 2 * Math.PI);
    context.fillStyle = OUTLINES.added.line;
    context.strokeStyle = OUTLINES.added.halo;
    context.lineWidth = 3;
    context.fill();
    context.stroke();
  }
}

// src/parts/time-line.js
var GAP2 = 0.12;
var LEAST_HEIGHT = 0.03;
var TimeLine = class {
  /** @param {Picture[]} pictures @param {(k: number) => void} choose */
  constructor(pictures, choose) {
    this.pictures = pictures;
    this.frames = pictures.flatMap((picture, k) => picture.frame ? [k] : []);
    this.choose = choose;
    this.shown = this.frames[0];
    this.bars = this.frames.map(() => s("rect", {}));
    this.marks = this.frames.map(() => s("circle", { r: 3, cy: 5, class: "time-mark" }));
    this.here = s("rect", { class: "time-here", y: 0, height: "100%" });
    const svg = s("svg", { class: "time-bars", "aria-hidden": "true" }, this.here, ...this.bars, ...this.marks);
    this.track = h("div", { class: "time-track", role: "slider", tabindex: 0, "aria-label": "Time line", "aria-valuemin": 1, "aria-valuemax": this.frames.length }, svg);
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.play = button("", () => this.still ? this.step() : this.playback.toggle(), { class: "play" });
    this.playback = this.createPlayback();
    this.showPlaying(false);
    this.element = h("div", { class: "time-line" }, this.play, h("div", { class: "time-place" }, this.track, this.createTicks()));
    this.listen();
  }
  createPlayback() {
    const speed = playingSpeed(this.frames.map((k) => this.pictures[k]));
    return new Playback({
      current: () => this.place,
      last: this.frames.length - 1,
      speed: () => speed,
      go: (place) => {
        this.shown = this.frames[place];
        this.choose(this.shown);
      },
      visible: () => this.element.isConnected,
      onchange: (playing) => this.showPlaying(playing),
      now: () => performance.now(),
      schedule: (tick) => requestAnimationFrame(tick)
    });
  }
  /** Times of the first, the middle and the last frame. */
  createTicks() {
    const last = this.frames.length - 1;
    const at = [.../* @__PURE__ */ new Set([0, last >> 1, last])];
    const labels = at.map((place) => h("span", {}, this.pictures[this.frames[place]].label));
    return h("div", { class: "time-ticks", "aria-hidden": "true" }, ...labels);
  }
  /** The place of the picture that is shown among the frames. */
  get place() {
    return Math.max(0, this.frames.indexOf(this.shown));
  }
  /** The next frame, at the end the first: in place of playing where motion is unwanted. */
  step() {
    this.choose(this.frames[(this.place + 1) % this.frames.length]);
  }
  /** @param {boolean} playing */
  showPlaying(playing) {
    this.play.textContent = this.still ? "Next frame" : playing ? "❚❚ Pause" : "▶ Play";
    if (!this.still) this.play.setAttribute("aria-pressed", String(playing));
  }
  listen() {
    const { track, frames } = this;
    const scrub = (event) => {
      const { left, width } = track.getBoundingClientRect();
      this.go(frameAt((event.clientX - left) / width, frames.length));
    };
    track.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      track.setPointerCapture(event.pointerId);
      scrub(event);
    });
    track.addEventListener("pointermove", (event) => {
      if (track.hasPointerCapture(event.pointerId)) scrub(event);
    });
    track.addEventListener("keydown", (event) => {
      const place = keyedPlace(event.key, this.place, frames.length);
      if (place === null || event.ctrlKey || event.metaKey || event.altKey) return;
      consume(event);
      this.go(place);
    });
  }
  /** Stop playing and show a frame. @param {number} place */
  go(place) {
    if (this.playback.playing) this.playback.pause();
    if (this.frames[place] !== this.shown) this.choose(this.frames[place]);
  }
  /** @param {number} shown @param {PictureEvidence | null} evidence @param {[number, number][][]} marks of regions in each picture */
  draw(shown, evidence, marks) {
    this.shown = shown;
    const { frames } = this;
    const shares = evidence && evidenceShares(frames.map((k) => evidence[k]));
    const percent2 = (share) => `${(100 * share).toFixed(3)}%`;
    frames.forEach((k, place) => {
      const height = Math.max(LEAST_HEIGHT, 0.85 * (shares?.[place] ?? 0));
      setAttributes(this.bars[place], {
        x: percent2((place + GAP2 / 2) / frames.length),
        width: percent2((1 - GAP2) / frames.length),
        y: percent2(1 - height),
        height: percent2(height),
        class: `time-bar${k === shown ? " now" : ""}${this.pictures[k].explained ? "" : " unexplained"}`
      });
      setAttributes(this.marks[place], { cx: percent2((place + 0.5) / frames.length), visibility: marks[k].length ? "visible" : "hidden" });
    });
    const inside = frames.includes(shown);
    setAttributes(this.here, { x: percent2(this.place / frames.length), width: percent2(1 / frames.length), visibility: inside ? "visible" : "hidden" });
    this.track.setAttribute("aria-valuenow", String(this.place + 1));
    this.track.setAttribute("aria-valuetext", pictureText(this.pictures, inside ? shown : frames[this.place], evidence));
  }
  stop() {
    if (this.playback.playing) this.playback.pause();
  }
};
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

// src/parts/picture-choice.js
var PictureChoice = class {
  /**
   * @param {import("../logic/state.js").Model} model
   * @param {import("../logic/answer.js").Search} search of several pictures
   * @param {{timed: boolean, follow: string, marked: string}} texts whether there is a time line, the label of the button that undoes a
   *   choice, and what marks in other pictures are
   */
  constructor(model, search, { timed, follow: follow2, marked: marked2 }) {
    const pictures = (
      /** @type {import("../logic/pictures.js").Picture[]} */
      search.pictures
    );
    this.model = model;
    this.search = search;
    this.pictures = pictures;
    this.marked = marked2;
    this.strip = new PictureStrip(pictures, (k) => this.choose(k));
    const frames = pictures.filter(({ frame }) => frame).length;
    this.line = timed && frames > 1 ? new TimeLine(pictures, (k) => put(model, "picture", k)) : null;
    this.text = h("span", {});
    this.key = h("span", { class: "mark-key" }, h("span", { class: "mark-dot", "aria-hidden": "true" }), marked2);
    this.follow = button(follow2, () => this.choose(null), { class: "follow" });
    const status = h("p", { class: "picture-status" }, this.text, this.key, this.follow);
    this.element = h("div", { class: "picture-choice" }, status, this.strip.element, this.line && this.line.element);
  }
  /** The picture that the user chose. @returns {number | null} */
  get chosen() {
    return this.model.get("picture") ?? null;
  }
  /** @param {number | null} k */
  choose(k) {
    this.line?.stop();
    put(this.model, "picture", k);
  }
  /**
   * @param {number} shown
   * @param {PictureEvidence | null} evidence
   * @param {HTMLCanvasElement | null} source the canvas with all pictures
   * @param {number[]} regions whose places are marked in the other pictures
   */
  draw(shown, evidence, source, regions) {
    const marks = regionMarks(this.search.map, this.pictures, regions);
    this.strip.draw(shown, evidence, source, marks);
    this.line?.draw(shown, evidence, marks);
    const text = pictureText(this.pictures, shown, evidence);
    this.text.textContent = text[0].toUpperCase() + text.slice(1);
    show(this.key, marks.some((own, k) => k !== shown && own.length > 0));
    show(this.follow, this.chosen !== null);
  }
  stop() {
    this.line?.stop();
  }
};
function show(element, visible2) {
  element.style.visibility = visible2 ? "" : "hidden";
}

// src/stepper/pictures.js
var TIP_WIDTH = 190;
var CHOICE = { follow: "Follow the search", marked: "the added region in other pictures" };
var SearchPictures = class {
  /**
   * @param {import("../logic/search-steps.js").SearchSteps} steps
   * @param {(region: number) => string} describe
   * @param {() => void} onpoint another region is pointed at
   * @param {boolean} timed whether a video has a time line here
   */
  constructor(steps, describe, onpoint, timed) {
    this.steps = steps;
    this.describe = describe;
    this.onpoint = onpoint;
    this.pointed = null;
    this.heatStep = null;
    this.tip = h("div", { class: "tip", "aria-hidden": "true" });
    this.tip.style.display = "none";
    const { map, order, pictures = null } = steps.search;
    this.choice = pictures && new PictureChoice(steps.model, steps.search, { ...CHOICE, timed });
    this.pair = new StagePair(map, order, ["Insertion", "Deletion"], {
      hover: (region, event) => this.hover(region, event),
      pick: (region) => steps.goToRegion(region)
    }, pictures);
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
  /** @param {{heat: boolean, borders: boolean, numbers: boolean}} options */
  draw({ heat, borders, numbers }) {
    const { current, added, last, search } = this.steps;
    const shown = this.choice ? this.choice.chosen ?? pictureOfStep(search, current) : 0;
    const others = this.pair.both.map((stage) => stage.show(shown));
    if (others.includes(true)) this.heatStep = null;
    for (const stage of this.pair.both) {
      stage.pixels.go(current);
      stage.lines.draw(borders, added, this.pointed);
      if (numbers) stage.lines.number(numberedRegions(last, this.pointed));
    }
    this.drawHeat(heat && search.candidates !== null && current > 0 ? current : null);
    const share = percent(search.area[current]);
    const first = current ? `the first ${current}` : "nothing";
    const { left, right } = this.pair;
    const name = this.choice ? pictureText(this.choice.pictures, shown, null).replace(/^./, (c) => c.toUpperCase()) : "The image";
    const of = search.subject ?? "its area";
    left.describe(`Insertion: ${first} shown`, `${name} with only the first ${current} of ${last} regions shown, ${share} of ${of}`);
    right.describe(`Deletion: ${first} hidden`, `${name} with the first ${current} of ${last} regions hidden`);
    this.choice?.draw(shown, search.pictureEvidence ?? null, left.pixels.composite && left.pixels.canvas, added === null ? [] : [added]);
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
  const pictures = new SearchPictures(steps, describe, () => drawSoon(), alone);
  const controls = new StepControls(model, steps);
  const status = h("p", { class: "status" });
  const addition = h("p", { class: "status" });
  const draw2 = measured2(() => {
    const { current } = steps;
    controls.draw();
    pictures.draw({ heat: model.get("heat"), borders: model.get("borders"), numbers: Boolean(model.get("numbers")) });
    curves.chart.point(current);
    status.textContent = stepText(search, curves.curves, current);
    addition.textContent = additionText(search, current);
  });
  const drawSoon = perFrame(draw2);
  controls.element.append(status, addition);
  const element = h(
    "section",
    { class: "stepper", "aria-label": "Search stepper" },
    h("div", { class: "steps" }, pictures.pair.left.element, pictures.pair.right.element, pictures.choice && pictures.choice.element, controls.element, curves.element),
    pictures.tip
  );
  listenToStepKeys(element, steps, (step) => controls.stopAt(step));
  const unwatch = pictures.pair.watchSize(draw2);
  curves.update();
  const ready = pictures.pair.load(search, true).then(draw2);
  onDark(draw2);
  const stops = [
    unwatch,
    follow(model, ["step", "picture"], drawSoon),
    follow(model, ["heat", "borders", "numbers", "speed"], () => {
      controls.adopt();
      drawSoon();
    }),
    follow(model, alone ? ["token"] : ["token", "selected"], () => curves.update())
  ];
  return {
    element,
    ready,
    stop() {
      controls.playback.pause();
      pictures.choice?.stop();
      for (const stop of stops) stop();
    }
  };
}
function measured2(draw2) {
  return () => {
    const start = performance.now();
    draw2();
    performance.measure("eagle_nb draw", { start });
    performance.clearMeasures("eagle_nb draw");
  };
}

// src/logic/evidence.js
function litColor([red, green, blue], weight) {
  const grey = HIDDEN_LIGHTNESS * (0.299 * red + 0.587 * green + 0.114 * blue) * (1 - weight);
  const mix = (channel) => Math.round(channel * weight + grey);
  return [mix(red), mix(green), mix(blue)];
}
function drawEvidence(picture, labels, weights, out) {
  if (!weights) return void out.set(picture);
  for (let k = 0; k < picture.length; k++) {
    const pixel = picture[k];
    const red = pixel & 255;
    const green = pixel >> 8 & 255;
    const blue = pixel >> 16 & 255;
    const weight = weights[labels[k]] ?? 1;
    const grey = HIDDEN_LIGHTNESS * (0.299 * red + 0.587 * green + 0.114 * blue) * (1 - weight) + 0.5;
    out[k] = (255 << 24 | blue * weight + grey << 16 | green * weight + grey << 8 | red * weight + grey) >>> 0;
  }
}
function meanColor(picture, runs2) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let k = 0; k < runs2.length; k += 2) {
    for (let pixel = runs2[k]; pixel < runs2[k + 1]; pixel++, count++) {
      for (const c of [0, 1, 2]) sum[c] += picture[pixel] >> 8 * c & 255;
    }
  }
  const mean2 = (c) => Math.round(sum[c] / Math.max(1, count));
  return [mean2(0), mean2(1), mean2(2)];
}
var strongest = (scores) => scores.indexOf(Math.max(...scores));
var signedEvidence = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
var barTexts = ({ evidenceScale }) => ({ high: signedEvidence(evidenceScale), low: "0" });
function regionEvidenceText({ evidence, name }, region, regionArea, subject = "the image") {
  return `Region ${region}, ${percent(regionArea[region])} of ${subject}: ${signedEvidence(evidence[region])} of the probability of “${isolated(name)}”`;
}

// src/explorer/answer-map.js
var BAR_STEPS = 64;
var KEY = "Full colour contributes most to the probability of the word, grey nothing.";
var HINT = "Point at a region for its number.";
var CHOICE2 = { timed: true, follow: "Back to the strongest", marked: "outlined regions in other pictures" };
var AnswerMap = class {
  /**
   * @param {import("../logic/state.js").Model} model
   * @param {import("../logic/answer.js").Search} search the pictures and regions, shared by all explanations
   */
  constructor(model, search) {
    this.search = search;
    this.pictures = search.pictures ?? null;
    this.choice = this.pictures && new PictureChoice(model, search, CHOICE2);
    this.sheet = null;
    this.shown = 0;
    this.map = this.pictures ? pictureMap(search.map, this.pictures, 0) : search.map;
    this.cropped = new Cropped(search.map.width, search.map.height, "evidence", this.pictures !== null);
    this.lines = new OutlineLayer(this.map);
    this.overlay = h("div", { class: "overlay" });
    this.picture = h("div", { class: "picture", role: "img" }, this.cropped.screen, this.lines.canvas);
    this.bar = createCanvas(1, BAR_STEPS, "ramp");
    this.high = h("span", {});
    this.low = h("span", {});
    this.scale = h(
      "div",
      { class: "colorbar", "aria-hidden": "true" },
      h("span", {}, "Evidence"),
      this.high,
      h("div", { class: "ramp-place" }, this.bar),
      this.low
    );
    this.caption = h("p", { class: "readout" });
    const place = this.pictures ? framed(this.picture, this.pictures) : this.picture;
    const shown = h("div", { class: "mapped" }, place, this.overlay, this.scale);
    this.element = h("figure", { class: "answer-map" }, shown, ...this.choice ? [this.choice.element] : [], this.caption);
    this.element.style.setProperty("--ratio", place.style.getPropertyValue("--ratio") || String(this.map.width / this.map.height));
    this.show(0);
    this.word = null;
    this.drawn = void 0;
    this.pointed = null;
    this.picture.addEventListener("pointermove", (event) => this.point(this.regionAt(event)));
    this.picture.addEventListener("pointerdown", (event) => this.point(this.regionAt(event)));
    this.picture.addEventListener("pointerleave", () => this.point(null));
    this.observer = new ResizeObserver(() => this.lines.fit(this.picture.getBoundingClientRect()) && this.drawLines());
    this.observer.observe(this.picture);
  }
  async load() {
    const { width, height } = this.search.map;
    this.pixels = await pixelsOf(this.search.image, width, height);
    if (this.choice) {
      this.sheet = createCanvas(width, height, "");
      contextOf(this.sheet).putImageData(new ImageData(new Uint8ClampedArray(this.pixels.buffer), width, height), 0, 0);
    }
    this.data = new ImageData(width, height);
    this.out = new Uint32Array(this.data.data.buffer);
    this.draw(this.word);
  }
  /** @param {MouseEvent} event */
  regionAt(event) {
    const { width, height } = this.map;
    const box = this.picture.getBoundingClientRect();
    return regionAt(this.map, (event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height);
  }
  /** Show one of several pictures. @param {number} k */
  show(k) {
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
    if (!this.pictures || k === this.shown && this.cropped.screen.width > 1) return;
    this.shown = k;
    this.map = pictureMap(this.search.map, this.pictures, k);
    this.lines.adopt(this.map);
    this.pointed = null;
    shapePicture(this.picture, this.map.width, this.map.height, this.pictures);
    this.cropped.crop(this.pictures[k].box);
  }
  /** @param {number | null} region */
  point(region) {
    if (region === this.pointed) return;
    this.pointed = region;
    this.drawLines();
    this.drawCaption();
  }
  /** Show the evidence for a word; without one, the picture alone. @param {Explained | null} word */
  draw(word) {
    this.word = word;
    const evidence = word?.pictureEvidence ?? null;
    if (this.choice) this.show(this.choice.chosen ?? (evidence ? strongestPicture(evidence) : this.shown));
    this.scale.style.visibility = word ? "" : "hidden";
    const name = this.pictures ? pictureText(this.pictures, this.shown, null).replace(/^./, (c) => c.toUpperCase()) : "The image";
    this.picture.setAttribute("aria-label", word ? mapLabel(word, name) : name);
    this.drawCaption();
    if (this.pixels && this.data && this.out && this.drawn !== word) {
      this.drawn = word;
      drawEvidence(this.pixels, this.search.map.labels, word?.scores ?? null, this.out);
      contextOf(this.cropped.canvas).putImageData(this.data, 0, 0);
      this.cropped.show();
      if (word) this.drawBar(word);
    } else if (!this.choice) return;
    this.choice?.draw(this.shown, evidence, this.sheet, word?.outlined ?? []);
    this.drawLines();
  }
  drawCaption() {
    const { word, pointed } = this;
    const meaning = word?.outlinedMeaning ? ` ${word.outlinedMeaning[0].toUpperCase()}${word.outlinedMeaning.slice(1)}.` : "";
    const key = word ? [KEY, `${meaning} `, h("span", { class: "hint" }, HINT)] : [];
    this.caption.replaceChildren(...word && pointed !== null ? [regionEvidenceText(word, pointed, this.search.regionArea, this.search.subject)] : key);
  }
  drawLines() {
    this.lines.draw(false, null, this.pointed);
    if (!this.word) return;
    const regions = this.word.outlined;
    if (regions.length) this.lines.stroke(outline(this.map, regions), 1.5, OUTLINES.pointed);
  }
  /** The bar shows what the map does to the colour of the strongest region. @param {Explained} word */
  drawBar(word) {
    const color = meanColor(
      /** @type {Uint32Array} */
      this.pixels,
      this.search.map.runs[strongest(word.scores)]
    );
    const context = contextOf(this.bar);
    for (let k = 0; k < BAR_STEPS; k++) {
      context.fillStyle = `rgb(${litColor(color, 1 - k / (BAR_STEPS - 1)).join()})`;
      context.fillRect(0, k, 1, 1);
    }
    const { high, low } = barTexts(word);
    this.high.textContent = high;
    this.low.textContent = low;
  }
  stop() {
    this.choice?.stop();
    this.observer.disconnect();
  }
};
function mapLabel({ name, scores }, subject) {
  const first = scores.map((_, k) => k).sort((a, b) => scores[b] - scores[a]).filter((k) => scores[k] > 0).slice(0, 3);
  const regions = first.length ? `most in region ${first.join(", then ")}` : "none in any region";
  return `${subject} with the evidence for “${name}”: ${regions}`;
}

// src/explorer/disclosure.js
function createDisclosure(model, name, title, about) {
  const content = h("div", { class: "content" });
  const summary = h("summary", {}, h("span", { class: "title" }, title), about ? h("span", { class: "about" }, about) : null);
  const element = (
    /** @type {HTMLDetailsElement} */
    h("details", { class: `fold ${name}-fold` }, summary, content)
  );
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    const opened = model.get("opened");
    put(model, "opened", opened.includes(name) ? opened.filter((other) => other !== name) : [...opened, name]);
  });
  return {
    element,
    content,
    get open() {
      return model.get("opened").includes(name);
    },
    /** Follow the state. */
    adopt() {
      element.open = model.get("opened").includes(name);
      content.hidden = !element.open;
    }
  };
}

// src/explorer/numbers.js
var HEADS = [
  ["Word", ""],
  ["Reliance", "How much the word owes to the image"],
  ["Insertion AUC", "Area under the curve of regions shown; higher is better"],
  ["Deletion AUC", "Area under the curve of regions hidden; lower is better"],
  ["p, whole image", "Probability for the whole image"],
  ["p, blank image", "Probability with every region hidden"],
  ["Enough regions", "Number of regions that are enough for the word, and their share of the image"]
];
function createNumbers(explained, select, color) {
  const names = explained.map(({ name, tokens }) => button(name, () => select(tokens), { class: "word", dir: direction(name) }));
  const reliance = explained.map(() => h("td", {}));
  const rows = explained.map((word, k) => h("tr", {}, h("th", { scope: "row" }, names[k]), reliance[k], ...cells(word)));
  const head = h("tr", {}, ...HEADS.map(([title, about]) => h("th", { scope: "col", title: about || null }, title)));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return {
    element: h("div", { class: "table" }, table),
    /** @param {number | null} word the explanation that is shown @param {import("../logic/answer.js").Definition} definition */
    draw(word, definition) {
      explained.forEach((one, k) => {
        const value = one.reliance[definition];
        const colors = color(value);
        reliance[k].textContent = numberText(value);
        reliance[k].style.backgroundColor = colors?.background ?? "";
        reliance[k].style.color = colors?.color ?? "";
        rows[k].classList.toggle("now", k === word);
        names[k].setAttribute("aria-pressed", String(k === word));
      });
    }
  };
}
function cells({ insertionAuc, deletionAuc, reliance, sufficient, area }) {
  const texts = [
    numberText(insertionAuc, 3),
    numberText(deletionAuc, 3),
    numberText(reliance.full),
    numberText(reliance.blank),
    `${sufficient} (${percent(area[sufficient])})`
  ];
  return texts.map((text) => h("td", {}, text));
}

// src/explorer/panel.js
var ExplorerPanel = class {
  /** @param {import("../panels.js").Context} context */
  constructor(context) {
    const { model, answer } = context;
    this.context = context;
    this.model = model;
    this.answer = answer;
    this.hovered = null;
    this.select = (tokens) => selectTokens(model, answer.explained, tokens);
    this.threshold = new ThresholdControl(context);
    this.row = createRow(context, this.threshold, this.select, (group) => {
      this.hovered = group;
      this.drawSoon();
    });
    this.map = new AnswerMap(
      model,
      /** @type {import("../logic/answer.js").Search} */
      answer.search
    );
    this.headline = h("p", { class: "headline shown" });
    this.verdict = h("p", { class: "verdict-line" });
    this.status = h("p", { class: "unseen", role: "status" });
    this.remark = h("p", {});
    this.offer = button("", () => this.selectNearest(), { class: "unsaved" });
    this.map.overlay.append(this.remark, this.offer);
    this.options = createDisclosure(model, "options", "Options", "");
    this.choices = createOptions(context);
    this.options.content.append(this.choices.element);
    this.search = createDisclosure(model, "search", "How was this found?", "the search, step by step, with its curves");
    this.numbers = createDisclosure(model, "numbers", "The numbers", "every word, and how it was measured");
    this.table = createNumbers(answer.explained, this.select, (value) => this.threshold.color(value));
    this.definition = createDefinition(model);
    this.note = h("p", { class: "note" });
    this.numbers.content.append(this.table.element, this.definition.element, this.note);
    this.stepper = null;
    this.drawSoon = perFrame(() => this.draw());
    this.element = this.createElement();
  }
  createElement() {
    return h(
      "section",
      { class: "explorer", "aria-label": "Explorer" },
      h(
        "div",
        { class: "answer" },
        h("div", { class: "finding" }, this.createHeadline(), this.verdict),
        this.map.element,
        h("div", { class: "asked" }, this.createHead(), this.row.element, this.options.element, this.threshold.element)
      ),
      this.search.element,
      this.numbers.element,
      this.status
    );
  }
  /** The headline, in the space of the longest, so that nothing moves under the pointer when another word is previewed. */
  createHeadline() {
    const longest = this.answer.explained.map(({ headline }) => typeset(headline)).sort((a, b) => b.length - a.length);
    const reserved = longest.slice(0, 3).map((text) => h("p", { class: "headline reserved", "aria-hidden": "true" }, text));
    return h("div", { class: "headlines" }, this.headline, ...reserved);
  }
  createHead() {
    const mouse = h("span", { class: "mouse" }, "Point at a word or click it; Shift or Ctrl adds another.");
    return h("p", { class: "ask hint" }, mouse, h("span", { class: "touch" }, "Tap a word."));
  }
  /** @returns {number[]} */
  get selected() {
    return this.model.get("selected");
  }
  selectNearest() {
    const { nearest: nearest2 } = route(this.answer.explained, this.selected);
    if (nearest2 === null) return;
    const { tokens } = this.answer.explained[nearest2];
    this.row.focus(tokens[0]);
    this.hovered = null;
    this.select(tokens);
  }
  draw() {
    const { answer, selected } = this;
    const tokens = this.hovered ?? selected;
    const shown = route(answer.explained, tokens);
    this.row.draw();
    this.threshold.draw();
    this.drawFinding(tokens, shown);
    const found = route(answer.explained, selected);
    this.status.textContent = `${selectionText(selected, answer.tokens)} ${selectionTexts(answer, selected, found).headline}`;
    this.drawSearch(found);
    this.drawNumbers(found.word);
  }
  /** @param {number[]} tokens @param {import("../logic/routing.js").Route} shown */
  drawFinding(tokens, shown) {
    const { answer } = this;
    const { headline, remark } = selectionTexts(answer, tokens, shown);
    this.headline.textContent = headline;
    this.map.overlay.hidden = !remark;
    this.map.overlay.classList.toggle("part", shown.kind === "part");
    this.remark.textContent = remark;
    this.offer.textContent = offerText(answer, shown);
    this.offer.hidden = this.hovered !== null;
    const { definition, threshold } = this.threshold;
    const own = shown.kind === "own" && shown.word !== null ? answer.explained[shown.word].reliance[definition] : null;
    const value = own ?? this.threshold.reliance(tokens);
    this.verdict.textContent = shown.kind === "empty" ? "" : verdictText2(quotedText(tokens, answer.tokens), value, threshold);
    this.map.draw(shown.word === null ? null : answer.explained[shown.word]);
  }
  /** The search of the explanation that is shown, made when it is first asked for. @param {import("../logic/routing.js").Route} found */
  drawSearch({ word }) {
    this.search.adopt();
    this.search.element.hidden = word === null;
    if (!this.search.open || word === null) return this.endSearch();
    if (this.stepper?.word === word) return;
    this.endSearch();
    const answer = decode(this.model.get("_data"), word);
    const panel = createStepper({ ...this.context, answer }, false);
    this.stepper = { word, panel };
    this.search.content.replaceChildren(panel.element);
  }
  endSearch() {
    this.stepper?.panel.stop();
    this.stepper = null;
    this.search.content.replaceChildren();
  }
  /** @param {number | null} word */
  drawNumbers(word) {
    this.options.adopt();
    this.choices.draw();
    this.numbers.adopt();
    if (!this.numbers.open) return;
    this.table.draw(word, this.threshold.definition);
    this.definition.draw();
    this.note.textContent = this.answer.explained[word ?? this.model.get("word") ?? 0].note;
  }
  stop() {
    this.endSearch();
    this.row.stop();
    this.map.stop();
  }
};
function createExplorer(context) {
  const panel = new ExplorerPanel(context);
  const names = ["selected", "word", "unit", "tint", "threshold", "definition", "opened", "picture"];
  panel.draw();
  const unfollow = follow(context.model, names, panel.drawSoon);
  context.onDark(panel.drawSoon);
  return {
    element: panel.element,
    ready: panel.map.load(),
    stop() {
      unfollow();
      panel.stop();
    }
  };
}

// src/picker/panel.js
function createPicker(context) {
  const { model, answer, dark, onDark } = context;
  const everything = answer.tokens.map((_, k) => k);
  const select = (tokens) => selectTokens(model, answer.explained, tokens);
  const threshold = answer.reliance ? new ThresholdControl(context, DEFAULT_SCALE) : null;
  const readout = h("p", { class: "readout" });
  const row = createRow(context, threshold, select, (group) => {
    readout.textContent = group ? chipText(answer, group, chipReliance(answer, group, "paper")) : "";
  });
  const options = createOptions(context);
  const legend = h("div", { class: "legend" });
  const status = h("p", { class: "status", role: "status" });
  const mouse = h("span", { class: "mouse" }, "Click a word, or drag over several; Shift or Ctrl adds. Arrow keys and space; Escape clears.");
  const element = h(
    "section",
    { class: "picker", "aria-label": "Token picker" },
    h("p", { class: "ask hint" }, mouse, h("span", { class: "touch" }, "Tap a word.")),
    row.element,
    h("div", { class: "controls" }, button("All", () => select(everything)), button("Clear", () => select([])), options.element),
    h("div", { class: "row" }, status, legend),
    readout
  );
  function drawLegend() {
    const kind = shownTint(context);
    if (kind === "reliance") legend.replaceChildren(...scaleLegend("diverging", dark(), "language", "image"));
    else if (kind === "probability") legend.replaceChildren(...scaleLegend("sequential", dark(), percent(0), percent(1)));
    else legend.replaceChildren();
  }
  function draw2() {
    row.draw();
    options.draw();
    drawLegend();
    status.textContent = selectionText(model.get("selected"), answer.tokens);
  }
  onDark(draw2);
  const unfollow = follow(model, ["selected", "unit", "tint"], draw2);
  return {
    element,
    stop() {
      unfollow();
      row.stop();
    }
  };
}

// src/picker/single-row.js
var SingleRow = class {
  /**
   * @param {import("../panels.js").Context} context
   * @param {import("../reliance/threshold.js").ThresholdControl} threshold gives the colours
   * @param {(tokens: number[] | null) => void} hover
   */
  constructor(context, threshold, hover) {
    this.context = context;
    this.model = context.model;
    this.answer = context.answer;
    this.threshold = threshold;
    this.row = new WordRow(this.answer, "Words of the answer; select the one to show", {
      groups: () => this.answer.groups,
      unit: (chip) => this.answer.groups[chip],
      selected: () => this.selected,
      select: (tokens) => this.select(tokens),
      hover,
      several: false
    });
    this.element = this.row.element;
  }
  /** Tokens of the selected word. @returns {number[]} */
  get selected() {
    const token = this.model.get("token");
    const { explained, groups } = this.answer;
    if (typeof token !== "number") return explained[this.model.get("word") ?? 0]?.tokens ?? [];
    return groups.find((group) => group.includes(token)) ?? [token];
  }
  /** @param {number[]} tokens */
  select(tokens) {
    const { explained } = this.answer;
    const { kind, word } = route(explained, tokens);
    this.model.set("token", kind === "own" || !tokens.length ? null : tokens[0]);
    if (word !== null && word !== this.model.get("word")) {
      if (this.model.get("step") !== void 0) this.model.set("step", explained[word].sufficient);
      this.model.set("word", word);
    }
    this.model.save_changes();
  }
  draw() {
    const { answer, threshold } = this;
    const set = new Set(this.selected);
    this.row.update({
      tint: (group) => threshold.color(threshold.reliance(group)) ?? unmeasuredTint(this.context.dark()),
      selected: (group) => group.some((k) => set.has(k)),
      describe: (group) => chipText(answer, group, threshold.reliance(group)),
      mark: (group) => threshold.mark(threshold.reliance(group))
    });
  }
  stop() {
    this.row.stop();
  }
};

// src/reliance/read-out.js
function createReadOut({ model, answer }) {
  const text = h("p", { class: "status" });
  const place = h("div", {});
  const element = h("div", { class: "curves" }, text, place);
  return {
    element,
    /** @param {number[]} tokens @param {import("./threshold.js").ThresholdControl} threshold */
    update(tokens, threshold) {
      const { kind, word } = route(answer.explained, tokens);
      const own = kind === "own" && word !== null ? answer.explained[word].reliance[threshold.definition] : null;
      const value = own ?? threshold.reliance(tokens);
      text.textContent = tokens.length ? relianceText(answer.tokens, tokens, value, threshold.threshold) : "";
      const search = word === null ? null : decode(model.get("_data"), word).search;
      place.hidden = !search;
      if (!search) return;
      const chart = createChart("Insertion curve", `share of ${search.subject ?? "the image"} shown`, search.area, null, search.subject);
      const label2 = `Insertion curve of ${text.textContent}`;
      chart.draw([{ name: "insertion", color: INSERTION, values: tokenCurves(search, tokens).insertion }], label2);
      chart.point(null);
      place.replaceChildren(chart.element);
    }
  };
}

// src/reliance/panel.js
function createReliance(context) {
  let hovered = null;
  const threshold = new ThresholdControl(context);
  const definition = createDefinition(context.model);
  const readOut = createReadOut(context);
  const row = new SingleRow(context, threshold, (tokens) => {
    hovered = tokens;
    drawSoon();
  });
  const element = h(
    "section",
    { class: "reliance", "aria-label": "Reliance slider" },
    row.element,
    threshold.element,
    readOut.element,
    definition.element
  );
  function draw2() {
    threshold.draw();
    definition.draw();
    row.draw();
    readOut.update(hovered ?? row.selected, threshold);
  }
  const drawSoon = perFrame(draw2);
  draw2();
  context.onDark(drawSoon);
  const unfollow = follow(context.model, ["threshold", "definition", "token", "word"], drawSoon);
  return {
    element,
    stop() {
      unfollow();
      row.stop();
    }
  };
}

// src/panels.js
function createPanel(name, context) {
  if (name === "picker") return createPicker(context);
  if (name === "stepper") return createStepper(context, true);
  if (name === "reliance") return createReliance(context);
  if (name === "correction") return createCorrection(context);
  if (name === "painter") return createPainter(context);
  return createExplorer(context);
}

// src/parts/boxes.js
function svgColor(color) {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/.exec(color);
  if (!mixed) return color;
  const [red, green, blue] = mixed.slice(1, 4).map((channel) => Math.round(255 * Number(channel)));
  return `rgba(${[red, green, blue, mixed[4] ?? 1].join(", ")})`;
}
var transparent = (color) => /^rgba\(.*, 0\)$/.test(color);
function drawBox(style, box, svg) {
  const [top, right, bottom, left] = ["top", "right", "bottom", "left"].map((side) => edgeOf(style, side));
  const framed2 = Boolean(top && right && left && bottom);
  const ring = style.outlineStyle === "none" ? null : outlineOf(style);
  drawRect(style, box, ring ?? (framed2 ? top : null), svg);
  if (framed2) {
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
  return { width, style: kind, color: svgColor(style.getPropertyValue(`border-${side}-color`)) };
}
function outlineOf(style) {
  return { width: Number.parseFloat(style.outlineWidth), style: style.outlineStyle, color: svgColor(style.outlineColor) };
}
function drawRect(style, box, edge, svg) {
  const fill2 = gradientFill(style.backgroundImage, svg) ?? svgColor(style.backgroundColor);
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
var DIRECTIONS = {
  "to right": { x1: 0, y1: 0, x2: 1, y2: 0 },
  "to top": { x1: 0, y1: 1, x2: 0, y2: 0 },
  "": { x1: 0, y1: 0, x2: 0, y2: 1 }
};
function gradientFill(image, svg) {
  const parsed = /^linear-gradient\((?:(to [a-z]+), )?(.*)\)$/.exec(image);
  const ends = parsed && DIRECTIONS[parsed[1] ?? ""];
  const colors = [...(parsed?.[2] ?? "").matchAll(/((?:rgba?|color)\([^)]*\))(?: ([\d.]+)%)?/g)];
  if (!ends || colors.length < 2) return null;
  const id = `gradient-${svg.querySelectorAll("linearGradient").length}`;
  const stops = colors.map(
    ([, color, percent2], k) => s("stop", { offset: percent2 ? Number(percent2) / 100 : k / (colors.length - 1), "stop-color": svgColor(color) })
  );
  svg.append(s("linearGradient", { id, ...ends }, ...stops));
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
var SAVING = "saving-picture";
function snapshot(view) {
  view.classList.add(SAVING);
  try {
    return draw(view);
  } finally {
    view.classList.remove(SAVING);
  }
}
function draw(view) {
  const origin = view.getBoundingClientRect();
  const size2 = { width: Math.ceil(origin.width), height: Math.ceil(origin.height) };
  const svg = s("svg", { xmlns: "http://www.w3.org/2000/svg", ...size2, viewBox: `0 0 ${size2.width} ${size2.height}` });
  svg.append(s("rect", { ...size2, fill: svgColor(getComputedStyle(view).backgroundColor) }));
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
    copy.setAttribute("color", svgColor(style.color));
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
          fill: svgColor(style.color),
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
var SCALE2 = 2;
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
  canvas.width = SCALE2 * Number(svg.getAttribute("width"));
  canvas.height = SCALE2 * Number(svg.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(
    (resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("the browser could not encode the picture")), "image/png")
  );
}

// src/parts/theme.js
function paletteStyle() {
  const variables = (colors) => Object.entries(colors).map(([name, color]) => `--${name}: ${color};`).join(" ");
  const fallback = Object.fromEntries(Object.entries(INTERFACE.fallback).map(([name, color]) => [`default-${name}`, color]));
  const curves = { insertion: INSERTION, deletion: DELETION, mark: OUTLINES.added.line, "mark-halo": OUTLINES.added.halo };
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
  const media = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
  const observer = new MutationObserver(checkRepeatedly);
  for (const list of media) list.addEventListener("change", checkRepeatedly);
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name"];
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true, attributeFilter });
  checkRepeatedly();
  return () => {
    for (const list of media) list.removeEventListener("change", checkRepeatedly);
    observer.disconnect();
  };
}

// src/picker/word-choice.js
function createWordChoice(model, dark) {
  const answer = decode(model.get("_data"));
  if (!answer.reliance) return null;
  const context = { model, answer, dark, onDark: () => {
  } };
  const row = new SingleRow(context, new ThresholdControl(context, DEFAULT_SCALE), () => {
  });
  const unfollow = follow(model, ["word", "token"], () => row.draw());
  return {
    element: h("div", { class: "chosen" }, row.element),
    draw: () => row.draw(),
    stop() {
      unfollow();
      row.stop();
    }
  };
}
function createNameChoice(model) {
  const each = model.get("_data").each;
  if (!each) return null;
  const names = each.map(({ name }, k) => (
    /** @type {[string, string]} */
    [String(k), name]
  ));
  const chosen = choice("Explained word", names, (value) => {
    model.set("selected", each[Number(value)].search.explained);
    put(model, "word", Number(value));
  });
  return {
    element: h("div", { class: "controls chooser" }, h("span", {}, "Explained word"), chosen.element),
    draw: () => chosen.set(String(model.get("word") ?? 0)),
    stop: () => {
    }
  };
}

// src/view.js
function render({ model, el }) {
  el.dataset.lmSuppressShortcuts = "true";
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  const name = model.get("_panel");
  const body = h("div", {});
  let dark = false;
  const words = createChoice(name, model, () => dark);
  const view = h("div", { class: `view ${name}-view` }, words && words.element, body);
  view.append(createSaving(view, name));
  root.replaceChildren(createStyle(), view);
  let redraw = [];
  let panel = null;
  const unwatch = watchTheme(view, (now) => {
    dark = now;
    view.classList.toggle("dark", dark);
    words?.draw();
    for (const callback of redraw) callback();
  });
  const unfollow = follow(model, words ? ["word"] : [], () => {
    panel?.stop();
    redraw = [];
    const word = model.get("word") ?? 0;
    words?.draw();
    const answer = decode(model.get("_data"), word);
    panel = createPanel(name, { model, answer, dark: () => dark, onDark: (callback) => redraw.push(callback) });
    body.replaceChildren(panel.element);
    delete view.dataset.ready;
    Promise.resolve(panel.ready).then(() => view.dataset.ready = "yes");
  });
  return () => {
    unwatch();
    unfollow();
    words?.stop();
    panel?.stop();
  };
}
function createChoice(name, model, dark) {
  if (name === "stepper") return createWordChoice(model, dark);
  return name === "painter" ? createNameChoice(model) : null;
}
function createStyle() {
  const style = document.createElement("style");
  style.textContent = paletteStyle() + style_default + words_default + explorer_default + parts_default + pictures_default;
  return style;
}
function createSaving(view, name) {
  const save = (kind) => () => savePicture(view, kind, `eagle-${name}`);
  return h("div", { class: "controls saving" }, button("Save SVG", save("svg")), button("Save PNG", save("png")));
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
