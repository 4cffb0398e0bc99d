// @ts-check
/** `modes.js` and `examples.js`: what the explorer brush holds, and how what it picked is named. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleTitle, modeUnder, seedBackground, squareOf } from "../../ui/static/examples.js";
import {
  highlight, highlighted, isTravelling, letGo, nearest, NOTHING, pickOf, pin, resize, spotOf, spotOfModes, walk,
} from "../../ui/static/modes.js";

/** @typedef {import("../../ui/static/messages.js").Mode} Mode */
/** @typedef {import("../../ui/static/messages.js").Modes} Modes */

/** @param {string} image @returns {Mode} */
function mode(image) {
  return { image, center: [0.5, 0.5], size: 0.4, share: 0.1, images: 4, inlier: 0.9, picture: "" };
}

/**
 * @param {readonly string[]} seeds
 * @param {Partial<Modes>} [change]
 * @returns {Modes}
 */
function modes(seeds, change = {}) {
  return {
    type: "modes", revision: 1, request: 1, cluster: "main", box: [0.3, 0.3, 0.4, 0.4], size: 80,
    sizes: [32, 48, 80], is_final: true, modes: seeds.map(mode), ...change,
  };
}

const MOUTH = pin(NOTHING, modes(["a", "b", "c"]));

test("the first mode of a place has the highlight", () => {
  assert.equal(highlighted(MOUTH)?.image, "a");
  assert.equal(highlighted(pin(NOTHING, modes([]))), null);
});

test("a better answer has another first mode as long as none was chosen", () => {
  assert.equal(highlighted(pin(MOUTH, modes(["c", "a", "b"])))?.image, "c");
});

test("a better answer keeps a chosen highlight on the same seed, wherever it stands now", () => {
  const walked = walk(MOUTH, 1) ?? NOTHING;
  assert.equal(highlighted(pin(walked, modes(["c", "a", "b"], { request: 1 })))?.image, "b");
  assert.equal(highlighted(pin(walked, modes(["c", "a"], { request: 1 })))?.image, "c");
});

test("another place begins with its own first mode", () => {
  const walked = walk(MOUTH, 1) ?? NOTHING;
  const eyes = modes(["z", "b"], { request: 2, box: [0.3, 0.1, 0.4, 0.4] });
  assert.equal(highlighted(pin(walked, eyes))?.image, "z");
});

test("an answer to an older hover is dropped", () => {
  const newer = pin(MOUTH, modes(["n"], { request: 5 }));
  assert.equal(pin(newer, modes(["o"], { request: 4 })), newer);
});

test("the walk stops at both ends", () => {
  const last = [1, 1].reduce((explore) => walk(explore, 1) ?? explore, MOUTH);
  assert.equal(highlighted(last)?.image, "c");
  assert.equal(walk(last, 1), null);
  assert.equal(walk(MOUTH, -1), null);
  assert.equal(walk(NOTHING, 1), null);
});

test("to highlight what is highlighted changes nothing", () => {
  const chosen = highlight(MOUTH, 0);
  assert.equal(highlight(chosen, 0), chosen);
  assert.equal(highlight(MOUTH, 7), MOUTH);
  assert.equal(highlighted(highlight(MOUTH, 2))?.image, "c");
});

test("after a commit the place is quiet until another mode is looked at", () => {
  const committed = { ...MOUTH, isQuiet: true };
  assert.equal(pin(committed, modes(["b", "a"], { revision: 2, request: 2 })).isQuiet, true);
  assert.equal(walk(committed, 1)?.isQuiet, false);
  assert.equal(pin(committed, modes(["z"], { request: 2, box: [0, 0, 0.4, 0.4] })).isQuiet, false);
});

test("what is let go leaves the size", () => {
  const left = letGo(resize(MOUTH, -1));
  assert.deepEqual([left.pinned, left.at, left.size], [null, -1, 48]);
});

test("the size goes from one that can be asked for to the next, and stops at the ends", () => {
  assert.deepEqual([resize(MOUTH, -1).size, resize(MOUTH, 1).size], [48, 80]);
  assert.equal(resize({ ...MOUTH, size: 40 }, 1).size, 48);
  assert.equal(resize(NOTHING, 1), NOTHING);
  assert.deepEqual([nearest(60, [32, 48, 80]), nearest(60, [])], [48, 60]);
});

const CANVAS = { width: 200, height: 160 };

test("points that snap to the same box are the same place", () => {
  assert.equal(spotOf([0.5, 0.5], MOUTH, CANVAS), spotOf([0.51, 0.5], MOUTH, CANVAS));
  assert.notEqual(spotOf([0.5, 0.5], MOUTH, CANVAS), spotOf([0.55, 0.5], MOUTH, CANVAS));
  assert.notEqual(spotOf([0.5, 0.5], MOUTH, CANVAS), spotOf([0.5, 0.5], { ...MOUTH, size: 32 }, CANVAS));
});

test("a place at the border lies inside the canvas", () => {
  assert.equal(spotOf([1, 1], MOUTH, CANVAS), `10:${200 / 8 - 10}:${160 / 8 - 10}`);
  assert.equal(spotOf([0, 0], MOUTH, CANVAS), "10:0:0");
});

test("a point between two places snaps as the server rounds: to the even cell", () => {
  const between = (/** @type {number} */ cell) => ((cell + 0.5) * 8 + 40) / CANVAS.width;
  const columns = [4, 5].map((cell) => spotOf([between(cell), 0], MOUTH, CANVAS));
  assert.deepEqual(columns, ["10:4:0", "10:6:0"]);
});

test("an answer has the name of the place that was asked for", () => {
  const [column, row] = [5, 3];
  const answer = modes([], { box: [(column * 8) / 200, (row * 8) / 160, 80 / 200, 80 / 160], size: 80 });
  const middle = /** @type {const} */ ([(column * 8 + 40) / 200, (row * 8 + 40) / 160]);
  assert.equal(spotOfModes(answer, CANVAS), spotOf(middle, MOUTH, CANVAS));
});

test("a hand that goes down fast is on its way to the strip", () => {
  const trail = (/** @type {number} */ dx, /** @type {number} */ dy) =>
    [0, 20, 40].map((ms) => ({ x: dx * ms, y: dy * ms, ms }));
  assert.equal(isTravelling(trail(0.1, 1)), true);
  assert.equal(isTravelling(trail(0, 0.1)), false, "slow");
  assert.equal(isTravelling(trail(0, -1)), false, "up");
  assert.equal(isTravelling(trail(2, 1)), false, "aside");
  assert.equal(isTravelling([{ x: 0, y: 0, ms: 0 }, { x: 0, y: 400, ms: 900 }]), false, "it stood still before");
  assert.equal(isTravelling([]), false);
});

test("a pick asks for the seed's patch", () => {
  assert.deepEqual(pickOf(mode("shoes/1.jpg"), "m1"), {
    kind: "mode", id: "m1", image: "shoes/1.jpg", center: [0.5, 0.5], size: 0.4, strength: 1, enabled: true, reach: "near",
  });
});

test("picked modes are named by their place, images by their name", () => {
  const pick = pickOf(mode("a.jpg"), "m1");
  const like = /** @type {const} */ ({ kind: "like", id: "l1", image: "shoes/0012.jpg", strength: 1, enabled: true, reach: "near" });
  assert.equal(exampleTitle(pick), "Mode in the middle");
  assert.equal(exampleTitle({ ...pick, center: [0.5, 0.8], strength: -1 }), "Less: mode at the bottom");
  assert.equal(exampleTitle({ ...pick, center: [0.1, 0.1] }), "Mode at the top left");
  assert.deepEqual([exampleTitle(like), exampleTitle({ ...like, strength: -1 })], ["Like 0012.jpg", "Unlike 0012.jpg"]);
});

test("the square of a mode is a square on a wide canvas too", () => {
  const [x, y, width, height] = squareOf(pickOf(mode("a"), "m1"), 0.5);
  assert.ok(Math.abs(width - height * 0.5) < 1e-12);
  assert.deepEqual([x + width / 2, y + height / 2], [0.5, 0.5]);
});

test("the seed's patch fills its picture", () => {
  const aspect = 0.5;
  const pick = { ...pickOf(mode("a"), "m1"), center: /** @type {const} */ ([0.3, 0.6]), size: 0.2 };
  const { size, position } = seedBackground(pick, aspect);
  assert.equal(size, "500% 250%");
  // CSS: offset = (square - picture) * percentage; the patch's left edge must come to 0.
  const [across = 0, down = 0] = position.split(" ").map(parseFloat);
  assert.ok(Math.abs((1 - 5) * (across / 100) + 5 * (0.3 - 0.1)) < 1e-9);
  assert.ok(Math.abs((1 - 2.5) * (down / 100) + 2.5 * (0.6 - 0.1 / aspect)) < 1e-9);
});

test("the newest mode under a point is taken", () => {
  const [older, newer] = [pickOf(mode("a"), "m1"), pickOf(mode("b"), "m2")];
  assert.equal(modeUnder([older, newer], [0.6, 0.6], 1)?.id, "m2");
  assert.equal(modeUnder([older, newer], [0.9, 0.6], 1), undefined);
});
