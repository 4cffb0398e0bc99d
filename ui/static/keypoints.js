// @ts-check
/**
 * Placing keypoints on the averages of clusters: what is placed, what comes next, what a step changes. Pure: no DOM, no
 * socket, no clock. Places are canvas units; a pixel is one of the average's.
 */

import { marksOf, NO_ANNOTATION } from "./annotation.js";
import { distance, toPoint } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./annotation.js").Schema} Schema */
/** @typedef {import("./annotation.js").Mark} Mark one for each author */
/** @typedef {ReadonlyMap<string, Mark>} Placed the newest mark of each keypoint, by anybody */
/** @typedef {{width: number, height: number}} Size pixels of the average */
/** @typedef {{annotation: import("./annotation.js").Annotation} | null} Annotated a session, as far as it is about keypoints */

/**
 * @typedef {object} Placing what a person is doing with the points of one cluster
 * @property {string} selected id of the keypoint that arrows and Delete are about; "" for none
 * @property {string} wanted id of the keypoint that is to be placed next if it is free; "" for the first that is
 * @property {ReadonlySet<string>} skipped left out for now
 * @property {ReadonlyMap<string, Point>} copied places of another average that are to start from here
 */

/** @type {Placing} */
export const IDLE = { selected: "", wanted: "", skipped: new Set(), copied: new Map() };

/**
 * @param {Annotated} session
 * @returns {Schema}
 */
export function schemaOf(session) {
  return (session?.annotation ?? NO_ANNOTATION).schema;
}

/**
 * @param {Annotated} session
 * @param {string} cluster
 * @param {string | null} [author] null: of anybody
 * @returns {Placed}
 */
export function marksOn(session, cluster, author = null) {
  return marksOf(session?.annotation ?? NO_ANNOTATION, cluster, author);
}

/**
 * @param {Annotated} session
 * @param {string} author
 * @returns {boolean} whether somebody else has placed keypoints
 */
export function hasOthers(session, author) {
  return (session?.annotation ?? NO_ANNOTATION).marks.some((mark) => mark.author !== author);
}

/**
 * @param {Annotated} session
 * @returns {Set<string>} ids of the keypoints that have points anywhere
 */
export function markedKeypoints(session) {
  return new Set((session?.annotation?.marks ?? []).map(({ keypoint }) => keypoint));
}

/**
 * @param {Schema} schema
 * @param {Placed} placed
 * @returns {number} of the schema's keypoints
 */
export function countPlaced(schema, placed) {
  return schema.keypoints.filter(({ id }) => placed.has(id)).length;
}

/**
 * The keypoint that a click places: the wanted one if it is free, else the first free one after it, over the end to the
 * start. What was skipped is not asked for again by itself.
 *
 * @param {Schema} schema
 * @param {Placed} placed
 * @param {Placing} placing
 * @returns {string | null} null if nothing is left to place
 */
export function nextToPlace(schema, placed, { wanted, skipped }) {
  const ids = schema.keypoints.map(({ id }) => id);
  const from = Math.max(0, ids.indexOf(wanted));
  const order = [...ids.slice(from), ...ids.slice(0, from)];
  return order.find((id) => !placed.has(id) && !skipped.has(id)) ?? null;
}

/**
 * A keypoint got its place: arrows move it now, and the one after it is asked for.
 *
 * @param {Placing} placing
 * @param {string} keypoint
 * @returns {Placing}
 */
export function afterPlacing(placing, keypoint) {
  return { ...placing, selected: keypoint, wanted: keypoint, skipped: without(placing.skipped, keypoint) };
}

/**
 * Leave the keypoint that is asked for out for now.
 *
 * @param {Schema} schema
 * @param {Placed} placed
 * @param {Placing} placing
 * @returns {Placing} `placing` itself if none is asked for
 */
export function skip(schema, placed, placing) {
  const next = nextToPlace(schema, placed, placing);
  if (next === null) return placing;
  return { ...placing, selected: "", wanted: next, skipped: new Set([...placing.skipped, next]) };
}

/**
 * Go to a keypoint: if it has no place, it is the next to get one.
 *
 * @param {Placed} placed
 * @param {Placing} placing
 * @param {string} keypoint
 * @returns {Placing}
 */
export function choose(placed, placing, keypoint) {
  if (placed.has(keypoint)) return { ...placing, selected: keypoint };
  return { ...placing, selected: "", wanted: keypoint, skipped: without(placing.skipped, keypoint) };
}

/**
 * @param {Schema} schema
 * @param {Placed} placed
 * @param {Placing} placing
 * @param {1 | -1} step
 * @returns {string | null} the keypoint before or after the one that is selected, else to be placed; null at the ends
 */
export function beside(schema, placed, placing, step) {
  const ids = schema.keypoints.map(({ id }) => id);
  const now = placed.has(placing.selected) ? placing.selected : nextToPlace(schema, placed, placing);
  if (now === null) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[ids.indexOf(now) + step] ?? null;
}

/**
 * @param {Point} point
 * @param {readonly [number, number]} by pixels of the average
 * @param {Size} size
 * @returns {Point} on the canvas
 */
export function nudged([x, y], [across, down], { width, height }) {
  return toPoint(x + across / width, y + down / height);
}

/**
 * @param {Iterable<readonly [string, Point]>} points
 * @param {Point} at
 * @param {number} reach units of the width
 * @param {number} aspect height / width
 * @param {string} [favorite] id of one that is taken before nearer ones
 * @returns {string | null} the one under the hand
 */
export function pointUnder(points, at, reach, aspect, favorite = "") {
  const near = [...points].map(([id, point]) => ({ id, away: distance(point, at, aspect) })).filter(({ away }) => away <= reach);
  near.sort((one, other) => one.away - other.away);
  return (near.find(({ id }) => id === favorite) ?? near[0])?.id ?? null;
}

/**
 * @param {readonly string[]} clusters in their order
 * @param {string} now
 * @param {(cluster: string) => number} count of points that are placed
 * @returns {string | null} the next one without points, over the end to the start
 */
export function nextUnmarked(clusters, now, count) {
  const at = Math.max(0, clusters.indexOf(now));
  const order = [...clusters.slice(at + 1), ...clusters.slice(0, at)];
  return order.find((id) => count(id) === 0) ?? null;
}

/** @param {ReadonlySet<string>} ids @param {string} id */
function without(ids, id) {
  return ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : ids;
}
