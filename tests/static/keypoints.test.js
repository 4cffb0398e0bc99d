// @ts-check
/** `keypoints.js`, `keypointsdraft.js`: what is placed on an average, what comes next, what a copied point follows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterPlacing, beside, choose, countPlaced, hasOthers, IDLE, marksOn, nextToPlace, nextUnmarked, nudged, pointUnder, skip,
} from "../../ui/static/keypoints.js";
import { NO_ANNOTATION } from "../../ui/static/annotation.js";
import { draftsOf, followed } from "../../ui/static/keypointsdraft.js";
import { addKeypoint, EMPTY } from "../../ui/static/schema.js";

/** @typedef {import("../../ui/static/keypoints.js").Mark} Mark */
/** @typedef {import("../../ui/static/stroke.js").Point} Point */

const FACE = ["eye", "nose", "mouth", "chin"].reduce((schema, name) => addKeypoint(schema, name), EMPTY);

/** @param {string} keypoint @param {Partial<Mark>} [change] @returns {Mark} */
function mark(keypoint, change = {}) {
  return { cluster: "main", keypoint, at: [0.5, 0.5], author: "ada", time: 1, ...change };
}

/** @param {readonly Mark[]} marks */
function session(marks) {
  return { annotation: { ...NO_ANNOTATION, schema: FACE, marks } };
}

/** @param {...string} ids */
function placed(...ids) {
  return marksOn(session(ids.map((id) => mark(id))), "main");
}

test("of two people's marks the newest is shown, and of equally old ones the later", () => {
  const marks = [mark("eye", { author: "ada", time: 5 }), mark("eye", { author: "bob", time: 3 }), mark("nose", { author: "ada" }), mark("nose", { author: "bob" })];
  const found = marksOn(session(marks), "main");
  assert.deepEqual([found.get("eye")?.author, found.get("nose")?.author], ["ada", "bob"]);
});

test("marks of other clusters and of no session are none", () => {
  assert.equal(marksOn(session([mark("eye", { cluster: "c2" })]), "main").size, 0);
  assert.equal(marksOn(null, "main").size, 0);
});

test("keypoints are asked for in the schema's order", () => {
  assert.equal(nextToPlace(FACE, placed(), IDLE), "eye");
  assert.equal(nextToPlace(FACE, placed("eye"), IDLE), "nose");
  assert.equal(nextToPlace(FACE, placed("eye", "nose", "mouth", "chin"), IDLE), null);
});

test("after a placed point arrows move it, and the next free one after it is asked for, over the end", () => {
  const placing = afterPlacing(IDLE, "mouth");
  assert.equal(placing.selected, "mouth");
  assert.equal(nextToPlace(FACE, placed("mouth"), placing), "chin");
  assert.equal(nextToPlace(FACE, placed("mouth", "chin"), placing), "eye");
});

test("what is skipped leaves a hole and is not asked for again until it is chosen", () => {
  const skipped = skip(FACE, placed(), IDLE);
  assert.equal(nextToPlace(FACE, placed(), skipped), "nose");
  const all = ["nose", "mouth", "chin"].reduce((placing) => skip(FACE, placed(), placing), skipped);
  assert.equal(nextToPlace(FACE, placed(), all), null);
  assert.equal(skip(FACE, placed(), all), all);
  assert.equal(nextToPlace(FACE, placed(), choose(placed(), all, "mouth")), "mouth");
});

test("a chosen keypoint with a place is selected, one without is asked for", () => {
  const chosen = choose(placed("eye"), { ...IDLE, wanted: "nose" }, "eye");
  assert.deepEqual([chosen.selected, chosen.wanted], ["eye", "nose"]);
  assert.deepEqual([choose(placed("eye"), chosen, "chin").selected, choose(placed("eye"), chosen, "chin").wanted], ["", "chin"]);
});

test("the walk goes from the selected point, else from the one that is asked for, and ends at the ends", () => {
  assert.equal(beside(FACE, placed("eye", "nose"), { ...IDLE, selected: "nose" }, -1), "eye");
  assert.equal(beside(FACE, placed("eye"), { ...IDLE, selected: "" }, 1), "mouth");
  assert.equal(beside(FACE, placed("eye"), { ...IDLE, selected: "eye" }, -1), null);
  assert.equal(beside(FACE, placed("eye", "nose", "mouth", "chin"), IDLE, 1), "eye");
});

test("points that the schema does not have are not counted", () => {
  assert.equal(countPlaced(FACE, placed("eye", "gone")), 1);
});

test("a nudge is of the average's own pixels and stays on the canvas", () => {
  const size = { width: 200, height: 100 };
  assert.deepEqual(nudged([0.5, 0.5], [1, 0], size), [0.505, 0.5]);
  assert.deepEqual(nudged([0.5, 0.5], [0, 10], size), [0.5, 0.6]);
  assert.deepEqual(nudged([0.999, 0.5], [10, 0], size), [1, 0.5]);
});

test("the nearest point under the hand is taken, the selected one before it", () => {
  /** @type {[string, Point][]} */
  const points = [["a", [0.5, 0.5]], ["b", [0.52, 0.5]]];
  assert.equal(pointUnder(points, [0.519, 0.5], 0.05, 1), "b");
  assert.equal(pointUnder(points, [0.519, 0.5], 0.05, 1, "a"), "a");
  assert.equal(pointUnder(points, [0.6, 0.5], 0.05, 1), null);
});

test("a high canvas counts distances down in its own pixels", () => {
  assert.equal(pointUnder([["a", [0.5, 0.5]]], [0.5, 0.53], 0.05, 1), "a");
  assert.equal(pointUnder([["a", [0.5, 0.5]]], [0.5, 0.53], 0.05, 2), null);
});

test("the next cluster without marks is looked for over the end", () => {
  const counts = /** @type {Record<string, number>} */ ({ a: 0, b: 3, c: 0 });
  const count = (/** @type {string} */ id) => counts[id] ?? 0;
  assert.equal(nextUnmarked(["a", "b", "c"], "a", count), "c");
  assert.equal(nextUnmarked(["a", "b", "c"], "c", count), "a");
  assert.equal(nextUnmarked(["b"], "b", count), null);
  assert.equal(nextUnmarked(["a"], "a", count), null);
});

const SQUARE = new Map(/** @type {[string, Point][]} */ ([["a", [0.2, 0.2]], ["b", [0.4, 0.2]], ["c", [0.4, 0.4]], ["d", [0.2, 0.4]]]));

test("copied points stay where they were until one is placed, and then all move with it", () => {
  assert.deepEqual([...draftsOf(SQUARE, new Map(), 1)], [...SQUARE]);
  const drafts = draftsOf(SQUARE, new Map([["a", mark("a", { at: [0.3, 0.25] })]]), 1);
  assert.deepEqual([...drafts], [["b", [0.5, 0.25]], ["c", [0.5, 0.45]], ["d", [0.3, 0.45]]]);
});

test("two placed points turn and scale the others, in pixels and not in canvas units", () => {
  // A square twice as large, turned by a right angle: a stays, b goes below it. The canvas is twice as high as wide.
  const drafts = draftsOf(
    new Map(/** @type {[string, Point][]} */ ([["a", [0.5, 0.2]], ["b", [0.6, 0.2]], ["d", [0.5, 0.25]]])),
    new Map([["a", mark("a", { at: [0.5, 0.2] })], ["b", mark("b", { at: [0.5, 0.3] })]]),
    2,
  );
  assert.deepEqual([...drafts], [["d", [0.3, 0.2]]]);
});

test("where an anchor does not fit the others, what is near it goes along with it", () => {
  const anchors = /** @type {{from: Point, to: Point}[]} */ ([{ from: [0, 0], to: [0, 0] }, { from: [1, 0], to: [1, 0] }, { from: [0, 1], to: [0, 1] }, { from: [1, 1], to: [1.4, 1.4] }]);
  const move = followed(anchors);
  for (const { from, to } of anchors) {
    const [x, y] = move(from);
    assert.ok(Math.hypot(x - to[0], y - to[1]) < 1e-6);
  }
});

test("who places alone sees only what they placed themselves", () => {
  const both = session([mark("eye", { author: "ada" }), mark("nose", { author: "bob" })]);
  assert.deepEqual([...marksOn(both, "main", "bob").keys()], ["nose"]);
  assert.deepEqual([hasOthers(both, "bob"), hasOthers(session([mark("eye")]), "ada")], [true, false]);
});
