// @ts-check
/** What no cluster explains: a card at the end of the row, and its images in the strip. */

import { NO_PICKS } from "./clusterrules.js";
import { h } from "./dom.js";
import { percent } from "./scale.js";

/** @typedef {{id: number, name: string, unexplained: number}} Outlier */

/** The average of the outliers is asked for when the clusters have been at rest for this time. */
const REST_MS = 1500;
const SHOWN = 48;

export class OutlierCard {
  #picture = h("img", { class: "ax-card-picture", alt: "", draggable: false });
  #share = h("span", { class: "ax-card-share" });
  element;
  #revision = -1;
  /** the revision of the images that were asked for */
  #listed = -1;
  #collection = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    const face = h("button", { type: "button", class: "ax-card-face", title: "The images that no cluster explains: show them in the strip" }, this.#picture);
    face.setAttribute("aria-label", "What no cluster explains");
    face.onclick = () => this.#toggle();
    let shown = "";
    this.#picture.onload = () => {
      shown = this.#picture.src;
      this.#picture.classList.add("ax-loaded");
    };
    this.#picture.onerror = () => {
      if (shown && this.#picture.src !== shown) this.#picture.src = shown;
      else this.#picture.classList.remove("ax-loaded");
    };
    this.element = h(
      "li",
      { class: "ax-card ax-outliers", hidden: true },
      face,
      h("div", { class: "ax-card-head" }, h("span", { class: "ax-card-name" }, "Unexplained")),
      h("div", { class: "ax-card-figures" }, this.#share),
    );
    this.#share.title = "Part of the collection that no cluster explains";
    room.store.watch((state) => this.#follow(state));
  }

  #toggle() {
    const { state } = this.room.store;
    if (state.showsOutliers) this.room.focus(state.clusterId);
    else this.#showImages();
  }

  /** In the strip, in place of those that weigh most. */
  #showImages() {
    this.room.store.update({ showsOutliers: true, picks: NO_PICKS, hovered: null });
    this.#listImages();
  }

  async #listImages() {
    const revision = this.#listed = this.room.store.state.revision;
    try {
      const { images } = await this.room.fetchJson("outliers", { count: SHOWN });
      this.room.learn(images);
      if (revision === this.#listed) this.room.store.update({ unexplained: images });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.room.store.update({ showsOutliers: false, notice: { text: `What no cluster explains could not be found: ${why}`, level: "error" } });
    }
  }

  /** @param {import("./store.js").State} state */
  #follow(state) {
    const { outliers, session, collection, revision, showsOutliers } = state;
    const isAsked = session?.clusters.some((cluster) => cluster.edits.length > 0) ?? false;
    this.element.hidden = outliers === null || (!isAsked && !showsOutliers);
    this.element.setAttribute("aria-current", String(showsOutliers));
    this.#share.textContent = outliers === null ? "–" : percent(outliers);
    const name = `${collection?.name} ${collection?.version}`;
    if (showsOutliers && revision !== this.#listed) this.#listImages();
    if (this.element.hidden || (revision === this.#revision && name === this.#collection)) return;
    this.#revision = revision;
    this.#collection = name;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#load(), REST_MS);
  }

  #load() {
    if (this.room.store.state.connection !== "open") {
      this.#revision = -1; // as soon as there is a connection again
      return;
    }
    this.#picture.src = this.room.url("outliers.jpg", { r: this.#revision });
  }
}
