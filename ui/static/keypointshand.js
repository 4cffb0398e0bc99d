// @ts-check
/** The hand on the average while keypoints are placed: mouse, pen, fingers and keys become steps of the tool. */

import { closePopover } from "./dom.js";
import { nudged, pointUnder } from "./keypoints.js";
import { underEvent } from "./skeleton.js";
import { aspectOf } from "./store.js";
import { toPoint } from "./stroke.js";
import { pinch, showing } from "./zoom.js";

/** @typedef {import("./stroke.js").Point} Point */
/**
 * @typedef {{kind: "point", keypoint: string, from: Point, offset: Point, hasMoved: boolean}
 *   | {kind: "pan", x: number, y: number} | {kind: "pinch", places: readonly [Point, Point]}} Gesture
 */

/** How near, in CSS pixels, a press must be to a point to take it. */
const REACH = { mouse: 9, touch: 20 };
/** A point that was pressed does not follow the hand before it has moved so far, in CSS pixels. */
const SLACK = 3;
const FAR_PX = 10;
const WHEEL_RATE = 0.0022;

/**
 * It hears what happens on the canvas before the brushes do, and tells them nothing of it.
 *
 * @param {import("./keypointstool.js").KeypointTool} tool
 * @param {import("./keypointsguide.js").Guide} guide
 * @param {AbortSignal} signal ends all listeners
 */
export function listenToKeypointHand(tool, guide, signal) {
  const hand = new Hand(tool, guide);
  const { frame, overlay } = tool.canvas;
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
    frame.addEventListener(type, (event) => {
      if (!tool.isOn || event.target !== overlay) return;
      listener(event);
    }, { signal, passive: false, capture: true });
  const alone = (/** @type {(event: any) => void} */ listener) => (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    listener(event);
  };
  on("pointerdown", alone((event) => hand.down(event)));
  on("pointermove", alone((event) => hand.move(event)));
  on("pointerup", alone((event) => hand.up(event)));
  on("pointercancel", alone((event) => hand.cancel(event)));
  on("pointerleave", alone(() => hand.leave()));
  on("click", alone(() => {}));
  on("contextmenu", alone(() => {}));
  on("wheel", alone((event) => hand.wheel(event)));
  on("keydown", (event) => hand.keyDown(event));
  on("keyup", (event) => hand.keyUp(event));
  overlay.addEventListener("blur", () => tool.isOn && hand.blur(), { signal });
  addEventListener("pagehide", () => tool.flush(), { signal });
}

class Hand {
  /** @type {Map<number, Point>} places of the frame, by pointer */
  #pointers = new Map();
  /** @type {Gesture | null} */
  #gesture = null;
  /** @type {"up" | "down" | "used"} the Space bar; used: to move the picture */
  #space = "up";

  /**
   * @param {import("./keypointstool.js").KeypointTool} tool
   * @param {import("./keypointsguide.js").Guide} guide
   */
  constructor(tool, guide) {
    this.tool = tool;
    this.guide = guide;
    this.canvas = tool.canvas;
    this.overlay = tool.canvas.overlay;
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (closePopover()) return;
    this.overlay.focus({ preventScroll: true });
    this.canvas.useKeys(null);
    this.tool.isTouch = event.pointerType === "touch";
    this.#pointers.set(event.pointerId, this.#seen(event));
    this.overlay.setPointerCapture(event.pointerId);
    const [one, other] = this.#pointers.values();
    if (one && other) {
      this.tool.letGo();
      this.#gesture = { kind: "pinch", places: [one, other] };
    } else if (event.button === 1 || (event.button === 0 && this.#space !== "up")) {
      if (this.#space !== "up") this.#space = "used";
      this.#gesture = { kind: "pan", x: event.clientX, y: event.clientY };
    } else if (event.button === 0) {
      this.#press(event);
    }
    this.#mark();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { tool } = this;
    const from = this.#at(event);
    const known = this.#under(event);
    if (event.shiftKey && known !== null && tool.join(known)) return;
    const keypoint = known ?? tool.next;
    if (keypoint === null) {
      this.guide.refuse();
      return;
    }
    const at = tool.points.get(keypoint) ?? tool.drafts.get(keypoint) ?? from;
    const start = known === null ? from : at;
    this.#gesture = { kind: "point", keypoint, from: [event.clientX, event.clientY], offset: [start[0] - from[0], start[1] - from[1]], hasMoved: known === null };
    tool.hold(keypoint, start);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { tool, canvas } = this;
    const gesture = this.#gesture;
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, this.#seen(event));
    canvas.pointer = this.#at(event);
    if (!gesture) this.#hover(event);
    else if (gesture.kind === "pan") {
      const { clientWidth, clientHeight } = canvas.frame;
      tool.pan((event.clientX - gesture.x) / clientWidth, (event.clientY - gesture.y) / clientHeight);
      Object.assign(gesture, { x: event.clientX, y: event.clientY });
    } else if (gesture.kind === "pinch") {
      const [one, other] = this.#pointers.values();
      if (!one || !other) return;
      tool.look(pinch(canvas.view, gesture.places, [one, other], aspectOf(tool.store.state)));
      gesture.places = [one, other];
    } else {
      gesture.hasMoved ||= Math.hypot(event.clientX - gesture.from[0], event.clientY - gesture.from[1]) > SLACK;
      const [x, y] = canvas.pointer;
      if (gesture.hasMoved) tool.hold(gesture.keypoint, toPoint(x + gesture.offset[0], y + gesture.offset[1]));
    }
    this.guide.follow(tool.held?.at ?? canvas.pointer, event.pointerType);
    canvas.redraw();
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    const gesture = this.#gesture;
    if (gesture?.kind === "pinch" && this.#pointers.size > 0) return;
    this.#gesture = null;
    if (gesture?.kind === "point") this.#putDown(gesture);
    this.#mark();
    if (event.pointerType === "touch") this.leave();
  }

  /** @param {Extract<Gesture, {kind: "point"}>} gesture */
  #putDown({ keypoint, hasMoved }) {
    const { tool } = this;
    const isDraft = !tool.points.has(keypoint);
    if (hasMoved || isDraft) {
      tool.putDown();
      return;
    }
    tool.letGo();
    tool.choose(keypoint);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.#pointers.delete(event.pointerId);
    this.#gesture = null;
    this.tool.letGo();
    this.#mark();
  }

  leave() {
    this.canvas.pointer = null;
    this.tool.hovered = "";
    this.guide.follow(null);
    this.canvas.redraw();
  }

  blur() {
    this.#space = "up";
    this.tool.flush();
    this.#mark();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const lines = event.deltaMode === 1 ? 30 : 1;
    const rate = event.ctrlKey ? 4 * WHEEL_RATE : WHEEL_RATE;
    this.tool.zoom(Math.exp(-event.deltaY * lines * rate), this.#seen(event));
    this.canvas.pointer = this.#at(event);
    this.guide.follow(this.canvas.pointer);
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const { activeElement } = document;
    const isNeeded = activeElement?.matches("input, textarea, select, dialog *, [popover] *");
    if (event.pointerType === "mouse" && !isNeeded && activeElement !== this.overlay) this.overlay.focus({ preventScroll: true });
    if (this.canvas.cursor && (event.movementX !== 0 || event.movementY !== 0)) this.canvas.useKeys(null);
    this.tool.isTouch = event.pointerType === "touch";
    this.tool.hovered = this.#under(event) ?? "";
    this.#mark();
  }

  /** The shape of the pointer. */
  #mark() {
    const kind = this.#gesture?.kind === "pan" ? "pan" : this.#space !== "up" ? "space" : (this.#gesture?.kind ?? (this.tool.hovered ? "over" : ""));
    this.canvas.frame.dataset["hand"] = kind;
  }

  /** @param {PointerEvent} event @returns {string | null} the point under it */
  #under(event) {
    const { tool, canvas } = this;
    const reach = REACH[event.pointerType === "touch" ? "touch" : "mouse"] / (canvas.frame.clientWidth * canvas.view.scale);
    const all = [...tool.points, ...tool.drafts];
    return pointUnder(all, this.#at(event), reach, aspectOf(tool.store.state), tool.selected);
  }

  /** @param {MouseEvent} event @returns {Point} on the canvas */
  #at(event) {
    return toPoint(...underEvent(this.canvas.view, event, this.overlay));
  }

  /** @param {MouseEvent} event @returns {Point} place of the frame */
  #seen(event) {
    const box = this.overlay.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const isOurs = arrow !== undefined || event.key === " " || event.key === "Enter";
    const isEngaged = this.tool.selected !== "" || this.canvas.cursor !== null || this.canvas.pointer !== null;
    const hasWalked = event.key === "Tab" && isEngaged && this.tool.schema.keypoints.length > 0 && this.tool.walk(event.shiftKey ? -1 : 1);
    if (!isOurs && !hasWalked) return;
    event.preventDefault();
    event.stopPropagation();
    if (arrow) this.#arrow(arrow, event.shiftKey ? FAR_PX : 1);
    else if (event.key === " " && !event.repeat && this.#space === "up") this.#space = "down";
    else if (event.key === "Enter" && !event.repeat) this.#enter();
    if (hasWalked) this.#showChosen();
    this.#mark();
  }

  /** @param {KeyboardEvent} event */
  keyUp(event) {
    if (event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#space === "down") this.tool.skip();
    this.#space = "up";
    this.#mark();
    this.guide.follow(this.canvas.cursor ?? this.canvas.pointer);
  }

  /** @param {readonly [number, number]} arrow @param {number} pixels */
  #arrow([x, y], pixels) {
    const { tool, canvas } = this;
    const by = /** @type {const} */ ([x * pixels, y * pixels]);
    if (tool.nudge(by)) {
      this.guide.follow(tool.points.get(tool.selected) ?? null, "mouse", tool.selected);
      return;
    }
    const from = canvas.cursor ?? canvas.pointer ?? [0.5, 0.5];
    const at = nudged(from, by, tool.size);
    tool.look(showing(canvas.view, at));
    canvas.useKeys(at);
    this.guide.follow(at);
  }

  /** Place what is asked for under the keyboard's cursor, or a copied point where it is. */
  #enter() {
    const { tool, canvas } = this;
    const { next } = tool;
    if (tool.selected) tool.deselect();
    else if (next === null) this.guide.refuse();
    else {
      const at = canvas.cursor ?? tool.drafts.get(next) ?? canvas.pointer;
      if (!at) return;
      tool.place(next, at);
      tool.deselect();
    }
    if (!canvas.cursor && !canvas.pointer) canvas.useKeys([0.5, 0.5]);
    this.guide.follow(canvas.cursor ?? canvas.pointer);
  }

  #showChosen() {
    const { tool } = this;
    this.guide.follow(tool.points.get(tool.selected) ?? this.canvas.cursor ?? this.canvas.pointer, "mouse", tool.selected);
  }
}

/** @type {Record<string, readonly [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
