// @ts-check
/**
 * What the explorer brush holds: the modes of one place, which of them is highlighted, how large the patch
 * is. Pure: no DOM, no socket, no clock.
 */

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./messages.js").Mode} Mode */
/** @typedef {import("./messages.js").Modes} Modes */

/**
 * @typedef {object} Explore
 * @property {number} size wished side of the patch, pixels of the collection
 * @property {readonly number[]} sizes that can be asked for here; none before the first answer
 * @property {Modes | null} pinned the last answer: it stays until another place is hovered
 * @property {number} at which mode is highlighted, -1 for none
 * @property {boolean} isChosen whether the person has put the highlight there
 * @property {boolean} isQuiet whether the highlighted mode is not previewed: it was committed
 * @property {boolean} isAsking whether no answer has come yet for the place that is hovered
 */

/** @type {Explore} */
export const NOTHING = { size: 80, sizes: [], pinned: null, at: -1, isChosen: false, isQuiet: false, isAsking: false };

/** The engine's grid: patches begin at whole cells. */
const CELL_PX = 8;
/** A hand that goes down faster than this is on its way to the strip, and the modes wait for it. */
const TRAVEL_PX_PER_MS = 0.45;
const TRAVEL_MS = 90;

/**
 * Take an answer. A highlight that was chosen stays on the same seed while the place is the same; else the
 * first mode has it.
 *
 * @param {Explore} explore
 * @param {Modes} message
 * @returns {Explore}
 */
export function pin(explore, message) {
  const { pinned } = explore;
  if (pinned && message.request < pinned.request) return explore;
  const isSamePlace = pinned !== null && String(pinned.box) === String(message.box);
  const isChosen = isSamePlace && explore.isChosen;
  const seed = isChosen ? pinned.modes[explore.at] : undefined;
  const kept = seed ? message.modes.findIndex((mode) => isSameSeed(mode, seed)) : -1;
  return {
    ...explore,
    pinned: message,
    sizes: message.sizes,
    at: kept >= 0 ? kept : message.modes.length > 0 ? 0 : -1,
    isChosen: kept >= 0,
    isQuiet: isSamePlace && explore.isQuiet,
    isAsking: false,
  };
}

/**
 * @param {Explore} explore
 * @param {1 | -1} step
 * @returns {Explore | null} null at the ends
 */
export function walk(explore, step) {
  const at = explore.at + step;
  return explore.pinned?.modes[at] ? { ...explore, at, isChosen: true, isQuiet: false } : null;
}

/**
 * @param {Explore} explore
 * @param {number} at
 * @returns {Explore} itself if that mode has the highlight already, or is not there
 */
export function highlight(explore, at) {
  if (!explore.pinned?.modes[at]) return explore;
  const isThere = at === explore.at && explore.isChosen && !explore.isQuiet;
  return isThere ? explore : { ...explore, at, isChosen: true, isQuiet: false };
}

/**
 * @param {Explore} explore
 * @returns {Explore} without modes; the size stays
 */
export function letGo(explore) {
  return { ...explore, pinned: null, at: -1, isChosen: false, isQuiet: false, isAsking: false };
}

/**
 * @param {Explore} explore
 * @param {1 | -1} direction
 * @returns {Explore} with the next size that can be asked for
 */
export function resize(explore, direction) {
  const { size, sizes } = explore;
  const at = sizes.indexOf(nearest(size, sizes));
  const next = sizes[at + direction];
  return next === undefined ? explore : { ...explore, size: next };
}

/**
 * @param {Explore} explore
 * @returns {Mode | null} the one that has the highlight
 */
export function highlighted({ pinned, at }) {
  return pinned?.modes[at] ?? null;
}

/**
 * @param {Mode} mode
 * @param {string} id of the edit
 * @returns {import("./messages.js").ModePick}
 */
export function pickOf({ image, center, size }, id) {
  return { kind: "mode", id, image, center, size, strength: 1, enabled: true, reach: "near" };
}

/**
 * @param {Mode} a
 * @param {Mode} b
 */
export function isSameSeed(a, b) {
  return a.image === b.image && a.size === b.size && String(a.center) === String(b.center);
}

/**
 * Name the place that a point snaps to, as `explorer/modes/spots.py` does: what has the same name need
 * not be asked for again.
 *
 * @param {Point} point
 * @param {Explore} explore
 * @param {{width: number, height: number}} canvas pixels of the collection
 * @returns {string}
 */
export function spotOf([x, y], { size, sizes }, { width, height }) {
  const side = Math.round(nearest(size, sizes) / CELL_PX);
  const first = (/** @type {number} */ unit, /** @type {number} */ pixels) => {
    const last = Math.max(0, Math.floor(pixels / CELL_PX) - side);
    return Math.min(last, Math.max(0, roundHalfEven((unit * pixels) / CELL_PX - side / 2)));
  };
  return `${side}:${first(x, width)}:${first(y, height)}`;
}

/** @param {number} value @returns {number} rounded as Python does: halves to the even neighbor */
function roundHalfEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * @param {Modes} modes
 * @param {{width: number, height: number}} canvas pixels of the collection
 * @returns {string} the name of its place, as `spotOf` gives it
 */
export function spotOfModes({ box: [x, y], size }, { width, height }) {
  return [size / CELL_PX, (x * width) / CELL_PX, (y * height) / CELL_PX].map(Math.round).join(":");
}

/**
 * Say whether two places are the same or one cell apart: a hand trembles by as much, and a click that does
 * is meant for what is shown.
 *
 * @param {string} spot as `spotOf` gives it
 * @param {string} other
 */
export function isBeside(spot, other) {
  const [from, to] = [spot.split(":").map(Number), other.split(":").map(Number)];
  return from[0] === to[0] && from.every((value, at) => Math.abs(value - (to[at] ?? NaN)) <= 1);
}

/**
 * Say whether the hand is on its way down to the strip, so that what it passes must not take the modes
 * away that it goes to.
 *
 * @param {readonly {x: number, y: number, ms: number}[]} trail of the pointer, CSS pixels, the newest last
 * @returns {boolean}
 */
export function isTravelling(trail) {
  const now = trail.at(-1);
  const from = now && trail.find(({ ms }) => now.ms - ms <= TRAVEL_MS);
  if (!now || !from || now.ms <= from.ms) return false;
  const [dx, dy] = [now.x - from.x, now.y - from.y];
  return dy / (now.ms - from.ms) > TRAVEL_PX_PER_MS && dy > Math.abs(dx);
}

/**
 * @param {number} size
 * @param {readonly number[]} sizes
 * @returns {number} the nearest of them; the size itself where there are none
 */
export function nearest(size, sizes) {
  const [first = size, ...others] = sizes;
  return others.reduce((best, one) => (Math.abs(one - size) < Math.abs(best - size) ? one : best), first);
}
