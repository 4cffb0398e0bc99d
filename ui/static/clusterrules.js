// @ts-check
/** How clusters are colored, named, ordered and picked from: rules without DOM, socket or clock. Pure. */

/** @typedef {import("./messages.js").Rgb} Rgb */

/**
 * Colors by place. Chosen one after the other, each as far as possible from those before it for
 * normal vision and for people who see no red, no green or no blue; neither is lost on white or on black.
 *
 * @type {readonly string[]}
 */
export const PLACE_COLORS = [
  "#0072b2", "#e69f00", "#7f4f24", "#66ccee", "#ee6677", "#cc79a7", "#a6761d", "#aa3377",
  "#009e73", "#6699cc", "#ccbb44", "#56b4e9", "#228833", "#117733", "#aa4499",
];

const NAME_LIMIT = 200;

/**
 * @param {{color: string}} cluster
 * @param {number} place of the cluster, from 0
 * @returns {string} "#rrggbb": what was chosen, else the color of its place
 */
export function clusterColor({ color }, place) {
  return color || (PLACE_COLORS[place % PLACE_COLORS.length] ?? "#0072b2");
}

/**
 * @param {string} name of a session file or a person, of any length
 * @param {number} [limit]
 * @returns {string} as the room takes it; whole characters, never none
 */
export function shortName(name, limit = NAME_LIMIT) {
  return [...name].slice(0, limit).join("") || "Average";
}

/**
 * @param {readonly string[]} taken
 * @param {string} base
 * @returns {string} the base, or the base with the first number from 2 that is free
 */
export function freeName(taken, base) {
  const short = shortName(base, NAME_LIMIT - 4);
  if (!taken.includes(short)) return short;
  let number = 2;
  while (taken.includes(`${short} ${number}`)) number += 1;
  return `${short} ${number}`;
}

/**
 * @param {readonly string[]} names
 * @returns {string} what their merged cluster is called
 */
export function mergedName(names) {
  return shortName(names.join(" or "));
}

/**
 * @param {readonly string[]} ids in their order
 * @param {string} id
 * @param {number} step
 * @returns {string | null} the one so many places on; null beyond the ends
 */
export function stepFrom(ids, id, step) {
  const at = ids.indexOf(id);
  return at < 0 ? (ids[0] ?? null) : (ids[at + step] ?? null);
}

/**
 * @param {readonly string[]} before the ids as they were
 * @param {readonly string[]} after the ids that are left, or came
 * @param {string} focused
 * @returns {string | null} which has the focus now: the same; else the nearest that is left, those behind it first; else the first
 */
export function focusAfter(before, after, focused) {
  if (after.includes(focused)) return focused;
  const at = Math.max(0, before.indexOf(focused));
  const isLeft = (/** @type {string} */ id) => after.includes(id);
  return before.slice(at).find(isLeft) ?? before.slice(0, at).findLast(isLeft) ?? after[0] ?? null;
}

/**
 * @param {readonly string[]} ids
 * @param {string} id
 * @param {number} place it is to have, counted without it; what lies outside is the nearest end
 * @returns {string[]}
 */
export function moved(ids, id, place) {
  if (!ids.includes(id)) return [...ids];
  const others = ids.filter((one) => one !== id);
  const at = Math.min(others.length, Math.max(0, place));
  return [...others.slice(0, at), id, ...others.slice(at)];
}

/**
 * Find where what is dragged would stand: before the first card that the pointer has not passed, in the
 * order of reading; rows and columns both.
 *
 * @param {readonly {left: number, top: number, right: number, bottom: number}[]} boxes of the other cards, in their order
 * @param {{x: number, y: number}} pointer
 * @returns {number} the place among the others
 */
export function placeUnder(boxes, { x, y }) {
  const isOneColumn = boxes.every(({ left }) => left === boxes[0]?.left);
  const at = boxes.findIndex(({ left, top, right, bottom }) => {
    if (y < top) return true;
    if (isOneColumn) return y < (top + bottom) / 2;
    return y <= bottom && x < (left + right) / 2;
  });
  return at < 0 ? boxes.length : at;
}

/** @typedef {{names: readonly string[], anchor: string | null}} Picks images that are picked in the strip, and from where a range goes */

/** @type {Picks} */
export const NO_PICKS = { names: [], anchor: null };

/**
 * Pick an image or let it go; with Shift all from the last one that was picked.
 *
 * @param {Picks} picks
 * @param {readonly string[]} shown names of the images in the strip's order
 * @param {string} name
 * @param {boolean} isRange
 * @returns {Picks}
 */
export function pick({ names, anchor }, shown, name, isRange) {
  const from = anchor === null ? -1 : shown.indexOf(anchor);
  if (isRange && from >= 0) {
    const to = shown.indexOf(name);
    const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    return { names: [...names, ...range.filter((one) => !names.includes(one))], anchor };
  }
  const isPicked = names.includes(name);
  return { names: isPicked ? names.filter((one) => one !== name) : [...names, name], anchor: isPicked ? null : name };
}
