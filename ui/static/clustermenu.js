// @ts-check
/** What opens from the row of clusters: a card's menu, its colors, and what a new cluster is made of. */

import { clusterColor, PLACE_COLORS } from "./clusterrules.js";
import { placeAt } from "./colors.js";
import { h, moveFocus, moveFocusAbout } from "./dom.js";
import { highlighted } from "./modes.js";
import { fromHex, nameOf } from "./palette.js";
import { clusterOf } from "./store.js";

/** @typedef {import("./clusteractions.js").ClusterActions} ClusterActions */

/**
 * @param {string} title
 * @param {string} text
 * @param {(() => void) | null} run null: it cannot be chosen now
 * @param {string} [key]
 * @param {import("./messages.js").Operation["type"] | ""} [needs] the operation that it makes, which the role may not allow
 */
function menuItem(title, text, run, key = "", needs = "") {
  const shortcut = key ? h("kbd", { class: "ax-menu-key" }, key) : null;
  const item = h("button", { type: "button", class: "ax-menu-item", disabled: run === null, ...(needs ? { "data-needs": needs } : {}) }, h("b", {}, title), shortcut, h("small", {}, text));
  item.onclick = () => run?.();
  return item;
}

/** A popover beside what opened it, which gets the keyboard's focus back when it closes. */
class Popover {
  element;
  /** @type {HTMLElement | null} */
  anchor = null;

  /**
   * @param {string} label
   * @param {string} className
   * @param {(list: HTMLElement, event: KeyboardEvent) => void} onKey
   */
  constructor(label, className, onKey) {
    this.element = h("div", { class: `ax-popover ${className}`, popover: "auto", role: "dialog", "aria-label": label });
    this.element.addEventListener("keydown", (event) => onKey(this.element, event));
  }

  /**
   * @param {HTMLElement} anchor
   * @param {readonly (Node | null)[]} content
   */
  open(anchor, content) {
    this.anchor = anchor;
    this.fill(content);
    this.element.showPopover();
    const box = anchor.getBoundingClientRect();
    placeAt(this.element, { x: box.left - 28, y: box.bottom - 4 });
    this.focus();
  }

  /** @param {readonly (Node | null)[]} content */
  fill(content) {
    this.element.replaceChildren(...content.filter((one) => one !== null));
  }

  focus() {
    const pressed = this.element.querySelector("[aria-pressed=true]");
    const first = pressed ?? this.element.querySelector("button:not(:disabled)");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  }

  close() {
    this.element.hidePopover();
  }
}

export class ClusterMenu {
  #menu = new Popover("Cluster", "ax-menu ax-cluster-menu", moveFocus);
  #colors = new Popover("Color of the cluster", "ax-cluster-colors", moveFocusAbout);
  #spawn = new Popover("New cluster", "ax-menu ax-cluster-menu", moveFocus);
  elements = [this.#menu.element, this.#colors.element, this.#spawn.element];

  /**
   * @param {ClusterActions} actions
   * @param {{rename: (id: string) => void, compare: (id: string, other: string) => void}} handlers
   */
  constructor(actions, handlers) {
    this.actions = actions;
    this.handlers = handlers;
  }

  /** @param {string} id @param {HTMLElement} anchor */
  open(id, anchor) {
    this.#menu.open(anchor, this.#items(id, anchor));
  }

  /** @param {string} id @param {HTMLElement} anchor */
  #items(id, anchor) {
    const { actions } = this;
    const at = actions.ids.indexOf(id);
    const isAlone = actions.ids.length < 2;
    const then = (/** @type {() => void} */ run) => () => {
      this.#menu.close();
      run();
    };
    const among = (/** @type {string} */ title, /** @type {(other: string) => void} */ run) => () => this.#choose(id, anchor, title, run);
    return [
      menuItem("Rename", "", then(() => this.handlers.rename(id)), "F2", "set_cluster"),
      menuItem("Color …", "", then(() => this.openColors(id, anchor)), "", "set_cluster"),
      menuItem("Duplicate", "a copy of its edits, to go another way", then(() => actions.duplicate(id)), "", "add_cluster"),
      menuItem("Merge into …", "one average of the images that fit either", isAlone ? null : among("Merge into", (other) => actions.merge(id, other)), "", "merge_clusters"),
      menuItem("Compare with …", "side by side, and what differs", isAlone ? null : among("Compare with", (other) => this.handlers.compare(id, other)), "D"),
      h("hr"),
      menuItem("Move earlier", "", at > 0 ? then(() => actions.move(id, at - 1)) : null, "Alt+←", "move_cluster"),
      menuItem("Move later", "", at < actions.ids.length - 1 ? then(() => actions.move(id, at + 1)) : null, "Alt+→", "move_cluster"),
      h("hr"),
      menuItem("Delete", isAlone ? "the last cluster stays" : "", isAlone ? null : then(() => actions.remove(id)), "Del", "remove_cluster"),
    ];
  }

  /**
   * Choose another cluster in the same popover.
   *
   * @param {string} id
   * @param {HTMLElement} anchor
   * @param {string} title
   * @param {(other: string) => void} run
   */
  #choose(id, anchor, title, run) {
    const back = menuItem(`‹ ${title}`, "", () => {
      this.#menu.fill(this.#items(id, anchor));
      this.#menu.focus();
    });
    const others = this.actions.clusters.flatMap((cluster, place) => {
      if (cluster.id === id) return [];
      const item = menuItem(cluster.name, "", () => {
        this.#menu.close();
        run(cluster.id);
      });
      const dot = h("span", { class: "ax-menu-dot" });
      dot.style.setProperty("--cluster", clusterColor(cluster, place));
      item.classList.add("ax-menu-cluster");
      item.prepend(dot);
      return [item];
    });
    this.#menu.fill([back, h("hr"), ...others]);
    others[0]?.focus();
  }

  /** @param {string} id @param {HTMLElement} anchor */
  openColors(id, anchor) {
    const { actions } = this;
    const place = actions.ids.indexOf(id);
    const now = actions.find(id)?.color ?? "";
    const choose = (/** @type {string} */ color) => {
      this.#colors.close();
      actions.configure(id, { color });
    };
    const swatches = PLACE_COLORS.map((color) => {
      const title = `${nameOf(fromHex(color))} ${color}`;
      const swatch = h("button", { type: "button", class: "ax-swatch", title, "aria-label": title, "aria-pressed": String(now === color) });
      swatch.style.setProperty("--swatch", color);
      swatch.onclick = () => choose(color);
      return swatch;
    });
    const automatic = h("button", { type: "button", class: "ax-button ax-chip", "aria-pressed": String(now === "") }, "By place");
    automatic.onclick = () => choose("");
    const own = h("input", { type: "color", class: "ax-input", value: now || clusterColor({ color: "" }, place), "aria-label": "Another color" });
    own.onchange = () => choose(own.value);
    this.#colors.open(anchor, [h("div", { class: "ax-cluster-swatches" }, ...swatches), h("div", { class: "ax-row" }, automatic, own)]);
  }

  /** @param {HTMLElement} anchor */
  openSpawn(anchor) {
    const { actions } = this;
    const { picks, explore, tool } = actions.store.state;
    const focused = clusterOf(actions.store.state);
    const then = (/** @type {() => void} */ run) => () => {
      this.#spawn.close();
      run();
    };
    const images = picks.names.length;
    const hasMode = tool === "explore" && highlighted(explore) !== null;
    this.#spawn.open(anchor, [
      menuItem("Empty", "begin with the average of all", then(() => actions.spawnEmpty())),
      menuItem("Copy of this average", focused?.name ?? "", then(() => actions.duplicate())),
      menuItem(
        images === 1 ? "From the picked image" : "From the picked images",
        images > 0 ? `${images} of the strip` : "pick images in the strip: Ctrl and click, or their box",
        images > 0 ? then(() => actions.spawnFromImages(picks.names)) : null,
      ),
      menuItem(
        "From this mode",
        hasMode ? "or Shift and click it" : "highlight one with the explorer brush",
        hasMode ? then(() => actions.spawnFromMode()) : null,
        "Shift+Enter",
      ),
    ]);
  }
}
