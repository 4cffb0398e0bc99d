// @ts-check
/** The images that weigh most, with their share and the places where the strokes matched. */

import { css, h, moveFocus } from "./dom.js";
import { MODE_INK } from "./overlay.js";
import { percent } from "./scale.js";
import { clusterOf } from "./store.js";

/** @typedef {import("./messages.js").RankedImage} RankedImage */
/** @typedef {import("./messages.js").Edit} Edit */

const SKETCH_BOX = "rgb(255 255 255)";
const SHOWN = 32;
/** A picture that could not be loaded (the server was away) is asked for again after this time. */
const RETRY_MS = 3000;

/**
 * @param {import("./room.js").Room} room
 * @param {(place: number) => void} open
 * @param {() => boolean} isPainting
 */
export function createStrip(room, open, isPainting) {
  const { store } = room;
  const list = h("ol", { class: "ax-strip-list", "aria-label": "Images that weigh most" });
  const element = h("section", { class: "ax-strip", "aria-label": "Strongest images" }, list);
  /** @type {Map<number, Thumb>} */
  const thumbs = new Map();
  let collection = "";
  let drawn = {};

  list.addEventListener("keydown", (event) => moveFocus(list, event));
  list.addEventListener("wheel", (event) => scrollSideways(list, event), { passive: false });
  store.watch((state) => {
    const version = `${state.collection?.name} ${state.collection?.version}`;
    if (version !== collection) {
      collection = version;
      thumbs.clear();
      list.replaceChildren();
    }
    const edits = clusterOf(state)?.edits ?? [];
    if (drawn === state.ranking && list.dataset["marked"] === String(state.hovered)) return;
    drawn = state.ranking ?? {};
    list.dataset["marked"] = String(state.hovered);
    const top = state.ranking?.top.slice(0, SHOWN) ?? [];
    const most = Math.max(1e-12, ...top.map((image) => image.weight));
    const aspect = state.collection ? state.collection.width / state.collection.height : 1;
    list.style.setProperty("--aspect", String(aspect));
    const wanted = top.map((image, place) => {
      const thumb = thumbs.get(image.id) ?? new Thumb(room.imageUrl(image.id, "thumb"), image);
      thumbs.set(image.id, thumb);
      thumb.button.onclick = () => open(place);
      thumb.update(image, place, most, boxesOf(image, edits.map((entry) => entry.edit), state.hovered));
      return thumb.element;
    });
    reorder(list, wanted, !isPainting());
    forget(thumbs, new Set(top.map((image) => image.id)));
  });
  return element;
}

class Thumb {
  image = h("img", { alt: "", class: "ax-thumb-image", draggable: false, decoding: "async" });
  boxes = h("span", { class: "ax-boxes", "aria-hidden": "true" });
  bar = h("span", { class: "ax-bar-fill" });
  share = h("span", { class: "ax-share" });
  button = h("button", { type: "button", class: "ax-thumb" });
  element = h("li", { class: "ax-strip-item" });
  #boxes = "";

  /**
   * @param {string} url
   * @param {RankedImage} image
   */
  constructor(url, image) {
    const picture = h("span", { class: "ax-thumb-picture" }, this.image, this.boxes);
    const bar = h("span", { class: "ax-bar" }, this.bar);
    this.button.append(picture, h("span", { class: "ax-thumb-foot" }, bar, this.share));
    this.element.append(this.button);
    this.button.title = image.name;
    this.image.onload = () => this.image.classList.add("ax-loaded");
    this.image.onerror = () => setTimeout(() => (this.image.src = url), RETRY_MS);
    this.image.src = url;
  }

  /**
   * @param {RankedImage} image
   * @param {number} place
   * @param {number} most the strip's largest weight
   * @param {{color: string, box: import("./messages.js").Box}[]} boxes
   */
  update(image, place, most, boxes) {
    this.bar.style.transform = `scaleX(${(image.weight / most).toFixed(3)})`;
    this.share.textContent = percent(image.weight);
    this.button.setAttribute("aria-label", `${place + 1}: ${image.name}, ${percent(image.weight)}`);
    const key = JSON.stringify(boxes);
    if (key === this.#boxes) return;
    this.#boxes = key;
    this.boxes.replaceChildren(...boxes.map(({ color, box }) => boxElement(color, box)));
  }
}

/**
 * @param {string} color
 * @param {import("./messages.js").Box} box canvas units
 */
export function boxElement(color, [x, y, width, height]) {
  const element = h("span", { class: "ax-box" });
  element.style.left = `${x * 100}%`;
  element.style.top = `${y * 100}%`;
  element.style.width = `${width * 100}%`;
  element.style.height = `${height * 100}%`;
  element.style.setProperty("--box", color);
  return element;
}

/**
 * @param {RankedImage} image
 * @param {readonly Edit[]} edits
 * @param {string | null} marked the only edit of which to show the box
 * @returns {{color: string, box: import("./messages.js").Box}[]} the newest last
 */
function boxesOf(image, edits, marked) {
  return edits.flatMap((edit) => {
    const box = image.boxes[edit.id];
    return box && (!marked || edit.id === marked) ? [{ box, color: boxColor(edit) }] : [];
  });
}

/** @param {Edit | undefined} edit */
export function boxColor(edit) {
  if (edit?.kind === "mode") return MODE_INK;
  return edit?.kind === "color" ? css(edit.color) : SKETCH_BOX;
}

/**
 * Put the items in order with few moves; those that move may glide (the hand comes first: not while it paints).
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} wanted
 * @param {boolean} mayGlide
 */
function reorder(list, wanted, mayGlide) {
  const same = wanted.length === list.children.length && wanted.every((item, at) => item === list.children[at]);
  if (same) return;
  const glides = mayGlide && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = glides ? leftEdges(list) : new Map();
  const focused = document.activeElement;
  const keep = new Set(/** @type {Element[]} */ (wanted));
  for (const item of [...list.children]) if (!keep.has(item)) item.remove();
  wanted.forEach((item, at) => {
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
  });
  if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
  if (!glides) return;
  for (const item of wanted) {
    const left = before.get(item);
    if (left === undefined || left === item.offsetLeft) continue;
    item.animate([{ transform: `translateX(${left - item.offsetLeft}px)` }, { transform: "none" }], {
      duration: 160,
      easing: "ease-out",
    });
  }
}

/** @param {HTMLElement} list @returns {Map<Element, number>} */
function leftEdges(list) {
  return new Map([...list.children].map((item) => [item, /** @type {HTMLElement} */ (item).offsetLeft]));
}

/**
 * Keep the elements of a few hundred images that left the strip, so that they come back without a flicker.
 *
 * @param {Map<number, Thumb>} thumbs
 * @param {Set<number>} shown
 */
function forget(thumbs, shown) {
  for (const id of thumbs.keys()) {
    if (thumbs.size <= 300) return;
    if (!shown.has(id)) thumbs.delete(id);
  }
}

/**
 * @param {HTMLElement} list
 * @param {WheelEvent} event
 */
function scrollSideways(list, event) {
  if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
  if (list.scrollWidth <= list.clientWidth) return;
  event.preventDefault();
  list.scrollLeft += event.deltaY;
}
