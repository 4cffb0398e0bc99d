// @ts-check
/** Where the average is sharp enough to place points: a picture over it, and the figure of one place. */

import { clusterOf } from "./store.js";

/** @typedef {import("./stroke.js").Point} Point */

/** The average changes with every edit; it is asked again when that has been at rest for this time. */
const REST_MS = 500;
const ASK_MS = 120;
/** Below it, the images disagree too much about what is there. */
export const MUSH = 0.35;

export class Trust {
  #shown = "";
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  #places = 0;

  /** @param {import("./keypointstool.js").KeypointTool} tool */
  constructor(tool) {
    this.tool = tool;
    this.room = tool.room;
    tool.store.watch((state) => this.#follow(state));
  }

  /**
   * Ask how much a place can be trusted; the newest question wins.
   *
   * @param {Point | null} at null: no place any more
   * @param {(trust: number | null) => void} tell null: nobody knows
   */
  ask(at, tell) {
    clearTimeout(this.#soon);
    const asked = ++this.#places;
    if (!at || !this.tool.store.state.showsTrust) return;
    this.#soon = setTimeout(async () => {
      const [x, y] = at;
      const answer = await this.room.fetchJson("keypoints/trust", { cluster: this.tool.cluster, x, y }).catch(() => null);
      if (asked === this.#places) tell(typeof answer?.trust === "number" ? answer.trust : null);
    }, ASK_MS);
  }

  /** @param {import("./store.js").State} state */
  #follow(state) {
    const isWanted = this.tool.isOn && state.showsTrust && state.connection === "open" && state.ranking !== null;
    const key = isWanted ? `${state.collection?.name} ${clusterOf(state)?.id} ${state.ranking?.revision} ${state.ranking?.request}` : "";
    if (key === this.#shown) return;
    const isOther = clusterIn(key) !== clusterIn(this.#shown);
    this.#shown = key;
    this.#asked += 1;
    clearTimeout(this.#rest);
    if (isOther) this.tool.canvas.cover(null);
    if (isWanted) this.#rest = setTimeout(() => this.#load(), isOther ? 0 : REST_MS);
  }

  async #load() {
    const asked = ++this.#asked;
    try {
      const path = `keypoints/trust/${encodeURIComponent(this.tool.cluster)}.png`;
      const picture = await createImageBitmap(await this.room.fetchPicture(path, { of: this.#shown }));
      if (asked === this.#asked) this.tool.canvas.cover(picture);
    } catch {
      // Without it one places points all the same.
    }
  }
}

/** @param {string} key */
function clusterIn(key) {
  return key.split(" ").slice(0, 2).join(" ");
}
