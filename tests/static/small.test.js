// @ts-check
/** `palette.js`, `scale.js`, `shortcuts.js`: colors, figures and keys as they are written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../../ui/static/difference.js";
import { fromHex, nameOf, QUICK, STANDARD, toHex } from "../../ui/static/palette.js";
import { ago, countAt, figure, grouped, percent, positionOf, stepCount } from "../../ui/static/scale.js";
import { keyOf, shortcutFor } from "../../ui/static/shortcuts.js";

test("a color is read as it is written", () => {
  for (const color of [...QUICK, ...STANDARD.flat()]) assert.deepEqual(fromHex(toHex(color)), color);
  assert.throws(() => fromHex("red"), /#rrggbb, got red/);
});

test("the quick colors have nine different names", () => {
  assert.equal(new Set(QUICK.map(nameOf)).size, 9);
  assert.deepEqual([nameOf([255, 0, 0]), nameOf([0, 0, 255]), nameOf([128, 128, 128])], ["Red", "Blue", "Grey"]);
});

test("the slider goes from all images to one on a log scale", () => {
  assert.deepEqual([countAt(0, 10000), countAt(0.5, 10000), countAt(1, 10000)], [10000, 100, 1]);
  for (const count of [1, 7, 100, 10000]) assert.equal(countAt(positionOf(count, 10000), 10000), count);
  assert.equal(positionOf(1, 1), 0);
});

test("a step always changes the number while it can", () => {
  assert.deepEqual([stepCount(2, 1, 10), stepCount(2, -1, 10)], [3, 1]);
  assert.deepEqual([stepCount(1, -1, 10), stepCount(10, 1, 10)], [1, 10]);
});

test("figures are short", () => {
  assert.equal(grouped(1234567), "1\u2009234\u2009567");
  assert.deepEqual([figure(1.2345), figure(41.5), figure(NaN)], ["1.23", "42", "–"]);
  assert.deepEqual([percent(0.5), percent(0.031), percent(0.0001), percent(0)], ["50%", "3.1%", "<0.1%", "0%"]);
  assert.deepEqual([5, 120, 7200, 172800].map((seconds) => ago(9, 9 + seconds)), ["now", "2 min", "2 h", "2 d"]);
  assert.equal(ago(0, 1_800_000_000), "", "an edit of a session file that says no time");
});

test("a key press is written with its modifiers", () => {
  const press = { key: "z", ctrlKey: true, metaKey: false, shiftKey: true, altKey: false };
  assert.equal(keyOf(press), "Ctrl+Shift+Z");
  assert.equal(keyOf({ ...press, key: "?", ctrlKey: false }), "?");
  assert.equal(keyOf({ ...press, key: "Backspace", ctrlKey: false, shiftKey: false }), "Delete");
});

test("with Alt a digit is the key that it stands on, whatever the keyboard writes", () => {
  const press = { key: "\u00a1", code: "Digit1", ctrlKey: false, metaKey: false, shiftKey: false, altKey: true };
  assert.equal(keyOf(press), "Alt+1");
});

test("a difference is grey where pictures agree, and noise is not blown up without end", () => {
  const [a, b] = [[100, 100, 100, 255, 200, 100, 0, 255], [100, 100, 100, 255, 100, 100, 100, 255]].map((all) => Uint8ClampedArray.from(all));
  const { pixels, gain } = difference(required(a), required(b));
  assert.equal(gain, 2.55, "the largest difference, 100 levels, fills the range");
  assert.deepEqual([...pixels], [128, 128, 128, 255, 255, 128, 0, 255]);
  const noise = difference(Uint8ClampedArray.from([1, 0, 0, 255]), Uint8ClampedArray.from([0, 0, 0, 255]));
  assert.deepEqual([...noise.pixels], [135, 128, 128, 255], "1 of 16 levels: 127.5 + 255 / 16 / 2");
});

/** @template T @param {T | undefined} value @returns {T} */
function required(value) {
  assert.ok(value !== undefined);
  return value;
}

test("a shortcut without an action of its own is only told", () => {
  const told = { keys: ["Tab"], does: "Leave", group: "", run: null };
  assert.equal(shortcutFor([told], "Tab"), undefined);
});
