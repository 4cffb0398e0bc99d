// @ts-check
/** One photograph at its own pixels, with its points: looked at, dragged, nudged. */

import { h } from "./dom.js";
import { PointInk } from "./reviewink.js";
import { movesOf } from "./reviewrules.js";
import { inside, fitted, nearestId, panned, toImage, toStage, zoomed } from "./reviewview.js";

/** @typedef {import("./reviewview.js").Spot} Spot */

const REACH = 16;
/** Pixels of the photograph; what would move less is not worth an arrow. */
const MOVED = 1;
/** A press that moves less than this is a click, not a drag. */
const SLACK = 3;
/** Nudges that follow each other faster are one correction. */
const NUDGE_MS = 450;
const WHEEL = 1.0015;
const PIXELATED_FROM = 4;

export class ReviewStage {
  #picture = h("img", { class: "ax-review-picture", alt: "", draggable: false });
  #tip = h("div", { class: "ax-review-tip", hidden: true });
  #legend = h("div", { class: "ax-review-legend", hidden: true });
  #wait = h("p", { class: "ax-empty ax-review-wait", role: "status" });
  element = h("div", { class: "ax-review-stage", tabIndex: 0, role: "group", "aria-roledescription": "photograph with keypoints" });
  #ink = new PointInk();
  /** @type {import("./reviewview.js").View} */
  #view = { scale: 1, x: 0, y: 0 };
  #isFitted = true;
  #shown = "";
  /** @type {{pointer: number, from: Spot, last: Spot, id: string | null, at: Spot | null, isMoved: boolean} | null} */
  #drag = null;
  /** @type {Map<number, Spot>} fingers on the stage, by pointer */
  #fingers = new Map();
  /** @type {{keypoint: string, at: Spot, timer: ReturnType<typeof setTimeout>} | null} */
  #nudge = null;

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
    this.element.append(this.#picture, this.#ink.element, this.#tip, this.#legend, this.#wait);
    this.#picture.onload = () => this.#picture.classList.add("ax-loaded");
    this.#picture.onerror = () => this.#showSmaller();
    this.#listen();
    new ResizeObserver(() => this.draw()).observe(this.element);
    model.watch(() => this.draw());
  }

  /** @returns {{width: number, height: number}} */
  get #size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** What is dragged or nudged is shown where the hand has it, whatever else changes meanwhile. */
  #held() {
    if (this.#drag?.id && this.#drag.at && this.#drag.isMoved) return { id: this.#drag.id, at: this.#drag.at };
    return this.#nudge ? { id: this.#nudge.keypoint, at: this.#nudge.at } : null;
  }

  draw() {
    const { image, selected, hovered, beside, colors, apart } = this.model.state;
    this.#showPicture();
    this.#ink.element.toggleAttribute("hidden", !image);
    if (!image) this.#tip.hidden = true;
    if (!image || this.#size.width === 0) return;
    if (this.#isFitted && !this.#drag) this.#view = fitted(image, this.#size);
    const { scale, x, y } = this.#view;
    Object.assign(this.#picture.style, { width: `${scale * image.width}px`, height: `${scale * image.height}px`, transform: `translate(${x}px, ${y}px)` });
    this.#picture.classList.toggle("ax-pixelated", scale >= PIXELATED_FROM);
    const held = this.#held();
    const points = this.model.points.map((point) => (held && point.keypoint.id === held.id ? { ...point, at: held.at, source: /** @type {const} */ ("hand"), confidence: 1 } : point));
    this.#ink.draw({
      points, schema: this.model.schema, view: this.#view, selected, hovered, beside, colors, apart,
      moves: this.model.propagation.changeOf(image.id) ? movesOf(points, MOVED) : [],
    });
    this.#showTip(points);
    this.#showLegend();
    this.element.dataset["scale"] = scale.toFixed(3);
    this.element.style.cursor = this.#drag?.isMoved ? (this.#drag.id ? "none" : "grabbing") : hovered && this.model.claims.mayClaim ? "grab" : "crosshair";
  }

  #showPicture() {
    const { image, id, wrong, isListed } = this.model.state;
    const src = image ? this.model.room.imageUrl(image.id, "original") : "";
    this.#wait.textContent = image ? "" : id !== null ? (wrong ? "The image could not be loaded" : "Loading …") : isListed ? noneWords(this.model.state.queue) : "";
    this.element.setAttribute("aria-label", image ? image.name : "No image");
    if (src === this.#shown) return;
    this.#shown = src;
    this.#isFitted = true;
    this.#picture.classList.remove("ax-loaded");
    if (src) this.#picture.src = src;
    else this.#picture.removeAttribute("src");
  }

  /** The photograph may be gone; what the collection keeps of it is smaller. */
  #showSmaller() {
    const { image } = this.model.state;
    const smaller = image ? this.model.room.imageUrl(image.id, "full") : "";
    if (smaller && this.#picture.src !== smaller) this.#picture.src = smaller;
  }

  /** @param {readonly import("./reviewrules.js").Shown[]} points */
  #showTip(points) {
    const { hovered, selected } = this.model.state;
    const point = points.find(({ keypoint }) => keypoint.id === (hovered ?? selected));
    this.#tip.hidden = !point?.at;
    if (!point?.at) return;
    const [x, y] = toStage(this.#view, point.at);
    const isRight = x > this.#size.width - 150;
    this.#tip.textContent = point.keypoint.name;
    this.#tip.style.transform = `translate(${x}px, ${y}px) translate(${isRight ? "calc(-100% - 12px)" : "12px"}, -50%)`;
  }

  /** Whose points are compared. */
  #showLegend() {
    const { apart, people } = this.model.state;
    this.#legend.hidden = apart.length === 0;
    const names = people.map((author, at) => h("span", { class: `ax-person-${at === 0 ? "a" : "b"}` }, h("i", { class: "ax-person-dot" }), this.model.nameOf(author)));
    this.#legend.replaceChildren(...names);
  }

  fit() {
    this.#isFitted = true;
    this.draw();
  }

  /** @param {number} factor @param {Spot} [at] of the stage, its middle if none is given */
  zoom(factor, at = [this.#size.width / 2, this.#size.height / 2]) {
    const { image } = this.model.state;
    if (!image) return;
    this.#isFitted = false;
    this.#view = zoomed(this.#view, at, factor, image, this.#size);
    this.draw();
  }

  /** @param {number} dx pixels of the photograph @param {number} dy */
  nudge(dx, dy) {
    const { selected, image } = this.model.state;
    const point = this.model.point(selected);
    if (!point || !image) return;
    if (!this.model.claims.mayClaim) {
      this.model.room.onDenied();
      return;
    }
    const from = this.#nudge?.keypoint === point.keypoint.id ? this.#nudge.at : point.at;
    if (!from) return;
    if (this.#nudge?.keypoint !== point.keypoint.id) this.settle();
    clearTimeout(this.#nudge?.timer);
    const at = inside([from[0] + dx, from[1] + dy], image);
    this.#nudge = { keypoint: point.keypoint.id, at, timer: setTimeout(() => this.settle(), NUDGE_MS) };
    this.draw();
  }

  /** Write down what was nudged: soon after the last key, and before anything else happens. */
  settle() {
    const nudge = this.#nudge;
    if (!nudge) return;
    clearTimeout(nudge.timer);
    this.#nudge = null;
    const state = this.model.point(nudge.keypoint)?.state ?? "visible";
    this.model.put(nudge.keypoint, { x: nudge.at[0], y: nudge.at[1], state });
  }

  /** @returns {boolean} whether a drag was given up */
  giveUp() {
    const was = this.#drag !== null;
    this.#drag = null;
    if (was) this.draw();
    return was;
  }

  /** @param {MouseEvent} event @returns {Spot} */
  #spot(event) {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {Spot} spot @param {string} kind of pointer */
  #under(spot, kind = "mouse") {
    const points = this.model.points.flatMap(({ keypoint, at }) => (at ? [{ id: keypoint.id, at: toStage(this.#view, at) }] : []));
    return nearestId(points, spot, kind === "touch" ? 2 * REACH : REACH, this.model.state.selected);
  }

  #listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.#press(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#lift(event));
    element.addEventListener("pointercancel", (event) => {
      this.#fingers.delete(event.pointerId);
      this.giveUp();
    });
    element.addEventListener("pointerleave", () => !this.#drag && this.model.update({ hovered: null }));
    element.addEventListener("dblclick", (event) => !this.#under(this.#spot(event)) && this.fit());
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      const delta = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      this.zoom(WHEEL ** -delta, this.#spot(event));
    }, { passive: false });
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { image } = this.model.state;
    if (!image || event.button > 1) return;
    this.settle();
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    const from = this.#spot(event);
    if (event.pointerType === "touch") this.#fingers.set(event.pointerId, from);
    if (this.#fingers.size > 1) {
      this.giveUp();
      return;
    }
    const id = event.button === 0 ? this.#under(from, event.pointerType) : null;
    const at = this.model.point(id)?.at ?? null;
    this.#drag = { pointer: event.pointerId, from, last: from, id, at, isMoved: false };
    if (id) this.model.update({ selected: id });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { image, hovered } = this.model.state;
    const spot = this.#spot(event);
    const drag = this.#drag;
    if (!image) return;
    if (this.#fingers.size > 1) {
      this.#pinch(event.pointerId, spot);
      return;
    }
    if (!drag || drag.pointer !== event.pointerId) {
      const under = this.#under(spot);
      if (under !== hovered) this.model.update({ hovered: under });
      return;
    }
    drag.isMoved ||= Math.hypot(spot[0] - drag.from[0], spot[1] - drag.from[1]) > SLACK;
    if (!drag.isMoved) return;
    if (drag.at && !this.model.claims.mayClaim) {
      this.model.room.onDenied();
      drag.at = null; // moves the picture, as a press beside all points does
    }
    const by = /** @type {const} */ ([spot[0] - drag.last[0], spot[1] - drag.last[1]]);
    if (drag.at) drag.at = inside([drag.at[0] + by[0] / this.#view.scale, drag.at[1] + by[1] / this.#view.scale], image);
    else {
      this.#isFitted = false;
      this.#view = panned(this.#view, by, image, this.#size);
    }
    drag.last = spot;
    this.draw();
  }

  /** What is under two fingers stays under them. @param {number} pointer @param {Spot} to */
  #pinch(pointer, to) {
    const { image } = this.model.state;
    const from = this.#fingers.get(pointer);
    const other = [...this.#fingers].find(([id]) => id !== pointer)?.[1];
    if (!image || !from || !other) return;
    this.#fingers.set(pointer, to);
    const apart = (/** @type {Spot} */ [x, y]) => Math.max(1, Math.hypot(x - other[0], y - other[1]));
    this.#view = panned(this.#view, [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2], image, this.#size);
    this.zoom(apart(to) / apart(from), [(to[0] + other[0]) / 2, (to[1] + other[1]) / 2]);
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    this.#fingers.delete(event.pointerId);
    const drag = this.#drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    this.#drag = null;
    if (drag.isMoved && drag.id && drag.at) this.#drop(drag.id, drag.at);
    else if (!drag.isMoved && !drag.id) this.#click(drag.from);
    else this.draw();
  }

  /** @param {string} id @param {Spot} at */
  #drop(id, at) {
    const state = this.model.point(id)?.state ?? "visible";
    this.model.put(id, { x: at[0], y: at[1], state });
  }

  /** A press beside all points puts the selected one there if it has no place yet; else it lets go. @param {Spot} spot */
  #click(spot) {
    const { image, selected } = this.model.state;
    const point = this.model.point(selected);
    const at = toImage(this.#view, spot);
    const isOn = image && inside(at, image).every((value, axis) => Math.abs(value - (at[axis] ?? 0)) < 1);
    if (image && point && !point.at && isOn) {
      const [x, y] = inside(at, image);
      this.model.put(point.keypoint.id, { x, y, state: "visible" });
    } else this.model.update({ selected: null });
  }

  /** @returns {Spot} the middle of what is seen, in pixels of the photograph */
  middle() {
    const { image } = this.model.state;
    const at = toImage(this.#view, [this.#size.width / 2, this.#size.height / 2]);
    return image ? inside(at, image) : at;
  }
}

/** @param {readonly unknown[]} queue every image that has points */
function noneWords(queue) {
  return queue.length === 0 ? "Images come here once points were propagated to them" : "No image to look at: choose other ones at the left";
}
