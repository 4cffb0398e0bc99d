// @ts-check
/** Comments as pins over the average of their cluster. They take the pointer only from tools that do not paint. */

import { authorOf, avatar } from "./authors.js";
import { beginning, pinsOf } from "./comments.js";
import { h } from "./dom.js";
import { clusterOf, isBrush } from "./store.js";

/** @typedef {import("./comments.js").Thread} Thread */
/** @typedef {import("./stroke.js").Point} Point */

/** A painting pointer this near to a pin, in pixels, hears how it begins. */
const NEAR_PX = 16;

export class CommentPins {
  #pins = h("div", { class: "ax-pins", role: "group", "aria-label": "Comments on this average" });
  #tip = h("div", { class: "ax-pin-tip", role: "tooltip", hidden: true });
  element = h("div", { class: "ax-pins-layer" }, this.#pins, this.#tip);
  /** @type {Map<string, {button: HTMLButtonElement, drawn: string}>} */
  #known = new Map();
  /** @type {readonly Thread[]} */
  #shown = [];
  /** the thread that is open, and where one is to begin */
  #open = "";
  /** @type {Point | null} */
  #draft = null;
  #new = h("span", { class: "ax-pin ax-pin-new", "aria-hidden": "true" }, "+");

  /**
   * @param {import("./commentread.js").Comments} comments
   * @param {import("./canvas.js").Canvas} canvas
   * @param {(root: string, pin: HTMLElement) => void} open
   */
  constructor(comments, canvas, open) {
    this.comments = comments;
    this.open = open;
    this.store = comments.store;
    canvas.overlay.addEventListener("pointermove", (event) => this.#hover(event, canvas));
    canvas.overlay.addEventListener("pointerleave", () => this.#tell(null));
    canvas.overlay.addEventListener("pointerdown", () => this.#tell(null));
  }

  /**
   * @param {string} open the thread that is open; "" for none
   * @param {Point | null} draft where one is to begin
   */
  mark(open, draft) {
    this.#open = open;
    this.#draft = draft;
    this.draw();
  }

  draw() {
    const { state } = this.store;
    const isShown = state.tool === "comment" || (state.overlay && state.tool !== "keypoints");
    this.element.hidden = !isShown && this.#open === "" && this.#draft === null;
    const pinned = pinsOf(this.comments.threads, clusterOf(state)?.id ?? "", this.comments.showsResolved);
    this.#shown = this.element.hidden ? [] : this.#withOpen(pinned);
    const wanted = this.#shown.map((thread) => this.#pinOf(thread));
    if (this.#draft) place(this.#new, this.#draft);
    const all = this.#draft ? [...wanted, this.#new] : wanted;
    const isSame = all.length === this.#pins.children.length && all.every((one, at) => one === this.#pins.children[at]);
    if (!isSame) this.#replace(all);
    for (const id of this.#known.keys()) if (!this.#shown.some(({ root }) => root.id === id)) this.#known.delete(id);
  }

  /** @param {string} root @returns {HTMLElement | null} */
  pin(root) {
    return this.#known.get(root)?.button ?? null;
  }

  /** The thread that is open is shown although it is dealt with. @param {readonly Thread[]} pinned */
  #withOpen(pinned) {
    const open = this.comments.thread(this.#open);
    const isHere = open && pinsOf([open], clusterOf(this.store.state)?.id ?? "", true).length > 0;
    return open && isHere && !pinned.includes(open) ? [...pinned, open] : pinned;
  }

  /** @param {readonly Node[]} pins */
  #replace(pins) {
    const focused = document.activeElement;
    this.#pins.replaceChildren(...pins);
    if (focused instanceof HTMLElement && this.#pins.contains(focused)) focused.focus({ preventScroll: true });
  }

  /** @param {Thread} thread */
  #pinOf(thread) {
    const { root, answers } = thread;
    const author = authorOf(this.store.state, root.author, root.name);
    const words = `${author.name}: ${beginning(root.text)}${answers.length > 0 ? `, ${answers.length} ${answers.length === 1 ? "answer" : "answers"}` : ""}`;
    const isUnread = this.comments.isUnread(thread);
    const isOpen = root.id === this.#open;
    const drawn = JSON.stringify([root.place, author, words, isUnread, isOpen, root.is_resolved, this.store.state.waiting.has(root.id)]);
    const known = this.#known.get(root.id);
    if (known?.drawn === drawn) return known.button;
    const button = known?.button ?? this.#newPin(root.id);
    button.replaceChildren(avatar({ ...author, name: "" }));
    button.setAttribute("aria-label", `${isUnread ? "New comment" : root.is_resolved ? "Resolved comment" : "Comment"} by ${words}`);
    button.setAttribute("aria-expanded", String(isOpen));
    Object.assign(button.dataset, { unread: isUnread, resolved: root.is_resolved, waiting: this.store.state.waiting.has(root.id) });
    if (root.place.kind === "average") place(button, root.place.at);
    this.#known.set(root.id, { button, drawn });
    return button;
  }

  /** @param {string} id */
  #newPin(id) {
    const button = h("button", { type: "button", class: "ax-pin", "aria-haspopup": "dialog" });
    button.dataset["root"] = id;
    const tell = () => this.#tell(this.comments.thread(id));
    button.onclick = () => {
      this.#tell(null);
      this.open(id, button);
    };
    button.onpointerenter = button.onfocus = tell;
    button.onpointerleave = button.onblur = () => this.#tell(null);
    return button;
  }

  /** @param {PointerEvent} event @param {import("./canvas.js").Canvas} canvas */
  #hover(event, canvas) {
    if (this.#shown.length === 0 || event.buttons !== 0 || !isBrush(this.store.state.tool)) return this.#tell(null);
    const box = canvas.overlay.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const near = this.#shown.findLast(({ root: { place: at } }) => at.kind === "average" && Math.hypot(at.at[0] * box.width - x, at.at[1] * box.height - y) < NEAR_PX);
    this.#tell(near ?? null);
  }

  /** @param {Thread | null} thread */
  #tell(thread) {
    const isTold = thread !== null && thread.root.id !== this.#open && thread.root.place.kind === "average";
    this.#tip.hidden = !isTold;
    if (!isTold || thread.root.place.kind !== "average") return;
    const { name } = authorOf(this.store.state, thread.root.author, thread.root.name);
    this.#tip.replaceChildren(h("b", {}, name), ` ${beginning(thread.root.text)}`, h("small", {}, answersWords(thread.answers.length)));
    place(this.#tip, thread.root.place.at);
    this.#tip.dataset["side"] = thread.root.place.at[0] > 0.5 ? "left" : "right";
  }
}

/** @param {number} answers */
function answersWords(answers) {
  return answers === 0 ? "" : answers === 1 ? "1 answer" : `${answers} answers`;
}

/** @param {HTMLElement} element @param {Point} at canvas units */
function place(element, [x, y]) {
  element.style.left = `${100 * x}%`;
  element.style.top = `${100 * y}%`;
}
