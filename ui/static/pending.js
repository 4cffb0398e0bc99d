// @ts-check
/**
 * What the page shows: the session that the room has confirmed, with this window's operations that were
 * not answered yet carried out on top. Pure: no socket, no clock.
 */

import { annotationAfter, isOfKeypoints } from "./annotation.js";
import { isOfBoard } from "./board.js";
import { moved } from "./clusterrules.js";

/** @typedef {import("./messages.js").Cluster} Cluster */
/** @typedef {Extract<Operation, {type: "add_cluster" | "remove_cluster" | "move_cluster" | "merge_clusters"}>} RowOperation */
/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Session} Session */
/** @typedef {{author: string, time: number}} By who edits, and when in seconds since 1970 */

/** @type {Cluster} */
const NEW = { id: "", name: "", weighting: "focus", count: null, alignment: "similarity", mirror: false, color: "", edits: [] };

/**
 * Carry out the operations in their order. Undo and redo of what waits itself are seen at once; what else they
 * give, only the room knows, and whether a file is a session: they change nothing here until it has answered.
 *
 * @param {Session} confirmed not changed
 * @param {readonly {operation: Operation}[]} waiting sent or still to be sent, the oldest first
 * @param {By} by stands at the edits that wait
 * @returns {Session}
 */
export function withPending(confirmed, waiting, by) {
  const { done } = undone(waiting.map(({ operation }) => operation));
  return done.reduce((session, operation) => carriedOut(session, operation, by), confirmed);
}

/**
 * Whether there is something to undo and to redo once the room has done what waits.
 *
 * @param {{canUndo: boolean, canRedo: boolean}} known as the room said last
 * @param {readonly {operation: Operation}[]} waiting
 * @returns {{canUndo: boolean, canRedo: boolean}}
 */
export function historyAfter({ canUndo, canRedo }, waiting) {
  const { done, taken, isBeyond } = undone(waiting.map(({ operation }) => operation));
  const isNew = done.some(isUndoable);
  return {
    canUndo: isNew || canUndo,
    canRedo: taken > 0 || isBeyond || (canRedo && !isNew),
  };
}

/**
 * Take undo and redo for what they do to operations that wait themselves.
 *
 * @param {readonly Operation[]} operations
 * @returns {{done: readonly Operation[], taken: number, isBeyond: boolean}} what is left of them in its order, how many of them can
 * be redone, and whether an undo went beyond them
 */
function undone(operations) {
  /** @type {Operation[]} */
  const done = [];
  /** @type {Operation[]} */
  let taken = [];
  let isBeyond = false;
  for (const operation of operations) {
    if (operation.type === "undo") {
      const at = done.findLastIndex(isUndoable);
      if (at < 0) isBeyond = true;
      else taken.push(...done.splice(at, 1));
    } else if (operation.type === "redo") {
      const again = taken.pop();
      if (again) done.push(again);
    } else {
      done.push(operation);
      if (isUndoable(operation)) [taken, isBeyond] = [[], false];
    }
  }
  return { done, taken: taken.length, isBeyond };
}

/** @param {Operation} operation What people say to each other is not undone. */
function isUndoable(operation) {
  return !isOfBoard(operation);
}

/**
 * @param {readonly {operation: Operation}[]} waiting
 * @returns {ReadonlySet<string>} ids of the edits and comments that are shown as the room does not have them yet
 */
export function waitingEdits(waiting) {
  const ids = waiting.flatMap(({ operation }) => {
    if (operation.type === "put_edit") return [operation.edit.id];
    return operation.type === "put_comment" ? [operation.id] : [];
  });
  return new Set(ids);
}

/**
 * @param {Session} session
 * @param {Operation} operation
 * @param {By} by
 * @returns {Session}
 */
function carriedOut(session, operation, by) {
  if (operation.type === "undo" || operation.type === "redo" || operation.type === "replace_session") return session;
  if (isOfBoard(operation)) return session; // the board is not part of a session: see boardpending.js
  if (isOfKeypoints(operation)) return { ...session, annotation: annotationAfter(session.annotation, operation, by) };
  if (isOfTheRow(operation)) return { ...session, clusters: rowAfter(session.clusters, operation) };
  const clusters = session.clusters.map((cluster) =>
    cluster.id === operation.cluster ? clusterAfter(cluster, operation, by) : cluster,
  );
  return { ...session, clusters };
}

/**
 * @param {Operation} operation
 * @returns {operation is RowOperation}
 */
function isOfTheRow(operation) {
  return ["add_cluster", "remove_cluster", "move_cluster", "merge_clusters"].includes(operation.type);
}

/**
 * What a new cluster is made of, only the room knows for sure: a copy and an empty one are seen at once,
 * others when it has answered.
 *
 * @param {readonly Cluster[]} clusters
 * @param {RowOperation} operation
 * @returns {readonly Cluster[]}
 */
function rowAfter(clusters, operation) {
  switch (operation.type) {
    case "add_cluster": {
      const { id, name, color, source } = operation;
      const from = source.kind === "cluster" ? clusters.find((cluster) => cluster.id === source.cluster) : NEW;
      if (!from || !["cluster", "empty"].includes(source.kind) || clusters.some((cluster) => cluster.id === id)) return clusters;
      return clusters.toSpliced(operation.place ?? clusters.length, 0, { ...from, id, name, color });
    }
    case "remove_cluster":
      return clusters.length > 1 ? clusters.filter((cluster) => cluster.id !== operation.cluster) : clusters;
    case "move_cluster": {
      const order = moved(clusters.map(({ id }) => id), operation.cluster, operation.place);
      return order.flatMap((id) => clusters.find((cluster) => cluster.id === id) ?? []);
    }
    case "merge_clusters":
      return clusters;
  }
}

/**
 * @param {Cluster} cluster
 * @param {Exclude<Extract<Operation, {cluster: string}>, RowOperation | import("./annotation.js").KeypointOperation>} operation
 * @param {By} by
 * @returns {Cluster}
 */
function clusterAfter(cluster, operation, by) {
  switch (operation.type) {
    case "put_edit": {
      const entry = { edit: operation.edit, ...by };
      const known = cluster.edits.findIndex((one) => one.edit.id === operation.edit.id);
      return { ...cluster, edits: known < 0 ? [...cluster.edits, entry] : cluster.edits.with(known, entry) };
    }
    case "remove_edit":
      return { ...cluster, edits: cluster.edits.filter((one) => one.edit.id !== operation.edit_id) };
    case "clear":
      return { ...cluster, edits: [] };
    case "set_cluster": {
      const { type: _, cluster: id, ...settings } = operation;
      return { ...cluster, ...settings, id };
    }
  }
}
