// @ts-check
/** What can be done with the step that is looked at: name it, forget its name, go on from it here or in a new branch. */

import { titleOf } from "./branches.js";
import { h } from "./dom.js";
import { isAtLeast, leastRole } from "./roles.js";
import { newId } from "./socket.js";

/** @typedef {{title: string, revision: number, words: string}} From */

const NAME_LIMIT = 60;

export class TimelineFoot {
  #name = h("input", { type: "text", class: "ax-input", placeholder: "Name this moment", maxLength: NAME_LIMIT, "aria-label": "Name of this moment", spellcheck: false });
  #keep = h("button", { type: "submit", class: "ax-button ax-plain" }, "Name");
  #forget = h("button", { type: "button", class: "ax-button ax-chip" });
  #restore = h("button", { type: "button", class: "ax-button ax-primary" }, "Restore as a new branch …");
  #restoreHere = h("button", { type: "button", class: "ax-button ax-plain" }, "Restore here …");
  element;
  #at = 0;

  /**
   * @param {import("./room.js").Room} room
   * @param {{branch: (from: From) => void, here: (revision: number) => void}} restore asks first, then goes on from a step
   * @param {() => void} named a name was given or forgotten
   */
  constructor(room, restore, named) {
    this.room = room;
    this.named = named;
    this.#restore.onclick = () => restore.branch(this.#from());
    this.#restoreHere.onclick = () => restore.here(this.#at);
    this.#forget.onclick = () => this.#forgetName();
    const naming = h("form", { method: "dialog", class: "ax-row" }, this.#name, this.#keep, this.#forget);
    naming.onsubmit = (event) => {
      event.preventDefault();
      this.#giveName();
    };
    this.element = h("div", { class: "ax-row ax-wrap ax-timeline-foot" }, naming, h("div", { class: "ax-row" }, this.#restoreHere, this.#restore));
  }

  /** @param {number} at */
  show(at) {
    this.#at = at;
    const { role, revision } = this.room.store.state;
    const mayName = isAtLeast(role, leastRole("put_snapshot"));
    const isEditor = isAtLeast(role, "editor");
    this.#restore.disabled = !isEditor;
    this.#restoreHere.disabled = !isEditor || this.#at === revision;
    this.#restore.title = isEditor ? "" : "Editors make branches";
    this.#restoreHere.title = !isEditor ? "Editors restore" : this.#at === revision ? "The room is at this step" : "The averages become again what they were after this step, for everybody";
    this.#name.disabled = this.#keep.disabled = !mayName;
    this.#name.title = mayName ? "" : "Editors name moments";
    const known = this.#named();
    this.#forget.hidden = !known || !mayName;
    this.#forget.textContent = `Forget “${known?.name ?? ""}”`;
  }

  /** What was typed and not kept is gone. */
  clear() {
    this.#name.value = "";
  }

  #named() {
    return this.room.store.state.board.snapshots.find(({ revision }) => revision === this.#at);
  }

  #giveName() {
    const name = this.#name.value.trim();
    if (name === "") {
      this.#name.focus();
      return;
    }
    this.room.operate({ type: "put_snapshot", id: newId("s"), name, revision: this.#at });
    this.clear();
    this.named();
  }

  #forgetName() {
    const known = this.#named();
    if (!known) return;
    this.room.operate({ type: "remove_snapshot", id: known.id });
    this.named();
  }

  /** @returns {From} */
  #from() {
    const { room } = this.room.store.state;
    const title = this.#named()?.name ?? `${room ? titleOf(room) : "Room"} at step ${this.#at}`;
    return { title, revision: this.#at, words: `A new room that begins as this one was after step ${this.#at}. Nothing here is changed.` };
  }
}
