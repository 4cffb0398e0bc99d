// @ts-check
/** Averages to start from, so that nobody begins with grey; then finer ones, as long as the person likes. */

import { h, iconButton, moveFocus } from "./dom.js";
import { mayDo } from "./roles.js";
import { grouped, percent } from "./scale.js";
import { newId } from "./socket.js";
import { editsOf } from "./store.js";
import { TourControl } from "./tour.js";

/** @typedef {{image: string, picture: string, share: number, images: number}} Beginning */

const SHOWN = 8;
/** The averages are asked for again when the edits have been at rest for this time. */
const REST_MS = 500;

export class StartPanel {
  #heading = h("h2", {});
  #words = h("p", { class: "ax-muted" });
  #list = h("ol", { class: "ax-start-list", "aria-label": "Averages to start from" });
  #tour;
  element;
  /** the like edits that were made here */
  #mine = new Set();
  #isByHand = false;
  /** the revision and the cluster that the averages are for */
  #drawn = "";
  #asked = 0;
  #wasEmpty = false;
  #collection = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {import("./room.js").Room} room
   * @param {() => void} leave gives the focus to the canvas
   */
  constructor(room, leave) {
    this.room = room;
    this.leave = leave;
    this.#tour = new TourControl(room, () => this.close());
    const close = iconButton("close", "Close: start from the average of all", () => this.close());
    close.classList.add("ax-small");
    this.element = h(
      "section",
      { class: "ax-start", "aria-label": "Start from an average", hidden: true },
      h("div", { class: "ax-start-head" }, h("div", {}, this.#heading, this.#words), close),
      this.#list,
      this.#tour.element,
    );
    this.#list.addEventListener("keydown", (event) => moveFocus(this.#list, event));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    room.store.watch((state) => this.#follow(state));
  }

  /** Open it, or close it again. */
  toggle() {
    if (this.room.store.state.starting) this.close();
    else this.#open(true);
  }

  close() {
    const hadFocus = this.element.contains(document.activeElement);
    clearTimeout(this.#rest);
    this.#asked += 1;
    localStorage.setItem(this.#key(), "closed");
    this.room.store.update({ starting: false });
    if (hadFocus) this.leave();
  }

  /** @param {boolean} isByHand */
  #open(isByHand) {
    this.#isByHand = isByHand;
    if (isByHand) localStorage.removeItem(this.#key());
    this.#drawn = "";
    this.#list.replaceChildren();
    this.room.store.update({ starting: true });
  }

  #key() {
    return `avex-start-${this.room.store.state.collection?.name ?? ""}`;
  }

  /** @param {import("./store.js").State} state */
  #follow(state) {
    const { collection, session, connection, ranking } = state;
    this.element.hidden = !state.starting;
    this.element.style.setProperty("--aspect", String(collection ? collection.width / collection.height : 1));
    if (!collection || !session || connection !== "open" || !ranking) return;
    if (collection.name !== this.#collection) {
      this.#collection = collection.name;
      this.#wasEmpty = false;
      this.#mine.clear();
      if (state.starting) {
        this.room.store.update({ starting: false });
        return;
      }
    }
    const edits = editsOf(state);
    const isEmpty = edits.length === 0;
    if (isEmpty && !this.#wasEmpty && !state.starting && isOffered(state) && !localStorage.getItem(this.#key())) this.#open(false);
    this.#wasEmpty = isEmpty;
    const hasOther = edits.some((edit) => !this.#mine.has(edit.id));
    if (state.starting && hasOther && !this.#isByHand) this.room.store.update({ starting: false });
    else if (state.starting) this.#refresh(state);
  }

  /** @param {import("./store.js").State} state */
  #refresh(state) {
    const now = `${state.revision} ${state.clusterId}`;
    if (now === this.#drawn) return;
    this.#drawn = now;
    const isEmpty = editsOf(state).length === 0;
    this.#heading.textContent = isEmpty ? "Start from one of these" : "Narrow down";
    this.#words.textContent = isEmpty
      ? "Very different averages of this collection. Or paint, sketch and explore at once."
      : "Finer averages of what is left. Close this when you have enough.";
    this.#show(Array.from({ length: SHOWN }, () => h("li", { class: "ax-start-waiting" })), true);
    clearTimeout(this.#rest);
    const isFirst = this.#list.querySelector("button") === null;
    this.#rest = setTimeout(() => this.#load(), isFirst ? 0 : REST_MS);
  }

  async #load() {
    const asked = ++this.#asked;
    try {
      const { averages } = await this.room.fetchJson("start", { cluster: this.room.store.state.clusterId, count: SHOWN });
      if (asked !== this.#asked) return;
      if (averages.length === 0) this.#say("There is nothing finer: these images are too few, or too much alike.");
      else this.#show(averages.slice(0, SHOWN).map((/** @type {Beginning} */ one) => this.#item(one)), false);
    } catch (error) {
      if (asked !== this.#asked) return;
      const retry = h("button", { type: "button", class: "ax-button ax-chip", onclick: () => this.#load() }, "Try again");
      this.#say(`The averages could not be made: ${error instanceof Error ? error.message : error}`, retry);
    }
  }

  /** @param {string} text @param {HTMLElement | null} [more] */
  #say(text, more = null) {
    this.#show([h("li", { class: "ax-start-words" }, h("p", { class: "ax-muted" }, text), more)], false);
  }

  /**
   * @param {HTMLElement[]} items
   * @param {boolean} isBusy
   */
  #show(items, isBusy) {
    const hadFocus = this.#list.contains(document.activeElement);
    this.#list.setAttribute("aria-busy", String(isBusy));
    // What was shown stays until the new ones are there, so that the focus stays too.
    if (isBusy && this.#list.querySelector("button")) return;
    this.#list.replaceChildren(...items);
    if (hadFocus) (this.#list.querySelector("button") ?? this.element.querySelector("button"))?.focus();
  }

  /** @param {Beginning} beginning */
  #item({ image, picture, share, images }) {
    const words = `${percent(share)} of the average, ${grouped(images)} ${images === 1 ? "image" : "images"}`;
    const button = h(
      "button",
      { type: "button", class: "ax-start-item", title: words, "aria-label": `Start from this: ${words}` },
      h("img", { src: `data:image/jpeg;base64,${picture}`, alt: "", draggable: false }),
      h("span", { class: "ax-mode-share" }, percent(share)),
    );
    button.onclick = () => {
      if (this.#list.getAttribute("aria-busy") === "true") return;
      const id = newId("l");
      this.#mine.add(id);
      this.room.put({ kind: "like", id, image, strength: 1, enabled: true });
    };
    return h("li", {}, button);
  }
}

/**
 * Whether averages to start from are offered unasked: to whoever may take one, and where nobody has begun otherwise.
 *
 * @param {Pick<import("./store.js").State, "role" | "session">} state
 */
export function isOffered({ role, session }) {
  return mayDo({ role }, "put_edit") && (session?.annotation.marks.length ?? 0) === 0;
}
