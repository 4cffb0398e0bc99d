// @ts-check
/** Explore without a person: begin it, watch it, stop it, and open what it found. */

import { h } from "./dom.js";
import { addCluster } from "./messages.js";
import { newId } from "./socket.js";

const ASK_MS = 700;
const WORDS = "Find sharp averages for me";

/** @typedef {import("./messages.js").Session} Session */
/** @typedef {import("./messages.js").SessionFile} SessionFile */
/** @typedef {{state: "none" | "running" | "done" | "cancelled" | "failed", share: number, what: string, session: SessionFile | null}} Status */

/**
 * What opens the session that was found: in place of a session without edits, else beside it.
 *
 * @param {Session | null} present
 * @param {SessionFile} found
 * @param {(prefix: string) => string} makeId
 * @returns {import("./messages.js").Operation[]}
 */
export function openings(present, found, makeId) {
  const isEmpty = !present || present.clusters.every(({ edits }) => edits.length === 0);
  if (isEmpty) return [{ type: "replace_session", session: found, keeps_keypoints: true }];
  return found.clusters.map(({ name, edits }) =>
    addCluster(makeId("c"), name, { kind: "edits", edits: edits.map(({ edit }) => edit) }),
  );
}

export class TourControl {
  #button = h("button", { type: "button", class: "ax-button ax-chip" }, WORDS);
  #bar = h("progress", { max: 1, value: 0, "aria-label": "Exploring" });
  #words = h("span", { class: "ax-muted", role: "status" });
  #cancel = h("button", { type: "button", class: "ax-button ax-chip" }, "Cancel");
  #running;
  element;
  #collection = "";
  #isHere = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;

  /**
   * @param {import("./room.js").Room} room
   * @param {() => void} done closes the panel
   */
  constructor(room, done) {
    this.room = room;
    this.done = done;
    this.#running = h("div", { class: "ax-tour-running", hidden: true }, this.#bar, this.#words, this.#cancel);
    this.element = h("div", { class: "ax-tour" }, this.#button, this.#running);
    this.#button.title = "Nine sharp, different averages, found by the edits that a person would make; about a minute";
    this.#button.onclick = () => this.#begin();
    this.#cancel.onclick = () => this.#ask("DELETE");
    room.store.watch(({ collection, connection }) => {
      if (!collection || connection !== "open" || collection.name === this.#collection) return;
      this.#collection = collection.name;
      this.#isHere = false;
      this.#ask("GET");
    });
  }

  #begin() {
    this.#isHere = true;
    this.#ask("POST");
  }

  /** @param {"GET" | "POST" | "DELETE"} method */
  async #ask(method) {
    clearTimeout(this.#next);
    const asked = this.#collection;
    try {
      const status = await this.room.fetchJson("explore", {}, { method });
      if (asked === this.#collection) this.#show(status);
    } catch (error) {
      this.#show({ state: "failed", share: 0, what: error instanceof Error ? error.message : `${error}`, session: null });
    }
  }

  /** @param {Status} status */
  #show(status) {
    const isRunning = status.state === "running";
    const hadFocus = this.element.contains(document.activeElement);
    this.#button.hidden = isRunning;
    this.#running.hidden = !isRunning && status.state !== "failed";
    this.#bar.hidden = this.#cancel.hidden = !isRunning;
    this.#bar.setAttribute("value", String(status.share));
    this.#words.textContent = status.state === "failed" ? `It could not be done: ${status.what}` : status.what;
    if (hadFocus) (isRunning ? this.#cancel : this.#button).focus();
    if (isRunning) this.#next = setTimeout(() => this.#ask("GET"), ASK_MS);
    // Only the page that asked opens what was found: others in the room see it by its operation.
    if (status.state === "done" && status.session && this.#isHere) this.#open(status.session);
  }

  /** @param {SessionFile} found */
  #open(found) {
    this.#isHere = false;
    for (const operation of openings(this.room.store.state.session, found, newId)) this.room.operate(operation);
    this.done();
  }
}
