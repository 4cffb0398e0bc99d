// @ts-check
/** Claims of images in the review: who looks at which, until when, which come next. Pure: no DOM, no clock. */

import { CLAIM_LASTS_S } from "./boardpending.js";

/** @typedef {import("./board.js").Claim} Claim */
/** @typedef {{id: number, name: string, is_reviewed: boolean}} Listed an image of the queue */

/** How many images one takes at once. */
export const AT_ONCE = 20;

/**
 * @param {readonly Claim[]} claims
 * @param {number} now seconds since 1970
 * @returns {ReadonlyMap<string, Claim>} those that have not lapsed, by image
 */
export function standing(claims, now) {
  return new Map(claims.filter(({ time }) => Math.abs(now - time) < CLAIM_LASTS_S).map((claim) => [claim.image, claim]));
}

/**
 * @param {ReadonlyMap<string, Claim>} claims
 * @param {string} image
 * @param {string} me
 * @returns {Claim | null} the claim of somebody else
 */
export function claimOfOther(claims, image, me) {
  const claim = claims.get(image);
  return claim && claim.author !== me ? claim : null;
}

/**
 * @param {readonly Listed[]} queue
 * @param {ReadonlyMap<string, Claim>} claims
 * @param {number} [count]
 * @returns {readonly string[]} the names of the next images that nobody has claimed or reviewed
 */
export function nextFree(queue, claims, count = AT_ONCE) {
  return queue.filter(({ name, is_reviewed }) => !is_reviewed && !claims.has(name)).slice(0, count).map(({ name }) => name);
}

/**
 * @template {{name: string}} T
 * @param {readonly T[]} queue
 * @param {ReadonlyMap<string, Claim>} claims
 * @param {string} me
 * @returns {readonly T[]} without what others have claimed
 */
export function withoutOthers(queue, claims, me) {
  return queue.filter(({ name }) => claimOfOther(claims, name, me) === null);
}

/**
 * @param {ReadonlyMap<string, Claim>} claims
 * @param {string} author
 * @returns {readonly string[]} names of the images
 */
export function claimedBy(claims, author) {
  return [...claims.values()].filter((claim) => claim.author === author).map(({ image }) => image);
}

/** @param {Claim} claim @param {number} now @returns {number} minutes that it still holds */
export function minutesLeft({ time }, now) {
  return Math.max(1, Math.ceil((time + CLAIM_LASTS_S - now) / 60));
}
