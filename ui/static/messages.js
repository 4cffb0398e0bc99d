// @ts-check
/**
 * The messages on the wire as values, and how a session follows them. Pure; `ui/protocol.py` is the other
 * half, and tests/messages/ holds an example of each that both sides read.
 */

/** @typedef {import("./stroke.js").Path} Path */
/** @typedef {readonly [r: number, g: number, b: number]} Rgb */

/** @typedef {{kind: "color", id: string, paths: readonly Path[], radius: number, color: Rgb, strength: number, enabled: boolean}} ColorStroke */
/** @typedef {{kind: "sketch", id: string, paths: readonly Path[], radius: number, strength: number, enabled: boolean}} SketchStroke */
/** @typedef {{kind: "image", id: string, image: string, verdict: "pin" | "exclude", enabled: boolean}} ImageVerdict */
/** @typedef {{kind: "mode", id: string, image: string, center: import("./stroke.js").Point, size: number, strength: number, enabled: boolean}} ModePick `size`: the patch's side, units of the width */
/** @typedef {{kind: "like", id: string, image: string, strength: number, enabled: boolean}} LikeImage */
/** @typedef {ColorStroke | SketchStroke} Stroke */
/** @typedef {ModePick | LikeImage} Example */
/** @typedef {Stroke | Example} Scored an edit that gives every image a score */
/** @typedef {Scored | ImageVerdict} Edit */
/** @typedef {{edit: Edit, author: string, time: number}} Entry */
/** @typedef {"focus" | "paper"} Weighting */
/** @typedef {{id: string, name: string, weighting: Weighting, count: number | null}} Settings */
/** @typedef {Settings & {edits: readonly Entry[]}} Cluster */
/** @typedef {{format: string, version: number, collection: string, clusters: readonly Cluster[]}} Session */
/** @typedef {{name: string, images: number, height: number, width: number, metadata: readonly string[], version: string}} Collection */

/**
 * @typedef {{type: "put_edit", cluster: string, edit: Edit}
 *   | {type: "remove_edit", cluster: string, edit_id: string}
 *   | {type: "set_cluster", cluster: string, name: string, weighting: Weighting, count: number | null}
 *   | {type: "clear", cluster: string}
 *   | {type: "replace_session", session: Session}
 *   | {type: "undo"} | {type: "redo"}} Operation
 */
/** @typedef {{type: "operate", op_id: string, operation: Operation}} Operate */
/** @typedef {{type: "preview", request: number, cluster: string, edit: Scored | null}} Preview */
/** @typedef {{type: "hover", request: number, cluster: string, x: number, y: number, size: number}} Hover `size`: the patch's side, pixels of the collection */

/**
 * @typedef {object} Changes
 * @property {readonly {cluster: string, place: number, entry: Entry}[]} put
 * @property {readonly {cluster: string, edit_id: string}[]} removed
 * @property {readonly Settings[]} settings
 * @property {Session | null} session
 */
/** @typedef {readonly [x: number, y: number, width: number, height: number]} Box */
/** @typedef {{id: number, name: string, weight: number, score: number, boxes: Record<string, Box>}} RankedImage */
/** @typedef {{type: "welcome", protocol: number, revision: number, author: string, session: Session, collection: Collection, collections: readonly string[], can_undo: boolean, can_redo: boolean}} Welcome */
/** @typedef {{type: "applied", revision: number, op_id: string, author: string, changes: Changes, can_undo: boolean, can_redo: boolean}} Applied */
/** @typedef {{type: "refused", op_id: string | null, code: string, text: string}} Refused */
/** @typedef {{type: "ranking", revision: number, request: number, cluster: string, effective_images: number, sharpness: number, top: readonly RankedImage[]}} Ranking */
/** @typedef {{image: string, center: import("./stroke.js").Point, size: number, share: number, images: number, inlier: number, picture: string}} Mode */
/** @typedef {{type: "modes", revision: number, request: number, cluster: string, box: Box, size: number, sizes: readonly number[], is_final: boolean, modes: readonly Mode[]}} Modes */
/** @typedef {{type: "status", level: "info" | "error", text: string, request: number | null}} Status */
/** @typedef {{type: "pong", time: number}} Pong */
/** @typedef {Welcome | Applied | Refused | Ranking | Modes | Status | Pong} ServerMessage */

export const PROTOCOL = 2;

const SERVER_TYPES = ["welcome", "applied", "refused", "ranking", "modes", "status", "pong"];

/**
 * @param {string} text
 * @returns {ServerMessage}
 * @throws {RangeError} if its type is not one of this protocol
 */
export function readServerMessage(text) {
  const message = JSON.parse(text);
  if (!SERVER_TYPES.includes(message?.type)) {
    throw new RangeError(`the type must be one of ${SERVER_TYPES.join(", ")}, got ${message?.type}`);
  }
  return message;
}

/**
 * @param {string} opId
 * @param {Operation} operation
 * @returns {Operate}
 */
export function operate(opId, operation) {
  return { type: "operate", op_id: opId, operation };
}

/**
 * @param {number} request
 * @param {string} cluster
 * @param {Scored | null} edit
 * @returns {Preview}
 */
export function preview(request, cluster, edit) {
  return { type: "preview", request, cluster, edit };
}

/**
 * @param {number} request
 * @param {string} cluster
 * @param {import("./stroke.js").Point} point
 * @param {number} size of the patch, pixels of the collection
 * @returns {Hover}
 */
export function hover(request, cluster, [x, y], size) {
  return { type: "hover", request, cluster, x, y, size };
}

/**
 * @param {string} cluster
 * @param {Edit} edit
 * @returns {Operation}
 */
export function putEdit(cluster, edit) {
  return { type: "put_edit", cluster, edit };
}

/**
 * @param {string} cluster
 * @param {string} editId
 * @returns {Operation}
 */
export function removeEdit(cluster, editId) {
  return { type: "remove_edit", cluster, edit_id: editId };
}

/**
 * @param {Settings} settings all of them, also those that stay
 * @returns {Operation}
 */
export function setCluster({ id, name, weighting, count }) {
  return { type: "set_cluster", cluster: id, name, weighting, count };
}

/**
 * Follow what a server message says has changed: first `removed`, then `put`, then `settings`.
 *
 * @param {Session} session not changed
 * @param {Changes} changes
 * @returns {Session}
 */
export function follow(session, changes) {
  if (changes.session) return changes.session;
  return { ...session, clusters: session.clusters.map((cluster) => followCluster(cluster, changes)) };
}

/**
 * @param {Cluster} cluster
 * @param {Changes} changes
 * @returns {Cluster}
 */
function followCluster(cluster, changes) {
  const gone = changes.removed.filter((one) => one.cluster === cluster.id).map((one) => one.edit_id);
  const edits = cluster.edits.filter((entry) => !gone.includes(entry.edit.id));
  for (const { place, entry } of changes.put.filter((one) => one.cluster === cluster.id)) {
    const known = edits.findIndex((one) => one.edit.id === entry.edit.id);
    if (known >= 0) edits[known] = entry;
    else edits.splice(place, 0, entry);
  }
  const settings = changes.settings.find((one) => one.id === cluster.id);
  return { ...cluster, ...settings, edits };
}

/**
 * @param {Edit} edit
 * @returns {edit is Stroke}
 */
export function isStroke(edit) {
  return edit.kind === "color" || edit.kind === "sketch";
}

/**
 * @param {Edit} edit
 * @returns {edit is Example}
 */
export function isExample(edit) {
  return edit.kind === "mode" || edit.kind === "like";
}

/**
 * @param {Edit} edit
 * @returns {edit is Scored}
 */
export function isScored(edit) {
  return edit.kind !== "image";
}
