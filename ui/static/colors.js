// @ts-check
/** The color popover: what is common under the brush across the collection, the average, the standard palette. */

import { css, h, icon, moveFocusAbout } from "./dom.js";
import { fromHex, nameOf, sameColor, STANDARD, toHex } from "./palette.js";
import { percent } from "./scale.js";

/** @typedef {import("./messages.js").Rgb} Rgb */
/** @typedef {import("./stroke.js").Point} Point */

export class ColorPopover {
  #data = h("div", { class: "ax-colors-data" });
  #here = h("button", { type: "button", class: "ax-color-here" });
  #hex = h("input", { type: "text", class: "ax-input", maxLength: 7, spellcheck: false, "aria-label": "Color as #rrggbb" });
  #grid = h("div", { class: "ax-colors-grid" });
  element = h("div", { class: "ax-popover ax-colors", popover: "auto", role: "dialog", "aria-label": "Colors" });
  #asked = 0;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   */
  constructor(room, canvas) {
    this.room = room;
    this.canvas = canvas;
    const dropper = h("button", { type: "button", class: "ax-button", title: "Then press on the average (I, or Alt and press)" }, icon("dropper"), "Pick");
    dropper.onclick = () => {
      this.element.hidePopover();
      room.store.update({ picking: true });
    };
    this.element.addEventListener("keydown", (event) => moveFocusAbout(this.element, event));
    this.#hex.onchange = () => this.#typed();
    this.#grid.append(...STANDARD.flatMap((tones) => tones.map((color) => this.#swatch(color))));
    this.element.append(
      h("h3", {}, "Under the brush, across the collection"),
      this.#data,
      h("h3", {}, "From the average"),
      h("div", { class: "ax-row" }, this.#here, dropper, this.#hex),
      h("h3", {}, "Standard"),
      this.#grid,
    );
  }

  /**
   * Show it beside a point, with the focus on the brush's color or the first one.
   *
   * @param {{x: number, y: number}} at in the window
   * @param {Point} point on the canvas
   */
  open(at, point) {
    const { color } = this.room.store.state;
    this.#hex.value = toHex(color);
    this.#fillHere(this.canvas.colorAt(point));
    this.element.showPopover();
    placeAt(this.element, at);
    for (const swatch of this.#grid.querySelectorAll("button")) {
      swatch.setAttribute("aria-pressed", String(swatch.dataset["hex"] === toHex(color)));
    }
    const swatch = this.#grid.querySelector("[aria-pressed=true]") ?? this.#grid.firstElementChild;
    if (swatch instanceof HTMLElement) swatch.focus({ preventScroll: true });
    this.#load(point);
  }

  /** @param {Rgb} color */
  choose(color) {
    this.room.store.update({ color, tool: "color", picking: false });
    this.element.hidePopover();
    this.canvas.overlay.focus({ preventScroll: true });
  }

  /** @param {Point} point */
  async #load(point) {
    const asked = ++this.#asked;
    const { radius, clusterId } = this.room.store.state;
    this.#data.replaceChildren(...Array.from({ length: 8 }, () => h("span", { class: "ax-swatch ax-waiting" })));
    const body = JSON.stringify({ paths: [[point]], radius: radius.color, cluster: clusterId });
    const headers = { "Content-Type": "application/json" };
    try {
      const { colors } = await this.room.fetchJson("palette", {}, { method: "POST", body, headers });
      if (asked !== this.#asked) return;
      this.#data.replaceChildren(
        ...colors.map((/** @type {{color: Rgb, share: number}} */ { color, share }) =>
          this.#swatch(color, `${nameOf(color)}, ${percent(share)}`),
        ),
      );
    } catch (error) {
      if (asked === this.#asked) this.#data.replaceChildren(h("span", { class: "ax-empty" }, String(error)));
    }
  }

  /**
   * @param {Rgb} color
   * @param {string} [title]
   */
  #swatch(color, title = nameOf(color)) {
    const swatch = h("button", { type: "button", class: "ax-swatch", title });
    swatch.setAttribute("aria-label", title);
    swatch.dataset["hex"] = toHex(color);
    swatch.style.setProperty("--swatch", css(color));
    swatch.onclick = () => this.choose(color);
    return swatch;
  }

  /** @param {Rgb} color */
  #fillHere(color) {
    this.#here.style.setProperty("--swatch", css(color));
    this.#here.title = `${nameOf(color)} ${toHex(color)}`;
    this.#here.setAttribute("aria-label", `The average here: ${nameOf(color)}`);
    this.#here.onclick = () => this.choose(color);
  }

  #typed() {
    try {
      const color = fromHex(this.#hex.value);
      if (!sameColor(color, this.room.store.state.color)) this.choose(color);
    } catch {
      this.#hex.value = toHex(this.room.store.state.color);
    }
  }
}

/**
 * Put a popover beside a point, inside the window.
 *
 * @param {HTMLElement} element shown already
 * @param {{x: number, y: number}} at
 */
export function placeAt(element, { x, y }) {
  const { width, height } = element.getBoundingClientRect();
  const margin = 8;
  const gap = 28;
  element.style.left = `${Math.max(margin, Math.min(x + gap, innerWidth - width - margin))}px`;
  element.style.top = `${Math.max(margin, Math.min(y + margin, innerHeight - height - margin))}px`;
}
