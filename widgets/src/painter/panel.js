// MaskPainter: paint regions, and see what the model answers. An exported page replays the recorded states.

import { eagleStates } from "../logic/eagle.js";
import { PaintingSession, sameMask } from "../logic/painting-session.js";
import { sessionText, stateText } from "../logic/painting-texts.js";
import { follow } from "../logic/state.js";
import { h, perFrame } from "../parts/dom.js";
import { consume } from "../parts/keys.js";
import { PaintedPictures } from "./pictures.js";
import { ReadOut } from "./read-out.js";
import { createRecording } from "./recording.js";
import { Tools } from "./tools.js";

/** @typedef {import("../logic/answer.js").Painting} Painting */

/** @param {import("../panels.js").Context} context @returns {import("../panels.js").Panel} */
export function createPainter(context) {
  const { model, answer, onDark } = context;
  const painting = /** @type {Painting} */ (answer.painting);
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
    h("div", { class: session.record ? "steps" : "steps paintable-steps" }, left.element, right.element, readOut.element),
    session.record ? null : status,
  );
  listenToUndo(element, session);
  recording?.go(0, (session.record ?? []).findIndex((trial) => sameMask(trial, session.mask)));
  const ready = pictures.pair.load(painting, false).then(draw);
  onDark(draw);
  const stops = [
    pictures.pair.watchSize(draw),
    follow(model, ["painted", "mode"], () => session.adopt()),
    follow(model, ["selected", "numbers"], drawSoon),
    follow(model, ["_now"], () => session.receive()),
  ];
  return {
    element,
    ready,
    stop() {
      session.stop();
      for (const stop of stops) stop();
    },
  };
}

/** The recorded states, and those of EAGLE's order. @param {Painting} painting @param {PaintingSession} session */
function createStates(painting, session) {
  const { eagle } = painting;
  /** @type {import("./recording.js").Track<import("../logic/painting-session.js").Trial>[]} */
  const tracks = [{ name: "Tried by hand", states: session.record ?? [] }];
  if (eagle) {
    tracks.push({ name: "EAGLE's order, shown", states: eagleStates(eagle, "show") });
    tracks.push({ name: "EAGLE's order, hidden", states: eagleStates(eagle, "hide") });
  }
  return createRecording(tracks, (trial) => stateText(painting, trial), (trial) => session.replay(trial));
}

/** @param {HTMLElement} element @param {PaintingSession} session */
function listenToUndo(element, session) {
  element.addEventListener("keydown", (event) => {
    if (session.record || event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    consume(event);
    session.undo();
  });
}
