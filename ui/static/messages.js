// @ts-check
/**
 * The messages on the wire as values, and how a session follows them. Pure; `ui/wire/protocol.py` is the other
 * half, and tests/messages/ holds an example of each that both sides read.
 */

import { followAnnotation } from "./annotation.js";
import { shortName } from "./clusterrules.js";

/** @typedef {import("./stroke.js").Path} Path */
/** @typedef {readonly [r: number, g: number, b: number]} Rgb */

/** @typedef {"near" | "anywhere"} Reach where an edit is looked for: around its place, or all over at several sizes */
/** @typedef {{kind: "color", id: string, paths: readonly Path[], radius: number, color: Rgb, strength: number, enabled: boolean, reach: Reach}} ColorStroke */
/** @typedef {{kind: "sketch", id: string, paths: readonly Path[], radius: number, strength: number, enabled: boolean, reach: Reach}} SketchStroke */
/** @typedef {{kind: "image", id: string, image: string, verdict: "pin" | "exclude", enabled: boolean}} ImageVerdict */
/** @typedef {{kind: "mode", id: string, image: string, center: import("./stroke.js").Point, size: number, strength: number, enabled: boolean, reach: Reach}} ModePick `size`: the patch's side, units of the width */
/** @typedef {{kind: "like", id: string, image: string, strength: number, enabled: boolean}} LikeImage */
/** @typedef {{kind: "any", id: string, parts: readonly (readonly Edit[])[], names: readonly string[], strength: number, enabled: boolean}} AnyOf what merging clusters makes */
/** @typedef {{kind: "sharpen", id: string, rounds: number, enabled: boolean}} Sharpen */
/** @typedef {ColorStroke | SketchStroke} Stroke */
/** @typedef {ModePick | LikeImage} Example */
/** @typedef {Stroke | ModePick} Placed an edit that is looked for at a place */
/** @typedef {Stroke | Example | AnyOf} Scored an edit that gives every image a score */
/** @typedef {Scored | ImageVerdict | Sharpen} Edit */
/** @typedef {{edit: Edit, author: string, time: number}} Entry */
/** @typedef {"focus" | "paper"} Weighting */
/** @typedef {"similarity" | "rigid" | "affine" | "none"} Alignment */
/** @typedef {{id: string, name: string, weighting: Weighting, count: number | null, alignment: Alignment, mirror: boolean, color: string}} Settings */
/** @typedef {Settings & {edits: readonly Entry[]}} Cluster */
/** @typedef {{format: string, version: number, collection: string, clusters: readonly Cluster[]}} SessionFile what it says of keypoints, only the room reads */
/** @typedef {SessionFile & {annotation: import("./annotation.js").Annotation}} Session as the room tells it: layers without their points */
/** @typedef {{name: string, images: number, height: number, width: number, metadata: readonly string[], version: string}} Collection */

/**
 * @typedef {{kind: "empty"} | {kind: "cluster", cluster: string} | {kind: "images", images: readonly string[]}
 *   | {kind: "edits", edits: readonly Edit[]}} Source what a new cluster is made of
 */
/** @typedef {{type: "set_cluster", cluster: string} & Omit<Settings, "id">} SetCluster */
/** @typedef {{type: "add_cluster", id: string, name: string, color: string, place: number | null, source: Source}} AddCluster */
/** @typedef {{type: "move_cluster", cluster: string, place: number}} MoveCluster `place`: counted without it */
/** @typedef {{type: "merge_clusters", clusters: readonly string[], id: string, name: string}} MergeClusters */
/**
 * @typedef {{type: "put_edit", cluster: string, edit: Edit}
 *   | {type: "remove_edit", cluster: string, edit_id: string}
 *   | SetCluster | {type: "clear", cluster: string}
 *   | AddCluster | {type: "remove_cluster", cluster: string} | MoveCluster | MergeClusters
 *   | {type: "replace_session", session: SessionFile, keeps_keypoints?: boolean, base?: SessionFile | null, title?: string, restores?: number | null}
 *   | import("./annotation.js").KeypointOperation
 *   | import("./board.js").BoardOperation
 *   | {type: "undo"} | {type: "redo"}} Operation
 */
/** @typedef {{type: "operate", op_id: string, operation: Operation}} Operate */
/** @typedef {{type: "preview", request: number, cluster: string, edit: Scored | null}} Preview */
/** @typedef {{type: "hover", request: number, cluster: string, x: number, y: number, size: number}} Hover `size`: the patch's side, pixels of the collection */

/** @typedef {"viewer" | "annotator" | "editor" | "owner"} Role each may do what the one before may */
/** @typedef {{name: string, title: string, parent: string | null, base: number | null, author: string, is_private: boolean}} RoomInfo */
/** @typedef {{type: "here", name: string, cluster: string, at: import("./stroke.js").Point | null, tool: string, radius: number | null, image: string | null, is_active: boolean}} Here `radius`: of the brush that is down */

/**
 * @typedef {object} Changes
 * @property {readonly {cluster: string, place: number, entry: Entry}[]} put
 * @property {readonly {cluster: string, edit_id: string}[]} removed
 * @property {readonly Settings[]} settings
 * @property {readonly Cluster[]} added
 * @property {readonly string[] | null} order
 * @property {Session | null} session
 * @property {import("./annotation.js").AnnotationChanges | null} annotation
 * @property {import("./board.js").BoardChanges | null} board
 */
/** @typedef {readonly [x: number, y: number, width: number, height: number]} Box */
/** @typedef {{id: number, name: string, weight: number, score: number, boxes: Record<string, Box>, mirrored: boolean, share: number}} RankedImage */
/** @typedef {{type: "welcome", protocol: number, revision: number, last: string, author: string, person: string, role: Role, room: RoomInfo, session: Session | null, board: import("./board.js").Board | null, collection: Collection, collections: readonly string[], names: Readonly<Record<string, string>>}} Welcome `session` and `board` null: go on from what was known; `names` of authors, also of those who have left */
/** @typedef {{type: "applied", revision: number, op_id: string, author: string, changes: Changes}} Applied */
/** @typedef {{type: "history", can_undo: boolean, can_redo: boolean}} History */
/** @typedef {{type: "room", room: RoomInfo, is_archived: boolean}} RoomChanged */
/** @typedef {{id: string, author: string, name: string, color: string, role: Role, cluster: string, at: import("./stroke.js").Point | null, tool: string, radius: number | null, image: string | null, state: "here" | "idle"}} Person one for each open page */
/** @typedef {{type: "people", people: readonly Person[], gone: readonly string[], is_all: boolean}} People */
/** @typedef {{type: "refused", op_id: string | null, code: string, text: string}} Refused */
/** @typedef {{type: "ranking", revision: number, request: number, cluster: string, effective_images: number, sharpness: number, top: readonly RankedImage[], unplaced: readonly string[]}} Ranking */
/** @typedef {{id: string, share: number, effective_images: number, sharpness: number, support: number | null, words: string}} Figures of a cluster, for its card */
/** @typedef {{type: "clusters", revision: number, request: number, clusters: readonly Figures[], outliers: number | null}} Clusters */
/** @typedef {{type: "progress", cluster: string, label: string, share: number, state: "running" | "done" | "cancelled" | "failed"}} Progress */
/** @typedef {{image: string, center: import("./stroke.js").Point, size: number, share: number, images: number, inlier: number, picture: string}} Mode */
/** @typedef {{type: "modes", revision: number, request: number, cluster: string, box: Box, size: number, sizes: readonly number[], is_final: boolean, modes: readonly Mode[]}} Modes */
/** @typedef {{type: "status", level: "info" | "error", text: string, request: number | null}} Status */
/** @typedef {{type: "pong", time: number}} Pong */
/** @typedef {Welcome | Applied | History | RoomChanged | People | Refused | Ranking | Clusters | Modes | Progress | Status | Pong} ServerMessage */

export const PROTOCOL = 5;

const SERVER_TYPES = ["welcome", "applied", "history", "room", "people", "refused", "ranking", "clusters", "modes", "progress", "status", "pong"];

/**
 * @param {string} text one message, or an array of messages that were sent together
 * @returns {readonly ServerMessage[]} in their order
 * @throws {RangeError} if a type is not one of this protocol
 */
export function readServerMessages(text) {
  const messages = [JSON.parse(text)].flat();
  for (const message of messages) {
    if (SERVER_TYPES.includes(message?.type)) continue;
    throw new RangeError(`the type must be one of ${SERVER_TYPES.join(", ")}, got ${message?.type}`);
  }
  return messages;
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
 * @returns {SetCluster}
 */
export function setCluster({ id, name, weighting, count, alignment, mirror, color }) {
  return { type: "set_cluster", cluster: id, name: shortName(name), weighting, count, alignment, mirror, color };
}

/**
 * @param {string} id
 * @param {string} name
 * @param {Source} source
 * @param {number | null} [place] null: the last one
 * @returns {AddCluster}
 */
export function addCluster(id, name, source, place = null) {
  return { type: "add_cluster", id, name, color: "", place, source };
}

/**
 * @param {string} cluster
 * @param {number} place counted without it
 * @returns {Operation}
 */
export function moveCluster(cluster, place) {
  return { type: "move_cluster", cluster, place };
}

/**
 * @param {readonly string[]} clusters the merged one stands in place of the first
 * @param {string} id
 * @param {string} name
 * @returns {Operation}
 */
export function mergeClusters(clusters, id, name) {
  return { type: "merge_clusters", clusters, id, name };
}

/**
 * Follow what a server message says has changed: first `added` and `order`, then `removed`, then `put`,
 * then `settings`; keypoints apart.
 *
 * @param {Session} session not changed
 * @param {Changes} changes
 * @returns {Session}
 */
export function follow(session, changes) {
  if (changes.session) return changes.session;
  const known = [...session.clusters, ...changes.added];
  const order = changes.order ?? session.clusters.map(({ id }) => id);
  const clusters = order.flatMap((id) => known.find((cluster) => cluster.id === id) ?? []);
  return {
    ...session,
    clusters: clusters.map((cluster) => followCluster(cluster, changes)),
    annotation: followAnnotation(session.annotation, changes.annotation),
  };
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
  return edit.kind !== "image" && edit.kind !== "sharpen";
}

/**
 * @param {Edit} edit
 * @returns {edit is Placed}
 */
export function isPlaced(edit) {
  return isStroke(edit) || edit.kind === "mode";
}
