// Sets of tokens or regions as ascending lists.

/** Distinct values in ascending order. @param {Iterable<number>} values */
export function sorted(values) {
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * Add members to a selection, or remove them if all are selected.
 * @param {number[]} selected
 * @param {number[]} members
 */
export function toggle(selected, members) {
  const set = new Set(selected);
  const all = members.every((k) => set.has(k));
  for (const k of members) {
    if (all) set.delete(k);
    else set.add(k);
  }
  return sorted(set);
}

/**
 * Whether a group is selected: completely, partly or not at all.
 * @param {number[]} group
 * @param {Set<number>} selected
 * @returns {boolean | "partly"}
 */
export function coverage(group, selected) {
  const hits = group.filter((k) => selected.has(k)).length;
  if (hits === group.length) return true;
  return hits ? "partly" : false;
}
