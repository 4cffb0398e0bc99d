// @ts-check
/** `clusterrules.js`: colors, names, order and picking of clusters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clusterColor, focusAfter, freeName, mergedName, moved, NO_PICKS, pick, PLACE_COLORS, placeUnder, shortName,
  stepFrom,
} from "../../ui/static/clusterrules.js";
import { setCluster } from "../../ui/static/messages.js";
import { fromHex } from "../../ui/static/palette.js";

/** What people without one kind of cone see, in linear RGB: Machado, Oliveira, Fernandes 2009, severity 1. */
const VISIONS = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
];
const TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
const WHITE = [0.9505, 1, 1.089];

/** @param {readonly (readonly number[])[]} matrix @param {readonly number[]} vector */
function times(matrix, vector) {
  return matrix.map((row) => row.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0));
}

/** @param {string} hex @param {readonly (readonly number[])[]} vision @returns {number[]} CIELAB */
function labOf(hex, vision) {
  const linear = fromHex(hex).map((channel) => ((channel / 255 + 0.055) / 1.055) ** 2.4);
  const seen = times(vision, linear).map((channel) => Math.min(1, Math.max(0, channel)));
  const [x = 0, y = 0, z = 0] = times(TO_XYZ, seen).map((value, at) => Math.cbrt(value / (WHITE[at] ?? 1)));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** @param {string} one @param {string} other @returns {number} how far apart they are for whom they are nearest */
function distance(one, other) {
  const apart = VISIONS.map((vision) => {
    const [a, b] = [labOf(one, vision), labOf(other, vision)];
    return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
  });
  return Math.min(...apart);
}

test("the first six colors are told apart by people who do not see all colors", () => {
  const first = PLACE_COLORS.slice(0, 6);
  for (const [at, color] of first.entries()) {
    for (const other of first.slice(at + 1)) assert.ok(distance(color, other) > 15, `${color} ${other}`);
  }
});

test("fifteen clusters have fifteen colors, and a chosen color stays at any place", () => {
  const colors = Array.from({ length: 15 }, (_, place) => clusterColor({ color: "" }, place));
  assert.equal(new Set(colors).size, 15);
  assert.equal(clusterColor({ color: "" }, 15), colors[0]);
  assert.equal(clusterColor({ color: "#123456" }, 3), "#123456");
});

test("a name that is taken gets the first free number", () => {
  assert.equal(freeName([], "Average"), "Average");
  assert.equal(freeName(["Average", "Average 2"], "Average"), "Average 3");
  assert.equal(mergedName(["Cats", "Dogs"]), "Cats or Dogs");
  assert.ok(mergedName(["x".repeat(150), "y".repeat(150)]).length <= 200);
});

test("a name that a session file made too long is cut between characters, and none becomes one", () => {
  assert.equal(shortName("🐈".repeat(300)), "🐈".repeat(200));
  assert.deepEqual([shortName("Cats"), shortName("")], ["Cats", "Average"]);
});

test("settings can be changed of a cluster whose name a session file made too long", () => {
  const { name } = setCluster({ id: "a", name: "x".repeat(300), weighting: "focus", count: null, alignment: "none", mirror: false, color: "" });
  assert.equal(name.length, 200);
});

test("steps end at the ends", () => {
  assert.deepEqual([stepFrom(["a", "b"], "a", 1), stepFrom(["a", "b"], "b", 1)], ["b", null]);
});

test("the focus goes from a cluster that is gone to the one at its place, and from the last to the new last", () => {
  assert.equal(focusAfter(["a", "b", "c"], ["a", "c"], "b"), "c");
  assert.equal(focusAfter(["a", "b", "c"], ["a", "b"], "c"), "b");
  assert.equal(focusAfter(["a", "b"], ["b", "a"], "a"), "a");
  assert.equal(focusAfter([], ["b", "a"], "elsewhere"), "b");
  assert.equal(focusAfter(["main"], ["x", "y"], "main"), "x", "another session begins with its first");
});

test("a cluster moves to a place among the others", () => {
  assert.deepEqual(moved(["a", "b", "c"], "a", 1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], "c", -1), ["c", "a", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], "a", 9), ["b", "c", "a"]);
});

/** @param {number} left @param {number} top */
function box(left, top) {
  return { left, top, right: left + 100, bottom: top + 100 };
}

test("a card is dropped before the first that the pointer has not passed", () => {
  const row = [box(0, 0), box(110, 0), box(220, 0)];
  assert.deepEqual([40, 60, 170, 300].map((x) => placeUnder(row, { x, y: 50 })), [0, 1, 2, 3]);
  const column = [box(0, 0), box(0, 110)];
  assert.deepEqual([40, 60, 150, 190].map((y) => placeUnder(column, { x: 90, y })), [0, 1, 1, 2]);
});

test("in two columns a card goes where it is dropped, also at the end of a line", () => {
  const grid = [box(0, 0), box(110, 0), box(0, 110)];
  assert.equal(placeUnder(grid, { x: 200, y: 50 }), 2);
  assert.equal(placeUnder(grid, { x: 20, y: 150 }), 2);
  assert.equal(placeUnder(grid, { x: 90, y: 150 }), 3);
});

test("images are picked one by one, let go, and with Shift as a range", () => {
  const shown = ["a", "b", "c", "d"];
  const one = pick(NO_PICKS, shown, "b", false);
  assert.deepEqual(one.names, ["b"]);
  assert.deepEqual(pick(one, shown, "b", false), NO_PICKS);
  assert.deepEqual(pick(one, shown, "d", true).names, ["b", "c", "d"]);
  assert.deepEqual(pick(one, shown, "a", true).names, ["b", "a"]);
  assert.deepEqual(pick(NO_PICKS, shown, "c", true).names, ["c"], "without a beginning, Shift picks the one");
});
