// @ts-check
/** `reviewrules.js`, `reviewview.js` and `reviewbulk.js`: what the review of keypoints knows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, outcome, outcomeWords, shareAbove } from "../../ui/static/reviewbulk.js";
import {
  asReviewed, confidenceRgb, counted, filtered, inOrder, inState, movesOf, nameParts, nextOpen, personName, pilesOf, shownPoints, stepInQueue, withLocal,
} from "../../ui/static/reviewrules.js";
import { arrowPath, fitted, inside, nearestId, panned, toImage, toStage, zoomed } from "../../ui/static/reviewview.js";

/** @typedef {import("../../ui/static/reviewrules.js").Laid} Laid */
/** @typedef {import("../../ui/static/reviewrules.js").QueueItem} QueueItem */
/** @typedef {import("../../ui/static/annotation.js").LayerSummary} LayerSummary */

const SCHEMA = {
  name: "eyes",
  keypoints: ["left", "right", "nose"].map((id) => ({ id, name: id, color: "" })),
  edges: [], pairs: [],
};

/** @param {Partial<Laid>} change @returns {Laid} */
function laid(change) {
  return { keypoint: "left", x: 10, y: 20, state: "visible", confidence: 0.5, layer: "a1", kind: "accepted", author: "me", ...change };
}

/** @param {number} id @param {boolean} [isReviewed] @returns {QueueItem} */
function item(id, isReviewed = false) {
  return { id, name: `${id}.jpg`, cluster: "main", confidence: 0.5, lowest: 0.1, laid: 0, missing: 3, is_reviewed: isReviewed };
}

/** @param {string} id @param {Partial<LayerSummary>} [change] @returns {LayerSummary} */
function layer(id, change = {}) {
  return { id, kind: "hand", merge: "overwrite", clusters: [], author: "me", time: 100, images: 1, points: 1, ...change };
}

test("every keypoint is shown once: what is laid, else what is proposed, else as missing", () => {
  const proposed = [{ keypoint: "left", x: 1, y: 2, confidence: 0.9 }, { keypoint: "right", x: 3, y: 4, confidence: 0.2 }];
  const [left, right, nose] = shownPoints(SCHEMA, { laid: [laid({})], proposed });
  assert.deepEqual([left?.source, left?.at, left?.confidence, left?.other?.x], ["accepted", [10, 20], 0.5, 1]);
  assert.deepEqual([right?.source, right?.at, right?.confidence, right?.other], ["proposed", [3, 4], 0.2, null]);
  assert.deepEqual([nose?.source, nose?.at], ["missing", null]);
});

test("an absent point has no place, and comes back where it was proposed", () => {
  const [left] = shownPoints(SCHEMA, { laid: [laid({ state: "absent", x: 0, y: 0 })], proposed: [{ keypoint: "left", x: 1, y: 2, confidence: 0.9 }] });
  assert.ok(left);
  assert.equal(left.at, null);
  assert.deepEqual(inState(left, "visible", [50, 60]), { x: 1, y: 2, state: "visible" });
  assert.deepEqual(inState({ ...left, other: null }, "occluded", [50, 60]), { x: 50, y: 60, state: "occluded" });
});

test("what was put here lies over what the server told until it tells it too", () => {
  const local = new Map([["left", { x: 5, y: 6, state: /** @type {const} */ ("visible") }], ["nose", null]]);
  const both = withLocal([laid({}), laid({ keypoint: "nose" }), laid({ keypoint: "right" })], local, "me");
  assert.deepEqual(both.map(({ keypoint, x, kind }) => [keypoint, x, kind]), [["right", 10, "accepted"], ["left", 5, "hand"]]);
});

test("confidence goes from red over amber to blue", () => {
  assert.deepEqual([0, 0.5, 1, 7].map(confidenceRgb), [[214, 52, 64], [232, 163, 32], [32, 138, 196], [32, 138, 196]]);
  assert.deepEqual(confidenceRgb(0.25), [223, 108, 48], "the middle of red and amber, rounded");
});

test("the queue is walked to its ends and filtered by what is done", () => {
  const queue = [item(3), item(1, true), item(2)];
  assert.deepEqual([stepInQueue(queue, 3, 1), stepInQueue(queue, 2, 1), stepInQueue(queue, 99, -1)], [1, null, 3]);
  assert.deepEqual(filtered(queue, "open").map(({ id }) => id), [3, 2]);
  assert.deepEqual(filtered(queue, "done").map(({ id }) => id), [1]);
  assert.deepEqual(counted(queue), { all: 3, open: 2, done: 1 });
});

test("a queue keeps its order while somebody works through it, new images come last", () => {
  const now = [item(5), item(2), item(1), item(3)];
  assert.deepEqual(inOrder(now, [item(1), item(2), item(3), item(4)]).map(({ id }) => id), [1, 2, 3, 5]);
});

test("after an image comes the next worst that is open, then the worst of those before it", () => {
  const queue = [item(3), item(1, true), item(2), item(4)];
  assert.equal(nextOpen(queue, 3), 2);
  assert.equal(nextOpen(queue, 4), 3);
  assert.equal(nextOpen([item(3), item(1, true)], 3), null);
});

test("layers are told apart: of many images and of one, newest first, and of each hand how many points", () => {
  const layers = [
    layer("accept-1", { kind: "accepted", images: 9 }), layer("accept-2", { kind: "accepted" }), layer("hand-me-7-left"), layer("hand-me-7-right", { time: 300 }),
    layer("hand-me-8-left"), layer("hand-you-8-left", { author: "you" }), layer("file-2", { kind: "imported" }),
  ];
  const { piles, singles, hands } = pilesOf(layers);
  assert.deepEqual(piles.map(({ id }) => id), ["file-2", "accept-1"]);
  assert.deepEqual(singles.map(({ id }) => id), ["accept-2"]);
  assert.deepEqual(hands, [{ author: "me", layers: 3, images: 2, newestS: 300 }, { author: "you", layers: 1, images: 1, newestS: 100 }]);
});

test("who has looked at what is known before the queue is told anew", () => {
  const queue = [item(1), item(2, true), item(3)];
  assert.deepEqual(asReviewed(queue, [{ image: "1.jpg" }]).map((one) => one.is_reviewed), [true, false, false]);
});

test("accepted points that would move have an arrow, those of a hand and those that stay have none", () => {
  const proposed = ["left", "right", "nose"].map((keypoint) => ({ keypoint, x: 13, y: 24, confidence: 1 }));
  const points = shownPoints(SCHEMA, { laid: [laid({}), laid({ keypoint: "right", kind: "hand" }), laid({ keypoint: "nose", x: 13, y: 23 })], proposed });
  assert.deepEqual(movesOf(points, 1), [{ keypoint: "left", from: [10, 20], to: [13, 24] }]);
});

test("the end of a name is never cut off, as names differ there", () => {
  assert.deepEqual(nameParts("images/helen_tr_1152334_2.jpg"), ["helen_tr_115", "2334_2"]);
  assert.deepEqual(nameParts("a/b.c/short.jpeg"), ["", "short"]);
  assert.deepEqual(nameParts("orl/s12/6.png"), ["", "s12/6"]);
  assert.deepEqual(nameParts("6.png"), ["", "6"]);
});

test("people are told by who they are here", () => {
  const names = new Map([["b2", { name: "Bob", color: "#000000" }]]);
  const told = ["a1", "b2", "a1b2c3d4", ""].map((author) => personName(author, { author: "a1", names }));
  assert.deepEqual(told, ["You", "Bob", "Somebody (a1b2c)", "Somebody"]);
});

const IMAGE = { width: 400, height: 200 };
const STAGE = { width: 832, height: 632 };

test("an image is fitted in the middle of its stage, with a margin", () => {
  assert.deepEqual(fitted(IMAGE, STAGE), { scale: 2, x: 16, y: 116 });
  assert.equal(fitted({ width: 4, height: 4 }, STAGE).scale, 40, "tiny ones are not enlarged without end");
});

test("the center of the first pixel is (0, 0), on the stage half a pixel in", () => {
  const view = fitted(IMAGE, STAGE);
  assert.deepEqual(toStage(view, [0, 0]), [17, 117]);
  assert.deepEqual(toImage(view, [17, 117]), [0, 0]);
  assert.deepEqual(inside([-3, 500], IMAGE), [0, 199]);
});

test("zooming keeps what is under the pointer where it is", () => {
  const view = fitted(IMAGE, STAGE);
  const near = zoomed(view, [300, 300], 3, IMAGE, STAGE);
  assert.equal(near.scale, 6);
  assert.deepEqual(toImage(near, [300, 300]).map(Math.round), toImage(view, [300, 300]).map(Math.round));
  assert.equal(zoomed(view, [300, 300], 1e-9, IMAGE, STAGE).scale, 1, "half of what fits is the least");
});

test("an image cannot be pushed off the stage", () => {
  const { x, y } = panned(fitted(IMAGE, STAGE), [1e6, -1e6], IMAGE, STAGE);
  assert.deepEqual([x, y], [STAGE.width / 2, STAGE.height / 2 - 2 * IMAGE.height]);
});

test("the nearest point is taken, the selected one from farther", () => {
  const points = [{ id: "a", at: /** @type {const} */ ([0, 0]) }, { id: "b", at: /** @type {const} */ ([10, 0]) }];
  assert.equal(nearestId(points, [4, 0], 12), "a");
  assert.equal(nearestId(points, [4.5, 0], 12, "b"), "b", "5.5 / 1.5 < 4.5");
  assert.equal(nearestId(points, [40, 0], 12), null);
});

test("an arrow points where a point goes, and nothing is drawn where it stays", () => {
  assert.equal(arrowPath([5, 5], [5.3, 5], 6), "");
  assert.match(arrowPath([0, 0], [20, 0], 6), /^M0\.0 0\.0L20\.0 0\.0M14\.7 -2\.9L20\.0 0\.0L14\.7 2\.9$|^M0\.0 0\.0L20\.0 0\.0M14\.7 2\.9L20\.0 0\.0L14\.7 -2\.9$/);
});

const PROPOSALS = {
  version: 1, keypoints: ["left", "right", "nose"], histogram: [2, 0, 8, 2],
  images: [
    { id: 1, name: "a", cluster: "main", confidence: 0.9, lowest: 0.8, points: 3, fresh: 2, by_hand: 0, accepted: 1, is_reviewed: false },
    { id: 2, name: "b", cluster: "main", confidence: 0.4, lowest: 0.1, points: 1, fresh: 0, by_hand: 1, accepted: 2, is_reviewed: false },
    { id: 3, name: "c", cluster: "main", confidence: 0.1, lowest: 0.1, points: 0, fresh: 0, by_hand: 0, accepted: 0, is_reviewed: true },
  ],
};

test("a threshold says how many points it accepts, and how many images it leaves to look at", () => {
  assert.deepEqual(outcome(PROPOSALS, "missing"), { points: 2, images: 1, left: 1 });
  assert.deepEqual(outcome(PROPOSALS, "overwrite"), { points: 3, images: 1, left: 1 }, "what a hand has placed is not covered");
  assert.deepEqual(outcome(PROPOSALS, "missing", "b"), { points: 0, images: 0, left: 1 });
});

test("what a threshold does is said in words", () => {
  assert.equal(outcomeWords({ points: 12345, images: 980, left: 34 }), "Accepts 12\u2009345 points of 980 images, leaves 34 images to look at");
  assert.equal(outcomeWords({ points: 1, images: 1, left: 0 }), "Accepts 1 point of 1 image, leaves none to look at");
  assert.equal(outcomeWords({ points: 0, images: 0, left: 1 }), "Accepts nothing, leaves 1 image to look at");
});

test("bars are root scaled, and cut by the threshold", () => {
  const found = bars(PROPOSALS.histogram, 0.625);
  assert.deepEqual(found.map(({ height }) => height), [0.5, 0, 1, 0.5]);
  assert.deepEqual(found.map(({ part }) => part), [0, 0, 0.5, 1]);
  assert.equal(shareAbove(PROPOSALS.histogram, 0.625), (4 + 2) / 12);
});
