// @ts-check
/** Where an image lies on its stage: zoom, pan, and what is under the pointer. Pure. */

/** @typedef {readonly [x: number, y: number]} Spot */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{scale: number, x: number, y: number}} View `scale`: stage pixels an image pixel; x, y: stage place of the image's left top corner */

export const MAX_SCALE = 40;
const MARGIN = 16;

/**
 * @param {Size} image pixels
 * @param {Size} stage
 * @returns {View} the whole image, in the middle; small ones are enlarged
 */
export function fitted(image, stage) {
  const room = { width: Math.max(1, stage.width - 2 * MARGIN), height: Math.max(1, stage.height - 2 * MARGIN) };
  const scale = Math.min(MAX_SCALE, room.width / image.width, room.height / image.height);
  return { scale, x: (stage.width - scale * image.width) / 2, y: (stage.height - scale * image.height) / 2 };
}

/**
 * @param {View} view
 * @param {Spot} at place on the stage that stays where it is
 * @param {number} factor
 * @param {Size} image
 * @param {Size} stage
 * @returns {View}
 */
export function zoomed(view, [x, y], factor, image, stage) {
  const least = fitted(image, stage).scale / 2;
  const scale = Math.min(MAX_SCALE, Math.max(least, view.scale * factor));
  const part = scale / view.scale;
  return kept({ scale, x: x - part * (x - view.x), y: y - part * (y - view.y) }, image, stage);
}

/**
 * @param {View} view
 * @param {Spot} by
 * @param {Size} image
 * @param {Size} stage
 * @returns {View}
 */
export function panned(view, [x, y], image, stage) {
  return kept({ ...view, x: view.x + x, y: view.y + y }, image, stage);
}

/**
 * Some of the image is always to be seen.
 *
 * @param {View} view
 * @param {Size} image
 * @param {Size} stage
 * @returns {View}
 */
function kept({ scale, x, y }, image, stage) {
  const bound = (/** @type {number} */ value, /** @type {number} */ size, /** @type {number} */ whole) =>
    Math.min(whole / 2, Math.max(whole / 2 - size, value));
  return { scale, x: bound(x, scale * image.width, stage.width), y: bound(y, scale * image.height, stage.height) };
}

/**
 * @param {View} view
 * @param {Spot} at pixels of the image, (0, 0) is the center of the first
 * @returns {Spot} on the stage
 */
export function toStage({ scale, x, y }, at) {
  return [x + (at[0] + 0.5) * scale, y + (at[1] + 0.5) * scale];
}

/**
 * @param {View} view
 * @param {Spot} at on the stage
 * @returns {Spot} pixels of the image
 */
export function toImage({ scale, x, y }, at) {
  return [(at[0] - x) / scale - 0.5, (at[1] - y) / scale - 0.5];
}

/**
 * @param {Spot} at pixels of the image
 * @param {Size} image
 * @returns {Spot} the nearest place on its pixels
 */
export function inside([x, y], { width, height }) {
  return [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
}

/**
 * @param {readonly {id: string, at: Spot}[]} points on the stage
 * @param {Spot} pointer
 * @param {number} reach
 * @param {string | null} [selected] this one is taken from farther, so that it can be taken out of a crowd
 * @returns {string | null} the id of the nearest one
 */
export function nearestId(points, [x, y], reach, selected = null) {
  let best = /** @type {{id: string | null, cost: number}} */ ({ id: null, cost: reach });
  for (const { id, at } of points) {
    const away = Math.hypot(at[0] - x, at[1] - y);
    const cost = id === selected ? away / 1.5 : away;
    if (cost <= best.cost) best = { id, cost };
  }
  return best.id;
}

/**
 * @param {Spot} from
 * @param {Spot} to
 * @param {number} head the length of its head, stage pixels
 * @returns {string} an arrow as the path of an SVG
 */
export function arrowPath(from, to, head) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 1) return "";
  const size = Math.min(head, length);
  const wing = (/** @type {number} */ side) => {
    const turn = Math.atan2(dy, dx) + Math.PI - side * 0.5;
    return `${(to[0] + size * Math.cos(turn)).toFixed(1)} ${(to[1] + size * Math.sin(turn)).toFixed(1)}`;
  };
  const [start, end] = [from, to].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  return `M${start}L${end}M${wing(1)}L${end}L${wing(-1)}`;
}
