// @ts-check
/** `boardpending.js`: what this window said is seen before the room answers, and as the room will have it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_BOARD, followBoard } from "../../ui/static/board.js";
import { boardWithPending, CLAIM_LASTS_S } from "../../ui/static/boardpending.js";
import { waitingEdits } from "../../ui/static/pending.js";

/** @typedef {import("../../ui/static/board.js").Board} Board */
/** @typedef {import("../../ui/static/messages.js").Operation} Operation */

const NOW = 1792000000;
const PLACE = /** @type {const} */ ({ kind: "average", cluster: "main", at: [0.5, 0.25] });

/** @param {string} author @param {Board} board @param {readonly Operation[]} operations */
function said(author, board, ...operations) {
  return boardWithPending(board, operations.map((operation) => ({ operation })), { author, time: NOW, revision: 7 });
}

/** @param {string} id @param {string | null} [reply_to] @returns {Operation} */
function comment(id, reply_to = null, text = "look") {
  return { type: "put_comment", id, place: PLACE, text, reply_to };
}

test("a comment and its answer are seen at once, and taken back together", () => {
  const board = said("ann", EMPTY_BOARD, comment("k1"), comment("k2", "k1"));
  assert.deepEqual(board.comments.map(({ id, author, time }) => [id, author, time]), [["k1", "ann", NOW], ["k2", "ann", NOW]]);
  assert.deepEqual(said("ann", board, { type: "remove_comment", id: "k1" }).comments, []);
});

test("what the room would refuse is not seen: rewording another's, answering what is not there, answering an answer", () => {
  const board = said("ann", EMPTY_BOARD, comment("k1"), comment("k2", "k1"));
  assert.equal(said("ben", board, comment("k1", null, "mine now")).comments[0]?.text, "look");
  assert.equal(said("ben", board, comment("k3", "gone")).comments.length, 2);
  assert.equal(said("ben", board, comment("k3", "k2")).comments.length, 2);
  assert.equal(said("ben", board, { type: "remove_comment", id: "k1" }).comments.length, 2);
});

test("rewording keeps when it was said and whether it is dealt with", () => {
  const first = said("ann", EMPTY_BOARD, comment("k1"), { type: "resolve_comment", id: "k1", is_resolved: true });
  const later = boardWithPending(first, [{ operation: comment("k1", null, "look here") }], { author: "ann", time: NOW + 60, revision: 8 });
  assert.deepEqual(later.comments, [{ id: "k1", place: PLACE, text: "look here", reply_to: null, author: "ann", time: NOW, is_resolved: true, name: "" }]);
});

test("a person has one vote on an image, and takes back only their own", () => {
  const board = said("ann", EMPTY_BOARD, { type: "put_vote", image: "a.png", value: 1 }, { type: "put_vote", image: "a.png", value: -1 });
  assert.deepEqual(board.votes, [{ image: "a.png", author: "ann", value: -1 }]);
  assert.deepEqual(said("ben", board, { type: "remove_vote", image: "a.png" }).votes, board.votes);
  assert.deepEqual(said("ann", board, { type: "remove_vote", image: "a.png" }).votes, []);
});

test("what others have claimed stays theirs until it lapses", () => {
  const held = { image: "a.png", author: "ben", time: NOW - CLAIM_LASTS_S + 1, name: "" };
  const lapsed = { image: "b.png", author: "ben", time: NOW - CLAIM_LASTS_S, name: "" };
  const board = said("ann", { ...EMPTY_BOARD, claims: [held, lapsed] }, { type: "put_claim", images: ["a.png", "b.png"] });
  assert.deepEqual(board.claims, [held, { image: "b.png", author: "ann", time: NOW, name: "" }]);
  assert.deepEqual(said("ann", board, { type: "remove_claim", images: ["a.png", "b.png"] }).claims, [held]);
});

test("an image that is reviewed is nobody's any more", () => {
  const board = said("ann", EMPTY_BOARD, { type: "put_claim", images: ["a.png", "b.png"] }, { type: "put_review", image: "a.png" });
  assert.deepEqual(board.claims.map(({ image }) => image), ["b.png"]);
});

test("a named state names the revision that is now", () => {
  const board = said("ann", EMPTY_BOARD, { type: "put_snapshot", id: "n1", name: "First", revision: null });
  assert.deepEqual(board.snapshots, [{ id: "n1", name: "First", revision: 7, author: "ann", time: NOW }]);
  assert.deepEqual(said("ben", board, { type: "remove_snapshot", id: "n1" }).snapshots, []);
});

test("what is no word leaves the board as it is", () => {
  assert.equal(said("ann", EMPTY_BOARD, { type: "undo" }), EMPTY_BOARD);
});

test("comments that wait are known by their ids", () => {
  assert.deepEqual([...waitingEdits([{ operation: comment("k1") }, { operation: { type: "put_vote", image: "a.png", value: 1 } }])], ["k1"]);
});

test("followed changes take away first, and put what is known in its place", () => {
  const board = said("ann", EMPTY_BOARD, comment("k1"), comment("k2"));
  const [one] = board.comments;
  assert.ok(one);
  const changes = {
    put_comments: [{ ...one, text: "anew" }], removed_comments: ["k2"], put_votes: [], removed_votes: [],
    put_claims: [], removed_claims: [], put_snapshots: [], removed_snapshots: [],
  };
  assert.deepEqual(followBoard(board, changes).comments.map(({ id, text }) => [id, text]), [["k1", "anew"]]);
});
