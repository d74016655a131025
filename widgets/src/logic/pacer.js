// Sending the latest of many changes.

/**
 * Send a change `delay` ms after the latest one, but not before the previous one is answered.
 * @param {() => void} send
 * @param {() => boolean} answered
 * @param {number} delay
 */
export function createPacer(send, answered, delay) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
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
        timer = undefined;
        due = true;
        attempt();
      }, delay);
    },
    /** An answer may have arrived. */
    attempt,
    /** Whether a change is still to be sent. */
    pending: () => due || timer !== undefined,
    drop() {
      clearTimeout(timer);
      timer = undefined;
      due = false;
    },
  };
}
