// @ts-check
/** `tour.js`: what opens the session that an exploration without a person has found. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openings } from "../../ui/static/tour.js";

/** @param {string} id @param {import("../../ui/static/messages.js").Edit[]} edits */
function cluster(id, edits) {
  const entries = edits.map((edit) => ({ edit, author: "", time: 0 }));
  const settings = { weighting: "focus", count: null, alignment: "similarity", mirror: false, color: "" };
  return /** @type {any} */ ({ id, name: id, ...settings, edits: entries });
}

/** @param {any[]} clusters */
function session(...clusters) {
  return /** @type {any} */ ({ format: "", version: 2, collection: "shoes", clusters });
}

/** @type {any} */
const LIKE = { kind: "like", id: "l", image: "boot.jpg", strength: 1, enabled: true };

test("in a session without edits what was found takes its place", () => {
  const found = session(cluster("a", [LIKE]));
  assert.deepEqual(openings(session(cluster("main", [])), found, String), [{ type: "replace_session", session: found, keeps_keypoints: true }]);
});

test("beside somebody's edits what was found is added, cluster by cluster, with new ids", () => {
  let number = 0;
  const found = session(cluster("a", [LIKE]), cluster("b", [LIKE, LIKE]));
  const operations = openings(session(cluster("main", [LIKE])), found, (prefix) => `${prefix}${number++}`);
  assert.deepEqual(
    operations.map((one) => (one.type === "add_cluster" ? [one.id, one.name, one.source] : one)),
    [
      ["c0", "a", { kind: "edits", edits: [LIKE] }],
      ["c1", "b", { kind: "edits", edits: [LIKE, LIKE] }],
    ],
  );
});
