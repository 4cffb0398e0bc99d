// @ts-check
/** The canvas: the average below, strokes and brush above, so that the hand never waits for the server. */

import { css, h } from "./dom.js";
import { squareOf } from "./examples.js";
import { isNewer } from "./frame.js";
import { isStroke } from "./messages.js";
import { nearest } from "./modes.js";
import { clear, drawBrush, drawCrosshair, drawSquare, drawStroke } from "./overlay.js";
import { aspectOf, clusterOf, editsOf, isBrush } from "./store.js";
import { toPoint } from "./stroke.js";
import { FIT, fromView } from "./zoom.js";

/** @typedef {import("./stroke.js").Point} Point */

export class Canvas {
  picture = h("canvas", { class: "ax-picture", "aria-hidden": "true" });
  overlay = h("canvas", {
    class: "ax-overlay",
    tabIndex: 0,
    role: "application",
    "aria-label": "The average. Arrow keys move the brush, Space starts and ends a stroke.",
  });
  frame = h("div", { class: "ax-frame" }, this.picture, this.overlay);
  element = h("div", { class: "ax-stage" }, this.frame);
  /** @type {Point | null} where the pointer hovers */
  pointer = null;
  /** @type {Point | null} where the keyboard's brush stands */
  cursor = null;
  /** which part of the canvas is looked at */
  view = FIT;
  /** @type {(context: CanvasRenderingContext2D, view: import("./zoom.js").View, ratio: number) => void} draws over the average, below everything else */
  drawTint = () => {};
  /** @type {() => void} another part is looked at */
  onLook = () => {};
  /** @type {(sheet: import("./overlay.js").Sheet) => void} draws over everything else */
  drawMore = () => {};
  stats = { frames: 0, live: 0, painted: /** @type {number[]} */ ([]) };
  #shown = { revision: -1, request: 0 };
  /** @type {ImageBitmap | null} */
  #bitmap = null;
  #dirty = 0;
  #scratch = contextOf(h("canvas"));
  #resting = contextOf(h("canvas"));
  #restingKey = "";
  #observer = new ResizeObserver(() => this.#fit());

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./paint.js").Painter} painter
   */
  constructor(store, painter) {
    this.store = store;
    this.painter = painter;
    this.#observer.observe(this.element);
    let aspect = 0;
    store.watch((state) => {
      if (aspect !== aspectOf(state)) {
        aspect = aspectOf(state);
        this.#fit();
      }
      this.redraw();
    });
  }

  /** A new room: whatever comes first is shown. */
  restart() {
    this.#shown = { revision: -1, request: 0 };
  }

  /**
   * Another cluster is looked at: its small picture stands in until its frame comes.
   *
   * @param {CanvasImageSource | null} picture
   */
  standIn(picture) {
    this.restart();
    if (picture) this.#drawPicture(picture);
  }

  /** @param {import("./zoom.js").View} view */
  look(view) {
    if (view === this.view) return;
    this.view = view;
    this.onLook();
    this.#paint();
    this.redraw();
  }

  /** Draw the average and what lies over it again. */
  repaint() {
    this.#paint();
  }

  /** @returns {ImageBitmap | null} the average as it came */
  get bitmap() {
    return this.#bitmap;
  }

  /**
   * @param {import("./frame.js").Frame} frame
   * @returns {Promise<ImageBitmap | null>} what is shown now, null if the frame was not for this canvas
   */
  async show(frame) {
    if (!isNewer(this.#shown, frame) || !this.#inFocus(frame.cluster)) return null;
    const bitmap = await createImageBitmap(new Blob([frame.picture], { type: frame.type }));
    if (!isNewer(this.#shown, frame) || !this.#inFocus(frame.cluster)) return null;
    this.#shown = { revision: frame.revision, request: frame.request };
    this.#bitmap?.close();
    this.#bitmap = bitmap;
    this.#paint();
    this.#count(frame);
    return bitmap;
  }

  /** Draw the overlay at the next display frame. */
  redraw() {
    this.#dirty ||= requestAnimationFrame(() => {
      this.#dirty = 0;
      this.#drawOverlay();
    });
  }

  /**
   * @param {PointerEvent | MouseEvent} event
   * @returns {Point}
   */
  pointAt(event) {
    const box = this.overlay.getBoundingClientRect();
    return toPoint(...fromView(this.view, [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]));
  }

  /**
   * @param {Point} point
   * @returns {import("./messages.js").Rgb} the average's color there
   */
  colorAt([x, y]) {
    const { width, height } = this.picture;
    const context = contextOf(this.picture);
    const [left, top] = [Math.min(width - 1, x * width), Math.min(height - 1, y * height)];
    const [red = 0, green = 0, blue = 0] = context.getImageData(left, top, 1, 1).data;
    return [red, green, blue];
  }

  close() {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#dirty);
  }

  /** @param {Point | null} cursor where the keyboard's brush stands; null: the pointer paints */
  useKeys(cursor) {
    this.cursor = cursor;
    this.frame.dataset["keys"] = String(cursor !== null);
    this.redraw();
  }

  /** @param {string} id of the frame's cluster */
  #inFocus(id) {
    return this.store.state.session === null || id === clusterOf(this.store.state)?.id;
  }

  /** As large as the stage allows, in the collection's exact shape. */
  #fit() {
    const aspect = aspectOf(this.store.state);
    const { clientWidth, clientHeight } = this.element;
    const width = Math.floor(Math.max(160, Math.min(clientWidth, clientHeight / aspect, 820)));
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.frame.style.width = `${width}px`;
    this.frame.style.height = `${Math.round(width * aspect)}px`;
    for (const canvas of [this.picture, this.overlay, this.#scratch.canvas, this.#resting.canvas]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(width * aspect * ratio);
    }
    this.#restingKey = "";
    this.#paint();
    this.#drawOverlay();
  }

  #paint() {
    if (!this.#bitmap) return;
    this.#drawPicture(this.#bitmap);
    this.drawTint(contextOf(this.picture), this.view, this.picture.width / (this.frame.clientWidth || this.picture.width));
  }

  /** @param {CanvasImageSource} image of the whole canvas */
  #drawPicture(image) {
    const context = contextOf(this.picture);
    const { width, height } = this.picture;
    const { scale, left, top } = this.view;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, -left * scale * width, -top * scale * height, scale * width, scale * height);
  }

  /** @param {import("./frame.js").Frame} frame */
  #count(frame) {
    const now = performance.now();
    this.stats.frames += 1;
    if (frame.kind === "live") this.stats.live += 1;
    this.stats.painted = [...this.stats.painted.filter((time) => now - time < 1000), now];
  }

  #drawOverlay() {
    const { width, height } = this.overlay;
    const ratio = width / (this.frame.clientWidth || width);
    const sheet = { context: contextOf(this.overlay), scratch: this.#scratch, width, height, ratio };
    const { live, resting } = this.#looks();
    const key = JSON.stringify([width, height, resting]);
    if (key !== this.#restingKey) {
      this.#restingKey = key;
      const below = { ...sheet, context: this.#resting };
      clear(below);
      for (const [edit, look] of resting) {
        if (edit.kind === "mode") drawSquare(below, squareOf(edit, height / width), look);
        else drawStroke(below, edit, look);
      }
    }
    clear(sheet);
    sheet.context.drawImage(this.#resting.canvas, 0, 0);
    for (const edit of live) drawStroke(sheet, edit, "live");
    this.#drawHand(sheet);
    this.drawMore(sheet);
  }

  /** Which strokes follow the hand, and how the others look; those are drawn once and kept. */
  #looks() {
    const { state } = this.store;
    const { changed, active } = this.painter;
    const known = editsOf(state).filter((edit) => edit.kind === "mode" || isStroke(edit));
    if (state.tool === "keypoints") return { live: [], resting: [] };
    const isErasing = active === "eraser";
    const live = [...changed.values()].filter((edit) => edit !== null);
    const others = known.filter((edit) => !changed.has(edit.id));
    const shown = isErasing ? [...others, ...live] : others;
    const resting = shown.flatMap((edit) => {
      const isMarked = edit.id === state.hovered || (edit.id === state.selected && !isBrush(state.tool));
      const look = isMarked ? "marked" : state.overlay && edit.enabled ? "quiet" : null;
      return look ? [/** @type {const} */ ([edit, look])] : [];
    });
    return { live: isErasing ? [] : live, resting };
  }

  /** @param {import("./overlay.js").Sheet} sheet */
  #drawHand(sheet) {
    const { tool, radius, color, picking, explore } = this.store.state;
    if (tool === "keypoints") return;
    if (tool === "explore" && explore.pinned) drawSquare(sheet, explore.pinned.box, "pinned");
    const focused = document.activeElement === this.overlay && this.cursor !== null;
    const at = focused ? this.cursor : this.pointer;
    if (at === null || picking) return;
    if (tool === "explore") drawSquare(sheet, this.#patchAt(at), "faint");
    else if (isBrush(tool)) drawBrush(sheet, at, radius[tool], tool === "color" ? css(color) : null);
    if (focused) drawCrosshair(sheet, at, this.painter.active !== null);
  }

  /**
   * @param {Point} point
   * @returns {import("./messages.js").Box} the explorer brush's patch around it
   */
  #patchAt([x, y]) {
    const { explore, collection } = this.store.state;
    const size = nearest(explore.size, explore.sizes);
    const [across, down] = [size / (collection?.width ?? size), size / (collection?.height ?? size)];
    return [x - across / 2, y - down / 2, across, down];
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2d canvas");
  return context;
}
