// @ts-check
/** `zoom.js`: which part of the canvas is looked at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FIT, fromView, MOST, panBy, pinch, showing, toView, zoomAt } from "../../ui/static/zoom.js";

/** @param {readonly number[]} one @param {readonly number[]} other */
function assertNear(one, other) {
  one.forEach((value, at) => assert.ok(Math.abs(value - (other[at] ?? NaN)) < 1e-9, `${one} is not ${other}`));
}

test("the whole canvas is seen where it is", () => {
  assert.deepEqual(toView(FIT, [0.3, 0.7]), [0.3, 0.7]);
});

test("what is under the cursor stays there while zooming, so a click places the same", () => {
  const view = zoomAt(zoomAt(FIT, [0.25, 0.75], 4), [0.5, 0.5], 1.5);
  const once = zoomAt(FIT, [0.25, 0.75], 4);
  assertNear(fromView(once, [0.25, 0.75]), [0.25, 0.75]);
  assertNear(fromView(view, [0.5, 0.5]), fromView(once, [0.5, 0.5]));
});

test("from the canvas to the view and back is the same point", () => {
  const view = zoomAt(FIT, [0.8, 0.1], 5);
  assertNear(fromView(view, toView(view, [0.42, 0.13])), [0.42, 0.13]);
});

test("zooming ends at the whole canvas and at the most, and never shows what is beside", () => {
  assert.deepEqual(zoomAt(zoomAt(FIT, [0.9, 0.9], 3), [0.1, 0.1], 0.01), FIT);
  assert.equal(zoomAt(FIT, [0.5, 0.5], 1000).scale, MOST);
  const corner = panBy(zoomAt(FIT, [0, 0], 4), 5, 5);
  assert.deepEqual([corner.left, corner.top], [0, 0]);
  const other = panBy(corner, -50, -50);
  assertNear(fromView(other, [1, 1]), [1, 1]);
});

test("the picture follows the hand that moves it", () => {
  const view = zoomAt(FIT, [0.5, 0.5], 4);
  const before = fromView(view, [0.5, 0.5]);
  assertNear(toView(panBy(view, 0.1, -0.2), before), [0.6, 0.3]);
});

test("two fingers keep what is under them", () => {
  const view = zoomAt(FIT, [0.5, 0.5], 2);
  const from = /** @type {const} */ ([[0.4, 0.5], [0.6, 0.5]]);
  const to = /** @type {const} */ ([[0.35, 0.5], [0.75, 0.5]]);
  const after = pinch(view, from, to, 1);
  assertNear(toView(after, fromView(view, from[0])), to[0]);
  assertNear(toView(after, fromView(view, from[1])), to[1]);
});

test("a point that is not seen is brought into the view, one that is leaves it alone", () => {
  const view = zoomAt(FIT, [0, 0], 4);
  assert.equal(showing(view, [0.1, 0.1]), view);
  assertNear(toView(showing(view, [0.5, 0.1], 0.1), [0.5, 0.1]), [0.9, 0.4]);
  assert.equal(showing(FIT, [0.99, 0.99]), FIT);
});
