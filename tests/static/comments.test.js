// @ts-check
/** `comments.js`: threads, pins, what is new, and how it is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aboutImage, afterReading, agoWords, beginning, countThreads, isRemoved, isUnread, listedOf, pinsOf, placeWords, threadsOf } from "../../ui/static/comments.js";

/** @typedef {import("../../ui/static/board.js").Comment} Comment */

/** @param {string} id @param {number} time @param {Partial<Comment>} [more] @returns {Comment} */
function comment(id, time, more = {}) {
  return { id, time, place: { kind: "average", cluster: "main", at: [0, 0] }, text: id, author: "ann", reply_to: null, is_resolved: false, name: "", ...more };
}

const COMMENTS = [
  comment("k1", 10),
  comment("k2", 20, { place: { kind: "image", image: "red/a.png", at: null } }),
  comment("k3", 30, { is_resolved: true }),
  comment("k4", 40, { reply_to: "k1", author: "ben" }),
];

test("threads hold their answers; the one in which something was said last is first", () => {
  const told = threadsOf(COMMENTS).map(({ root, answers, newest }) => [root.id, answers.map(({ id }) => id), newest]);
  assert.deepEqual(told, [["k1", ["k4"], 40], ["k3", [], 30], ["k2", [], 20]]);
});

test("pins are of one average; those dealt with only when asked for, the oldest below", () => {
  const threads = threadsOf(COMMENTS);
  const ids = (/** @type {boolean} */ shows, cluster = "main") => pinsOf(threads, cluster, shows).map(({ root }) => root.id);
  assert.deepEqual([ids(false), ids(true), ids(true, "other")], [["k1"], ["k1", "k3"], []]);
  assert.deepEqual(aboutImage(threads, "red/a.png").map(({ root }) => root.id), ["k2"]);
});

test("what is dealt with stands in the list when asked for, or as long as it is new", () => {
  const threads = threadsOf(COMMENTS);
  const ids = (/** @type {boolean} */ shows, /** @type {readonly string[]} */ fresh) => listedOf(threads, shows, ({ root }) => fresh.includes(root.id)).map(({ root }) => root.id);
  assert.deepEqual([ids(false, []), ids(false, ["k3"]), ids(true, [])], [["k1", "k2"], ["k1", "k3", "k2"], ["k1", "k3", "k2"]]);
});

test("what others said since one read is new; what one says oneself never is", () => {
  const [thread] = threadsOf(COMMENTS);
  assert.ok(thread);
  assert.equal(isUnread(thread, "ben", {}), true);
  assert.equal(isUnread(thread, "ann", { k1: 39 }), true);
  assert.equal(isUnread(thread, "ann", { k1: 40 }), false);
  assert.equal(isUnread(thread, "ben", { k1: 10 }), false);
});

test("reading marks the whole thread, and nothing where nothing is new", () => {
  const [thread] = threadsOf(COMMENTS);
  assert.ok(thread);
  const marks = afterReading({ k2: 20 }, thread);
  assert.deepEqual(marks, { k2: 20, k1: 40 });
  assert.equal(afterReading(marks, thread), marks);
});

test("open ones and new ones are counted apart", () => {
  assert.deepEqual(countThreads(threadsOf(COMMENTS), "ben", { k3: 30 }), { open: 2, unread: 2 });
});

test("a place is told by the average's name, the image's, or that it was removed", () => {
  const clusters = [{ id: "main", name: "Boots" }];
  assert.equal(placeWords({ kind: "average", cluster: "main", at: [0, 0] }, clusters), "Boots");
  assert.equal(placeWords({ kind: "image", image: "red/a.png", at: null }, clusters), "a.png");
  const gone = /** @type {const} */ ({ kind: "average", cluster: "c9", at: [0, 0] });
  assert.equal(placeWords(gone, clusters), "an average that was removed");
  assert.deepEqual([isRemoved(gone, clusters), isRemoved({ kind: "image", image: "x", at: null }, clusters)], [true, false]);
});

test("a beginning is one line, and whole letters", () => {
  assert.equal(beginning("one\n two"), "one two");
  assert.equal(beginning("👟👟👟👟", 3), "👟👟…");
});

test("how long ago something was said", () => {
  assert.deepEqual([0, 59, 60, 3599, 3600, 86400].map((ago) => agoWords(1e9, 1e9 + ago)), ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "1 d ago"]);
  assert.equal(agoWords(0, 1e9), "1970-01-01");
});
