// @ts-check
/** Which comments were read in this browser, kept for each room. */

import { afterReading, countThreads, isUnread, threadsOf } from "./comments.js";
import { mayDo } from "./roles.js";

/** @typedef {import("./comments.js").Thread} Thread */

export class Comments {
  /** @type {readonly import("./board.js").Comment[]} */
  #of = [];
  /** @type {readonly Thread[]} */
  #threads = [];
  #room = "";
  /** @type {import("./comments.js").ReadMarks} */
  #marks = {};
  /** whether those that are dealt with are shown, too */
  showsResolved = false;

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.store = room.store;
  }

  /** @returns {readonly Thread[]} the one first in which something was said last */
  get threads() {
    const { comments } = this.store.state.board;
    if (comments !== this.#of) {
      this.#of = comments;
      this.#threads = threadsOf(comments);
    }
    return this.#threads;
  }

  /** @param {string} root @returns {Thread | null} */
  thread(root) {
    return this.threads.find((thread) => thread.root.id === root) ?? null;
  }

  get counts() {
    return countThreads(this.threads, this.store.state.author, this.#read());
  }

  /** @returns {import("./comments.js").ReadMarks} */
  get marks() {
    return this.#marks;
  }

  /** @param {Thread} thread */
  isUnread(thread) {
    return isUnread(thread, this.store.state.author, this.#read());
  }

  /** @param {Thread} thread */
  markRead(thread) {
    const marks = afterReading(this.#read(), thread);
    if (marks === this.#marks) return;
    const here = new Set(this.threads.map(({ root }) => root.id));
    this.#marks = Object.fromEntries(Object.entries(marks).filter(([id]) => here.has(id)));
    localStorage.setItem(this.#key(), JSON.stringify(this.#marks));
    this.store.update({});
  }

  /** Whether this person may comment here. */
  get maySpeak() {
    return mayDo(this.store.state, "put_comment");
  }

  toggleResolved() {
    this.showsResolved = !this.showsResolved;
    this.store.update({});
  }

  #read() {
    const { room, collection } = this.store.state;
    const name = room?.name ?? collection?.name ?? "";
    if (name !== this.#room) {
      this.#room = name;
      this.#marks = readMarks(localStorage.getItem(this.#key()));
    }
    return this.#marks;
  }

  #key() {
    return `avex-read-${this.#room}`;
  }
}

/**
 * @param {string | null} kept
 * @returns {import("./comments.js").ReadMarks}
 */
function readMarks(kept) {
  try {
    const marks = JSON.parse(kept ?? "{}");
    return typeof marks === "object" && marks !== null ? marks : {};
  } catch {
    return {};
  }
}
