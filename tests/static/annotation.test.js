// @ts-check
/** `annotation.js`: what a page knows of keypoints follows the room, and what waits is seen at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  annotationAfter, followAnnotation, handLayerId, isOfKeypoints, marksOf, NO_ANNOTATION, putByHand, putMark,
  removeLayer, removeMark, setReviewed, setSchema, summaryOf,
} from "../../ui/static/annotation.js";
import { follow, putEdit } from "../../ui/static/messages.js";
import { withPending } from "../../ui/static/pending.js";
import { readMessage } from "./read.js";

/** @typedef {import("../../ui/static/annotation.js").Annotation} Annotation */

/** @type {import("../../ui/static/messages.js").Session} */
const SESSION = readMessage("server/welcome.json").session;
/** @type {Annotation} */
const KNOWN = SESSION.annotation;
const BY = { author: "ann", time: 9 };
/** @type {import("../../ui/static/annotation.js").AnnotationChanges} */
const NOTHING = { schema: null, put_marks: [], removed_marks: [], put_layers: [], removed_layers: [], put_reviews: [], removed_reviews: [] };

/** @param {string} name of an example */
function example(name) {
  return readMessage(`client/operate-${name}.json`).operation;
}

/** @param {string} id @param {number} [points] @returns {import("../../ui/static/annotation.js").LayerSummary} */
function summary(id, points = 1) {
  return { id, kind: "hand", merge: "overwrite", clusters: [], author: "ann", time: 1, images: 1, points };
}

test("operations on keypoints are written as the examples have them", () => {
  assert.deepEqual(setSchema(example("set_schema").schema), example("set_schema"));
  assert.deepEqual(putMark("main", "eye_l", [0.375, 0.25]), example("put_mark"));
  assert.deepEqual(removeMark("main", "eye_l"), example("remove_mark"));
  assert.deepEqual(removeLayer("accepted-ann-1"), example("remove_layer"));
  assert.deepEqual(setReviewed("red/0001.jpg", true), example("put_review"));
  assert.deepEqual(setReviewed("red/0001.jpg", false), example("remove_review"));
  const point = { keypoint: "nose", x: 812.2549, y: 640.5, state: /** @type {const} */ ("visible") };
  const byHand = example("put_layer");
  assert.deepEqual(putByHand("ann", { id: 17, name: "red/0001.jpg" }, point), { ...byHand, layer: { ...byHand.layer, author: "ann" } });
});

test("a point that is absent is nowhere", () => {
  const operation = putByHand("ann", { id: 17, name: "a.jpg" }, { keypoint: "nose", x: 8, y: 6, state: "absent" });
  assert.deepEqual(operation.type === "put_layer" && operation.layer.images["a.jpg"], [["nose", 0, 0, "absent", 1]]);
});

test("what the room tells has come and gone is there and gone", () => {
  const { changes } = readMessage("server/applied-keypoints.json");
  const after = follow(SESSION, changes).annotation;
  assert.deepEqual(after.marks.map(({ keypoint, author }) => [keypoint, author]), [["nose", "bob"], ["eye_l", "ann"]]);
  assert.deepEqual(after.layers.map(({ id, points }) => [id, points]), [["hand-bob-17-nose", 1], ["accepted-ann-1", 3]]);
  assert.deepEqual(after.reviews.map(({ image }) => image), ["red/0002.jpg", "red/0001.jpg"]);
  const gone = follow(SESSION, readMessage("server/applied-keypoints-removed.json").changes).annotation;
  assert.deepEqual(gone, { ...KNOWN, marks: [], layers: [], reviews: [] });
  assert.equal(KNOWN.marks.length, 1, "what was known before is not changed");
});

test("changes of edits leave keypoints alone, and a whole session brings its own", () => {
  assert.equal(follow(SESSION, readMessage("server/applied.json").changes).annotation, KNOWN);
  assert.deepEqual(follow(SESSION, readMessage("server/applied-session.json").changes).annotation, NO_ANNOTATION);
});

test("what is said again stands in place of what was said before", () => {
  const [mark] = KNOWN.marks;
  const [review] = KNOWN.reviews;
  assert.ok(mark && review);
  const after = followAnnotation(KNOWN, {
    ...NOTHING,
    put_marks: [{ ...mark, at: [0.75, 0.5] }],
    put_reviews: [{ ...review, author: "eve" }],
  });
  assert.deepEqual(after.marks.map(({ at }) => at), [[0.75, 0.5]]);
  assert.deepEqual(after.reviews.map(({ author }) => author), ["eve"]);
});

test("a layer that is put again goes to its place, an undone one between the others", () => {
  const known = { ...KNOWN, layers: [summary("a"), summary("b"), summary("c")] };
  const again = followAnnotation(known, { ...NOTHING, put_layers: [{ place: 2, layer: summary("a", 5) }] });
  assert.deepEqual(again.layers.map(({ id, points }) => [id, points]), [["b", 1], ["c", 1], ["a", 5]]);
  const back = followAnnotation(again, { ...NOTHING, put_layers: [{ place: 0, layer: summary("a") }, { place: 2, layer: summary("x") }], removed_layers: ["c"] });
  assert.deepEqual(back.layers.map(({ id }) => id), ["a", "b", "x"]);
});

test("what waits is seen as the room will have it", () => {
  const waiting = ["set_schema", "put_mark", "put_layer", "put_layer-accepted", "put_review"].map((name) => ({ operation: example(name) }));
  const after = withPending(SESSION, waiting, BY).annotation;
  assert.deepEqual(after.marks.at(-1), { cluster: "main", keypoint: "eye_l", at: [0.375, 0.25], author: "ann", time: 9 });
  assert.deepEqual(after.layers.map(({ id, images, points, author }) => [id, images, points, author]), [
    ["hand-bob-17-nose", 1, 1, "bob"], ["hand-ann-17-nose", 1, 1, "ann"], ["accepted-ann-1", 2, 3, "ann"],
  ]);
  assert.deepEqual(after.reviews.at(-1), { image: "red/0001.jpg", author: "ann", time: 9 });
  assert.equal(withPending(SESSION, waiting, BY).clusters, SESSION.clusters);
});

test("what waits to be taken away is not seen", () => {
  const full = ["put_mark", "put_layer-accepted", "put_review"].reduce((known, name) => annotationAfter(known, example(name), BY), KNOWN);
  const after = ["remove_mark", "remove_layer", "remove_review"].reduce((known, name) => annotationAfter(known, example(name), BY), full);
  assert.deepEqual(after, KNOWN);
});

test("a layer that waits to be put again lies on top", () => {
  const twice = annotationAfter(annotationAfter(annotationAfter(KNOWN, example("put_layer"), BY), example("put_layer-accepted"), BY), example("put_layer"), BY);
  assert.deepEqual(twice.layers.map(({ id }) => id), ["hand-bob-17-nose", "accepted-ann-1", "hand-ann-17-nose"]);
});

test("the newest mark of a keypoint counts, of anybody or of one person", () => {
  /** @param {string} author @param {number} time @param {string} [cluster] */
  const mark = (author, time, cluster = "main") => ({ cluster, keypoint: "nose", at: /** @type {const} */ ([0.5, 0.5]), author, time });
  const known = { ...NO_ANNOTATION, marks: [mark("ann", 5), mark("bob", 3), mark("eve", 9, "ears")] };
  assert.equal(marksOf(known, "main").get("nose")?.author, "ann");
  assert.equal(marksOf(known, "main", "bob").get("nose")?.time, 3);
  assert.equal(marksOf(known, "tail").size, 0);
});

test("a summary counts the images and points of a layer", () => {
  const { layer } = example("put_layer-accepted");
  const { images, points, id } = summaryOf(layer);
  assert.deepEqual([id, images, points], ["accepted-ann-1", 2, 3]);
});

test("operations on keypoints are told from those on edits", () => {
  assert.ok(isOfKeypoints(example("put_mark")));
  assert.ok(!isOfKeypoints(putEdit("main", readMessage("client/operate-put_edit.json").operation.edit)));
  assert.equal(handLayerId("ann", 17, "nose"), "hand-ann-17-nose");
});
