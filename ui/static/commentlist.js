// @ts-check
/** All comments of the room in one list, newest first, with how many are open; choosing one goes to it. */

import { authorOf, avatar } from "./authors.js";
import { placeAt } from "./colors.js";
import { agoWords, beginning, isRemoved, listedOf, placeWords } from "./comments.js";
import { createSwitch, h, iconButton, moveFocus } from "./dom.js";

/** @typedef {import("./comments.js").Thread} Thread */

export class CommentList {
  #badge = h("span", { class: "ax-badge", "aria-hidden": "true", hidden: true });
  /** for the bar above */
  button = iconButton("comment", "Comments", () => this.toggle());
  #switch = createSwitch("Show resolved", "Also those that are dealt with, here and as pins", () => this.comments.toggleResolved());
  #empty = h("p", { class: "ax-empty" });
  #list = h("ol", { class: "ax-comments-list", "aria-label": "Comments, newest first" });
  #read = h("button", { type: "button", class: "ax-button ax-chip", title: "In this browser nothing is new any more" }, "Mark all read");
  element = h(
    "div", { class: "ax-popover ax-comments", popover: "auto", role: "dialog", "aria-label": "Comments" },
    h("div", { class: "ax-comments-head" }, h("b", {}, "Comments"), this.#switch, this.#read),
    this.#empty, this.#list,
  );
  #drawn = "";

  /**
   * @param {import("./commentread.js").Comments} comments
   * @param {(thread: Thread) => void} go
   */
  constructor(comments, go) {
    this.comments = comments;
    this.go = go;
    this.store = comments.store;
    this.button.append(this.#badge);
    this.button.setAttribute("aria-haspopup", "dialog");
    this.#read.onclick = () => comments.threads.forEach((thread) => comments.markRead(thread));
    this.#list.addEventListener("keydown", (event) => moveFocus(this.#list, event));
  }

  get isOpen() {
    return this.element.matches(":popover-open");
  }

  toggle() {
    if (this.isOpen) {
      this.element.hidePopover();
      return;
    }
    this.element.showPopover();
    this.draw();
    const box = this.button.getBoundingClientRect();
    placeAt(this.element, { x: box.left - 28, y: box.bottom });
    (this.#list.querySelector("button") ?? this.#switch).focus({ preventScroll: true });
  }

  draw() {
    const { open, unread } = this.comments.counts;
    const label = `Comments: ${open} open${unread > 0 ? `, ${unread} new` : ""}`;
    this.#badge.hidden = open === 0 && unread === 0;
    this.#badge.textContent = String(unread || open);
    this.#badge.dataset["unread"] = String(unread > 0);
    this.button.setAttribute("aria-label", label);
    this.button.title = `${label} (Shift+M)`;
    if (this.isOpen) this.#drawList(unread);
  }

  /** @param {number} unread */
  #drawList(unread) {
    const { threads, showsResolved } = this.comments;
    const shown = listedOf(threads, showsResolved, (thread) => this.comments.isUnread(thread));
    const resolved = threads.length - threads.filter(({ root }) => !root.is_resolved).length;
    this.#switch.setAttribute("aria-checked", String(showsResolved));
    this.#switch.hidden = resolved === 0;
    this.#read.hidden = unread === 0;
    this.#empty.hidden = shown.length > 0;
    this.#empty.textContent = threads.length === 0 ? "Nobody has commented yet: choose the comment tool and click on the average." : "All comments are resolved.";
    const { state } = this.store;
    const drawn = JSON.stringify([shown, shown.map((thread) => [this.comments.isUnread(thread), authorOf(state, thread.root.author, thread.root.name), agoWords(thread.newest, Date.now() / 1000)]), state.session?.clusters.map(({ id, name }) => [id, name]), [...state.waiting]]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["root"] : undefined;
    this.#list.replaceChildren(...shown.map((thread) => this.#item(thread)));
    if (focused) /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-root="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  /** @param {Thread} thread */
  #item(thread) {
    const { state } = this.store;
    const { root, answers, newest } = thread;
    const author = authorOf(state, root.author, root.name);
    const clusters = state.session?.clusters ?? [];
    const isUnread = this.comments.isUnread(thread);
    const about = h("span", { class: "ax-comments-place", "data-removed": String(isRemoved(root.place, clusters)) }, placeWords(root.place, clusters));
    const more = answers.length > 0 ? ` · ${answers.length} ${answers.length === 1 ? "answer" : "answers"}` : "";
    const waiting = state.waiting.has(root.id) ? " · not sent yet" : "";
    const button = h(
      "button", { type: "button", class: "ax-comments-item" },
      avatar(author),
      h("span", { class: "ax-comments-words" },
        h("span", { class: "ax-comments-line" }, h("b", {}, author.name), h("span", { class: "ax-muted" }, `${agoWords(newest, Date.now() / 1000)}${more}${waiting}`)),
        h("span", {}, beginning(root.text)),
        h("span", { class: "ax-comments-line" }, about, root.is_resolved ? h("span", { class: "ax-muted" }, "resolved") : null),
      ),
      isUnread ? h("span", { class: "ax-unread", title: "New", role: "img", "aria-label": "New" }) : null,
    );
    button.dataset["root"] = root.id;
    button.dataset["resolved"] = String(root.is_resolved);
    button.onclick = () => {
      this.element.hidePopover();
      this.go(thread);
    };
    return h("li", {}, button);
  }
}
