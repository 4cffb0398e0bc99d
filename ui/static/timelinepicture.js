// @ts-check
/** The average as it was at a step: one is asked for at a time, and those that were seen come at once. */

import { h } from "./dom.js";
import { Latest } from "./timelinepages.js";

const KEPT = 160;

export class TimelinePicture {
  #canvas = h("canvas", { class: "ax-timeline-picture", "aria-hidden": "true" });
  #words = h("p", { class: "ax-timeline-missing", hidden: true });
  element = h("div", { class: "ax-timeline-frame" }, this.#canvas);
  /** @type {Map<string, Blob>} the oldest first */
  #kept = new Map();
  #asked = 0;
  #latest = new Latest((/** @type {{revision: number, cluster: string}} */ wanted) => this.#fetch(wanted));

  /**
   * @param {import("./branchesapi.js").RoomApi} api
   * @param {Node} over lies over the average
   */
  constructor(api, over) {
    this.api = api;
    this.element.append(over, this.#words);
  }

  /** Another room is looked at. */
  forget() {
    this.#kept.clear();
    this.#canvas.width = 1;
  }

  /**
   * @param {number} revision
   * @param {string} cluster
   * @returns {Promise<boolean>} whether it was shown; false: a newer wish came first
   */
  async show(revision, cluster) {
    const asked = ++this.#asked;
    this.element.setAttribute("aria-busy", "true");
    const isShown = await this.#latest.want({ revision, cluster });
    if (asked === this.#asked) this.element.setAttribute("aria-busy", "false");
    return isShown;
  }

  /** @param {{revision: number, cluster: string}} wanted */
  async #fetch({ revision, cluster }) {
    const key = `${revision} ${cluster}`;
    try {
      const picture = this.#kept.get(key) ?? (await this.api.averageAt(revision, cluster));
      this.#keep(key, picture);
      const bitmap = await createImageBitmap(picture);
      Object.assign(this.#canvas, { width: bitmap.width, height: bitmap.height });
      this.#canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
      bitmap.close();
      this.#words.hidden = true;
    } catch (error) {
      this.#words.textContent = error instanceof Error ? error.message : String(error);
      this.#words.hidden = false;
    }
    this.element.dataset["revision"] = String(revision);
  }

  /** @param {string} key @param {Blob} picture */
  #keep(key, picture) {
    this.#kept.delete(key);
    this.#kept.set(key, picture);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
