// @ts-check
/**
 * Which part of the canvas is looked at. Pure. What is seen is a box of the canvas of the canvas' own shape: the
 * view says where it begins, in canvas units, and how many times larger it is shown. Nothing that is placed knows it.
 */

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {{scale: number, left: number, top: number}} View */

/** @type {View} the whole canvas */
export const FIT = { scale: 1, left: 0, top: 0 };
export const MOST = 16;

/**
 * @param {View} view
 * @param {Point} point canvas units
 * @returns {Point} where it is seen: (0, 0) the left top corner of the frame, (1, 1) the other; outside if it is not seen
 */
export function toView({ scale, left, top }, [x, y]) {
  return [(x - left) * scale, (y - top) * scale];
}

/**
 * @param {View} view
 * @param {Point} seen as `toView` gives it
 * @returns {Point} canvas units, perhaps outside the canvas
 */
export function fromView({ scale, left, top }, [x, y]) {
  return [left + x / scale, top + y / scale];
}

/**
 * @param {View} view
 * @param {Point} seen the place of the frame that shows the same before and after
 * @param {number} factor
 * @returns {View}
 */
export function zoomAt(view, seen, factor) {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const [x, y] = fromView(view, seen);
  return kept({ scale, left: x - seen[0] / scale, top: y - seen[1] / scale });
}

/**
 * @param {View} view
 * @param {number} across how far the picture is moved, in widths of the frame
 * @param {number} down in heights of the frame
 * @returns {View}
 */
export function panBy(view, across, down) {
  return kept({ ...view, left: view.left - across / view.scale, top: view.top - down / view.scale });
}

/**
 * Two fingers: what was under them stays under them.
 *
 * @param {View} view
 * @param {readonly [Point, Point]} from places of the frame
 * @param {readonly [Point, Point]} to
 * @param {number} aspect of the canvas, height / width
 * @returns {View}
 */
export function pinch(view, from, to, aspect) {
  const apart = (/** @type {readonly [Point, Point]} */ [one, other]) => Math.hypot(one[0] - other[0], (one[1] - other[1]) * aspect);
  const middle = (/** @type {readonly [Point, Point]} */ [one, other]) => /** @type {Point} */ ([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
  const [before, after] = [middle(from), middle(to)];
  const moved = panBy(view, after[0] - before[0], after[1] - before[1]);
  return apart(from) > 0 ? zoomAt(moved, after, apart(to) / apart(from)) : moved;
}

/**
 * Move the view as little as needed to show a point.
 *
 * @param {View} view
 * @param {Point} point canvas units
 * @param {number} [margin] of the frame that it keeps from the edge
 * @returns {View} `view` itself if it is shown already
 */
export function showing(view, point, margin = 0.08) {
  const [x, y] = toView(view, point);
  const step = (/** @type {number} */ seen) => (seen < margin ? margin - seen : seen > 1 - margin ? 1 - margin - seen : 0);
  const next = view.scale > 1 ? panBy(view, step(x), step(y)) : view;
  return next.left === view.left && next.top === view.top ? view : next;
}

/**
 * Nothing beside the canvas is shown.
 *
 * @param {View} view
 * @returns {View}
 */
function kept({ scale, left, top }) {
  const most = 1 - 1 / scale;
  const inside = (/** @type {number} */ value) => Math.min(most, Math.max(0, value));
  return { scale, left: inside(left), top: inside(top) };
}
