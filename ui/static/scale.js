// @ts-check
/** The log scale of "how many images", and how figures are written. Pure. */

/**
 * @param {number} position of the slider, 0 (all images) to 1 (one image)
 * @param {number} images in the collection, at least 1
 * @returns {number} how many images
 */
export function countAt(position, images) {
  return Math.max(1, Math.round(images ** (1 - Math.min(1, Math.max(0, position)))));
}

/**
 * @param {number} count
 * @param {number} images
 * @returns {number} where the slider stands for it; the inverse of `countAt`
 */
export function positionOf(count, images) {
  if (images <= 1) return 0;
  return 1 - Math.log(Math.min(images, Math.max(1, count))) / Math.log(images);
}

/**
 * The next count in steps of about a fifth, always another one while there is one.
 *
 * @param {number} count
 * @param {1 | -1} direction
 * @param {number} images
 */
export function stepCount(count, direction, images) {
  const next = direction > 0 ? Math.max(count + 1, count * 1.2) : Math.min(count - 1, count / 1.2);
  return Math.min(images, Math.max(1, Math.round(next)));
}

/** @param {number} value */
export function grouped(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/**
 * @param {number} value
 * @returns {string} with three digits where it is small
 */
export function figure(value) {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 20 ? grouped(value) : Number(value.toPrecision(3)).toString();
}

/** @param {number} share in [0, 1] */
export function percent(share) {
  const value = share * 100;
  if (value === 0) return "0%";
  return value >= 9.95 ? `${value.toFixed(0)}%` : value >= 0.095 ? `${value.toFixed(1)}%` : "<0.1%";
}

/**
 * @param {number} timeS seconds since 1970; 0 where nobody knows
 * @param {number} nowS
 * @returns {string} "" where nobody knows
 */
export function ago(timeS, nowS) {
  if (timeS <= 0) return "";
  const seconds = Math.max(0, nowS - timeS);
  if (seconds < 50) return "now";
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}
