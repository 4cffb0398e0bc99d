// @ts-check
/** The line of all steps: a slider with a bar for each operation in its author's color, and flags for named moments. */

import { h } from "./dom.js";

/**
 * @typedef {object} Look
 * @property {number} newest
 * @property {number} at
 * @property {string} words where the knob is, for the screen reader; what was done there is told beside it
 * @property {(revision: number) => {color: string, isTall: boolean} | null} barOf null: not heard of yet
 * @property {readonly import("./board.js").Snapshot[]} snapshots
 */

/** Part of the height of steps that change no average. */
const LOW = 0.45;

export class Track {
  #canvas = h("canvas", { class: "ax-track-bars", "aria-hidden": "true" });
  #knob = h("span", { class: "ax-track-knob", "aria-hidden": "true" });
  #flags = h("div", { class: "ax-track-flags", role: "group", "aria-label": "Named moments" });
  slider = h("div", { class: "ax-track", tabIndex: 0, role: "slider", "aria-label": "Step of the history", "aria-valuemin": "0" }, this.#canvas, this.#knob);
  element = h("div", { class: "ax-track-box" }, this.#flags, this.slider);
  /** @type {Look | null} */
  #look = null;
  #drawn = "";

  /** @param {(revision: number) => void} move */
  constructor(move) {
    this.move = move;
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = this.slider.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      this.move(Math.round(share * (this.#look?.newest ?? 0)));
    };
    this.slider.onpointerdown = (event) => {
      this.slider.setPointerCapture(event.pointerId);
      follow(event);
    };
    this.slider.onpointermove = (event) => this.slider.hasPointerCapture(event.pointerId) && follow(event);
    new ResizeObserver(() => this.#look && this.show(this.#look)).observe(this.slider);
  }

  /** @param {Look} look */
  show(look) {
    this.#look = look;
    const share = look.newest > 0 ? look.at / look.newest : 1;
    this.slider.style.setProperty("--at", `${share * 100}%`);
    this.slider.setAttribute("aria-valuemax", String(look.newest));
    this.slider.setAttribute("aria-valuenow", String(look.at));
    this.slider.setAttribute("aria-valuetext", look.words);
    this.#drawBars(look);
    this.#drawFlags(look);
  }

  /** @param {Look} look */
  #drawBars({ newest, at, barOf }) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [Math.round(this.slider.clientWidth * ratio), Math.round(this.slider.clientHeight * ratio)];
    Object.assign(this.#canvas, { width, height });
    const context = this.#canvas.getContext("2d");
    if (!context || newest === 0) return;
    const step = width / newest;
    const gap = step >= 5 * ratio ? ratio : 0;
    // Where several steps share a pixel, the last one of them is seen.
    for (let place = 0; place < Math.min(newest, width); place++) {
      const revision = step >= 1 ? place + 1 : Math.round(((place + 1) * newest) / width);
      const bar = barOf(revision);
      const tall = (bar?.isTall ?? true) ? 1 : LOW;
      context.globalAlpha = !bar ? 0.15 : revision <= at ? 1 : 0.35;
      context.fillStyle = bar?.color ?? "#808080";
      const left = step >= 1 ? place * step : place;
      context.fillRect(left, height * (1 - tall), Math.max(1, (step >= 1 ? step : 1) - gap), height * tall);
    }
  }

  /** @param {Look} look */
  #drawFlags({ newest, snapshots, at }) {
    const sorted = snapshots.filter(({ revision }) => revision <= newest).sort((one, other) => one.revision - other.revision);
    const key = JSON.stringify([newest, at, sorted]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const hadFocus = this.#flags.contains(document.activeElement);
    this.#flags.replaceChildren(...sorted.map(({ name, revision }, place) => {
      const share = (/** @type {number} */ of) => (newest > 0 ? of / newest : 1);
      const next = sorted[place + 1];
      const flag = h("button", { type: "button", class: "ax-button ax-track-flag", title: `${name}: step ${revision}`, "aria-current": String(revision === at) }, h("span", {}, name));
      flag.style.setProperty("--from", `${share(revision) * 100}%`);
      flag.style.setProperty("--room", next ? `${(share(next.revision) - share(revision)) * 100}%` : "140px");
      flag.onclick = () => this.move(revision);
      return flag;
    }));
    if (hadFocus) /** @type {HTMLElement | null} */ (this.#flags.querySelector("[aria-current=true]"))?.focus();
  }
}
