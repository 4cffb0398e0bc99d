// @ts-check
/** The card of one cluster: its average, color, name, share, number of images, and how sure it is. */

import { clusterColor } from "./clusterrules.js";
import { h, icon } from "./dom.js";
import { showLookers } from "./peoplecards.js";
import { figure, grouped, percent } from "./scale.js";

/** @typedef {import("./messages.js").Cluster} Cluster */
/** @typedef {import("./messages.js").Figures} Figures */

/** A card's picture, in pixels: sharp on a screen of two device pixels for one. */
const PICTURE_WIDTH = 216;

/**
 * @typedef {object} CardHandlers
 * @property {(id: string) => void} focus
 * @property {(id: string, name: string) => void} rename
 * @property {(id: string, anchor: HTMLElement) => void} openMenu
 * @property {(id: string, anchor: HTMLElement) => void} openColors
 */

export class Card {
  picture = h("canvas", { class: "ax-card-picture", "aria-hidden": "true", width: 1, height: 1 });
  marks = h("span", { class: "ax-card-marks", hidden: true });
  people = h("span", { class: "ax-card-people", hidden: true });
  face = h("button", { type: "button", class: "ax-card-face", draggable: false }, this.picture, this.marks, this.people);
  dot = h("button", { type: "button", class: "ax-card-dot" });
  name = h("span", { class: "ax-card-name" });
  more = h("button", { type: "button", class: "ax-button ax-icon-button ax-card-more", title: "More: rename, color, merge, compare, delete", "aria-haspopup": "true" }, icon("more"));
  share = h("span", { class: "ax-card-share" });
  images = h("span", { class: "ax-card-images" });
  fill = h("span", { class: "ax-meter-fill" });
  words = h("span", { class: "ax-meter-words" });
  meter = h("div", { class: "ax-meter" }, h("span", { class: "ax-meter-bar" }, this.fill), this.words);
  head = h("div", { class: "ax-card-head" }, this.dot, this.name);
  element;
  isFocused = false;
  #shown = { revision: -1, request: 0 };

  /**
   * @param {string} id of the cluster
   * @param {CardHandlers} handlers
   */
  constructor(id, handlers) {
    this.id = id;
    this.handlers = handlers;
    const figures = h("div", { class: "ax-card-figures" }, this.share, this.images);
    this.element = h("li", { class: "ax-card", "data-cluster": id }, this.face, this.head, figures, this.meter, this.more);
    this.face.onclick = () => handlers.focus(id);
    this.name.ondblclick = () => this.startRename();
    this.name.onclick = () => handlers.focus(id);
    this.dot.onclick = () => handlers.openColors(id, this.dot);
    this.more.onclick = () => handlers.openMenu(id, this.more);
    this.element.oncontextmenu = (event) => {
      event.preventDefault();
      handlers.openMenu(id, this.more);
    };
  }

  /**
   * @param {Cluster} cluster
   * @param {number} place
   * @param {Figures | undefined} figures
   * @param {boolean} isFocused
   * @param {{placed: number, all: number} | null} marks keypoints on its average
   * @param {readonly import("./messages.js").Person[]} lookers the others who look at it
   */
  update(cluster, place, figures, isFocused, marks, lookers) {
    const color = clusterColor(cluster, place);
    this.isFocused = isFocused;
    this.element.style.setProperty("--cluster", color);
    this.element.setAttribute("aria-current", String(isFocused));
    this.face.tabIndex = isFocused ? 0 : -1;
    this.dot.tabIndex = this.more.tabIndex = isFocused ? 0 : -1;
    if (this.name.textContent !== cluster.name && !this.name.querySelector("input")) this.name.textContent = cluster.name;
    this.name.title = `${cluster.name} (double click or F2 renames)`;
    this.dot.title = "Change the color";
    this.dot.setAttribute("aria-label", `Color of ${cluster.name}: ${cluster.color || "automatic"}`);
    this.more.setAttribute("aria-label", `More for ${cluster.name}`);
    this.share.textContent = figures ? percent(figures.share) : "–";
    this.images.textContent = figures ? `≈ ${figure(figures.effective_images)}` : "";
    this.share.title = "Its share of the collection; the shares of all clusters sum to all images";
    this.images.title = "Made of effectively so many images";
    this.#updateMeter(figures);
    this.marks.hidden = marks === null;
    this.marks.textContent = marks ? `${marks.placed}/${marks.all}` : "";
    this.marks.classList.toggle("ax-full", marks !== null && marks.placed >= marks.all);
    const pointed = marks ? `, ${marks.placed} of ${marks.all} keypoints placed` : "";
    const of = figures ? `, ${percent(figures.share)} of the collection, about ${grouped(figures.effective_images)} images` : "";
    const sure = figures?.words ? `, ${figures.words}` : "";
    const seen = showLookers(this.people, lookers);
    this.face.setAttribute("aria-label", `Average ${place + 1}: ${cluster.name}${of}${sure}${pointed}${seen}`);
    this.face.title = `${cluster.name}${of}${sure}${pointed}${seen}`;
  }

  /** @param {Figures | undefined} figures */
  #updateMeter(figures) {
    const support = figures?.support ?? null;
    this.meter.classList.toggle("ax-none", support === null);
    if (support === null || !figures) return;
    this.fill.style.transform = `scaleX(${support.toFixed(3)})`;
    this.meter.dataset["level"] = support < 0.34 ? "low" : support < 0.67 ? "some" : "high";
    this.words.textContent = figures.words;
    this.meter.title = `${figures.words}: support ${support.toFixed(2)} of 1. How much stronger the best matches are than what unrelated photographs would give; near 0, what you ask for is probably not in the collection.`;
  }

  /**
   * @param {CanvasImageSource} image
   * @param {{width: number, height: number}} size
   */
  draw(image, { width, height }) {
    const across = Math.min(PICTURE_WIDTH, Math.max(width, 1));
    const down = Math.max(1, Math.round((across * height) / Math.max(width, 1)));
    if (this.picture.width !== across || this.picture.height !== down) Object.assign(this.picture, { width: across, height: down });
    const context = this.picture.getContext("2d");
    if (!context) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, across, down);
  }

  /**
   * @param {{revision: number, request: number}} frame
   * @returns {boolean} whether it is not older than the last card frame of this cluster
   */
  accepts({ revision, request }) {
    const isOlder = revision < this.#shown.revision || (revision === this.#shown.revision && request < this.#shown.request);
    if (!isOlder) this.#shown = { revision, request };
    return !isOlder;
  }

  /** The connection is new: its counters begin again. */
  restart() {
    this.#shown = { revision: -1, request: 0 };
  }

  /** Put a field in place of the name; Enter keeps what is typed, Escape does not. */
  startRename() {
    if (this.name.querySelector("input")) return;
    const before = this.name.textContent ?? "";
    const input = h("input", { type: "text", class: "ax-input ax-card-input", value: before, maxLength: 200, "aria-label": "Name of the cluster", spellcheck: false });
    let isDone = false;
    const end = (/** @type {boolean} */ isKept, /** @type {boolean} */ isByKey) => {
      if (isDone) return;
      isDone = true;
      const { value } = input;
      this.name.textContent = isKept && value.trim() ? value.trim() : before;
      if (isKept) this.handlers.rename(this.id, value);
      if (isByKey) this.face.focus();
    };
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        end(event.key === "Enter", true);
      }
    };
    input.onblur = () => end(true, false);
    this.name.replaceChildren(input);
    input.focus();
    input.select();
  }
}
