// Keys that move from step to step.

/**
 * Arrow keys, Home and End on a panel, except inside its inputs and lists.
 * @param {HTMLElement} element
 * @param {{current: number, last: number}} steps
 * @param {(step: number) => void} go
 */
export function listenToStepKeys(element, steps, go) {
  element.addEventListener("keydown", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (target instanceof Element && target.closest("[role=listbox]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const destinations = { ArrowLeft: steps.current - 1, ArrowRight: steps.current + 1, Home: 0, End: steps.last };
    if (!(event.key in destinations)) return;
    consume(event);
    go(destinations[event.key]);
  });
}

/** Keep a key from the page and from JupyterLab, which has shortcuts of its own. @param {Event} event */
export function consume(event) {
  event.preventDefault();
  event.stopPropagation();
}
