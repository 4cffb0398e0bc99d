// @ts-check
/** What a room is asked over HTTP: pictures, files, questions. Its addresses begin with the room's. */

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
   * @returns {string} its URL
   */
  url(path, query = {}) {
    const name = this.store.state.collection?.name ?? "";
    const url = new URL(`api/${encodeURIComponent(name)}/${path}`, this.base);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    return url.href;
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
   * @returns {Promise<any>}
   * @throws {Error} with the server's words, if it refuses
   */
  async fetchJson(path, query, init) {
    const response = await fetch(this.url(path, query), init).catch(() => {
      throw new Error("The server does not answer: this page or the server is offline");
    });
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(body.error ?? `the server answered ${response.status}`);
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
    throw new Error(body.error ?? `the server answered ${response.status}`);
  }
}
