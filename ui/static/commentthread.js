// @ts-check
/** One thread: what was said, an answer, rewording and taking back one's own, dealt with or not. */

import { authorOf, avatar } from "./authors.js";
import { agoWords, placeWords, isRemoved } from "./comments.js";
import { h, iconButton } from "./dom.js";
import { newId } from "./socket.js";

/** @typedef {import("./board.js").Comment} Comment */
/** @typedef {import("./board.js").CommentPlace} CommentPlace */
/** @typedef {{root: string} | {place: CommentPlace}} About a thread that there is, or the place of one that is to begin */

const LONGEST = 2000;
/** @type {Map<string, string>} what was written and not sent, by what it is about */
const DRAFTS = new Map();

export class ThreadView {
  #title = h("span", { class: "ax-thread-place" });
  #dealt = h("span", { class: "ax-muted" }, "Resolved");
  #resolve = h("button", { type: "button", class: "ax-button ax-chip" });
  #list = h("ol", { class: "ax-thread-list" });
  #text = h("textarea", { class: "ax-input ax-thread-text", rows: 2, maxLength: LONGEST });
  #send = h("button", { type: "button", class: "ax-button ax-chip ax-thread-send", title: "Ctrl+Enter" }, "Send");
  #foot = h("div", { class: "ax-thread-foot" }, this.#text, this.#send);
  #head = h("div", { class: "ax-thread-head" }, this.#title, this.#dealt, this.#resolve);
  element = h("section", { class: "ax-thread", "aria-label": "Comment" }, this.#head, this.#list, this.#foot);
  /** @type {About | null} */
  about = null;
  /** @type {string | null} the comment that is being reworded */
  #rewording = null;
  #reword = h("textarea", { class: "ax-input ax-thread-text", rows: 2, maxLength: LONGEST, "aria-label": "Reword it" });
  #drawn = "";

  /**
   * @param {import("./commentread.js").Comments} comments
   * @param {{onGone?: () => void, onBegun?: (root: string) => void, saysPlace?: boolean}} [options] `onGone`: the thread was taken back
   */
  constructor(comments, { onGone = () => {}, onBegun = () => {}, saysPlace = true } = {}) {
    this.comments = comments;
    this.room = comments.room;
    this.onGone = onGone;
    this.onBegun = onBegun;
    this.#title.hidden = !saysPlace;
    this.#send.onclick = () => this.#say();
    this.#text.oninput = () => this.#keepDraft();
    listenToText(this.#text, () => this.#say(), null);
    listenToText(this.#reword, () => this.#sayAnew(), () => this.#leaveRewording());
    this.#resolve.onclick = () => this.#toggleResolved();
  }

  /** @param {About} about */
  open(about) {
    this.about = about;
    this.#rewording = null;
    this.#drawn = "";
    this.#text.value = DRAFTS.get(keyOf(about)) ?? "";
    this.draw();
  }

  focus() {
    this.#text.focus({ preventScroll: true });
  }

  /** @returns {import("./comments.js").Thread | null} */
  get thread() {
    return this.about && "root" in this.about ? this.comments.thread(this.about.root) : null;
  }

  /** Show what is new; what is being written stays. */
  draw() {
    const { about, thread } = this;
    if (!about) return;
    if (!thread && "root" in about) {
      this.about = null;
      this.onGone();
      return;
    }
    const { state } = this.room.store;
    const said = thread ? [thread.root, ...thread.answers] : [];
    const may = this.comments.maySpeak;
    const now = Date.now() / 1000;
    const drawn = JSON.stringify([said, said.map(({ author, name, time }) => [authorOf(state, author, name), agoWords(time, now)]), [...state.waiting], this.#rewording, may, state.session?.clusters.map(({ name }) => name)]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#drawHead(thread, may);
    const isRewording = document.activeElement === this.#reword;
    this.#list.replaceChildren(...said.map((comment) => this.#item(comment, may)));
    if (isRewording) this.#reword.focus({ preventScroll: true });
    this.#foot.hidden = !may;
    const what = about && "place" in about && about.place.kind === "image" ? "image" : "place";
    this.#text.placeholder = thread ? "Answer" : `Say something about this ${what}`;
    this.#text.setAttribute("aria-label", thread ? "Answer" : "Comment");
    this.#sendable();
  }

  /** @param {import("./comments.js").Thread | null} thread @param {boolean} may */
  #drawHead(thread, may) {
    const { clusters = [] } = this.room.store.state.session ?? {};
    const place = thread?.root.place ?? (this.about && "place" in this.about ? this.about.place : null);
    const isGone = place !== null && isRemoved(place, clusters);
    this.#title.textContent = place ? (isGone ? `On ${placeWords(place, clusters)}` : placeWords(place, clusters)) : "";
    this.#resolve.hidden = !thread || !may;
    this.#dealt.hidden = !thread?.root.is_resolved;
    this.#head.hidden = this.#title.hidden && this.#resolve.hidden && this.#dealt.hidden;
    this.#resolve.textContent = thread?.root.is_resolved ? "Open again" : "Resolve";
    this.#resolve.title = thread?.root.is_resolved ? "It is not dealt with after all" : "It is dealt with: its pin goes, the list keeps it";
    this.element.dataset["resolved"] = String(thread?.root.is_resolved ?? false);
  }

  /** @param {Comment} comment @param {boolean} may */
  #item(comment, may) {
    const { state } = this.room.store;
    const author = authorOf(state, comment.author, comment.name);
    const isWaiting = state.waiting.has(comment.id);
    const when = h("time", { class: "ax-muted", dateTime: new Date(1000 * comment.time).toISOString(), title: new Date(1000 * comment.time).toLocaleString() }, isWaiting ? "not sent yet" : agoWords(comment.time, Date.now() / 1000));
    const head = h("div", { class: "ax-comment-head" }, avatar(author), h("b", {}, author.name), when);
    if (author.isMe && may) head.append(this.#ownButtons(comment));
    const isReworded = comment.id === this.#rewording;
    const text = isReworded ? this.#rewordBox() : h("p", { class: "ax-comment-text" }, comment.text);
    const element = h("li", { class: "ax-comment", "data-waiting": String(isWaiting) }, head, text);
    element.dataset["comment"] = comment.id;
    return element;
  }

  /** @param {Comment} comment */
  #ownButtons(comment) {
    const reword = iconButton("pencil", "Reword", () => this.#beginRewording(comment));
    const hasAnswers = comment.reply_to === null && (this.thread?.answers.length ?? 0) > 0;
    const away = iconButton("trash", hasAnswers ? "Take it back, and its answers" : "Take it back", () => this.room.operate({ type: "remove_comment", id: comment.id }));
    reword.classList.add("ax-small");
    away.classList.add("ax-small");
    return h("span", { class: "ax-comment-own" }, reword, away);
  }

  #rewordBox() {
    const done = h("button", { type: "button", class: "ax-button ax-chip", onclick: () => this.#sayAnew() }, "Save");
    const leave = h("button", { type: "button", class: "ax-button ax-chip", onclick: () => this.#leaveRewording() }, "Cancel");
    return h("div", { class: "ax-thread-foot" }, this.#reword, h("div", { class: "ax-row" }, done, leave));
  }

  /** @param {Comment} comment */
  #beginRewording(comment) {
    this.#rewording = comment.id;
    this.#reword.value = comment.text;
    this.draw();
    this.#reword.focus();
  }

  #leaveRewording() {
    this.#rewording = null;
    this.draw();
    this.focus();
  }

  #sayAnew() {
    const comment = [this.thread?.root, ...(this.thread?.answers ?? [])].find((one) => one?.id === this.#rewording);
    const text = this.#reword.value.trim();
    if (!comment || text === "") return;
    const { id, place, reply_to } = comment;
    this.#rewording = null;
    if (text !== comment.text) this.room.operate({ type: "put_comment", id, place, text, reply_to });
    this.draw();
    this.focus();
  }

  #say() {
    const text = this.#text.value.trim();
    const { about, thread } = this;
    if (text === "" || !about) return;
    const id = newId("k");
    const place = thread?.root.place ?? ("place" in about ? about.place : null);
    if (!place) return;
    DRAFTS.delete(keyOf(about));
    this.room.operate({ type: "put_comment", id, place, text, reply_to: thread?.root.id ?? null });
    this.#text.value = "";
    if (!thread) {
      this.about = { root: id };
      this.onBegun(id);
    }
    this.draw();
    this.#list.lastElementChild?.scrollIntoView({ block: "nearest" });
    this.focus();
  }

  #toggleResolved() {
    const { thread } = this;
    if (thread) this.room.operate({ type: "resolve_comment", id: thread.root.id, is_resolved: !thread.root.is_resolved });
    this.draw();
  }

  #keepDraft() {
    if (this.about) DRAFTS.set(keyOf(this.about), this.#text.value);
    this.#sendable();
  }

  #sendable() {
    this.#send.disabled = this.#text.value.trim() === "";
  }
}

/** @param {About} about */
function keyOf(about) {
  return "root" in about ? about.root : about.place.kind === "image" ? `image ${about.place.image}` : `average ${about.place.cluster}`;
}

/**
 * Ctrl+Enter sends; other keys mean the text alone.
 *
 * @param {HTMLTextAreaElement} text
 * @param {() => void} send
 * @param {(() => void) | null} leave what Escape does; null: what it does on the page
 */
function listenToText(text, send, leave) {
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && leave) {
      event.preventDefault();
      leave();
    } else if (event.key === "Escape") {
      return;
    }
    event.stopPropagation();
  });
}
