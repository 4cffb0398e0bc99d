// @ts-check
/** Draws keypoints over a picture: edges, points, what is to be placed, a magnifier. Only drawing, no state. */

import { colorOfKeypoint } from "./schema.js";
import { fromView, toView } from "./zoom.js";

/** @typedef {import("./overlay.js").Sheet} Sheet */
/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./zoom.js").View} View */
/** @typedef {{selected?: string, hovered?: string, held?: string}} Marked ids of points that stand out */

const DARK = "rgb(16 16 20 / 85%)";
const LIGHT = "rgb(255 255 255)";
/** Sizes in CSS pixels: they do not grow with the zoom, so that the picture under them is seen. */
const RADIUS = 3.6;
const EDGE = 1.6;
const LENS = 66;
/** How much larger than the whole canvas in its frame, at least. */
const LENS_SCALE = 3;

/**
 * @param {Sheet} sheet
 * @param {View} view
 * @param {Schema} schema
 * @param {ReadonlyMap<string, Point>} points canvas units
 * @param {Marked} marked
 */
export function drawSkeleton(sheet, view, schema, points, marked) {
  drawEdges(sheet, view, schema, points, 0.85);
  const last = [marked.hovered, marked.selected, marked.held];
  const order = [...points].sort(([one], [other]) => last.indexOf(one) - last.indexOf(other));
  for (const [id, at] of order) {
    const isMarked = id === marked.selected || id === marked.held;
    drawPoint(sheet, toView(view, at), colorOfKeypoint(schema, id), isMarked ? 2 : id === marked.hovered ? 1 : 0, id === marked.held);
  }
}

/**
 * Points that start from another average: hollow, until they have their place here.
 *
 * @param {Sheet} sheet
 * @param {View} view
 * @param {Schema} schema
 * @param {ReadonlyMap<string, Point>} drafts
 * @param {string} next id of the one that is asked for
 */
export function drawDrafts(sheet, view, schema, drafts, next) {
  const { context, width, height, ratio } = sheet;
  drawEdges(sheet, view, schema, drafts, 0.35);
  for (const [id, at] of drafts) {
    const [x, y] = toView(view, at);
    const color = colorOfKeypoint(schema, id);
    ring(context, [x * width, y * height], (id === next ? 6 : 4) * ratio, DARK, 3.4 * ratio, 0.7);
    ring(context, [x * width, y * height], (id === next ? 6 : 4) * ratio, color, 1.8 * ratio, 1);
  }
}

/**
 * @param {Sheet} sheet
 * @param {View} view
 * @param {Schema} schema
 * @param {ReadonlyMap<string, Point>} points
 * @param {number} alpha
 */
function drawEdges({ context, width, height, ratio }, view, schema, points, alpha) {
  context.lineCap = "round";
  for (const [from, to] of schema.edges) {
    const ends = [points.get(from), points.get(to)].flatMap((end) => (end ? [toView(view, end)] : []));
    const [one, other] = ends;
    if (!one || !other) continue;
    for (const [color, thick] of /** @type {const} */ ([[DARK, EDGE + 1.6], [colorOfKeypoint(schema, to), EDGE]])) {
      context.globalAlpha = color === DARK ? 0.45 * alpha : alpha;
      context.strokeStyle = color;
      context.lineWidth = thick * ratio;
      context.beginPath();
      context.moveTo(one[0] * width, one[1] * height);
      context.lineTo(other[0] * width, other[1] * height);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/**
 * @param {Sheet} sheet
 * @param {Point} seen place of the frame
 * @param {string} color
 * @param {0 | 1 | 2} size
 * @param {boolean} isOpen whether its middle is left free, as while it is dragged
 */
function drawPoint({ context, width, height, ratio }, [x, y], color, size, isOpen) {
  const at = /** @type {Point} */ ([x * width, y * height]);
  const radius = (RADIUS + 1.6 * size) * ratio;
  ring(context, at, radius + 1.2 * ratio, DARK, 1.6 * ratio, 0.8);
  if (!isOpen) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(...at, radius, 0, 2 * Math.PI);
    context.fill();
  }
  ring(context, at, radius, size === 2 ? LIGHT : "rgb(255 255 255 / 75%)", (size === 2 ? 2.2 : 1.1) * ratio, 1);
  if (!isOpen) return;
  context.fillStyle = color;
  context.fillRect(at[0] - ratio, at[1] - ratio, 2 * ratio, 2 * ratio);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} at
 * @param {number} radius
 * @param {string} color
 * @param {number} thick
 * @param {number} alpha
 */
function ring(context, at, radius, color, thick, alpha) {
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = thick;
  context.beginPath();
  context.arc(...at, radius, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * The cross where a press would place the next point.
 *
 * @param {Sheet} sheet
 * @param {View} view
 * @param {Point} at canvas units
 * @param {string} color
 * @param {boolean} isStrong for the keyboard's cursor
 */
export function drawAim({ context, width, height, ratio }, view, at, color, isStrong) {
  const [x, y] = toView(view, at);
  const middle = /** @type {Point} */ ([x * width, y * height]);
  drawCross(context, middle, ratio, isStrong ? 1.5 : 1);
  context.fillStyle = color;
  context.fillRect(middle[0] - 1.5 * ratio, middle[1] - 1.5 * ratio, 3 * ratio, 3 * ratio);
}

/**
 * Four arms around a free middle, light with a dark outline.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} at
 * @param {number} ratio
 * @param {number} size
 */
function drawCross(context, [x, y], ratio, size) {
  context.lineCap = "butt";
  for (const [thick, ink, beyond] of /** @type {const} */ ([[3.2, DARK, 1], [1.4, LIGHT, 0]])) {
    context.strokeStyle = ink;
    context.lineWidth = size * thick * ratio;
    context.beginPath();
    for (const [dx, dy] of /** @type {const} */ ([[1, 0], [-1, 0], [0, 1], [0, -1]])) {
      const [gap, arm] = [(4 - beyond) * ratio, (10 * size + beyond) * ratio];
      context.moveTo(x + dx * gap, y + dy * gap);
      context.lineTo(x + dx * arm, y + dy * arm);
    }
    context.stroke();
  }
}

/**
 * What is under the hand, larger, in a corner where the hand is not.
 *
 * @param {Sheet} sheet
 * @param {View} view
 * @param {CanvasImageSource & {width: number, height: number}} picture of the whole canvas
 * @param {Point} at canvas units
 * @param {string} color
 */
export function drawLens({ context, width, height, ratio }, view, picture, at, color) {
  const [x, y] = toView(view, at);
  const radius = Math.min(LENS * ratio, width / 4);
  const isNear = x < 0.5 && y < 0.5;
  const middle = /** @type {Point} */ ([isNear ? width - radius - 8 * ratio : radius + 8 * ratio, radius + 8 * ratio]);
  const scale = Math.max(LENS_SCALE, 1.6 * view.scale);
  context.save();
  context.beginPath();
  context.arc(...middle, radius, 0, 2 * Math.PI);
  context.fillStyle = DARK;
  context.fill();
  context.clip();
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, middle[0] - at[0] * scale * width, middle[1] - at[1] * scale * height, scale * width, scale * height);
  drawCross(context, middle, ratio, 1);
  context.fillStyle = color;
  context.fillRect(middle[0] - 1.5 * ratio, middle[1] - 1.5 * ratio, 3 * ratio, 3 * ratio);
  context.restore();
  ring(context, middle, radius, DARK, 4 * ratio, 0.6);
  ring(context, middle, radius, LIGHT, 2 * ratio, 1);
}

/**
 * A schema as a small drawing, with one point standing out.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Schema} schema
 * @param {ReadonlyMap<string, Point>} places in a unit square
 * @param {{next?: string, done?: ReadonlySet<string> | undefined, ink: string}} how `done`: the points that are placed; all if left out
 */
export function drawDiagram(canvas, schema, places, { next = "", done, ink }) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { width, height } = canvas;
  const ratio = width / 104;
  const at = (/** @type {string} */ id) => {
    const [x = 0.5, y = 0.5] = places.get(id) ?? [];
    return /** @type {Point} */ ([(0.06 + 0.88 * x) * width, (0.04 + 0.9 * y) * height]);
  };
  context.clearRect(0, 0, width, height);
  context.strokeStyle = ink;
  context.globalAlpha = 0.3;
  context.lineWidth = ratio;
  context.beginPath();
  for (const [one, other] of schema.edges.filter((edge) => edge.every((end) => places.has(end)))) {
    context.moveTo(...at(one));
    context.lineTo(...at(other));
  }
  context.stroke();
  for (const { id } of schema.keypoints.filter((keypoint) => places.has(keypoint.id) && keypoint.id !== next)) {
    const isDone = done?.has(id) ?? true;
    context.globalAlpha = isDone ? 1 : 0.4;
    context.fillStyle = isDone ? colorOfKeypoint(schema, id) : ink;
    context.beginPath();
    context.arc(...at(id), (isDone ? 2 : 1.5) * ratio, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  if (!places.has(next)) return;
  context.fillStyle = colorOfKeypoint(schema, next);
  context.beginPath();
  context.arc(...at(next), 3.4 * ratio, 0, 2 * Math.PI);
  context.fill();
  ring(context, at(next), 6.2 * ratio, ink, 1.4 * ratio, 1);
}

/**
 * @param {View} view
 * @param {MouseEvent} event
 * @param {HTMLElement} frame
 * @returns {Point} canvas units, perhaps outside the canvas
 */
export function underEvent(view, event, frame) {
  const box = frame.getBoundingClientRect();
  return fromView(view, [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
}
