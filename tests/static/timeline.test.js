// @ts-check
/** `timelinepages.js`, `timelinesteps.js`, `timelinepeople.js`: long logs in pages, one wish at a time, who did what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changesAverages, Latest, Pages, strideOf } from "../../ui/static/timelinepages.js";
import { colorOfAuthor, doerOf } from "../../ui/static/timelinepeople.js";
import { around } from "../../ui/static/timelinesteps.js";

/** @param {number} revision @param {string} [type] */
function item(revision, type = "put_edit") {
  return { revision, author: "a", time: 0, type, cluster: "main", words: `step ${revision}` };
}

/**
 * Answer as the server does: what is older than `before`, the newest first.
 *
 * @param {number} newest @param {number} before @param {number} limit
 */
function answer(newest, before, limit) {
  const last = Math.min(newest, before - 1);
  return Array.from({ length: Math.min(limit, last) }, (_, place) => item(last - place));
}

/** @param {Pages} pages @param {number} near @returns {number[]} where each page began, in the order in which they were asked for */
function loadAll(pages, near) {
  const asked = [];
  for (let next = pages.next(near); next; next = pages.next(near)) {
    asked.push(next.before);
    pages.take(next, answer(pages.newest, next.before, pages.size));
  }
  return asked;
}

test("pages are asked for from the step that is looked at outwards, each once", () => {
  const pages = new Pages(10);
  pages.grow(35);
  assert.deepEqual(loadAll(pages, 15), [21, 11, 31, 36]);
  assert.deepEqual([1, 10, 11, 35].map((revision) => pages.get(revision)?.words), ["step 1", "step 10", "step 11", "step 35"]);
});

test("of a room of ten thousand steps only the page that is looked at comes first", () => {
  const pages = new Pages(200);
  pages.grow(10_000);
  assert.deepEqual(pages.next(10_000), { page: 49, before: 10_001 });
  assert.equal(loadAll(pages, 10_000).length, 50);
  assert.equal(pages.get(1)?.revision, 1);
});

test("what is done meanwhile is asked for, and nothing that is known", () => {
  const pages = new Pages(10);
  pages.grow(12);
  loadAll(pages, 12);
  pages.grow(14);
  assert.deepEqual(loadAll(pages, 14), [15]);
  assert.equal(pages.get(14)?.words, "step 14");
});

test("a room in which nothing was done has nothing to ask for", () => {
  assert.equal(new Pages().next(0), null);
});

test("comments and votes change no average, strokes and undo may", () => {
  const types = ["put_comment", "put_vote", "put_snapshot", "put_mark", "put_edit", "undo", "replace_session"];
  assert.deepEqual(types.map((type) => changesAverages(item(1, type))), [false, false, false, false, true, true, true]);
});

test("a replay takes at most 240 steps", () => {
  assert.deepEqual([1, 240, 241, 10_000].map(strideOf), [1, 1, 2, 42]);
});

test("one wish is carried out at a time, and of those that came meanwhile the newest", async () => {
  /** @type {number[]} */
  const begun = [];
  /** @type {(() => void)[]} */
  const ends = [];
  const latest = new Latest((/** @type {number} */ wanted) => {
    begun.push(wanted);
    return new Promise((resolve) => ends.push(() => resolve(undefined)));
  });
  const answers = [1, 2, 3].map((wanted) => latest.want(wanted));
  assert.deepEqual(begun, [1]);
  ends[0]?.();
  assert.deepEqual(await Promise.all(answers.slice(0, 2)), [true, false]);
  assert.deepEqual(begun, [1, 3]);
  ends[1]?.();
  assert.equal(await answers[2], true);
  latest.want(4);
  assert.deepEqual(begun, [1, 3, 4]);
});

test("the steps around one are listed newest first, it in the middle where that can be", () => {
  assert.deepEqual(around(10, 20, 5), [12, 11, 10, 9, 8]);
  assert.deepEqual(around(20, 20, 5), [20, 19, 18, 17, 16]);
  assert.deepEqual(around(0, 20, 5), [4, 3, 2, 1, 0]);
  assert.deepEqual(around(1, 2, 5), [2, 1, 0]);
});

test("who did a step is called you, by name, or somebody", () => {
  const cast = { author: "me", names: new Map([["b", { name: "Ada", color: "#123456" }], ["me", { name: "Eve", color: "#abcdef" }]]) };
  assert.deepEqual(["me", "b", "c", ""].map((author) => doerOf(author, cast)), ["you", "Ada", "somebody", "avex"]);
  assert.equal(colorOfAuthor("b", cast), "#123456");
});

test("who has left keeps one color, and many have several", () => {
  const cast = { author: "me", names: new Map() };
  assert.equal(colorOfAuthor("abc", cast), colorOfAuthor("abc", cast));
  assert.ok(new Set(["a", "b", "c", "d"].map((author) => colorOfAuthor(author, cast))).size > 2);
});
