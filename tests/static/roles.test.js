// @ts-check
/** `roles.js`: the page knows what the server allows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isOffered } from "../../ui/static/start.js";
import { isAtLeast, leastRole, mayDo, mayUse, OF_ANNOTATORS, reasonFor, ROLES } from "../../ui/static/roles.js";

const PYTHON = readFileSync(new URL("../../ui/wire/roles.py", import.meta.url), "utf8");

/** @param {RegExp} where of the Python file @returns {string[]} the texts in quotes there */
function quoted(where) {
  const [, part = ""] = where.exec(PYTHON) ?? [];
  return [...part.matchAll(/"([a-z_]+)"/g)].map(([, word = ""]) => word);
}

test("roles and what annotators may do are those of the server", () => {
  assert.deepEqual(ROLES, quoted(/^ROLES[^=]*= \(([^)]*)\)/m));
  const served = quoted(/^OF_ANNOTATORS = frozenset\(\s*\{([^}]*)\}/m);
  assert.ok(served.length > 5);
  assert.deepEqual(OF_ANNOTATORS.toSorted(), served.toSorted());
});

test("each role may do what the one before may", () => {
  assert.deepEqual(ROLES.map((role) => isAtLeast(role, "annotator")), [false, true, true, true]);
  assert.deepEqual([leastRole("put_vote"), leastRole("put_edit")], ["annotator", "editor"]);
  assert.deepEqual(ROLES.map((role) => mayDo({ role }, "put_mark")), [false, true, true, true]);
  assert.deepEqual(ROLES.map((role) => mayDo({ role }, "put_edit")), [false, false, true, true]);
});

test("a viewer keeps the tool that only looks, an annotator also the one for keypoints", () => {
  const tools = /** @type {const} */ (["color", "sketch", "eraser", "select", "keypoints", "explore"]);
  const usable = (/** @type {"viewer" | "annotator" | "editor"} */ role) => tools.filter((tool) => mayUse({ role }, tool));
  assert.deepEqual(usable("viewer"), ["explore"]);
  assert.deepEqual(usable("annotator"), ["keypoints", "explore"]);
  assert.deepEqual(usable("editor"), tools);
});

test("the reason says what one may do", () => {
  assert.match(reasonFor("viewer"), /may look/);
  assert.match(reasonFor("annotator"), /keypoints, comment and vote/);
});

test("averages to start from are offered unasked to whoever may take one, where nothing is placed yet", () => {
  const placed = (/** @type {number} */ count) => /** @type {any} */ ({ annotation: { marks: Array(count).fill({}) } });
  for (const role of ROLES) {
    assert.equal(isOffered({ role, session: placed(0) }), role === "editor" || role === "owner");
    assert.equal(isOffered({ role, session: placed(1) }), false);
  }
});
