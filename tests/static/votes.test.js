// @ts-check
/** `votes.js` and `claims.js`: counts, the shortlist, who looks at which image. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLAIM_LASTS_S } from "../../ui/static/boardpending.js";
import { claimedBy, claimOfOther, minutesLeft, nextFree, standing, withoutOthers } from "../../ui/static/claims.js";
import { NO_VOTES, shortlistOf, talliesOf, tallyWords, voteOperation, votersWords } from "../../ui/static/votes.js";

/** @param {string} ballots author, sign, image: "a+x b-x" */
function votes(ballots) {
  return ballots.split(" ").map(([author = "", sign, image = ""]) => ({ author, image, value: /** @type {-1 | 1} */ (sign === "+" ? 1 : -1) }));
}

test("all votes are counted, and one's own is known", () => {
  const tallies = talliesOf(votes("a+x b+x c-x b-y"), "b");
  assert.deepEqual([tallies.get("x"), tallies.get("y")], [{ for: 2, against: 1, own: 1 }, { for: 0, against: 1, own: -1 }]);
  assert.equal(tallyWords(tallies.get("x") ?? NO_VOTES), "2 for, 1 against, you for");
  assert.equal(tallyWords(NO_VOTES), "");
});

test("it is told who is for an image and who is against it", () => {
  const nameOf = (/** @type {string} */ author) => author.toUpperCase();
  const all = votes("a+x b+x c-x");
  assert.deepEqual([votersWords(all, 1, nameOf), votersWords(all, -1, nameOf), votersWords([], 1, nameOf)], ["A and B", "C", ""]);
  assert.equal(votersWords(votes("a+x b+x c+x d+x e+x f+x g+x"), 1, nameOf), "A, B, C, D, E and 2 more");
});

test("the shortlist has what anybody is for, the most wanted first", () => {
  const all = votes("a+w a+x b-x a+y b+y c-y a-z a+v b+v");
  assert.deepEqual(shortlistOf(talliesOf(all, "a")), ["v", "y", "w", "x"]);
});

test("pressing one's own vote again takes it back; the other one replaces it", () => {
  const own = { for: 1, against: 0, own: /** @type {const} */ (1) };
  assert.deepEqual(voteOperation("x", own, 1), { type: "remove_vote", image: "x" });
  assert.deepEqual(voteOperation("x", own, -1), { type: "put_vote", image: "x", value: -1 });
});

const NOW = 5000;
const CLAIMS = standing([{ image: "x", author: "ann", time: NOW, name: "" }, { image: "y", author: "ben", time: NOW - 60, name: "" }, { image: "z", author: "ben", time: NOW - CLAIM_LASTS_S, name: "" }], NOW);
const QUEUE = ["w", "x", "y", "z", "done"].map((name, id) => ({ id, name, is_reviewed: name === "done" }));

test("a claim that has lapsed holds nobody back", () => {
  assert.deepEqual([...CLAIMS.keys()], ["x", "y"]);
  assert.deepEqual([claimOfOther(CLAIMS, "y", "ann")?.author, claimOfOther(CLAIMS, "x", "ann"), claimOfOther(CLAIMS, "z", "ann")], ["ben", null, null]);
});

test("the next to claim are free and not reviewed, in the order of the queue", () => {
  assert.deepEqual(nextFree(QUEUE, CLAIMS), ["w", "z"]);
  assert.deepEqual(nextFree(QUEUE, CLAIMS, 1), ["w"]);
});

test("the queue can leave out what others have claimed", () => {
  assert.deepEqual(withoutOthers(QUEUE, CLAIMS, "ann").map(({ name }) => name), ["w", "x", "z", "done"]);
  assert.deepEqual(claimedBy(CLAIMS, "ben"), ["y"]);
});

test("it is told for how many minutes a claim holds", () => {
  const left = (/** @type {number} */ age) => minutesLeft({ image: "x", author: "ann", time: NOW - age, name: "" }, NOW);
  assert.deepEqual([left(0), left(61), left(CLAIM_LASTS_S - 1)], [30, 29, 1]);
});
