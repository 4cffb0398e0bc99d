// @ts-check
/** `schema.js`, `schemafile.js`, `schematemplates.js`: keypoints can be changed without losing what is placed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  addKeypoint, changeKeypoint, colorOfKeypoint, EMPTY, freeId, guessPairs, joinedTo, moveKeypoint, pairUp, partnerOf,
  removeKeypoint, replaceSchema, toggleEdge,
} from "../../ui/static/schema.js";
import { fromCoco, toCoco } from "../../ui/static/schemafile.js";
import { readTemplates, templateOf } from "../../ui/static/schematemplates.js";

/** @typedef {import("../../ui/static/schema.js").Schema} Schema */

const FILE = new URL("../../ui/static/templates.json", import.meta.url);
const TEMPLATES = readTemplates(JSON.parse(readFileSync(FILE, "utf8")));

/** @param {...string} names @returns {Schema} */
function schema(...names) {
  return names.reduce((known, name) => addKeypoint(known, name), EMPTY);
}

/** @param {Schema} one */
function ids(one) {
  return one.keypoints.map(({ id }) => id);
}

/** @param {string} key */
function template(key) {
  const found = TEMPLATES.find((one) => one.key === key);
  assert.ok(found);
  return found;
}

test("an id is made of the name, and is never one that has points already", () => {
  assert.deepEqual(ids(schema("Left Eye", "left eye", "Ä & Ö", "眼")), ["left-eye", "left-eye-2", "a-o", "point"]);
  assert.equal(addKeypoint(EMPTY, "Nose", ["nose"]).keypoints[0]?.id, "nose-2");
  assert.ok(freeId("x".repeat(100), []).length <= 48);
});

test("a keypoint without a name gets one with its number", () => {
  assert.equal(schema("a", " ").keypoints[1]?.name, "point 2");
});

test("renaming and reordering keep the id", () => {
  const changed = moveKeypoint(changeKeypoint(schema("a", "b", "c"), "a", { name: " Heel " }), "a", 2);
  assert.deepEqual(changed.keypoints.map(({ id, name }) => [id, name]), [["b", "b"], ["c", "c"], ["a", "Heel"]]);
});

test("an empty name changes nothing, a color alone keeps the name", () => {
  const [keypoint] = changeKeypoint(changeKeypoint(schema("a"), "a", { name: "  " }), "a", { color: "#112233" }).keypoints;
  assert.deepEqual(keypoint, { id: "a", name: "a", color: "#112233" });
});

test("joining twice takes the edge away, whichever end comes first", () => {
  const joined = toggleEdge(schema("a", "b", "c"), "a", "b");
  assert.deepEqual(joinedTo(joined, "b"), ["a"]);
  assert.deepEqual(toggleEdge(joined, "b", "a").edges, []);
  assert.equal(toggleEdge(joined, "a", "a"), joined);
  assert.equal(toggleEdge(joined, "a", "gone"), joined);
});

test("a keypoint is in one pair at most", () => {
  const pairs = pairUp(pairUp(schema("a", "b", "c"), "a", "b"), "c", "b");
  assert.deepEqual(pairs.pairs, [["c", "b"]]);
  assert.deepEqual([partnerOf(pairs, "c"), partnerOf(pairs, "a")], ["b", null]);
  assert.deepEqual(pairUp(pairs, "b", "").pairs, []);
});

test("a removed keypoint takes its edges and its pair along", () => {
  const gone = removeKeypoint(pairUp(toggleEdge(schema("a", "b"), "a", "b"), "a", "b"), "a");
  assert.deepEqual([ids(gone), gone.edges, gone.pairs], [["b"], [], []]);
});

test("left and right in names make pairs, the left one first", () => {
  const guessed = guessPairs(schema("right eye", "Left eye", "eye l", "eye r", "nose", "left"));
  assert.deepEqual(guessed.pairs, [["left-eye", "right-eye"], ["eye-l", "eye-r"]]);
});

test("every keypoint has a color, its own before that of its place", () => {
  const known = changeKeypoint(schema("a", "b"), "b", { color: "#123456" });
  assert.equal(colorOfKeypoint(known, "b"), "#123456");
  assert.match(colorOfKeypoint(known, "a"), /^#[0-9a-f]{6}$/);
  assert.notEqual(colorOfKeypoint(schema("a", "b"), "a"), colorOfKeypoint(schema("a", "b"), "b"));
});

test("another schema keeps the keypoints that have points, under the name that they have there or at the end", () => {
  const now = schema("Nose tip", "ear", "tail");
  const next = replaceSchema(now, template("face-5").schema, new Set(["nose-tip", "tail"]));
  assert.deepEqual(ids(next), ["eye-left", "eye-right", "nose-tip", "mouth-left", "mouth-right", "tail"]);
});

test("a keypoint of a file that has the name of one with points gets its id, and its edges follow", () => {
  const now = { ...EMPTY, keypoints: [{ id: "k7", name: "Toe", color: "" }] };
  const wanted = fromCoco({ keypoints: ["heel", "toe"], skeleton: [[1, 2]] });
  const next = replaceSchema(now, wanted, new Set(["k7"]));
  assert.deepEqual([ids(next), next.edges], [["heel", "k7"], [["heel", "k7"]]]);
});

test("a schema goes into a COCO category and comes back as it was", () => {
  for (const { schema: one } of TEMPLATES.filter(({ key }) => key !== "free")) {
    assert.deepEqual(fromCoco(JSON.parse(JSON.stringify(toCoco(one)))), one);
  }
});

test("COCO counts the ends of edges from 1", () => {
  const category = /** @type {any} */ (toCoco(toggleEdge(schema("a", "b", "c"), "a", "c"))).categories[0];
  assert.deepEqual([category.keypoints, category.skeleton], [["a", "b", "c"], [[1, 3]]]);
});

test("a category of others is read whatever is around it, and what joins nothing is left out", () => {
  const category = { name: "cat", keypoints: ["left ear", "right ear"], skeleton: [[1, 2], [2, 1], [0, 1], [2, 3], [1, 1]] };
  for (const file of [category, [{ name: "dog" }, category], { categories: [{ name: "dog" }, category] }]) {
    const read = fromCoco(file);
    assert.deepEqual([read.name, read.edges, read.pairs], ["cat", [["left-ear", "right-ear"]], [["left-ear", "right-ear"]]]);
  }
});

test("a file without keypoints is refused with what must be in it", () => {
  for (const file of [null, {}, { categories: [] }, [{ name: "dog", keypoints: [] }]]) {
    assert.throws(() => fromCoco(file), /must have a COCO category with keypoints/);
  }
});

test("every point of a template has a place in its drawing, pairs at both sides of the middle", () => {
  for (const { schema: one, places } of TEMPLATES) {
    assert.equal(places.size, one.keypoints.length);
    for (const [left, right] of one.pairs) {
      const [a, b] = [places.get(left) ?? [0, 0], places.get(right) ?? [0, 0]];
      assert.ok(Math.abs(a[0] + b[0] - 1) < 0.002 && Math.abs(a[1] - b[1]) < 0.002, `${left} ${a}, ${right} ${b}`);
    }
    for (const [x, y] of places.values()) assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1);
  }
});

test("a schema is drawn as the template that it is most like, one of its own as none", () => {
  assert.equal(templateOf(TEMPLATES, template("face-5").schema)?.key, "face-5");
  assert.equal(templateOf(TEMPLATES, removeKeypoint(template("face-68").schema, "jaw-chin"))?.key, "face-68");
  assert.equal(templateOf(TEMPLATES, schema("heel", "toe")), null);
});
