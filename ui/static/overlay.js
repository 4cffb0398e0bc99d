// @ts-check
/** Draws over the average: strokes, the brush, the keyboard's cursor. Only drawing, no state. */

import { css } from "./dom.js";

/** @typedef {import("./messages.js").Stroke} Stroke */
/** @typedef {import("./stroke.js").Path} Path */
/** @typedef {{context: CanvasRenderingContext2D, scratch: CanvasRenderingContext2D, width: number, height: number, ratio: number}} Sheet in device pixels; ratio = device pixels in one CSS pixel */
/** @typedef {"quiet" | "marked" | "live"} Look */

const INK = "rgb(16 16 20)";
const HALO = "rgb(255 255 255)";
export const MODE_INK = "rgb(255 205 60)";
/** Opacity of a stroke's fill and outline by how it is shown. */
const LOOKS = /** @type {const} */ ({
  quiet: { fill: 0.06, line: 0.75 },
  marked: { fill: 0.45, line: 1 },
  live: { fill: 0.72, line: 0.9 },
});

/** @param {Sheet} sheet */
export function clear({ context, width, height }) {
  context.clearRect(0, 0, width, height);
}

/**
 * @param {Sheet} sheet
 * @param {Stroke} stroke
 * @param {Look} look
 */
export function drawStroke(sheet, stroke, look) {
  if (stroke.kind === "color" && look === "live") drawBand(sheet, stroke, LOOKS.live.fill);
  else if (stroke.kind === "color") drawColor(sheet, stroke, LOOKS[look]);
  else drawSketch(sheet, stroke, look);
}

/**
 * A band of the color with a thin double outline, which stands off from any background.
 *
 * @param {Sheet} sheet
 * @param {import("./messages.js").ColorStroke} stroke
 * @param {{fill: number, line: number}} look
 */
function drawColor(sheet, stroke, look) {
  const { context, scratch, width, height, ratio } = sheet;
  const band = 2 * stroke.radius * width;
  const layers = /** @type {const} */ ([
    [band + 2 * ratio, "rgb(0 0 0)", 0.35 * look.line],
    [band, HALO, look.line],
  ]);
  for (const [lineWidth, color, alpha] of layers) {
    scratch.clearRect(0, 0, width, height);
    scratch.globalCompositeOperation = "source-over";
    trace(scratch, stroke.paths, lineWidth, color, sheet);
    scratch.globalCompositeOperation = "destination-out";
    trace(scratch, stroke.paths, Math.max(0.5, lineWidth - 2.6 * ratio), "rgb(0 0 0)", sheet);
    paste(sheet, alpha * (stroke.strength < 0 ? 0.7 : 1));
  }
  scratch.globalCompositeOperation = "source-over";
  drawBand(sheet, stroke, look.fill);
  if (stroke.strength < 0) drawMinus(context, stroke, sheet);
}

/**
 * @param {Sheet} sheet
 * @param {import("./messages.js").SketchStroke} stroke
 * @param {Look} look
 */
function drawSketch(sheet, stroke, look) {
  const { scratch, width, height, ratio } = sheet;
  const line = look === "live" ? 2.2 * ratio : 1.8 * ratio;
  scratch.clearRect(0, 0, width, height);
  scratch.globalCompositeOperation = "source-over";
  if (look !== "quiet") trace(scratch, stroke.paths, 2 * stroke.radius * width, "rgb(128 128 140 / 35%)", sheet);
  trace(scratch, stroke.paths, line + 2.4 * ratio, HALO, sheet);
  trace(scratch, stroke.paths, line, INK, sheet);
  paste(sheet, look === "quiet" ? 0.7 : 1);
  if (stroke.strength < 0) drawMinus(sheet.context, stroke, sheet);
}

/**
 * A plain band of the color: what follows the hand must be cheap.
 *
 * @param {Sheet} sheet
 * @param {import("./messages.js").ColorStroke} stroke
 * @param {number} alpha
 */
function drawBand({ context, width, height }, stroke, alpha) {
  context.globalAlpha = stroke.strength < 0 ? alpha / 2 : alpha;
  trace(context, stroke.paths, 2 * stroke.radius * width, css(stroke.color), { width, height });
  context.globalAlpha = 1;
}

/** @param {Sheet} sheet @param {number} alpha */
function paste({ context, scratch }, alpha) {
  context.globalAlpha = alpha;
  context.drawImage(scratch.canvas, 0, 0);
  context.globalAlpha = 1;
}

/**
 * A small minus at the start of a stroke that asks for less.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {Sheet} sheet
 */
function drawMinus(context, stroke, { width, height, ratio }) {
  const [x, y] = stroke.paths[0]?.[0] ?? [0, 0];
  context.fillStyle = "rgb(16 16 20 / 80%)";
  context.beginPath();
  context.arc(x * width, y * height, 8 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = HALO;
  context.fillRect(x * width - 4 * ratio, y * height - ratio, 8 * ratio, 2 * ratio);
}

/**
 * Draw paths as round lines, smoothed through the middles of their segments.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Path[]} paths
 * @param {number} lineWidth device pixels
 * @param {string} color
 * @param {{width: number, height: number}} size
 */
export function trace(context, paths, lineWidth, color, { width, height }) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = lineWidth;
  context.strokeStyle = color;
  context.beginPath();
  for (const path of paths) {
    const points = path.map(([x, y]) => /** @type {const} */ ([x * width, y * height]));
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) continue;
    context.moveTo(...first);
    for (let index = 1; index < points.length - 1; index++) {
      const [a, b] = [points[index], points[index + 1]];
      if (a && b) context.quadraticCurveTo(...a, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    }
    context.lineTo(last[0] + 0.01, last[1]);
  }
  context.stroke();
}

/**
 * @param {Sheet} sheet
 * @param {import("./stroke.js").Point} point
 * @param {number} radius units of the width
 * @param {string | null} fill the brush's color
 */
export function drawBrush({ context, width, height, ratio }, point, radius, fill) {
  const [x, y, r] = [point[0] * width, point[1] * height, Math.max(2 * ratio, radius * width)];
  const ring = (/** @type {number} */ offset, /** @type {string} */ color) => {
    context.strokeStyle = color;
    context.lineWidth = 1.25 * ratio;
    context.beginPath();
    context.arc(x, y, Math.max(1, r + offset * ratio), 0, 2 * Math.PI);
    context.stroke();
  };
  if (fill) {
    context.globalAlpha = 0.22;
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
  }
  ring(0, "rgb(255 255 255 / 95%)");
  ring(1.25, "rgb(0 0 0 / 55%)");
}

/**
 * A square of the explorer brush: a thin double outline that leaves the picture free.
 *
 * @param {Sheet} sheet
 * @param {import("./messages.js").Box} box canvas units
 * @param {"faint" | "quiet" | "marked" | "pinned"} look faint: follows the pointer
 */
export function drawSquare({ context, width, height, ratio }, box, look) {
  const [x, y, across, down] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
  const alpha = { faint: 0.55, quiet: 0.7, marked: 1, pinned: 1 }[look];
  const isFaint = look === "faint";
  const lines = /** @type {const} */ ([
    [isFaint ? 2.4 : 3.4, isFaint ? "rgb(0 0 0 / 40%)" : INK],
    [isFaint ? 1 : 1.6, look === "marked" ? MODE_INK : HALO],
  ]);
  context.globalAlpha = alpha;
  context.setLineDash(look === "quiet" ? [5 * ratio, 4 * ratio] : []);
  context.lineCap = "butt";
  context.lineJoin = "miter";
  for (const [lineWidth, color] of lines) {
    context.strokeStyle = color;
    context.lineWidth = lineWidth * ratio;
    context.strokeRect(x, y, across, down);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * @param {Sheet} sheet
 * @param {import("./stroke.js").Point} point
 * @param {boolean} isDown whether the keyboard's brush paints
 */
export function drawCrosshair({ context, width, height, ratio }, point, isDown) {
  const [x, y, arm] = [point[0] * width, point[1] * height, 9 * ratio];
  for (const [lineWidth, color] of /** @type {const} */ ([
    [4, "rgb(255 255 255 / 90%)"],
    [1.75, isDown ? "rgb(200 32 44)" : INK],
  ])) {
    context.strokeStyle = color;
    context.lineWidth = lineWidth * ratio;
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.stroke();
  }
}
