// @ts-check
/** `branchesapi.js`: what goes over the wire about rooms, their history and their links. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomApi } from "../../ui/static/branchesapi.js";

/** A room that writes down what it is asked. */
function fake() {
  /** @type {any[]} */
  const asked = [];
  /** @type {string[]} */
  const rooms = [];
  const keep = (/** @type {string} */ path, /** @type {object} */ query = {}, /** @type {RequestInit} */ { method = "GET", body } = {}, room = "shoes") => {
    asked.push([method, path, query, typeof body === "string" ? JSON.parse(body) : body]);
    rooms.push(room);
    return Promise.resolve({});
  };
  const room = { store: { state: { author: "me" } }, fetchJson: keep, fetchPicture: keep, url: (/** @type {string} */ path, /** @type {object} */ _, name = "shoes") => `/api/${name}/${path}` };
  return { asked, rooms, api: new RoomApi(/** @type {any} */ (room)) };
}

test("a branch says from which step, for whom and by whom", async () => {
  const { asked, api } = fake();
  await api.branch({ title: "Winter", revision: 7, isPrivate: true });
  assert.deepEqual(asked, [["POST", "rooms", {}, { title: "Winter", revision: 7, is_private: true, author: "me" }]]);
});

test("publishing has an id of its own each time, so that a repeated request is known", async () => {
  const { asked, api } = fake();
  await api.publish();
  await api.publish();
  const [one, other] = asked.map(([, , , body]) => body);
  assert.equal(one.author, "me");
  assert.match(one.op_id, /^o[0-9a-f]{18}$/);
  assert.notEqual(one.op_id, other.op_id);
});

test("history is asked for in pages, and an average by its step and cluster", async () => {
  const { asked, api } = fake();
  await api.timeline(401, 200);
  await api.at(12);
  await api.averageAt(12, "red");
  assert.deepEqual(asked.map(([method, path, query]) => [method, path, query]), [
    ["GET", "timeline", { before: 401, limit: 200 }],
    ["GET", "at/12", {}],
    ["GET", "at/12/average.jpg", { cluster: "red" }],
  ]);
});

test("links are made with a role, for somebody, for so many days, and taken back by their id", async () => {
  const { asked, api } = fake();
  await api.makeLink("viewer", "Ada", 7);
  await api.revoke("a/b");
  assert.deepEqual(asked, [
    ["POST", "links", {}, { role: "viewer", label: "Ada", days: 7, author: "me" }],
    ["DELETE", "links/a%2Fb", {}, undefined],
  ]);
});

test("a room is described, put away, saved, and opened from a copy", async () => {
  const { asked, api } = fake();
  const copy = new File(["zip"], "room.zip");
  await api.describe({ title: "Autumn" });
  await api.archive();
  await api.openCopy(copy);
  assert.equal(api.copyUrl, "/api/shoes/room.zip");
  assert.deepEqual(asked, [
    ["PATCH", "about", {}, { title: "Autumn" }],
    ["DELETE", "about", {}, undefined],
    ["POST", "rooms/import", { author: "me", name: "room.zip" }, copy],
  ]);
});

test("another room than the open one is branched, put away and saved by its own address", async () => {
  const { asked, rooms, api } = fake();
  const other = api.of("shoes~b");
  await other.branch({ title: "Winter", revision: null, isPrivate: false });
  await other.archive();
  await other.describe({ is_archived: false });
  await api.archive();
  assert.deepEqual(asked.map(([method, path]) => `${method} ${path}`), ["POST rooms", "DELETE about", "PATCH about", "DELETE about"]);
  assert.deepEqual(rooms, ["shoes~b", "shoes~b", "shoes~b", "shoes"]);
  assert.deepEqual([other.copyUrl, api.copyUrl], ["/api/shoes~b/room.zip", "/api/shoes/room.zip"]);
});
