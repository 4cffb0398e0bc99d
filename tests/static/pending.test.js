// @ts-check
/** `pending.js`: what this window did is seen before the room answers, and seen once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../ui/static/delivery.js";
import { addCluster, follow, isScored, mergeClusters, moveCluster, putEdit, removeEdit, setCluster } from "../../ui/static/messages.js";
import { Painter } from "../../ui/static/paint.js";
import { historyAfter, waitingEdits, withPending } from "../../ui/static/pending.js";
import { readMessage } from "./read.js";

/** @typedef {import("../../ui/static/messages.js").Session} Session */
/** @typedef {import("../../ui/static/messages.js").Stroke} Stroke */

/** @type {Session} one cluster with the edit s1 */
const CONFIRMED = readMessage("server/welcome.json").session;
/** @type {import("../../ui/static/messages.js").Changes} */
const NO_CHANGES = { put: [], removed: [], settings: [], added: [], order: null, session: null, annotation: null, board: null };
const BY = { author: "ann", time: 1792000009 };
const NOTHING_DONE = { canUndo: false, canRedo: false };

/** @param {string} id @param {number} [strength] @returns {Stroke} */
function stroke(id, strength = 1) {
  return { kind: "sketch", id, paths: [[[0, 0]]], radius: 0.1, strength, enabled: true, reach: "near" };
}

/** @param {readonly import("../../ui/static/messages.js").Operation[]} operations */
function shown(...operations) {
  return withPending(CONFIRMED, operations.map((operation) => ({ operation })), BY);
}

/** @param {Session} session */
function edits(session) {
  return session.clusters[0]?.edits.map(({ edit }) => edit) ?? [];
}

/** @param {Session} session */
function ids(session) {
  return edits(session).map(({ id }) => id);
}

test("two fast sketch lines join into one edit with both paths", () => {
  const outbox = new Outbox();
  const session = () => withPending({ ...CONFIRMED, clusters: [{ ...required(CONFIRMED.clusters[0]), edits: [] }] }, outbox.waiting, BY);
  const painter = new Painter({
    settings: () => ({
      tool: "sketch", color: [0, 0, 0], radius: { color: 0.05, sketch: 0.02, eraser: 0.05 },
      aspect: 1, edits: edits(session()), selected: null,
    }),
    preview: () => {},
    put: (edit) => outbox.add(`o${outbox.waiting.length}`, putEdit("main", edit)),
    remove: () => {},
    select: () => {},
    newId: () => "e1",
    nowS: () => 0,
  });
  for (const x of [0.1, 0.4]) {
    painter.begin([x, 0.1], { shift: false });
    painter.extend([[x, 0.5]]);
    painter.end();
  }
  const drawn = edits(session()).map((edit) => edit.kind === "sketch" && edit.paths);
  assert.deepEqual(drawn, [[[[0.1, 0.1], [0.1, 0.5]], [[0.4, 0.1], [0.4, 0.5]]]]);
});

test("an operation that was refused is seen no more", () => {
  const outbox = new Outbox();
  outbox.add("a", putEdit("main", stroke("s2")));
  assert.deepEqual(ids(withPending(CONFIRMED, outbox.waiting, BY)), ["s1", "s2"]);
  outbox.settle("a");
  assert.deepEqual(ids(withPending(CONFIRMED, outbox.waiting, BY)), ["s1"]);
});

test("an echo does not show an edit twice, nor set a later change of it back", () => {
  const [first, second] = [putEdit("main", stroke("s2")), putEdit("main", stroke("s2", 0.5))];
  const put = [{ cluster: "main", place: 1, entry: { edit: stroke("s2"), ...BY } }];
  const echoed = follow(CONFIRMED, { ...NO_CHANGES, put });
  for (const waiting of [[first, second], [second]]) {
    const after = edits(withPending(echoed, waiting.map((operation) => ({ operation })), BY));
    assert.deepEqual(after.map((edit) => isScored(edit) && edit.strength), [1, 0.5]);
  }
});

test("an edit keeps its place, and what others did meanwhile stays", () => {
  const others = follow(CONFIRMED, {
    ...NO_CHANGES,
    put: [{ cluster: "main", place: 1, entry: { edit: stroke("b1"), author: "bob", time: 0 } }],
  });
  const after = withPending(others, [{ operation: putEdit("main", stroke("s1", -1)) }], BY);
  assert.deepEqual(ids(after), ["s1", "b1"]);
});

test("removing, clearing and settings are seen at once", () => {
  assert.deepEqual(ids(shown(putEdit("main", stroke("s2")), removeEdit("main", "s1"))), ["s2"]);
  assert.deepEqual(ids(shown({ type: "clear", cluster: "main" }, putEdit("main", stroke("s3")))), ["s3"]);
  const settings = { ...required(CONFIRMED.clusters[0]), weighting: /** @type {const} */ ("paper"), count: 7, mirror: true, color: "#102030" };
  const { count, mirror, color, edits: kept } = required(shown(setCluster(settings)).clusters[0]);
  assert.deepEqual([count, mirror, color, kept.length], [7, true, "#102030", 1]);
});

test("a file is shown when the room has taken it, as it may be anything", () => {
  const session = /** @type {Session} */ (/** @type {unknown} */ ({ shopping: ["milk"] }));
  assert.deepEqual(shown({ type: "replace_session", session }), CONFIRMED);
});

/** @param {Session} session */
function names(session) {
  return session.clusters.map(({ name }) => name);
}

test("an empty cluster and a copy are seen at once, what is made of images when the room has made it", () => {
  const copy = addCluster("b", "Copy", { kind: "cluster", cluster: "main" }, 1);
  const after = shown(addCluster("a", "Empty", { kind: "empty" }), copy, addCluster("c", "Like", { kind: "images", images: ["x"] }));
  assert.deepEqual(names(after), ["Average", "Copy", "Empty"]);
  assert.deepEqual(after.clusters.map((cluster) => cluster.edits.length), [1, 1, 0]);
  assert.equal(after.clusters[1]?.id, "b");
});

test("a copy of what is not there, and a cluster that the room has by now, change nothing", () => {
  const added = [addCluster("b", "B", { kind: "cluster", cluster: "gone" }), addCluster("main", "Again", { kind: "empty" })];
  assert.deepEqual(shown(...added), CONFIRMED);
});

test("clusters are moved and removed at once, but never the last one, and merging waits", () => {
  const second = addCluster("b", "B", { kind: "empty" });
  assert.deepEqual(names(shown(second, moveCluster("b", 0))), ["B", "Average"]);
  assert.deepEqual(names(shown(second, { type: "remove_cluster", cluster: "main" }, { type: "remove_cluster", cluster: "b" })), ["B"]);
  assert.deepEqual(names(shown(second, mergeClusters(["main", "b"], "m", "Both"))), ["Average", "B"]);
});

test("undo waits for the room, and another cluster is left alone", () => {
  assert.deepEqual(shown({ type: "undo" }, putEdit("other", stroke("s2"))), CONFIRMED);
});

test("the edits that wait are named", () => {
  const waiting = [putEdit("main", stroke("s2")), removeEdit("main", "s1")].map((operation) => ({ operation }));
  assert.deepEqual([...waitingEdits(waiting)], ["s2"]);
});

/** @template T @param {T | undefined} value @returns {T} */
function required(value) {
  assert.ok(value !== undefined);
  return value;
}

test("an undo takes back what still waits, and a redo brings it back", () => {
  const put = putEdit("main", stroke("s2"));
  assert.deepEqual(ids(shown(put)), ["s1", "s2"]);
  assert.deepEqual(ids(shown(put, { type: "undo" })), ["s1"]);
  assert.deepEqual(ids(shown(put, { type: "undo" }, { type: "redo" })), ["s1", "s2"]);
  assert.deepEqual(ids(shown(put, { type: "undo" }, { type: "undo" })), ["s1"]);
  assert.deepEqual(ids(shown(put, { type: "undo" }, putEdit("main", stroke("s3")), { type: "redo" })), ["s1", "s3"]);
});

test("what people say to each other is not undone", () => {
  const vote = /** @type {const} */ ({ type: "put_vote", image: "a.png", value: 1 });
  const put = putEdit("main", stroke("s2"));
  assert.deepEqual(ids(shown(put, vote, { type: "undo" })), ["s1"]);
  assert.deepEqual(historyAfter(NOTHING_DONE, [{ operation: vote }]), NOTHING_DONE);
});

test("without a connection one can undo what one has done since, and redo what one has undone", () => {
  const put = { operation: putEdit("main", stroke("s2")) };
  const undo = /** @type {const} */ ({ operation: { type: "undo" } });
  const redo = /** @type {const} */ ({ operation: { type: "redo" } });
  assert.deepEqual(historyAfter(NOTHING_DONE, [put]), { canUndo: true, canRedo: false });
  assert.deepEqual(historyAfter(NOTHING_DONE, [put, undo]), { canUndo: false, canRedo: true });
  assert.deepEqual(historyAfter(NOTHING_DONE, [put, undo, redo]), { canUndo: true, canRedo: false });
  assert.deepEqual(historyAfter({ canUndo: true, canRedo: true }, [put]), { canUndo: true, canRedo: false });
  assert.deepEqual(historyAfter({ canUndo: true, canRedo: false }, [undo]), { canUndo: true, canRedo: true });
});
