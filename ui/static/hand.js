// @ts-check
/** The hand on the canvas: pointer, wheel and keys become the painter's points. */

import { closePopover } from "./dom.js";
import { resize } from "./modes.js";
import { walkBy } from "./modestrip.js";
import { isBrush } from "./store.js";
import { toPoint } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */

/** One cell of the engine's grid is 8 pixels; an arrow key moves by half of it, with Shift by two. */
const STEP_PX = 4;
const LEAST_RADIUS = 0.006;
const MOST_RADIUS = 0.3;
/** The wheel goes to the next patch size after so many pixels; a notch is about a hundred. */
const WHEEL_STEP_PX = 60;

/**
 * @typedef {object} Actions
 * @property {(event: MouseEvent, point: Point) => void} openColors
 * @property {import("./explore.js").ExplorerBrush} explorer
 * @property {(point: Point) => void} pickColor
 * @property {(point: Point) => void} comment
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
  let isClosing = false;
  let wheeled = 0;
  const { explorer } = actions;
  let lastMove = "";
  /** The keys go where the explorer brush is, unless something else needs them. */
  const followPointer = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const move = `${clientX} ${clientY}`;
    if (move === lastMove) return;
    lastMove = move;
    const { activeElement } = document;
    isTabbing = false;
    const isNeeded = activeElement?.matches("input, textarea, select, dialog *, [popover] *");
    if (!isNeeded && activeElement !== overlay) overlay.focus({ preventScroll: true });
    if (canvas.cursor) canvas.useKeys(null);
  };
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
    overlay.addEventListener(type, listener, { signal, passive: false });

  on("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || pointerId !== null) return;
    event.preventDefault();
    isClosing = closePopover();
    if (isClosing) return;
    overlay.focus({ preventScroll: true });
    canvas.useKeys(null);
    const point = canvas.pointAt(event);
    if (store.state.picking || event.altKey) {
      actions.pickColor(point);
      return;
    }
    if (explorer.isOn) {
      explorer.press(point, event.pointerType === "touch");
      return;
    }
    if (store.state.tool === "comment") return; // the click pins it: what opens is not closed by the press
    pointerId = event.pointerId;
    overlay.setPointerCapture(event.pointerId);
    painter.begin(point, { shift: event.shiftKey });
    canvas.redraw();
  });
  on("pointermove", (/** @type {PointerEvent} */ event) => {
    canvas.pointer = canvas.pointAt(event);
    if (explorer.isOn && pointerId === null) {
      followPointer(event);
      explorer.hover(canvas.pointer, event);
    }
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
  on("click", (/** @type {MouseEvent} */ event) => {
    if (explorer.isOn) explorer.click(canvas.pointAt(event), event.shiftKey);
    if (store.state.tool === "comment" && !isClosing) actions.comment(canvas.pointAt(event));
  });
  on("pointerleave", (/** @type {PointerEvent} */ event) => {
    canvas.pointer = null;
    explorer.leave(event.timeStamp);
    canvas.redraw();
  });
  on("wheel", (/** @type {WheelEvent} */ event) => {
    if (event.ctrlKey) return;
    event.preventDefault();
    if (!explorer.isOn) {
      resizeBrush(store, Math.exp(-Math.sign(event.deltaY) * 0.1));
      return;
    }
    wheeled = Math.sign(wheeled) === Math.sign(event.deltaY) ? wheeled + event.deltaY : event.deltaY;
    if (Math.abs(wheeled) < WHEEL_STEP_PX) return;
    resizeBrush(store, wheeled < 0 ? 2 : 0.5);
    wheeled = 0;
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
    if (!isTabbing) return;
    canvas.useKeys((explorer.isOn ? explorer.point : null) ?? [0.5, 0.5]);
    if (explorer.isOn && canvas.cursor) explorer.lookAt(canvas.cursor);
  });
  const noteTab = (/** @type {KeyboardEvent} */ event) => (isTabbing = event.key === "Tab");
  document.addEventListener("keydown", noteTab, { signal, capture: true });
  document.addEventListener("pointerdown", () => (isTabbing = false), { signal, capture: true });
}

/**
 * @param {import("./store.js").Store} store
 * @param {number} factor the patch of the explorer brush goes to its next size, whatever the factor
 */
export function resizeBrush(store, factor) {
  const { tool, radius, explore } = store.state;
  if (tool === "explore") store.update({ explore: resize(explore, factor > 1 ? 1 : -1) });
  if (!isBrush(tool)) return;
  const wanted = Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, radius[tool] * factor));
  store.update({ radius: { ...radius, [tool]: wanted } });
}

/**
 * Arrows move the brush; Space or Enter puts it down and lifts it; Escape gives up. The explorer brush looks
 * where it is moved, and Enter commits; while the pointer leads it, arrows and Tab walk the modes.
 *
 * @param {import("./canvas.js").Canvas} canvas
 * @param {Actions} actions
 * @param {KeyboardEvent} event
 */
function onKey(canvas, actions, event) {
  const { painter, store } = canvas;
  const { explorer } = actions;
  if (explorer.isOn && !canvas.cursor && explorer.hasModes && walkOrUse(explorer, event)) return;
  const arrow = arrowOf(event.key);
  if (event.ctrlKey || event.metaKey || (!arrow && !["Enter", " "].includes(event.key))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!canvas.cursor) canvas.useKeys(canvas.pointer ?? (explorer.isOn ? explorer.point : null) ?? [0.5, 0.5]);
  if (!canvas.cursor) return;
  if (arrow) {
    const { width = 200, height = 200 } = store.state.collection ?? {};
    const step = STEP_PX * (event.shiftKey ? 4 : 1);
    const [x, y] = canvas.cursor;
    canvas.cursor = toPoint(x + (arrow[0] * step) / width, y + (arrow[1] * step) / height);
    if (explorer.isOn) explorer.lookAt(canvas.cursor);
    else painter.extend([canvas.cursor]);
  } else if (event.repeat) {
    return;
  } else if (painter.active !== null) {
    painter.end();
    actions.announce("Stroke ended");
  } else if (store.state.picking) {
    actions.pickColor(canvas.cursor);
  } else if (explorer.isOn) {
    explorer.use(canvas.cursor, event.shiftKey);
  } else if (store.state.tool === "comment") {
    actions.comment(canvas.cursor);
  } else {
    painter.begin(canvas.cursor, { shift: event.shiftKey });
    actions.announce("Brush down: arrows draw, Space ends the stroke, Escape gives up");
  }
  canvas.redraw();
}

/**
 * The keys while the pointer leads the explorer brush: arrows to the side and Tab walk, Enter commits, with Shift in a new cluster.
 *
 * @param {import("./explore.js").ExplorerBrush} explorer
 * @param {KeyboardEvent} event
 * @returns {boolean} whether it was one of them
 */
function walkOrUse(explorer, event) {
  const isUse = event.key === "Enter" && !event.ctrlKey && !event.metaKey;
  if (isUse) {
    event.preventDefault();
    if (!event.repeat) explorer.commit(event.shiftKey);
  } else {
    walkBy(explorer, event);
  }
  return event.defaultPrevented;
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
