// @ts-check
/** The row of clusters: a card for each, what none of them explains, and a button for a new one. */

import { Card } from "./clustercard.js";
import { makeDraggable, onCardKey } from "./clusterdrag.js";
import { ClusterMenu } from "./clustermenu.js";
import { h, icon } from "./dom.js";
import { countPlaced, marksOn, schemaOf } from "./keypoints.js";
import { lookersAt } from "./peoplecards.js";
import { aspectOf, clusterOf } from "./store.js";
import { OutlierCard } from "./outliers.js";

/** Up to so many clusters stand in one column, two, three. */
const COLUMNS = [3, 8, Infinity];

export class ClusterRow {
  /** @type {Map<string, Card>} */
  #cards = new Map();
  #list = h("ol", { class: "ax-cards", "aria-label": "Clusters" });
  #add = h("button", { type: "button", class: "ax-button ax-card-add", title: "New cluster (N)", "aria-haspopup": "true" }, icon("plus"), h("span", {}, "New cluster"));
  #outliers;
  element;

  /**
   * @param {import("./clusteractions.js").ClusterActions} actions
   * @param {(id: string, other: string) => void} compare
   */
  constructor(actions, compare) {
    this.actions = actions;
    this.room = actions.room;
    this.menu = new ClusterMenu(actions, { rename: (id) => this.#cards.get(id)?.startRename(), compare });
    this.#outliers = new OutlierCard(this.room);
    this.#add.onclick = () => this.openSpawn();
    this.element = h(
      "nav",
      { class: "ax-clusters", "aria-label": "Clusters" },
      this.#list,
      h("div", { class: "ax-clusters-end" }, this.#add),
      ...this.menu.elements,
    );
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("wheel", (event) => this.#scroll(event), { passive: false });
    this.room.store.watch((state) => this.#follow(state));
  }

  openSpawn() {
    this.menu.openSpawn(this.#add);
  }

  /** @param {import("./frame.js").Frame} frame the small picture of a cluster that is not in focus */
  async show(frame) {
    const card = this.#card(frame.cluster);
    if (!card.accepts(frame)) return;
    const bitmap = await createImageBitmap(new Blob([frame.picture], { type: frame.type }));
    if (!card.isFocused) card.draw(bitmap, bitmap);
    bitmap.close();
  }

  /**
   * The average in focus, as it is on the canvas.
   *
   * @param {ImageBitmap} bitmap
   * @param {string} id of its cluster
   */
  mirror(bitmap, id) {
    this.#card(id).draw(bitmap, bitmap);
  }

  /** @param {string} id @returns {HTMLCanvasElement | null} the cluster's small picture */
  pictureOf(id) {
    const picture = this.#cards.get(id)?.picture;
    return picture && picture.width > 1 ? picture : null;
  }

  /** The connection is new. */
  restart() {
    for (const card of this.#cards.values()) card.restart();
  }

  /** Forget all pictures: another collection is shown. */
  clear() {
    this.#cards.clear();
    this.#list.replaceChildren(this.#outliers.element);
  }

  /** @param {string} id @returns {Card} */
  #card(id) {
    const known = this.#cards.get(id);
    if (known) return known;
    const card = new Card(id, {
      focus: (one) => this.room.focus(one),
      rename: (one, name) => this.actions.rename(one, name),
      openMenu: (one, anchor) => this.menu.open(one, anchor),
      openColors: (one, anchor) => this.menu.openColors(one, anchor),
    });
    makeDraggable(card, () => this.#shown(), (one, place) => this.actions.move(one, place));
    this.#cards.set(id, card);
    return card;
  }

  /** @returns {readonly Card[]} in their order */
  #shown() {
    return this.actions.ids.map((id) => this.#card(id));
  }

  /** @param {import("./store.js").State} state */
  #follow(state) {
    const clusters = state.session?.clusters ?? [];
    const focused = clusterOf(state)?.id;
    this.element.style.setProperty("--aspect", String(1 / aspectOf(state)));
    this.element.dataset["columns"] = String(COLUMNS.findIndex((most) => clusters.length <= most) + 1);
    const wanted = clusters.map((cluster, place) => {
      const card = this.#card(cluster.id);
      const had = card.isFocused;
      const isFocused = cluster.id === focused;
      card.update(cluster, place, state.figures.get(cluster.id), isFocused, marksFor(state, cluster.id), lookersAt(state, cluster.id));
      if (isFocused && !had) queueMicrotask(() => reveal(card.element));
      return card.element;
    });
    for (const [id, card] of this.#cards) if (!clusters.some((one) => one.id === id) && !card.element.isConnected) this.#cards.delete(id);
    arrange(this.#list, [...wanted, this.#outliers.element]);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const card = this.#shown().find(({ face }) => face === document.activeElement);
    if (!card) return;
    if (event.key === "F10" && event.shiftKey) {
      event.preventDefault();
      this.menu.open(card.id, card.more);
      return;
    }
    const next = onCardKey(card, this.actions, event);
    if (next === null) return;
    this.room.focus(next);
    this.#card(next).face.focus();
  }

  /** @param {WheelEvent} event */
  #scroll(event) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#list;
    const isSideways = scrollWidth > clientWidth && scrollHeight <= clientHeight + 1;
    if (!isSideways || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    this.#list.scrollLeft += event.deltaY;
  }
}

/**
 * Put the cards in order; the one that has the keyboard's focus keeps it.
 *
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} wanted
 */
function arrange(list, wanted) {
  const isSame = wanted.length === list.children.length && wanted.every((item, at) => item === list.children[at]);
  if (isSame) return;
  const focused = document.activeElement;
  const keep = new Set(/** @type {Element[]} */ ([...wanted]));
  for (const item of [...list.children]) if (!keep.has(item)) item.remove();
  wanted.forEach((item, at) => {
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
  });
  if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
}

/**
 * @param {import("./store.js").State} state
 * @param {string} cluster
 * @returns {{placed: number, all: number} | null} null where nobody places keypoints
 */
function marksFor(state, cluster) {
  const schema = schemaOf(state.session);
  const all = schema.keypoints.length;
  const placed = countPlaced(schema, marksOn(state.session, cluster));
  return all > 0 && (placed > 0 || state.tool === "keypoints") ? { placed, all } : null;
}

/** @param {HTMLElement} element */
function reveal(element) {
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
}
