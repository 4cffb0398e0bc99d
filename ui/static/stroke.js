// @ts-check
/**
 * From pointer samples to a brush stroke. Pure: no DOM, no socket, no clock.
 * Coordinates: canvas units, (x, y) in [0, 1], y down (README, "Conventions"). Lengths are in units of
 * the canvas width, so a height must be multiplied by `aspect` (height / width) before it is compared.
 */

/** @typedef {readonly [x: number, y: number]} Point */
/** @typedef {readonly Point[]} Path */

/** How many digits a coordinate keeps on the wire: a hundredth of a pixel at 1000 pixels. */
const DIGITS = 1e5;

/** A new sketch line within this time of the last one belongs to the same shape. */
export const JOIN_WITHIN_S = 1.5;

/**
 * @param {Point} a
 * @param {Point} b
 * @param {number} aspect canvas height / width
 * @returns {number} their distance in units of the width
 */
export function distance(a, b, aspect) {
  return Math.hypot(a[0] - b[0], (a[1] - b[1]) * aspect);
}

/**
 * Round a point to what is worth sending, inside the canvas.
 *
 * @param {number} x
 * @param {number} y
 * @returns {Point}
 */
export function toPoint(x, y) {
  const inside = (/** @type {number} */ value) =>
    Math.round(Math.min(1, Math.max(0, value)) * DIGITS) / DIGITS;
  return [inside(x), inside(y)];
}

/**
 * Thin a path: keep the ends, drop samples closer than `spacing` to the last one kept.
 *
 * @param {Path} path
 * @param {number} spacing units of the width, > 0
 * @param {number} aspect
 * @returns {Point[]} a new path; `path` is not changed
 * @throws {RangeError} if spacing is not > 0
 */
export function thin(path, spacing, aspect) {
  if (!(spacing > 0)) throw new RangeError(`spacing must be > 0, got ${spacing}`);
  const [first, ...rest] = path;
  if (first === undefined) return [];
  let kept = first;
  const thinned = [first];
  for (const point of rest) {
    if (distance(kept, point, aspect) >= spacing) thinned.push((kept = point));
  }
  const last = path[path.length - 1];
  if (last !== undefined && kept !== last && distance(kept, last, aspect) > 0) thinned.push(last);
  return thinned;
}

/**
 * Fill a path so that neighbors are at most `spacing` apart.
 *
 * @param {Path} path
 * @param {number} spacing units of the width, > 0
 * @param {number} aspect
 * @returns {Point[]}
 * @throws {RangeError} if spacing is not > 0
 */
export function fill(path, spacing, aspect) {
  if (!(spacing > 0)) throw new RangeError(`spacing must be > 0, got ${spacing}`);
  /** @type {Point[]} */
  const filled = [];
  path.forEach((point, index) => {
    const before = path[index - 1];
    if (before !== undefined) {
      const steps = Math.ceil(distance(before, point, aspect) / spacing - 1e-9);
      for (let step = 1; step < steps; step++) {
        const part = step / steps;
        filled.push([
          before[0] + (point[0] - before[0]) * part,
          before[1] + (point[1] - before[1]) * part,
        ]);
      }
    }
    filled.push(point);
  });
  return filled;
}

/**
 * Move paths; a stroke stays whole at the border (the engine ignores what lies outside).
 *
 * @param {readonly Path[]} paths
 * @param {number} dx
 * @param {number} dy
 * @returns {Point[][]}
 */
export function move(paths, dx, dy) {
  const round = (/** @type {number} */ value) =>
    Math.round(Math.min(2, Math.max(-2, value)) * DIGITS) / DIGITS;
  return paths.map((path) => path.map(([x, y]) => [round(x + dx), round(y + dy)]));
}

/**
 * @param {Path} path
 * @param {Point} point
 * @param {number} aspect
 * @returns {number} the point's distance from the path's line, in units of the width
 */
export function distanceToPath(path, point, aspect) {
  const only = path[0];
  if (only === undefined) return Infinity;
  let nearest = distance(only, point, aspect);
  for (let index = 1; index < path.length; index++) {
    const [a, b] = [path[index - 1], path[index]];
    if (a !== undefined && b !== undefined) {
      nearest = Math.min(nearest, distanceToSegment(a, b, point, aspect));
    }
  }
  return nearest;
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} point
 * @param {number} aspect
 */
function distanceToSegment(a, b, point, aspect) {
  const [dx, dy] = [b[0] - a[0], (b[1] - a[1]) * aspect];
  const [px, py] = [point[0] - a[0], (point[1] - a[1]) * aspect];
  const length = dx * dx + dy * dy;
  const part = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
  return Math.hypot(px - part * dx, py - part * dy);
}

/**
 * Say whether a new line belongs to the shape that was drawn last.
 *
 * A shape is often several lines (the two sides of a heel), and lines of one edit move together when
 * they are matched. So a sketch line joins the last one if it begins soon after it or Shift is held.
 *
 * @param {{kind: string, endedS: number} | null} last the stroke that this window drew last
 * @param {{kind: string, beganS: number, shift: boolean}} next
 * @returns {boolean}
 */
export function joins(last, next) {
  if (last === null || last.kind !== next.kind) return false;
  if (next.shift) return true;
  return next.kind === "sketch" && next.beganS - last.endedS < JOIN_WITHIN_S;
}
