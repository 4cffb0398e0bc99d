// @ts-check
/** `unsent.js`, `closing.js`: what was not sent survives a reload, and a closed connection is explained. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { closingOf, isOver, lostWords, refusalWords, withUnsent } from "../../ui/static/closing.js";
import { Outbox } from "../../ui/static/delivery.js";
import { OPERATIONS_LIMIT, TEXT_LIMIT, Unsent } from "../../ui/static/unsent.js";

const ANN = { author: "ann", room: "shoes" };

/** @returns {import("../../ui/static/unsent.js").Place & {texts: Map<string, string>}} a place as a tab has one */
function place() {
  /** @type {Map<string, string>} */
  const texts = new Map();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

/** @param {readonly import("../../ui/static/messages.js").Operate[]} messages */
function ids(messages) {
  return messages.map(({ op_id }) => op_id);
}

test("what waits is read back in its order, with its ids, before what was done since", () => {
  const unsent = new Unsent(place());
  const before = new Outbox();
  before.add("a", { type: "undo" });
  before.add("b", { type: "redo" });
  unsent.keep(ANN, before.waiting);
  const after = new Outbox();
  after.add("c", { type: "undo" });
  after.restore(unsent.read(ANN));
  assert.deepEqual(ids(after.waiting), ["a", "b", "c"]);
  after.restore(unsent.read(ANN));
  assert.deepEqual(ids(after.waiting), ["a", "b", "c"]);
});

test("rooms and authors are never mixed", () => {
  const unsent = new Unsent(place());
  const outbox = new Outbox();
  outbox.add("a", { type: "undo" });
  unsent.keep(ANN, outbox.waiting);
  assert.deepEqual(unsent.read({ ...ANN, author: "bob" }), []);
  assert.deepEqual(unsent.read({ ...ANN, room: "shoes~k3" }), []);
});

test("once all is answered nothing is kept", () => {
  const where = place();
  const unsent = new Unsent(where);
  const outbox = new Outbox();
  outbox.add("a", { type: "undo" });
  unsent.keep(ANN, outbox.waiting);
  assert.equal(where.texts.size, 1);
  assert.equal(outbox.settle("a")?.op_id, "a");
  assert.equal(outbox.settle("a"), null);
  unsent.keep(ANN, outbox.waiting);
  assert.equal(where.texts.size, 0);
});

test("of too much the oldest are kept", () => {
  const unsent = new Unsent(place());
  const outbox = new Outbox();
  for (let at = 0; at <= OPERATIONS_LIMIT; at += 1) outbox.add(`o${at}`, { type: "undo" });
  unsent.keep(ANN, outbox.waiting);
  assert.deepEqual([unsent.read(ANN).length, unsent.read(ANN)[0]?.op_id], [OPERATIONS_LIMIT, "o0"]);
  outbox.clear();
  outbox.add("long", { type: "put_comment", id: "c", place: { kind: "image", image: "i", at: null }, text: "x".repeat(TEXT_LIMIT), reply_to: null });
  unsent.keep(ANN, outbox.waiting);
  assert.deepEqual(unsent.read(ANN), []);
});

test("what cannot be read, or cannot be kept, does no harm", () => {
  const where = place();
  const unsent = new Unsent(where);
  const outbox = new Outbox();
  outbox.add("a", { type: "undo" });
  unsent.keep(ANN, outbox.waiting);
  for (const text of ["{", "7", "null", '[{"type":"ping"}]', '[{"type":"operate","op_id":"a"}]']) {
    for (const key of where.texts.keys()) where.texts.set(key, text);
    assert.deepEqual(unsent.read(ANN), [], text);
  }
  where.setItem = () => {
    throw new Error("full");
  };
  unsent.keep(ANN, outbox.waiting);
  new Unsent(null).keep(ANN, outbox.waiting);
  assert.deepEqual(new Unsent(null).read(ANN), []);
});

test("a lost connection is tried again, at once where the server restarts", () => {
  assert.deepEqual([1006, 1001, 1012, 4408].map((code) => closingOf(code, "").isFinal), [false, false, false, false]);
  assert.deepEqual([1006, 1012, 4408].map((code) => closingOf(code, "").isQuick), [false, true, true]);
});

test("what only the person can mend is said, with what helps", () => {
  const remedies = [4400, 4401, 4403, 4404, 4429].map((code) => closingOf(code, "there is none"));
  assert.ok(remedies.every(({ isFinal }) => isFinal));
  assert.deepEqual(remedies.map(({ remedy }) => remedy), ["reload", "login", "", "", "reload"]);
  assert.match(closingOf(4403, "").text, /withdrawn/);
  assert.equal(closingOf(4404, "there is none").text, "There is none");
});

test("it is said that what is done meanwhile is kept, where it will be sent", () => {
  const lost = closingOf(1006, "");
  assert.equal(withUnsent("Lost.", 0, lost), "Lost.");
  assert.match(withUnsent("Lost.", 1, lost), /^Lost\. What you did meanwhile is kept/);
  assert.match(withUnsent("Lost.", 3, lost), /3 things/);
  assert.equal(withUnsent("Log in.", 3, closingOf(4401, "")), "Log in.");
});

test("what did not get there before the access was withdrawn is said, so that it can be saved", () => {
  const withdrawn = closingOf(4403, "");
  assert.equal(withUnsent("Withdrawn.", 0, withdrawn), "Withdrawn.");
  assert.match(withUnsent("Withdrawn.", 1, withdrawn), /^Withdrawn\. What you did last did not get there/);
  assert.match(withUnsent("Withdrawn.", 3, withdrawn), /3 things, did not get there/);
});

test("a room is over only where neither patience nor loading the page anew brings one back", () => {
  const over = [1006, 1012, 4400, 4401, 4403, 4404, 4429].filter((code) => isOver(closingOf(code, "")));
  assert.deepEqual(over, [4403, 4404]);
  assert.equal(isOver(null), false);
});

test("a page without a connection says why wherever it says so, and whom the server does not know is told in words", () => {
  const withdrawn = closingOf(4403, "");
  assert.equal(lostWords({ closing: withdrawn, unsent: 0 }), withdrawn.text);
  assert.match(lostWords({ closing: null, unsent: 1 }), /trying again\. What you did meanwhile is kept/);
  assert.match(refusalWords(401, "log in, or send a token"), /another link/);
  assert.deepEqual([refusalWords(409, "taken"), refusalWords(500, undefined)], ["taken", "The server answered 500"]);
});
