// @ts-check
/** Commenting on averages: a click pins a comment, a pin opens its thread beside it, the list goes to any of them. */

import { placeAt } from "./colors.js";
import { CommentList } from "./commentlist.js";
import { CommentPins } from "./commentpins.js";
import { Comments } from "./commentread.js";
import { ThreadView } from "./commentthread.js";
import { h } from "./dom.js";
import { clusterOf } from "./store.js";

/** @typedef {import("./comments.js").Thread} Thread */
/** @typedef {import("./stroke.js").Point} Point */

export class CommentTool {
  element = h("div", { class: "ax-popover ax-thread-popover", popover: "auto", role: "dialog", "aria-label": "Comment" });
  /** @type {Point} the place that it is about */
  #at = [0.5, 0.5];

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   * @param {(id: number) => void} openImage
   */
  constructor(room, canvas, openImage) {
    this.room = room;
    this.canvas = canvas;
    this.openImage = openImage;
    this.comments = new Comments(room);
    this.view = new ThreadView(this.comments, { onGone: () => this.element.hidePopover(), onBegun: (root) => this.pins.mark(root, null) });
    this.pins = new CommentPins(this.comments, canvas, (root) => this.#open(root));
    this.list = new CommentList(this.comments, (thread) => this.#go(thread));
    this.element.append(this.view.element);
    this.element.addEventListener("toggle", (event) => this.#onToggle(event));
    canvas.frame.append(this.pins.element);
    new ResizeObserver(() => this.#place()).observe(this.element); // an answer must not grow out of the window
    /** @type {readonly unknown[]} */
    let drawn = [];
    room.store.watch(({ board, session, tool, overlay, clusterId, names, role }) => {
      const now = [board, session, tool, overlay, clusterId, names, role, this.comments.showsResolved, this.comments.marks];
      if (now.every((one, at) => one === drawn[at])) return;
      drawn = now;
      this.#draw();
    });
  }

  /** @param {Point} at canvas units: a comment is to begin there */
  begin(at) {
    if (!this.comments.maySpeak) return;
    const cluster = clusterOf(this.room.store.state)?.id;
    if (cluster === undefined) return;
    this.view.open({ place: { kind: "average", cluster, at } });
    this.pins.mark("", at);
    this.#show(at);
  }

  /** @param {string} root */
  #open(root) {
    const place = this.comments.thread(root)?.root.place;
    this.view.open({ root });
    this.pins.mark(root, null);
    this.#show(place?.kind === "average" ? place.at : [0.5, 0.5]);
  }

  /** @param {Point} at */
  #show(at) {
    this.#at = at;
    if (!this.element.matches(":popover-open")) this.element.showPopover();
    this.#place();
    this.view.focus();
    this.#draw(); // what is looked at is read, also where nothing else happens in the room
  }

  /** Beside its pin, as far as the window allows. */
  #place() {
    if (!this.element.matches(":popover-open")) return;
    const box = this.canvas.frame.getBoundingClientRect();
    const [x, y] = this.#at;
    placeAt(this.element, { x: box.left + x * box.width - 8, y: box.top + y * box.height - 8 });
  }

  /** @param {Thread} thread */
  async #go({ root }) {
    const { place } = root;
    if (place.kind === "average") {
      this.room.focus(place.cluster);
      this.#open(root.id);
      return;
    }
    const known = this.room.idOf(place.image);
    const { id } = known === null ? await this.room.fetchJson("images", { name: place.image }).catch(() => ({ id: null })) : { id: known };
    if (id === null) this.#open(root.id);
    else this.openImage(id);
  }

  /** @param {Event} event */
  #onToggle(event) {
    if (!(event instanceof ToggleEvent) || event.newState === "open") return;
    this.pins.mark("", null);
  }

  #draw() {
    const { view, comments } = this;
    if (this.element.matches(":popover-open")) {
      view.draw();
      if (view.thread && document.visibilityState === "visible") comments.markRead(view.thread);
    }
    this.pins.draw();
    this.list.draw();
  }
}
