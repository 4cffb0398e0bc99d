// @ts-check
/** Where the average is sharp enough to place points: a picture over it, and the figure of one place. */

import { clusterOf } from "./store.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {{mask: HTMLCanvasElement, hatch: HTMLCanvasElement}} Shade `mask`: how opaque the shade is, in the average's pixels */

/** The average changes with every edit; it is asked again when that has been at rest for this time. */
const REST_MS = 500;
const ASK_MS = 120;
/** Below it, the images disagree too much about what is there. */
export const MUSH = 0.3;
/** Of the picture that the server sends: how opaque it is where nothing can be trusted. */
const SERVED_MOST = 0.75;
const HATCH_PX = 11;

export class Trust {
  #shown = "";
  /** @type {Shade | null} */
  #shade = null;
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
    tool.canvas.drawTint = (context, view, ratio) => this.#draw(context, view, ratio);
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
    if (isOther) this.#show(null);
    if (isWanted) this.#rest = setTimeout(() => this.#load(), isOther ? 0 : REST_MS);
  }

  /** @param {Shade | null} shade */
  #show(shade) {
    if (!shade && !this.#shade) return;
    this.#shade = shade;
    this.tool.canvas.repaint();
  }

  /**
   * Thin lines and a breath of shade, of one size at any zoom: the picture under them stays to be seen.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {import("./zoom.js").View} view
   * @param {number} ratio device pixels in one CSS pixel
   */
  #draw(context, { scale, left, top }, ratio) {
    if (!this.#shade || !this.tool.isOn) return;
    const { mask, hatch } = this.#shade;
    const { width, height } = context.canvas;
    if (hatch.width !== width || hatch.height !== height) Object.assign(hatch, { width, height });
    const lines = hatch.getContext("2d");
    if (!lines) return;
    lines.globalCompositeOperation = "source-over";
    lines.clearRect(0, 0, width, height);
    lines.lineWidth = 0.8 * ratio;
    lines.fillStyle = "rgb(16 18 30 / 16%)";
    lines.fillRect(0, 0, width, height);
    for (const [shift, color] of /** @type {const} */ ([[0, "rgb(12 14 24 / 46%)"], [1, "rgb(255 255 255 / 22%)"]])) {
      lines.strokeStyle = color;
      lines.beginPath();
      for (let x = -height + shift * ratio; x < width; x += HATCH_PX * ratio) {
        lines.moveTo(x, height);
        lines.lineTo(x + height, 0);
      }
      lines.stroke();
    }
    lines.globalCompositeOperation = "destination-in";
    lines.imageSmoothingQuality = "high";
    lines.drawImage(mask, -left * scale * width, -top * scale * height, scale * width, scale * height);
    context.drawImage(hatch, 0, 0);
  }

  async #load() {
    const asked = ++this.#asked;
    try {
      const path = `keypoints/trust/${encodeURIComponent(this.tool.cluster)}.png`;
      const picture = await createImageBitmap(await this.room.fetchPicture(path, { of: this.#shown }));
      if (asked === this.#asked) this.#show({ mask: maskOf(picture), hatch: document.createElement("canvas") });
      picture.close();
    } catch {
      // Without it one places points all the same.
    }
  }
}

/**
 * @param {ImageBitmap} picture the more opaque, the less to be trusted
 * @returns {HTMLCanvasElement} opaque where it is mush, clear from where points may be placed
 */
function maskOf(picture) {
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return canvas;
  context.drawImage(picture, 0, 0);
  const image = context.getImageData(0, 0, picture.width, picture.height);
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = shadeAt(1 - (image.data[at] ?? 0) / (255 * SERVED_MOST));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {number} trust @returns {number} 0 to 255 */
function shadeAt(trust) {
  return Math.round(255 * Math.min(1, Math.max(0, (MUSH - trust) / (0.6 * MUSH))));
}

/** @param {string} key */
function clusterIn(key) {
  return key.split(" ").slice(0, 2).join(" ");
}
