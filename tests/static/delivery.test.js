// @ts-check
/** `delivery.js`: nothing is lost, and only the newest preview is sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff, newestHover, newestPreview, Outbox, PATIENCE_S } from "../../ui/static/delivery.js";

/** @param {string} id @returns {import("../../ui/static/messages.js").Stroke} */
function stroke(id) {
  return { kind: "sketch", id, paths: [[[0, 0]]], radius: 0.1, strength: 1, enabled: true, reach: "near" };
}

test("an operation waits under its id until it is answered", () => {
  const outbox = new Outbox();
  outbox.add("a", { type: "undo" });
  outbox.add("b", { type: "redo" });
  outbox.settle("a");
  assert.deepEqual(outbox.waiting.map((message) => message.op_id), ["b"]);
});

test("one preview is in flight, and of those drawn meanwhile only the newest follows", () => {
  const previews = newestPreview();
  previews.offer({ cluster: "main", edit: stroke("s1") });
  assert.equal(previews.take(0)?.request, 1);
  previews.offer({ cluster: "main", edit: stroke("s2") });
  previews.offer({ cluster: "main", edit: stroke("s3") });
  assert.equal(previews.take(0.1), null);
  previews.acknowledge(1);
  const next = previews.take(0.2);
  assert.deepEqual([next?.request, next?.edit?.id], [2, "s3"]);
  assert.equal(previews.take(0.3), null);
});

test("hovers have numbers of their own, and the newest follows", () => {
  const hovers = newestHover();
  hovers.offer({ cluster: "main", point: [0.1, 0.2], size: 48 });
  assert.deepEqual(hovers.take(0), { type: "hover", request: 1, cluster: "main", x: 0.1, y: 0.2, size: 48 });
  hovers.offer({ cluster: "main", point: [0.3, 0.2], size: 48 });
  hovers.offer({ cluster: "main", point: [0.4, 0.2], size: 48 });
  hovers.acknowledge(1);
  assert.equal(hovers.take(0.1)?.x, 0.4);
});

test("an older answer does not free the line", () => {
  const previews = newestPreview();
  previews.offer({ cluster: "main", edit: null });
  previews.take(0);
  previews.acknowledge(1);
  previews.offer({ cluster: "main", edit: null });
  previews.take(0);
  previews.acknowledge(1);
  previews.offer({ cluster: "main", edit: null });
  assert.equal(previews.take(0), null);
});

test("a preview that is never answered is given up", () => {
  const previews = newestPreview();
  previews.offer({ cluster: "main", edit: null });
  previews.take(0);
  previews.offer({ cluster: "main", edit: null });
  assert.equal(previews.take(PATIENCE_S - 0.01), null);
  assert.equal(previews.take(PATIENCE_S + 0.01)?.request, 2);
});

test("the pause before connecting again grows to at most ten seconds", () => {
  assert.ok(backOff(0, 0) < backOff(3, 0));
  assert.ok(backOff(99, 0.999) <= 10);
});

test("after a lost connection what the hand still holds is asked for again, what it let go is not", () => {
  const previews = newestPreview();
  previews.offer({ cluster: "main", edit: stroke("s1") });
  previews.take(0);
  previews.reset();
  assert.equal(previews.take(0.1)?.edit?.id, "s1");
  previews.drop();
  previews.reset();
  assert.equal(previews.take(0.2), null);
});
