// @ts-check
/** `paint.js`: what the tools make of a hand's points. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hit, Painter } from "../../ui/static/paint.js";

/** @typedef {import("../../ui/static/messages.js").Stroke} Stroke */

/** A page that holds its edits in an array; `put` and `remove` act at once. */
function page() {
  const state = {
    tool: /** @type {import("../../ui/static/store.js").Tool} */ ("color"),
    edits: /** @type {Stroke[]} */ ([]),
    previews: /** @type {(Stroke | null)[]} */ ([]),
    selected: /** @type {string | null} */ (null),
    nowS: 0,
    ids: 0,
  };
  const painter = new Painter({
    settings: () => ({
      tool: state.tool,
      color: [200, 0, 0],
      radius: { color: 0.05, sketch: 0.02, eraser: 0.05 },
      aspect: 1,
      edits: state.edits,
      selected: state.selected,
    }),
    preview: (edit) => state.previews.push(edit),
    put: (edit) => (state.edits = [...state.edits.filter((one) => one.id !== edit.id), edit]),
    remove: (id) => (state.edits = state.edits.filter((one) => one.id !== id)),
    select: (id) => (state.selected = id),
    newId: () => `e${++state.ids}`,
    nowS: () => state.nowS,
  });
  const draw = (/** @type {[number, number][]} */ points, { shift = false } = {}) => {
    const [first, ...rest] = points;
    if (first) painter.begin(first, { shift });
    painter.extend(rest);
    painter.end();
  };
  return { state, painter, draw };
}

test("a stroke is previewed while it is drawn and put under the same id", () => {
  const { state, draw } = page();
  draw([[0.1, 0.1], [0.5, 0.1]]);
  assert.deepEqual(state.edits[0]?.paths, [[[0.1, 0.1], [0.5, 0.1]]]);
  assert.deepEqual(state.previews.map((edit) => edit?.id), ["e1", "e1"]);
});

test("a press alone is a dot", () => {
  const { state, draw } = page();
  draw([[0.3, 0.3]]);
  assert.deepEqual(state.edits[0]?.paths, [[[0.3, 0.3]]]);
});

test("a stroke given up puts nothing and ends its preview", () => {
  const { state, painter } = page();
  painter.begin([0.1, 0.1], { shift: false });
  painter.cancel();
  painter.end();
  assert.deepEqual(state.edits, []);
  assert.equal(state.previews.at(-1), null);
});

test("sketch lines within a moment are one edit, later ones another", () => {
  const { state, draw } = page();
  state.tool = "sketch";
  draw([[0.1, 0.1], [0.1, 0.5]]);
  state.nowS = 1;
  draw([[0.4, 0.1], [0.4, 0.5]]);
  state.nowS = 9;
  draw([[0.8, 0.1], [0.8, 0.5]]);
  assert.deepEqual(state.edits.map((edit) => edit.paths.length), [2, 1]);
});

test("the eraser splits a stroke, and removes one of which nothing is left", () => {
  const { state, draw } = page();
  draw([[0.1, 0.5], [0.9, 0.5]]);
  draw([[0.5, 0.8]]);
  state.tool = "eraser";
  draw([[0.5, 0.4], [0.5, 0.9]]);
  assert.deepEqual(state.edits.map((edit) => [edit.id, edit.paths.length]), [["e1", 2]]);
});

test("select takes the stroke under the hand and moves it", () => {
  const { state, draw } = page();
  draw([[0.2, 0.5], [0.4, 0.5]]);
  state.tool = "select";
  draw([[0.3, 0.5], [0.3, 0.7]]);
  assert.equal(state.selected, "e1");
  assert.deepEqual(state.edits[0]?.paths, [[[0.2, 0.7], [0.4, 0.7]]]);
  draw([[0.9, 0.1]]);
  assert.equal(state.selected, null);
});

test("where strokes lie on each other the newest is taken, or the selected one", () => {
  const { state, draw } = page();
  draw([[0.5, 0.5]]);
  draw([[0.5, 0.5]]);
  assert.equal(hit(state.edits, [0.5, 0.5], 1, null)?.id, "e2");
  assert.equal(hit(state.edits, [0.5, 0.5], 1, "e1")?.id, "e1");
});
