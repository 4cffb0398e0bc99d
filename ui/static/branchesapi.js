// @ts-check
/** What the page asks of the server about rooms, their history and their links; no element is made here. */

import { newId } from "./socket.js";

/** @typedef {import("./branches.js").RoomItem} RoomItem */
/** @typedef {import("./messages.js").RoomInfo} RoomInfo */
/** @typedef {import("./messages.js").Role} Role */
/** @typedef {import("./timelinepages.js").Item} Item */
/** @typedef {{id: string, role: Role, label: string, author: string, created: number, expires: number | null, is_revoked: boolean}} Link */
/** @typedef {{id: string, role: Role, path: string}} NewLink `path`: under the page's address, told once */
/** @typedef {{author: string, name: string, is_guarded: boolean, is_owner: boolean}} Me */

const NAME_LIMIT = 60;

export class RoomApi {
  /**
   * @param {import("./room.js").Room} room the one that the page is in
   * @param {string} [address] of the room of which everything is asked; the one that is open, if it is left out
   */
  constructor(room, address) {
    this.room = room;
    this.address = address;
  }

  /** @param {string} address of a room @returns {RoomApi} that asks of it */
  of(address) {
    return new RoomApi(this.room, address);
  }

  get #author() {
    return this.room.store.state.author;
  }

  /** @returns {Promise<readonly RoomItem[]>} the rooms of the collection that this person may see, also those put away */
  list() {
    return this.room.fetchJson("rooms", { author: this.#author, archived: "true" });
  }

  /**
   * @param {{title: string, revision: number | null, isPrivate: boolean}} wanted `revision` null: as it is now
   * @returns {Promise<RoomInfo>}
   */
  branch({ title, revision, isPrivate }) {
    return this.#send("rooms", "POST", { title, revision, is_private: isPrivate, author: this.#author });
  }

  /** @param {{title?: string, is_private?: boolean, is_archived?: boolean}} change */
  describe(change) {
    return this.#send("about", "PATCH", change);
  }

  archive() {
    return this.room.fetchJson("about", {}, { method: "DELETE" }, this.address);
  }

  /**
   * @param {number} revision becomes the present state, in one step of this person
   * @param {string} opId the same twice restores once
   * @returns {Promise<{revision: number, changed: boolean}>} `revision` of the room now
   */
  restore(revision, opId) {
    return this.#send("restore", "POST", { revision, author: this.#author, op_id: opId });
  }

  /** @returns {Promise<{revision: number, changed: boolean}>} `revision` of the parent */
  publish() {
    return this.#send("publish", "POST", { author: this.#author, op_id: newId("o") });
  }

  get copyUrl() {
    return this.room.url("room.zip", {}, this.address);
  }

  /** @param {File} file @returns {Promise<RoomInfo & {warnings: readonly string[]}>} a new room */
  openCopy(file) {
    const headers = { "content-type": "application/zip" };
    return this.room.fetchJson("rooms/import", { author: this.#author, name: file.name.slice(0, NAME_LIMIT) }, { method: "POST", body: file, headers });
  }

  /**
   * @param {number} before a revision: what is older than it, the newest first
   * @param {number} limit
   * @returns {Promise<{revision: number, items: readonly Item[]}>}
   */
  timeline(before, limit) {
    return this.room.fetchJson("timeline", { before, limit });
  }

  /** @param {number} revision @returns {Promise<{session: import("./messages.js").Session}>} */
  at(revision) {
    return this.room.fetchJson(`at/${revision}`);
  }

  /** @param {string} room its address @returns {Promise<import("./messages.js").Session>} as it is now */
  sessionOf(room) {
    return this.room.fetchJson("session.json", {}, {}, room);
  }

  /** @param {number} revision @param {string} cluster */
  averageAt(revision, cluster) {
    return this.room.fetchPicture(`at/${revision}/average.jpg`, { cluster });
  }

  /** @returns {Promise<readonly Link[]>} */
  links() {
    return this.room.fetchJson("links");
  }

  /** @param {Role} role @param {string} label @param {number | null} days after which it ends @returns {Promise<NewLink>} */
  makeLink(role, label, days) {
    return this.#send("links", "POST", { role, label, days, author: this.#author });
  }

  /** @param {string} id */
  revoke(id) {
    return this.room.fetchJson(`links/${encodeURIComponent(id)}`, {}, { method: "DELETE" });
  }

  /** @returns {Promise<Me>} who the server takes this browser for */
  async me() {
    const answer = await fetch(new URL("api/me", this.room.base));
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.json();
  }

  /** @param {string} path @param {"POST" | "PATCH"} method @param {object} body */
  #send(path, method, body) {
    const headers = { "content-type": "application/json" };
    return this.room.fetchJson(path, {}, { method, headers, body: JSON.stringify(body) }, this.address);
  }
}
