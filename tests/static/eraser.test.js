// @ts-check
/** `eraser.js`: what is left of strokes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { erase, erasePath } from "../../ui/static/eraser.js";

/** @type {[number, number][]} */
const LINE = [[0, 0.5], [1, 0.5]];

test("a line erased in its middle becomes two that end at the eraser's border", () => {
  const [left, right] = erasePath(LINE, [[0.5, 0.5]], 0.1, 1);
  assert.ok(left && right);
  const [end, start] = [left.at(-1)?.[0] ?? NaN, right[0]?.[0] ?? NaN];
  assert.ok(end <= 0.4 + 1e-9 && end > 0.37, `ends at ${end}`);
  assert.ok(start >= 0.6 - 1e-9 && start < 0.63, `begins at ${start}`);
});

test("a path that the eraser does not reach stays as it is", () => {
  assert.deepEqual(erasePath(LINE, [[0.5, 0.9]], 0.1, 1), [LINE]);
});

test("the eraser reaches by the canvas's shape", () => {
  assert.equal(erase([LINE], [[0.5, 0.65]], 0.1, 1), null);
  assert.notEqual(erase([LINE], [[0.5, 0.65]], 0.1, 0.5), null);
});

test("a stroke that lies wholly under the eraser has no path left", () => {
  assert.deepEqual(erase([[[0.5, 0.5], [0.52, 0.5]]], [[0.5, 0.5]], 0.1, 1), []);
});

test("erasing one line of a stroke keeps the others", () => {
  const other = /** @type {[number, number][]} */ ([[0, 0.9], [1, 0.9]]);
  assert.deepEqual(erase([LINE, other], LINE, 0.1, 1), [other]);
});
