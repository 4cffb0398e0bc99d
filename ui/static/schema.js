// @ts-check
/**
 * Which keypoints things of a kind have, and how people change that. Pure; every change gives a new value.
 * Points refer to keypoints by id, so an id never changes and what is placed is never lost.
 */

import { NO_ANNOTATION } from "./annotation.js";

/** @typedef {import("./annotation.js").Keypoint} Keypoint */
/** @typedef {import("./annotation.js").Schema} Schema */
/** @typedef {readonly [string, string]} Couple ids of two keypoints */

export const EMPTY = NO_ANNOTATION.schema;

const MOST_IN_ID = 48;
const MOST_IN_NAME = 60;
/** Hues that follow each other are far apart, and the first ones are told apart by people who do not see all colors. */
const COLORS = ["#e69f00", "#56b4e9", "#12b886", "#f0e442", "#4c8df6", "#f0702a", "#d780b4", "#b7e04f", "#a78bfa", "#ff8a80"];

/**
 * @param {Schema} schema
 * @param {string} id
 * @returns {Keypoint | null}
 */
export function keypointOf(schema, id) {
  return schema.keypoints.find((keypoint) => keypoint.id === id) ?? null;
}

/**
 * @param {Schema} schema
 * @param {string} id of one that need not be in it
 * @returns {string} its name
 */
export function nameOfKeypoint(schema, id) {
  return keypointOf(schema, id)?.name ?? id;
}

/**
 * @param {Schema} schema
 * @param {string} id
 * @returns {string} "#rrggbb": its own, else that of its partner or of its place
 */
export function colorOfKeypoint(schema, id) {
  const place = schema.keypoints.findIndex((keypoint) => keypoint.id === id);
  const own = schema.keypoints[place]?.color;
  return own || (COLORS[Math.max(0, place) % COLORS.length] ?? "#e69f00");
}

/**
 * @param {Schema} schema
 * @param {string} id
 * @returns {string | null} id of its partner on the other side
 */
export function partnerOf(schema, id) {
  const pair = schema.pairs.find((couple) => couple.includes(id));
  return pair ? (pair[0] === id ? pair[1] : pair[0]) : null;
}

/**
 * @param {string} name
 * @param {Iterable<string>} taken
 * @returns {string} an id that tells of the name and is not taken
 */
export function freeId(name, taken) {
  const used = new Set(taken);
  const plain = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const base = plain.slice(0, MOST_IN_ID - 4) || "point";
  if (!used.has(base)) return base;
  let number = 2;
  while (used.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/**
 * @param {Schema} schema
 * @param {string} name
 * @param {Iterable<string>} [reserved] ids of keypoints that are not in the schema now but have points
 * @returns {Schema} with one more at the end
 */
export function addKeypoint(schema, name, reserved = []) {
  const shown = shortName(name) || `point ${schema.keypoints.length + 1}`;
  const id = freeId(shown, [...schema.keypoints.map((keypoint) => keypoint.id), ...reserved]);
  return { ...schema, keypoints: [...schema.keypoints, { id, name: shown, color: "" }] };
}

/**
 * @param {Schema} schema
 * @param {string} id
 * @param {Partial<Omit<Keypoint, "id">>} change an empty name changes nothing
 * @returns {Schema}
 */
export function changeKeypoint(schema, id, change) {
  const name = change.name === undefined ? undefined : shortName(change.name);
  const keypoints = schema.keypoints.map((keypoint) =>
    keypoint.id === id ? { ...keypoint, color: change.color ?? keypoint.color, name: name || keypoint.name } : keypoint,
  );
  return { ...schema, keypoints };
}

/**
 * @param {Schema} schema
 * @param {string} id
 * @param {number} place counted without it
 * @returns {Schema}
 */
export function moveKeypoint(schema, id, place) {
  const moved = keypointOf(schema, id);
  if (!moved) return schema;
  const others = schema.keypoints.filter((keypoint) => keypoint !== moved);
  return { ...schema, keypoints: others.toSpliced(Math.max(0, place), 0, moved) };
}

/**
 * Leave a keypoint out, with its edges and its pair. The points that were placed stay in the session.
 *
 * @param {Schema} schema
 * @param {string} id
 * @returns {Schema}
 */
export function removeKeypoint(schema, id) {
  const without = (/** @type {readonly Couple[]} */ couples) => couples.filter((couple) => !couple.includes(id));
  const keypoints = schema.keypoints.filter((keypoint) => keypoint.id !== id);
  return { ...schema, keypoints, edges: without(schema.edges), pairs: without(schema.pairs) };
}

/**
 * Join two keypoints, or take the edge between them away.
 *
 * @param {Schema} schema
 * @param {string} one
 * @param {string} other
 * @returns {Schema}
 */
export function toggleEdge(schema, one, other) {
  if (one === other || !keypointOf(schema, one) || !keypointOf(schema, other)) return schema;
  const kept = schema.edges.filter((edge) => !(edge.includes(one) && edge.includes(other)));
  const edges = kept.length < schema.edges.length ? kept : [...schema.edges, /** @type {const} */ ([one, other])];
  return { ...schema, edges };
}

/**
 * @param {Schema} schema
 * @param {string} id
 * @returns {readonly string[]} ids of those that it is joined to
 */
export function joinedTo(schema, id) {
  return schema.edges.filter((edge) => edge.includes(id)).map(([one, other]) => (one === id ? other : one));
}

/**
 * Make two keypoints each other's mirror image; both leave the pairs that they were in.
 *
 * @param {Schema} schema
 * @param {string} one
 * @param {string} other "" for none
 * @returns {Schema}
 */
export function pairUp(schema, one, other) {
  const pairs = schema.pairs.filter((pair) => !pair.includes(one) && !pair.includes(other));
  const isPair = one !== other && keypointOf(schema, one) !== null && keypointOf(schema, other) !== null;
  return { ...schema, pairs: isPair ? [...pairs, [one, other]] : pairs };
}

/**
 * Guess the pairs from names that differ in left and right alone, where a keypoint has no partner yet.
 *
 * @param {Schema} schema
 * @returns {Schema}
 */
export function guessPairs(schema) {
  return schema.keypoints.reduce((known, { id, name }) => {
    const wanted = rightOf(name.toLowerCase());
    const partner = known.keypoints.find((keypoint) => wanted !== null && keypoint.name.toLowerCase() === wanted);
    if (!partner || partnerOf(known, id) !== null || partnerOf(known, partner.id) !== null) return known;
    return pairUp(known, id, partner.id);
  }, schema);
}

/** @param {string} name @returns {string | null} null where it is not of the left */
function rightOf(name) {
  const sides = /** @type {Record<string, string>} */ ({ left: "right", l: "r" });
  const parts = name.split(/([\s_.-]+)/);
  const at = parts.findIndex((part) => part in sides);
  return at < 0 ? null : parts.with(at, sides[parts[at] ?? ""] ?? "").join("");
}

/**
 * Take another schema, such as a template's or a file's, without losing what is placed: keypoints that have points and
 * are not in it stay at its end; one that has the name of a keypoint with points gets that one's id.
 *
 * @param {Schema} now
 * @param {Schema} wanted
 * @param {ReadonlySet<string>} placed ids of the keypoints that have points
 * @returns {Schema}
 */
export function replaceSchema(now, wanted, placed) {
  const kept = now.keypoints.filter(({ id }) => placed.has(id));
  const ids = new Map();
  for (const { id, name } of wanted.keypoints) {
    if (kept.some((keypoint) => keypoint.id === id)) continue;
    const same = kept.find((keypoint) => keypoint.name.toLowerCase() === name.toLowerCase());
    const isFree = same && !wanted.keypoints.some((keypoint) => keypoint.id === same.id) && ![...ids.values()].includes(same.id);
    if (same && isFree) ids.set(id, same.id);
  }
  const known = (/** @type {string} */ id) => ids.get(id) ?? id;
  const couples = (/** @type {readonly Couple[]} */ all) => all.map(([one, other]) => /** @type {const} */ ([known(one), known(other)]));
  const keypoints = wanted.keypoints.map((keypoint) => ({ ...keypoint, id: known(keypoint.id) }));
  const extra = kept.filter(({ id }) => !keypoints.some((keypoint) => keypoint.id === id));
  return { name: wanted.name, keypoints: [...keypoints, ...extra], edges: couples(wanted.edges), pairs: couples(wanted.pairs) };
}

/** @param {string} name */
function shortName(name) {
  return [...name.trim()].slice(0, MOST_IN_NAME).join("");
}
