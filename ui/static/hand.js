// @ts-check
/** The hand on the canvas: pointer, wheel and keys become the painter's points. */

import { closePopover } from "./dom.js";
import { toPoint } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */

/** One cell of the engine's grid is 8 pixels; an arrow key moves by half of it, with Shift by two. */
const STEP_PX = 4;
const LEAST_RADIUS = 0.006;
const MOST_RADIUS = 0.3;

/**
 * @typedef {object} Actions
 * @property {(event: MouseEvent, point: Point) => void} openColors
 * @property {(point: Point) => void} pickColor
 * @property {(text: string) => void} announce
 */

/**
 * @param {import("./canvas.js").Canvas} canvas
 * @param {Actions} actions
 * @param {AbortSignal} signal ends all listeners
 */
export function listenToHand(canvas, actions, signal) {
  const { overlay, painter, store } = canvas;
  /** @type {number | null} */
  let pointerId = null;
  let isTabbing = false;
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
    overlay.addEventListener(type, listener, { signal, passive: false });

  on("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || pointerId !== null) return;
    event.preventDefault();
    if (closePopover()) return;
    overlay.focus({ preventScroll: true });
    canvas.useKeys(null);
    const point = canvas.pointAt(event);
    if (store.state.picking || event.altKey) {
      actions.pickColor(point);
      return;
    }
    pointerId = event.pointerId;
    overlay.setPointerCapture(event.pointerId);
    painter.begin(point, { shift: event.shiftKey });
    canvas.redraw();
  });
  on("pointermove", (/** @type {PointerEvent} */ event) => {
    canvas.pointer = canvas.pointAt(event);
    if (event.pointerId === pointerId) {
      const samples = event.getCoalescedEvents?.() ?? [];
      painter.extend((samples.length > 0 ? samples : [event]).map((sample) => canvas.pointAt(sample)));
    }
    canvas.redraw();
  });
  on("pointerup", (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    painter.end();
    canvas.redraw();
  });
  on("pointercancel", (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    painter.cancel();
    canvas.redraw();
  });
  on("pointerleave", () => {
    canvas.pointer = null;
    canvas.redraw();
  });
  on("wheel", (/** @type {WheelEvent} */ event) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    resizeBrush(store, Math.exp(-Math.sign(event.deltaY) * 0.1));
  });
  on("contextmenu", (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    actions.openColors(event, canvas.pointAt(event));
  });
  on("keydown", (/** @type {KeyboardEvent} */ event) => onKey(canvas, actions, event));
  on("blur", () => {
    if (pointerId === null && painter.active !== null) painter.cancel();
    canvas.useKeys(null);
  });
  on("focus", () => {
    if (isTabbing) canvas.useKeys([0.5, 0.5]);
  });
  const noteTab = (/** @type {KeyboardEvent} */ event) => (isTabbing = event.key === "Tab");
  document.addEventListener("keydown", noteTab, { signal, capture: true });
  document.addEventListener("pointerdown", () => (isTabbing = false), { signal, capture: true });
}

/**
 * @param {import("./store.js").Store} store
 * @param {number} factor
 */
export function resizeBrush(store, factor) {
  const { tool, radius } = store.state;
  if (tool === "select") return;
  const wanted = Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, radius[tool] * factor));
  store.update({ radius: { ...radius, [tool]: wanted } });
}

/**
 * Arrows move the brush; Space or Enter puts it down and lifts it; Escape gives up.
 *
 * @param {import("./canvas.js").Canvas} canvas
 * @param {Actions} actions
 * @param {KeyboardEvent} event
 */
function onKey(canvas, actions, event) {
  const { painter, store } = canvas;
  const arrow = arrowOf(event.key);
  if (event.ctrlKey || event.metaKey || (!arrow && !["Enter", " "].includes(event.key))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!canvas.cursor) canvas.useKeys(canvas.pointer ?? [0.5, 0.5]);
  if (!canvas.cursor) return;
  if (arrow) {
    const { width = 200, height = 200 } = store.state.collection ?? {};
    const step = STEP_PX * (event.shiftKey ? 4 : 1);
    const [x, y] = canvas.cursor;
    canvas.cursor = toPoint(x + (arrow[0] * step) / width, y + (arrow[1] * step) / height);
    painter.extend([canvas.cursor]);
  } else if (event.repeat) {
    return;
  } else if (painter.active !== null) {
    painter.end();
    actions.announce("Stroke ended");
  } else if (store.state.picking) {
    actions.pickColor(canvas.cursor);
  } else {
    painter.begin(canvas.cursor, { shift: event.shiftKey });
    actions.announce("Brush down: arrows draw, Space ends the stroke, Escape gives up");
  }
  canvas.redraw();
}

/**
 * @param {string} key
 * @returns {readonly [number, number] | undefined}
 */
function arrowOf(key) {
  const arrows = /** @type {Record<string, readonly [number, number]>} */ ({
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  });
  return arrows[key];
}
