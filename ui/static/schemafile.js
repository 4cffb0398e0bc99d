// @ts-check
/**
 * Schemas as categories of COCO files, both ways, as `explorer/keypoints/formats/coco.py` writes and reads them. Pure:
 * values of JSON in and out.
 */

import { EMPTY, freeId, guessPairs } from "./schema.js";

/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./schema.js").Keypoint} Keypoint */
/** @typedef {import("./schema.js").Couple} Couple */

/** The key of what COCO has no word for. */
const OURS = "average_explorer";

/**
 * @param {Schema} schema
 * @returns {object} a COCO file without images
 */
export function toCoco(schema) {
  const place = (/** @type {string} */ id) => schema.keypoints.findIndex((keypoint) => keypoint.id === id) + 1;
  const category = {
    id: 1,
    name: schema.name,
    supercategory: schema.name,
    keypoints: distinctNames(schema),
    skeleton: schema.edges.map(([one, other]) => [place(one), place(other)]),
    [OURS]: {
      ids: schema.keypoints.map(({ id }) => id),
      colors: schema.keypoints.map(({ color }) => color),
      pairs: schema.pairs.map(([left, right]) => [place(left), place(right)]),
    },
  };
  return { images: [], annotations: [], categories: [category] };
}

/**
 * Others know a keypoint by its name alone.
 *
 * @param {Schema} schema
 * @returns {string[]} names that several have come with their ids
 */
function distinctNames({ keypoints }) {
  return keypoints.map(({ id, name }) => (keypoints.some((one) => one.name === name && one.id !== id) ? `${name} (${id})` : name));
}

/**
 * Read the first category with keypoints of a COCO file, or one category by itself.
 *
 * @param {any} file what JSON.parse gave
 * @returns {Schema}
 * @throws {RangeError} if no category in it has keypoints
 */
export function fromCoco(file) {
  const categories = Array.isArray(file) ? file : (file?.categories ?? [file]);
  const category = [categories].flat().find((one) => Array.isArray(one?.keypoints) && one.keypoints.length > 0);
  if (!category) throw new RangeError("the file must have a COCO category with keypoints, and has none");
  const keypoints = keypointsOf(category);
  const ids = keypoints.map(({ id }) => id);
  const edges = couples(category.skeleton, ids);
  const name = typeof category.name === "string" && category.name.trim() ? category.name.trim() : EMPTY.name;
  const schema = { name, keypoints, edges, pairs: [] };
  const pairs = knownPairs(category[OURS]?.pairs, ids);
  return pairs === null ? guessPairs(schema) : { ...schema, pairs };
}

/** @param {any} category @returns {Keypoint[]} */
function keypointsOf(category) {
  /** @type {Keypoint[]} */
  const keypoints = [];
  category.keypoints.forEach((/** @type {unknown} */ written, /** @type {number} */ at) => {
    const name = String(written).trim() || `point ${at + 1}`;
    const taken = keypoints.map(({ id }) => id);
    const id = String(category[OURS]?.ids?.[at] ?? "");
    const color = String(category[OURS]?.colors?.[at] ?? "").toLowerCase();
    const isKept = /^[a-z0-9_-]{1,48}$/.test(id) && !taken.includes(id);
    keypoints.push({ id: isKept ? id : freeId(name, taken), name, color: /^#[0-9a-f]{6}$/.test(color) ? color : "" });
  });
  return keypoints;
}

/**
 * @param {unknown} skeleton pairs of places counted from 1
 * @param {readonly string[]} ids
 * @returns {Couple[]} without those that join nothing, or the same two again
 */
function couples(skeleton, ids) {
  /** @type {Couple[]} */
  const edges = [];
  for (const edge of Array.isArray(skeleton) ? skeleton : []) {
    const [one, other] = [ids[edge?.[0] - 1], ids[edge?.[1] - 1]];
    const isKnown = edges.some((known) => known.includes(one ?? "") && known.includes(other ?? ""));
    if (one !== undefined && other !== undefined && one !== other && !isKnown) edges.push([one, other]);
  }
  return edges;
}

/**
 * @param {unknown} written pairs of places counted from 1
 * @param {readonly string[]} ids
 * @returns {Couple[] | null} null where the file says nothing of pairs
 */
function knownPairs(written, ids) {
  if (!Array.isArray(written)) return null;
  const seen = new Set();
  return written.flatMap((pair) => {
    const [one, other] = [ids[pair?.[0] - 1], ids[pair?.[1] - 1]];
    if (one === undefined || other === undefined || one === other || seen.has(one) || seen.has(other)) return [];
    seen.add(one).add(other);
    return [/** @type {Couple} */ ([one, other])];
  });
}
