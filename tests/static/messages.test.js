// @ts-check
/** `messages.js`: the messages on the wire, against the examples that pytest reads too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addCluster, follow, mergeClusters, moveCluster, operate, preview, putEdit, readServerMessages, removeEdit, setCluster } from "../../ui/static/messages.js";
import { messageTexts, readMessage } from "./read.js";

test("every server message of the examples is read", () => {
  for (const text of messageTexts("server")) {
    assert.deepEqual(readServerMessages(text), [JSON.parse(text)]);
  }
});

test("a message of another type is refused", () => {
  assert.throws(() => readServerMessages('{"type": "surprise"}'), /got surprise/);
});

test("operations are written as the examples have them", () => {
  const put = readMessage("client/operate-put_edit.json");
  assert.deepEqual(operate("ann-1", putEdit("main", put.operation.edit)), put);
  assert.deepEqual(operate("ann-1", removeEdit("main", "s1")), readMessage("client/operate-remove_edit.json"));
  const settings = {
    id: "main", name: "Red heels", weighting: /** @type {const} */ ("focus"), count: 50,
    alignment: /** @type {const} */ ("rigid"), mirror: true, color: "#2f6fdd",
  };
  assert.deepEqual(operate("ann-1", setCluster(settings)), readMessage("client/operate-set_cluster.json"));
});

test("operations on the row of clusters are written as the examples have them", () => {
  const { operation } = readMessage("client/operate-add_cluster-copy.json");
  assert.deepEqual(addCluster("flat-1", "Average 2", { kind: "cluster", cluster: "main" }), operation);
  assert.deepEqual(moveCluster("flat-1", 0), readMessage("client/operate-move_cluster.json").operation);
  assert.deepEqual(mergeClusters(["main", "flat-1"], "both", "Red or flat"), readMessage("client/operate-merge_clusters.json").operation);
});

test("a preview is written as the example has it", () => {
  const example = readMessage("client/preview.json");
  assert.deepEqual(preview(7, "main", example.edit), example);
  assert.deepEqual(preview(8, "main", null), readMessage("client/preview-none.json"));
});

const WELCOME = readMessage("server/welcome.json");

test("a removed edit is gone, and settings follow", () => {
  const session = follow(WELCOME.session, readMessage("server/applied-removed.json").changes);
  const cluster = session.clusters[0];
  assert.deepEqual(cluster?.edits, []);
  assert.equal(cluster?.name, "Red heels");
  assert.equal(cluster?.count, 50);
  assert.equal(WELCOME.session.clusters[0].edits.length, 1, "the earlier session is not changed");
});

test("an edit with a known id is replaced where it stands", () => {
  const { changes } = readMessage("server/applied.json");
  const weaker = structuredClone(changes);
  weaker.put[0].entry.edit.strength = 0.5;
  const after = follow(WELCOME.session, weaker);
  assert.deepEqual(after.clusters[0]?.edits.map(({ edit }) => edit.kind === "color" && edit.strength), [0.5]);
});

test("a new edit stands at its place", () => {
  const { changes } = structuredClone(readMessage("server/applied.json"));
  changes.put[0].entry.edit.id = "s0";
  const after = follow(WELCOME.session, changes);
  assert.deepEqual(after.clusters[0]?.edits.map(({ edit }) => edit.id), ["s0", "s1"]);
});

test("clusters come and go by the order that the room tells", () => {
  const two = follow(WELCOME.session, readMessage("server/applied-clusters.json").changes);
  assert.deepEqual(two.clusters.map(({ id }) => id), ["flat-1", "main"]);
  assert.equal(two.clusters[0]?.edits.length, 1);
  const one = follow(two, readMessage("server/applied-order.json").changes);
  assert.deepEqual(one, WELCOME.session);
});

test("a whole session replaces everything", () => {
  const { changes } = readMessage("server/applied-session.json");
  assert.deepEqual(follow({ ...WELCOME.session, clusters: [] }, changes), changes.session);
});
