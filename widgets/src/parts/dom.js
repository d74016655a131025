// Elements. Text is only ever set as text: no module of this bundle parses HTML.

/**
 * An HTML element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] functions become listeners ("onclick"); false, null and undefined are ignored
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), attributes, children));
}

/**
 * An SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {SVGElement}
 */
export function s(tag, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children));
}

/** @param {Element} element @param {Record<string, any>} attributes @param {(Node | string | null)[]} children */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((c) => c !== null));
  return element;
}

/** @param {string} label @param {(event: Event) => void} onclick @param {Record<string, any>} [attributes] */
export function button(label, onclick, attributes = {}) {
  return /** @type {HTMLButtonElement} */ (h("button", { type: "button", onclick, ...attributes }, label));
}

/**
 * A slider over the full width.
 * @param {string} label
 * @param {(value: number) => void} oninput
 * @param {Record<string, any>} [attributes]
 */
export function slider(label, oninput, attributes = {}) {
  const element = /** @type {HTMLInputElement} */ (
    h("input", { type: "range", step: 1, class: "wide", "aria-label": label, ...attributes })
  );
  element.addEventListener("input", () => oninput(Number(element.value)));
  return element;
}

/**
 * Exclusive choices, as native radio buttons.
 * @param {string} label
 * @param {[string, string][]} choices value and text
 * @param {(value: string) => void} onchange
 */
export function choice(label, choices, onchange) {
  const name = `eagle-${Math.random().toString(36).slice(2)}`;
  const inputs = choices.map(([value]) =>
    /** @type {HTMLInputElement} */ (h("input", { type: "radio", name, value, onchange: () => onchange(value) })),
  );
  const element = h(
    "div",
    { class: "choice", role: "radiogroup", "aria-label": label },
    ...choices.map(([, text], k) => h("label", {}, inputs[k], h("span", {}, text))),
  );
  return {
    element,
    /** @param {string} value */
    set(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** A check box. @param {string} label @param {(on: boolean) => void} onchange */
export function check(label, onchange) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  input.addEventListener("change", () => onchange(input.checked));
  return { element: h("label", { class: "check" }, input, label), input };
}

/** A function that calls back at most once per frame. @param {() => void} callback */
export function perFrame(callback) {
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
