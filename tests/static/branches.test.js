// @ts-check
/** `branches.js`: rooms as a list, and what a branch has changed, in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asTree, changesBetween, clashesBetween, collectionOf, freeTitle, pageTitle, TITLE_LIMIT, titleOf, whoIsThere } from "../../ui/static/branches.js";
import { restoreQuestion } from "../../ui/static/branchesquestions.js";
import { itemWords } from "../../ui/static/roommenuitem.js";

/** @param {string} name @param {string | null} parent @param {number} updated */
function room(name, parent, updated) {
  return { name, title: name, parent, base: null, author: "a", is_private: false, revision: 1, members: 0, people: [], updated, is_archived: false, role: /** @type {const} */ ("owner") };
}

test("a room of the list is told in a few words", () => {
  const known = room("shoes~a", "shoes", 100);
  assert.equal(itemWords({ ...known, people: ["Ann", "Ben"], is_private: true }, 100), "private · Ann and Ben there · now");
  assert.equal(itemWords({ ...known, revision: 0, is_archived: true }, 4000), "archived · nobody there · nothing done yet");
});

/** @param {string} id @param {string[]} edits @param {object} [more] @returns {any} */
function cluster(id, edits, more = {}) {
  const entries = edits.map((edit) => ({ edit: { kind: "like", id: edit.slice(0, 1), image: edit }, author: "a", time: 0 }));
  return { id, name: id, weighting: "focus", count: null, alignment: "none", mirror: false, color: "", edits: entries, ...more };
}

/** @param {any[]} clusters @returns {any} */
function session(...clusters) {
  return { format: "", version: 2, collection: "shoes", clusters, annotation: {} };
}

test("the collection is what the address of a branch begins with", () => {
  assert.deepEqual(["shoes~k3h7q2", "shoes"].map(collectionOf), ["shoes", "shoes"]);
});

test("a branch stands under its parent, and what was changed last comes first", () => {
  const rooms = [room("shoes~old", "shoes", 1), room("shoes~twig", "shoes~old", 9), room("shoes", null, 5), room("shoes~new", "shoes", 2)];
  assert.deepEqual(
    asTree(rooms).map(({ room: { name }, depth }) => [name, depth]),
    [["shoes", 0], ["shoes~new", 1], ["shoes~old", 1], ["shoes~twig", 2]],
  );
});

test("a branch whose parent is not to be seen stands beside the others", () => {
  assert.deepEqual(asTree([room("shoes~twig", "shoes~hidden", 9)]).map(({ depth }) => depth), [0]);
});

test("the main room that nobody named is called so, a named one by its name", () => {
  assert.equal(titleOf({ ...room("shoes", null, 0) }), "Main room");
  assert.equal(titleOf({ ...room("shoes", null, 0), title: "Client" }), "Client");
});

test("the browser's tab says the collection, and the branch before it", () => {
  assert.equal(pageTitle(room("shoes", null, 0)), "shoes · Average Explorer");
  assert.equal(pageTitle({ ...room("shoes~k3", "shoes", 0), title: "Winter" }), "Winter · shoes · Average Explorer");
  assert.equal(pageTitle(null), "Average Explorer");
});

test("a title that is taken is numbered, and stays short", () => {
  assert.equal(freeTitle(["Branch", "Branch 2"], "Branch"), "Branch 3");
  assert.ok(freeTitle([], "x".repeat(200)).length <= TITLE_LIMIT);
});

test("nothing is said of sessions that are the same", () => {
  const one = session(cluster("red", ["a1"]));
  assert.deepEqual(changesBetween(one, session(cluster("red", ["a1"]))), []);
});

test("new, changed and removed edits are counted for each average", () => {
  const base = session(cluster("red", ["a1", "b1"]), cluster("blue", []));
  const now = session(cluster("red", ["a2", "c1", "d1"]), cluster("blue", []));
  assert.deepEqual(changesBetween(base, now), ["“red”: 2 edits new, 1 edit changed, 1 edit removed"]);
});

test("averages that came, went, moved or got other settings are named", () => {
  const base = session(cluster("red", []), cluster("blue", []), cluster("gone", []));
  const now = session(cluster("blue", [], { name: "navy", mirror: true }), cluster("red", []), cluster("fresh", ["a1"]));
  assert.deepEqual(changesBetween(base, now), [
    "“navy”: was “blue”, other settings",
    "“fresh” is new, with 1 edit",
    "“gone” is deleted",
    "The averages are in another order",
  ]);
});

test("only what both sides changed, and not to the same, is a clash", () => {
  const base = session(cluster("red", ["a1", "b1", "c1", "d1"]), cluster("blue", []));
  const here = session(cluster("red", ["a2", "b2", "c2", "d1"]), cluster("blue", [], { mirror: true }));
  assert.equal(clashesBetween(base, here, base), 0);
  assert.equal(clashesBetween(base, here, here), 0);
  const there = session(cluster("red", ["a3", "b2", "d3"]), cluster("blue", [], { name: "navy" }));
  assert.equal(clashesBetween(base, here, there), ["a", "c", "blue"].length);
});

test("keypoints that differ are told", () => {
  assert.deepEqual(changesBetween(session(), { ...session(), annotation: { marks: 1 } }), ["Keypoints are changed"]);
});

test("who is in a room is told by name, as long as they are few", () => {
  assert.equal(whoIsThere([]), "nobody there");
  assert.equal(whoIsThere(["Ann"]), "Ann there");
  assert.equal(whoIsThere(["Ann"], "Ann"), "only you there");
  assert.equal(whoIsThere(["Ann", "Ben"], "Ben"), "you and Ann there");
  assert.equal(whoIsThere(["Ann", "Ben", "Cleo"]), "Ann, Ben and Cleo there");
  assert.equal(whoIsThere(["Ann", "Ben", "Cleo", "Dan", "Eva"]), "Ann, Ben, Cleo and 2 more there");
});

/** @param {boolean} changed whether the server has something to restore */
function restoring(changed) {
  /** @type {unknown[][]} */
  const asked = [];
  const api = { restore: async (/** @type {unknown[]} */ ...what) => (asked.push(what), { revision: 9, changed }) };
  const done = { times: 0 };
  const question = (waiting = 0) => restoreQuestion(/** @type {any} */ (api), 4, () => waiting, () => void done.times++);
  return { asked, done, question };
}

test("a step is restored once, however often the button is pressed", async () => {
  const { asked, done, question } = restoring(true);
  const one = question();
  await one.run({});
  await one.run({});
  assert.deepEqual(asked.map(([revision]) => revision), [4, 4]);
  assert.equal(asked[0]?.[1], asked[1]?.[1]);
  assert.equal(done.times, 2);
});

test("nothing is restored while something of one's own is not sent, and it is said where nothing differs", async () => {
  const unsent = restoring(true);
  await assert.rejects(unsent.question(1).run({}), /not sent yet/);
  assert.deepEqual(unsent.asked, []);
  const same = restoring(false);
  await assert.rejects(same.question().run({}), /nothing to restore/);
  assert.equal(same.done.times, 0);
});
