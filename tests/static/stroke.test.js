// @ts-check
/** `stroke.js`: from pointer samples to a brush stroke. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, distanceToPath, fill, joins, move, thin, toPoint } from "../../ui/static/stroke.js";

test("a height counts by the canvas's shape", () => {
  assert.equal(distance([0, 0], [0, 1], 0.5), 0.5);
  assert.equal(distance([0, 0], [1, 0], 0.5), 1);
});

test("thinning keeps the ends and drops what is near the last one kept", () => {
  const path = /** @type {[number, number][]} */ ([[0, 0], [0.01, 0], [0.1, 0], [0.11, 0]]);
  assert.deepEqual(thin(path, 0.05, 1), [[0, 0], [0.1, 0], [0.11, 0]]);
});

test("thinning an empty path gives an empty path", () => assert.deepEqual(thin([], 1, 1), []));

test("a spacing that is not positive is refused", () => {
  assert.throws(() => thin([], 0, 1), /spacing must be > 0, got 0/);
  assert.throws(() => fill([], NaN, 1), /spacing must be > 0/);
});

test("a filled path has no gap wider than the spacing", () => {
  const filled = fill([[0, 0], [1, 0]], 0.25, 1);
  assert.deepEqual(filled, [[0, 0], [0.25, 0], [0.5, 0], [0.75, 0], [1, 0]]);
});

test("a point outside is drawn at the border", () => assert.deepEqual(toPoint(-1, 1.5), [0, 1]));

test("the distance to a path is that to its nearest segment", () => {
  assert.ok(Math.abs(distanceToPath([[0, 0], [1, 0]], [0.5, 0.2], 1) - 0.2) < 1e-12);
  assert.ok(Math.abs(distanceToPath([[0, 0]], [0.3, 0.4], 1) - 0.5) < 1e-12);
  assert.equal(distanceToPath([], [0, 0], 1), Infinity);
});

test("moving shifts every point and leaves the path as it was", () => {
  const paths = /** @type {[number, number][][]} */ ([[[0.1, 0.2]], [[0.3, 0.4]]]);
  assert.deepEqual(move(paths, 0.1, -0.1), [[[0.2, 0.1]], [[0.4, 0.3]]]);
  assert.deepEqual(paths[0], [[0.1, 0.2]]);
});

test("a sketch line soon after another joins it, a later one does not", () => {
  const last = { kind: "sketch", endedS: 10 };
  assert.equal(joins(last, { kind: "sketch", beganS: 11, shift: false }), true);
  assert.equal(joins(last, { kind: "sketch", beganS: 12, shift: false }), false);
  assert.equal(joins(last, { kind: "sketch", beganS: 99, shift: true }), true);
});

test("a color stroke joins another with Shift only", () => {
  const last = { kind: "color", endedS: 10 };
  assert.equal(joins(last, { kind: "color", beganS: 10, shift: false }), false);
  assert.equal(joins(last, { kind: "color", beganS: 10, shift: true }), true);
  assert.equal(joins(last, { kind: "sketch", beganS: 10, shift: true }), false);
  assert.equal(joins(null, { kind: "color", beganS: 10, shift: true }), false);
});
