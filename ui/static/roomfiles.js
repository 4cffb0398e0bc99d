// @ts-check
/** What a room is asked over HTTP: pictures, files, questions. Its addresses begin with the room's. */

import { refusalWords } from "./closing.js";
import { h } from "./dom.js";

export class RoomFiles {
  /**
   * @param {import("./store.js").Store} store
   * @param {URL} base of the page, so that it works under any path
   */
  constructor(store, base) {
    this.store = store;
    this.base = base;
  }

  /**
   * @param {string} path under the collection's address
   * @param {Record<string, string | number>} [query]
   * @param {string} [name] address of the room; the one that is open, if it is left out
   * @returns {string} its URL
   */
  url(path, query = {}, name = this.store.state.collection?.name ?? "") {
    const url = new URL(`api/${encodeURIComponent(name)}/${path}`, this.base);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    return url.href;
  }

  /** What is shown as a session file, also what the room does not have: without laid points, which the page does not know. */
  saveShown() {
    const { session, collection } = this.store.state;
    if (!session) return;
    const file = { ...session, annotation: { ...session.annotation, layers: [] } };
    const href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    const link = h("a", { href, download: `${collection?.name ?? "room"}-unsent-session.json` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  /**
   * @param {number} id
   * @param {"thumb" | "full" | "original"} size
   */
  imageUrl(id, size) {
    return this.url(`images/${id}`, { size, v: this.store.state.collection?.version ?? "" });
  }

  /**
   * @param {string} path
   * @param {Record<string, string | number>} [query]
   * @param {RequestInit} [init]
   * @param {string} [name] address of the room; the one that is open, if it is left out
   * @returns {Promise<any>}
   * @throws {Error} with the server's words, if it refuses
   */
  async fetchJson(path, query, init, name) {
    const response = await fetch(this.url(path, query, name), init).catch(() => {
      throw new Error("The server does not answer: this page or the server is offline");
    });
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(refusalWords(response.status, body.error));
    return body;
  }

  /**
   * @param {string} path
   * @param {Record<string, string | number>} query
   * @returns {Promise<Blob>}
   * @throws {Error} with the server's words, if it refuses
   */
  async fetchPicture(path, query) {
    const response = await fetch(this.url(path, query));
    if (response.ok) return response.blob();
    const body = await response.json().catch(() => ({}));
    throw new Error(refusalWords(response.status, body.error));
  }
}
