// @ts-check
/**
 * Points copied from another average, until each has its place here: those that were placed take the others along. Pure.
 */

import { toPoint } from "./stroke.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {{from: Point, to: Point}} Anchor */

/**
 * Where the copied points stand now: moved, turned and scaled as those that were placed say, and near each of these as it is.
 *
 * @param {ReadonlyMap<string, Point>} copied places on the other average
 * @param {ReadonlyMap<string, {at: Point}>} placed here
 * @param {number} aspect of the canvas, height / width
 * @returns {Map<string, Point>} of the keypoints that are not placed here
 */
export function draftsOf(copied, placed, aspect) {
  const square = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([x, y * aspect]);
  const anchors = [...copied].flatMap(([id, from]) => {
    const to = placed.get(id)?.at;
    return to ? [{ from: square(from), to: square(to) }] : [];
  });
  const move = followed(anchors);
  const free = [...copied].filter(([id]) => !placed.has(id));
  return new Map(free.map(([id, at]) => {
    const [x, y] = move(square(at));
    return [id, toPoint(x, y / aspect)];
  }));
}

/**
 * @param {readonly Anchor[]} anchors in units that are the same across and down
 * @returns {(point: Point) => Point} the best similarity of the anchors, and what it leaves of each, the more the nearer it is
 */
export function followed(anchors) {
  const turn = similarity(anchors);
  const left = anchors.map(({ from, to }) => {
    const [x, y] = turn(from);
    return { from, rest: /** @type {Point} */ ([to[0] - x, to[1] - y]) };
  });
  return (point) => {
    let [across, down, total] = [0, 0, 0];
    for (const { from, rest } of left) {
      const weight = 1 / Math.max(1e-9, (point[0] - from[0]) ** 2 + (point[1] - from[1]) ** 2);
      across += weight * rest[0];
      down += weight * rest[1];
      total += weight;
    }
    const [x, y] = turn(point);
    return total > 0 ? [x + across / total, y + down / total] : [x, y];
  };
}

/**
 * @param {readonly Anchor[]} anchors
 * @returns {(point: Point) => Point} with least squared error; one anchor only moves, none changes nothing
 */
function similarity(anchors) {
  const count = Math.max(1, anchors.length);
  const mean = (/** @type {"from" | "to"} */ end, /** @type {0 | 1} */ axis) => anchors.reduce((sum, anchor) => sum + anchor[end][axis], 0) / count;
  const [fromX, fromY, toX, toY] = [mean("from", 0), mean("from", 1), mean("to", 0), mean("to", 1)];
  let [same, crossed, spread] = [0, 0, 0];
  for (const { from, to } of anchors) {
    const [x, y, u, v] = [from[0] - fromX, from[1] - fromY, to[0] - toX, to[1] - toY];
    same += x * u + y * v;
    crossed += x * v - y * u;
    spread += x * x + y * y;
  }
  const [a, b] = spread > 1e-12 ? [same / spread, crossed / spread] : [1, 0];
  return ([x, y]) => [toX + a * (x - fromX) - b * (y - fromY), toY + b * (x - fromX) + a * (y - fromY)];
}
