// @ts-check
/** `branchesapi.js`: what goes over the wire about rooms, their history and their links. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomApi } from "../../ui/static/branchesapi.js";

/** A room that writes down what it is asked. */
function fake() {
  /** @type {any[]} */
  const asked = [];
  const keep = (/** @type {string} */ path, /** @type {object} */ query = {}, /** @type {RequestInit} */ { method = "GET", body } = {}) => {
    asked.push([method, path, query, typeof body === "string" ? JSON.parse(body) : body]);
    return Promise.resolve({});
  };
  const room = { store: { state: { author: "me" } }, fetchJson: keep, fetchPicture: keep, url: (/** @type {string} */ path) => `/api/shoes/${path}` };
  return { asked, api: new RoomApi(/** @type {any} */ (room)) };
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
