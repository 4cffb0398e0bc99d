// @ts-check
/** The board of a room: what people say to each other, and how it follows the room. Pure. */

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {{kind: "average", cluster: string, at: Point} | {kind: "image", image: string, at: Point | null}} CommentPlace */
/** @typedef {{id: string, place: CommentPlace, text: string, author: string, time: number, reply_to: string | null, is_resolved: boolean, name: string}} Comment `name`: how its author was called then */
/** @typedef {{image: string, author: string, value: -1 | 1}} Vote */
/** @typedef {{image: string, author: string, time: number, name: string}} Claim */
/** @typedef {{id: string, name: string, revision: number, author: string, time: number}} Snapshot */
/** @typedef {{comments: readonly Comment[], votes: readonly Vote[], claims: readonly Claim[], snapshots: readonly Snapshot[]}} Board */

/**
 * @typedef {object} BoardChanges
 * @property {readonly Comment[]} put_comments
 * @property {readonly string[]} removed_comments
 * @property {readonly Vote[]} put_votes
 * @property {readonly {image: string, author: string}[]} removed_votes
 * @property {readonly Claim[]} put_claims
 * @property {readonly string[]} removed_claims
 * @property {readonly Snapshot[]} put_snapshots
 * @property {readonly string[]} removed_snapshots
 */
/**
 * @typedef {{type: "put_comment", id: string, place: CommentPlace, text: string, reply_to: string | null}
 *   | {type: "resolve_comment", id: string, is_resolved: boolean}
 *   | {type: "remove_comment", id: string}
 *   | {type: "put_vote", image: string, value: -1 | 1} | {type: "remove_vote", image: string}
 *   | {type: "put_claim", images: readonly string[]} | {type: "remove_claim", images: readonly string[]}
 *   | {type: "put_snapshot", id: string, name: string, revision: number | null}
 *   | {type: "remove_snapshot", id: string}} BoardOperation
 */

/** @type {Board} */
export const EMPTY_BOARD = { comments: [], votes: [], claims: [], snapshots: [] };

const TYPES = ["put_comment", "resolve_comment", "remove_comment", "put_vote", "remove_vote", "put_claim", "remove_claim", "put_snapshot", "remove_snapshot"];

/**
 * @param {import("./messages.js").Operation} operation
 * @returns {operation is BoardOperation}
 */
export function isOfBoard(operation) {
  return TYPES.includes(operation.type);
}

/**
 * @param {Board} board not changed
 * @param {BoardChanges | null} changes
 * @returns {Board}
 */
export function followBoard(board, changes) {
  if (!changes) return board;
  return {
    comments: followed(board.comments, changes.put_comments, changes.removed_comments, ({ id }) => id),
    votes: followed(board.votes, changes.put_votes, changes.removed_votes.map(voteKey), voteKey),
    claims: followed(board.claims, changes.put_claims, changes.removed_claims, ({ image }) => image),
    snapshots: followed(board.snapshots, changes.put_snapshots, changes.removed_snapshots, ({ id }) => id),
  };
}

/** @param {{image: string, author: string}} vote */
function voteKey({ image, author }) {
  return JSON.stringify([image, author]);
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {readonly T[]} put each in place of the one with its key, or at the end
 * @param {readonly string[]} removed keys
 * @param {(item: T) => string} keyOf
 * @returns {readonly T[]}
 */
function followed(items, put, removed, keyOf) {
  if (put.length === 0 && removed.length === 0) return items;
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  for (const key of removed) byKey.delete(key);
  for (const item of put) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
