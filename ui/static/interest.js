// @ts-check
/** Where to look: a map of the places with many distinct modes, laid over the average. */

import { h } from "./dom.js";
import { nearest } from "./modes.js";

/** Another patch size has another map, which is asked for when the size has been at rest for this time. */
const REST_MS = 600;

export class InterestMap {
  #image = h("img", { class: "ax-interest", alt: "", "aria-hidden": "true", draggable: false });
  #legend = h("p", { class: "ax-interest-legend", role: "status" });
  #asked = 0;
  /** URL of the picture */
  #shown = "";
  #size = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   */
  constructor(room, canvas) {
    this.room = room;
    canvas.picture.after(this.#image);
    canvas.frame.append(this.#legend);
    let collection = "";
    room.store.watch((state) => {
      const name = `${state.collection?.name} ${state.collection?.version}`;
      if (collection !== name && collection !== "") this.#hide();
      collection = name;
      const { interest } = room.store.state;
      const size = nearest(state.explore.size, state.explore.sizes);
      if (interest !== "off" && size !== this.#size) this.#loadSoon(size);
      this.#image.hidden = interest === "off" || this.#shown === "";
      this.#legend.hidden = interest === "off";
      this.#legend.dataset["busy"] = String(interest === "busy");
      this.#legend.textContent =
        interest === "busy" ? "Counting the modes of every place; this can take a while …" : "The more orange, the more distinct modes are there";
    });
  }

  /** On, or off again, also while it is computed. */
  toggle() {
    if (this.room.store.state.interest === "off") this.#load();
    else this.#hide();
  }

  #hide() {
    this.#asked += 1;
    clearTimeout(this.#rest);
    URL.revokeObjectURL(this.#shown);
    this.#shown = "";
    this.room.store.update({ interest: "off" });
  }

  /** @param {number} size */
  #loadSoon(size) {
    this.#size = size;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#load(), REST_MS);
  }

  async #load() {
    const asked = ++this.#asked;
    const { store } = this.room;
    this.#size = nearest(store.state.explore.size, store.state.explore.sizes);
    store.update({ interest: "busy", notice: null });
    try {
      const picture = await this.room.fetchPicture("interest.png", { size: this.#size });
      if (asked !== this.#asked) return;
      URL.revokeObjectURL(this.#shown);
      this.#shown = this.#image.src = URL.createObjectURL(picture);
      store.update({ interest: "on" });
    } catch (error) {
      if (asked !== this.#asked) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#hide();
      store.update({ notice: { text: `The map of where to look could not be made: ${why}`, level: "error" } });
    }
  }
}
