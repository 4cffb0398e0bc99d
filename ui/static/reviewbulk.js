// @ts-check
/** Accepting many points at once: what a threshold would accept, in words and bars. Pure. */

import { grouped } from "./scale.js";

/** @typedef {{id: number, name: string, cluster: string, confidence: number, lowest: number, points: number, fresh: number, by_hand: number, accepted: number, is_reviewed: boolean}} Proposal
 * `points` of at least the threshold; `fresh`: those of keypoints that have none; `by_hand`: those that a person has placed */
/** @typedef {{version: string | number, keypoints: readonly string[], images: readonly Proposal[], histogram: readonly number[]}} Proposals */

/**
 * @param {Proposals} proposals as they are at the threshold
 * @param {import("./reviewrules.js").Merge} merge
 * @param {string | null} name of the only image, if it is one
 * @returns {{points: number, images: number, left: number}} `left`: images that would still lack points
 */
export function outcome({ images, keypoints }, merge, name = null) {
  const asked = name === null ? images : images.filter((image) => image.name === name);
  const taken = asked.map((image) => (merge === "missing" ? image.fresh : image.points - image.by_hand));
  return {
    points: taken.reduce((sum, points) => sum + points, 0),
    images: taken.filter((points) => points > 0).length,
    left: asked.filter((image) => image.accepted + image.fresh < keypoints.length && !image.is_reviewed).length,
  };
}

/** @param {{points: number, images: number, left: number}} found */
export function outcomeWords({ points, images, left }) {
  const rest = left === 0 ? "leaves none to look at" : `leaves ${counted(left, "image")} to look at`;
  return points === 0 ? `Accepts nothing, ${rest}` : `Accepts ${counted(points, "point")} of ${counted(images, "image")}, ${rest}`;
}

/**
 * @param {number} count
 * @param {string} thing
 */
export function counted(count, thing) {
  return `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/**
 * @param {readonly number[]} histogram counts of equally wide bins from 0 to 1
 * @param {number} threshold
 * @returns {readonly {height: number, part: number}[]} `height`: of the highest, root scaled so that small
 *   bins can be seen; `part`: how much of the bin is at or above the threshold
 */
export function bars(histogram, threshold) {
  const most = Math.max(1, ...histogram);
  const width = 1 / Math.max(1, histogram.length);
  return histogram.map((count, at) => ({
    height: Math.sqrt(count / most),
    part: Math.min(1, Math.max(0, ((at + 1) * width - threshold) / width)),
  }));
}

/**
 * @param {readonly number[]} histogram
 * @returns {number} the share of all points that have this confidence or more
 * @param {number} threshold
 */
export function shareAbove(histogram, threshold) {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  const above = bars(histogram, threshold).reduce((sum, { part }, at) => sum + part * (histogram[at] ?? 0), 0);
  return all === 0 ? 0 : above / all;
}
