// @ts-check
/** `explore.js`: what the explorer brush asks for, previews and commits as the hand moves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ExplorerBrush } from "../../ui/static/explore.js";
import { NOTHING } from "../../ui/static/modes.js";

/** A page of 200 x 200 pixels whose room answers every hover with modes a, b, c of that place. */
function page() {
  const log = { hovers: /** @type {any[]} */ ([]), previews: /** @type {any[]} */ ([]), put: /** @type {any[]} */ ([]) };
  /** @type {((state: any) => void)[]} */
  const views = [];
  const store = {
    state: /** @type {any} */ ({
      tool: "explore", connection: "open", revision: 1, notice: null, explore: NOTHING,
      collection: { name: "faces", width: 200, height: 200 },
    }),
    update: (/** @type {any} */ change) => {
      store.state = { ...store.state, ...change };
    },
    watch: (/** @type {(state: any) => void} */ view) => views.push(view),
  };
  const room = /** @type {any} */ ({
    store,
    hover: (/** @type {any} */ point, /** @type {number} */ size) => log.hovers.push([...point, size]),
    preview: (/** @type {any} */ edit) => log.previews.push(edit && edit.image),
    put: (/** @type {any} */ edit) => log.put.push(edit.image),
  });
  const brush = new ExplorerBrush(room, () => {});
  const show = () => {
    for (const view of views) view(store.state);
  };
  /** The newest hover is answered with modes named after its place. */
  const answer = () => {
    const [x, y, size] = log.hovers.at(-1);
    const first = (/** @type {number} */ unit) => (Math.round((unit * 200) / 8 - size / 16) * 8) / 200;
    const box = [first(x), first(y), size / 200, size / 200];
    const mode = (/** @type {string} */ name) =>
      ({ image: `${name}${box[1]}`, center: [x, y], size: size / 200, share: 0.1, images: 3, inlier: 1, picture: "" });
    room.onModes({
      type: "modes", revision: store.state.revision, request: log.hovers.length, cluster: "main", box, size,
      sizes: [48, 80], is_final: true, modes: ["a", "b", "c"].map(mode),
    });
    show();
  };
  /** The pointer, in a canvas of 400 x 400 CSS pixels. */
  const move = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ ms) =>
    brush.hover([x / 400, y / 400], /** @type {any} */ ({ clientX: x, clientY: y, timeStamp: ms }));
  show();
  return { brush, store, log, show, answer, move };
}

test("moving within the same place asks and previews once", () => {
  const { log, answer, move } = page();
  move(208, 208, 0);
  answer();
  move(211, 210, 100);
  answer();
  assert.equal(log.hovers.length, 1);
  assert.deepEqual(log.previews, ["a0.32"]);
});

test("only another highlight is previewed", () => {
  const { brush, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  brush.walk(1);
  show();
  brush.highlight(1);
  show();
  assert.deepEqual(log.previews, ["a0.32", "b0.32"]);
});

test("a commit puts the highlighted mode, and its place is quiet when it is answered again", () => {
  const { brush, store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  brush.walk(1);
  show();
  brush.commit();
  brush.commit();
  store.update({ revision: 2 });
  show();
  answer();
  assert.deepEqual(log.put, ["b0.32"]);
  assert.equal(log.hovers.length, 2, "the edit pulls the modes, so they are asked for again");
  assert.deepEqual(log.previews, ["a0.32", "b0.32"]);
});

test("a click on a place whose modes are not there yet only looks", () => {
  const { brush, log, answer, move } = page();
  move(208, 208, 0);
  answer();
  brush.press([0.2, 0.2], false);
  brush.click([0.2, 0.2]);
  assert.deepEqual(log.put, []);
  answer();
  brush.press([0.2, 0.2], false);
  brush.click([0.2, 0.2]);
  assert.equal(log.put.length, 1);
});

test("a click that trembles by a cell takes what is shown, one further off looks first", () => {
  const { brush, log, answer, move } = page();
  move(208, 208, 0);
  answer();
  brush.press([0.56, 0.52], false); // 0.04 of 200 pixels is one cell of 8
  brush.click([0.56, 0.52]);
  assert.deepEqual([log.hovers.length, log.put.length], [1, 1]);
  brush.press([0.6, 0.52], false);
  brush.click([0.6, 0.52]);
  assert.deepEqual([log.hovers.length, log.put.length], [2, 1]);
});

test("the way down to the strip leads to the modes where the hand stood", () => {
  const { brush, store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  for (let step = 1; step <= 10; step++) move(208, 208 + 18 * step, 1000 + 16 * step);
  show();
  answer();
  brush.leave(1200);
  show();
  assert.equal(store.state.explore.pinned.modes[0].image, "a0.32");
  assert.equal(log.previews.at(-1), "a0.32");
});

test("the way to the panel keeps the mode that was chosen where the hand stood", () => {
  const { brush, store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  brush.walk(1);
  show();
  for (let step = 1; step <= 10; step++) move(208 + 18 * step, 208, 1000 + 40 * step);
  show();
  answer();
  brush.leave(1440);
  show();
  assert.equal(store.state.explore.at, 1);
  assert.equal(log.previews.at(-1), "b0.32");
});

test("a hand that goes down slowly looks at what is there", () => {
  const { store, answer, move } = page();
  move(208, 208, 0);
  answer();
  for (let step = 1; step <= 10; step++) move(208, 208 + 8 * step, 1000 + 100 * step);
  answer();
  assert.equal(store.state.explore.pinned.modes[0].image, "a0.52");
});

test("Escape ends the preview, and a late answer does not bring it back", () => {
  const { brush, store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  brush.end();
  show();
  answer();
  assert.equal(store.state.explore.pinned, null);
  assert.deepEqual(log.previews, ["a0.32", null]);
});

test("another tool ends the preview", () => {
  const { store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  store.update({ tool: "color" });
  show();
  assert.deepEqual(log.previews, ["a0.32", null]);
});

test("another size asks again for the same place", () => {
  const { store, log, answer, move, show } = page();
  move(208, 208, 0);
  answer();
  store.update({ explore: { ...store.state.explore, size: 48 } });
  show();
  assert.deepEqual(log.hovers.map(([, , size]) => size), [80, 48]);
});

test("a kept mode that is undone gives up its strip, so that it can be kept again", () => {
  const { brush, store, log, answer, move, show } = page();
  const hold = (/** @type {any[]} */ edits, /** @type {number} */ revision) => {
    store.update({ revision, session: { clusters: [{ id: "main", edits: edits.map((edit) => ({ edit })) }] } });
    show();
  };
  move(208, 208, 0);
  answer();
  brush.commit();
  hold([{ id: store.state.selected }], 2);
  answer();
  assert.equal(store.state.explore.isQuiet, true);
  hold([], 3);
  assert.equal(store.state.explore.pinned, null);
  brush.press([0.52, 0.52], false);
  answer();
  brush.commit();
  assert.deepEqual(log.put, ["a0.32", "a0.32"]);
});

test("after Escape a click on the same place looks again", () => {
  const { brush, log, answer, move } = page();
  move(208, 208, 0);
  answer();
  brush.end();
  brush.press([0.52, 0.52], false);
  brush.click([0.52, 0.52]);
  assert.deepEqual([log.hovers.length, log.put], [2, []]);
});
