// Numbers as text.

/** A share as a percentage; small shares with one decimal. @param {number} value */
export function percent(value) {
  return `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
}

/** A number with its sign and three decimals. @param {number} value */
export function signed(value) {
  return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3);
}
