// @ts-check
/**
 * What the page shows: the session that the room has confirmed, with this window's operations that were
 * not answered yet carried out on top. Pure: no socket, no clock.
 */

/** @typedef {import("./messages.js").Cluster} Cluster */
/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Session} Session */
/** @typedef {{author: string, time: number}} By who edits, and when in seconds since 1970 */

/**
 * Carry out the operations in their order. What undo and redo give, only the room knows: they change
 * nothing here until it has answered.
 *
 * @param {Session} confirmed not changed
 * @param {readonly {operation: Operation}[]} waiting sent or still to be sent, the oldest first
 * @param {By} by stands at the edits that wait
 * @returns {Session}
 */
export function withPending(confirmed, waiting, by) {
  return waiting.reduce((session, { operation }) => carriedOut(session, operation, by), confirmed);
}

/**
 * @param {readonly {operation: Operation}[]} waiting
 * @returns {ReadonlySet<string>} ids of the edits that are shown as the room does not have them yet
 */
export function waitingEdits(waiting) {
  const ids = waiting.flatMap(({ operation }) => (operation.type === "put_edit" ? [operation.edit.id] : []));
  return new Set(ids);
}

/**
 * @param {Session} session
 * @param {Operation} operation
 * @param {By} by
 * @returns {Session}
 */
function carriedOut(session, operation, by) {
  if (operation.type === "undo" || operation.type === "redo") return session;
  if (operation.type === "replace_session") return { ...operation.session, collection: session.collection };
  const clusters = session.clusters.map((cluster) =>
    cluster.id === operation.cluster ? clusterAfter(cluster, operation, by) : cluster,
  );
  return { ...session, clusters };
}

/**
 * @param {Cluster} cluster
 * @param {Extract<Operation, {cluster: string}>} operation
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
      const { name, weighting, count } = operation;
      return { ...cluster, name, weighting, count };
    }
  }
}
