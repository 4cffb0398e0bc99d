// @ts-check
/** Where to look: a map of the places with many distinct modes, laid over the average. */

import { h } from "./dom.js";

export class InterestMap {
  #image = h("img", { class: "ax-interest", alt: "", "aria-hidden": "true", draggable: false });
  #legend = h("p", { class: "ax-interest-legend", role: "status" });
  #asked = 0;
  #shown = "";

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   */
  constructor(room, canvas) {
    this.room = room;
    canvas.picture.after(this.#image);
    canvas.frame.append(this.#legend);
    let collection = "";
    room.store.watch(({ interest, ...state }) => {
      const name = `${state.collection?.name} ${state.collection?.version}`;
      if (collection !== name && collection !== "") this.#hide();
      collection = name;
      this.#image.hidden = this.room.store.state.interest !== "on";
      this.#legend.hidden = this.room.store.state.interest === "off";
      this.#legend.dataset["busy"] = String(interest === "busy");
      this.#legend.textContent =
        interest === "busy" ? "Counting the modes of every place; this can take a while …" : "Brighter: more distinct modes here";
    });
  }

  /** On, or off again, also while it is computed. */
  toggle() {
    if (this.room.store.state.interest === "off") this.#load();
    else this.#hide();
  }

  #hide() {
    this.#asked += 1;
    this.room.store.update({ interest: "off" });
  }

  async #load() {
    const asked = ++this.#asked;
    const { store } = this.room;
    store.update({ interest: "busy", notice: null });
    try {
      const picture = await this.room.fetchPicture("interest.png", { cluster: store.state.clusterId });
      if (asked !== this.#asked) return;
      URL.revokeObjectURL(this.#shown);
      this.#shown = this.#image.src = URL.createObjectURL(picture);
      store.update({ interest: "on" });
    } catch (error) {
      if (asked !== this.#asked) return;
      const why = error instanceof Error ? error.message : String(error);
      store.update({ interest: "off", notice: { text: `The map of where to look could not be made: ${why}`, level: "error" } });
    }
  }
}
