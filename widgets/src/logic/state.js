// The state that views read and write: the kernel's model in a notebook, `createState` in an exported page.

/**
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 */

/**
 * A model without a kernel.
 * @param {Record<string, any>} values
 * @returns {Model}
 */
export function createState(values) {
  const state = { ...values };
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      if (same(state[name], value)) return;
      state[name] = value;
      for (const callback of [...(listeners.get(`change:${name}`) ?? [])]) callback();
    },
    save_changes() {},
    on(event, callback) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event)?.add(callback);
    },
    off(event, callback) {
      listeners.get(event)?.delete(callback);
    },
  };
}

/** Whether two values are equal; lists are compared entry by entry. @param {any} a @param {any} b */
export function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, k) => v === b[k]);
  return Object.is(a, b);
}

/**
 * Call back now and whenever one of the names changes.
 * @param {Model} model
 * @param {string[]} names
 * @param {() => void} callback
 * @returns {() => void} ends the calls
 */
export function follow(model, names, callback) {
  for (const name of names) model.on(`change:${name}`, callback);
  callback();
  return () => {
    for (const name of names) model.off(`change:${name}`, callback);
  };
}

/** Set one value and send it to the kernel. @param {Model} model @param {string} name @param {any} value */
export function put(model, name, value) {
  model.set(name, value);
  model.save_changes();
}
