// @ts-check
/** What people say about one image: its threads and a place to begin one, beside the image wherever it is looked at. */

import { aboutImage } from "./comments.js";
import { ThreadView } from "./commentthread.js";
import { h } from "./dom.js";

export class CommentsOfImage {
  #count = h("span", { class: "ax-muted" });
  #threads = h("div", { class: "ax-image-threads" });
  #new;
  element;
  /** @type {Map<string, ThreadView>} */
  #views = new Map();
  #image = "";

  /** @param {import("./commentread.js").Comments} comments */
  constructor(comments) {
    this.comments = comments;
    this.#new = new ThreadView(comments, { saysPlace: false, onBegun: () => this.#beginAnother() });
    this.element = h("section", { class: "ax-image-comments", "aria-label": "Comments on this image" }, h("h3", {}, "Comments ", this.#count), this.#threads, this.#new.element);
    /** @type {readonly unknown[]} */
    let drawn = [];
    comments.store.watch(({ board, waiting, names, role }) => {
      const now = [board, waiting, names, role];
      if (now.every((one, at) => one === drawn[at])) return;
      drawn = now;
      this.draw();
    });
  }

  /** @param {string} image its name; "" for none */
  show(image) {
    if (image === this.#image) {
      this.draw();
      return;
    }
    this.#image = image;
    this.#views.clear();
    if (image) this.#new.open({ place: { kind: "image", image, at: null } });
    this.draw();
  }

  draw() {
    this.element.hidden = this.#image === "" || (!this.comments.maySpeak && this.#views.size === 0);
    if (this.#image === "" || this.element.closest("dialog")?.open === false) return;
    const threads = aboutImage(this.comments.threads, this.#image);
    for (const { root } of threads) {
      if (!this.#views.has(root.id)) this.#views.set(root.id, this.#viewOf(root.id));
    }
    const views = threads.flatMap(({ root }) => this.#views.get(root.id) ?? []);
    const isSame = views.length === this.#threads.children.length && views.every(({ element }, at) => element === this.#threads.children[at]);
    if (!isSame) this.#threads.replaceChildren(...views.map(({ element }) => element));
    for (const view of [...views, this.#new]) view.draw();
    this.#count.textContent = threads.length > 0 ? String(threads.length) : "";
    this.element.hidden = !this.comments.maySpeak && threads.length === 0;
    if (document.visibilityState === "visible") for (const thread of threads) this.comments.markRead(thread);
  }

  /** @param {string} root */
  #viewOf(root) {
    const view = new ThreadView(this.comments, { saysPlace: false, onGone: () => this.#views.delete(root) });
    view.open({ root });
    return view;
  }

  /** What was begun is a thread now: the box begins another. */
  #beginAnother() {
    this.#new.open({ place: { kind: "image", image: this.#image, at: null } });
    this.draw();
  }
}
