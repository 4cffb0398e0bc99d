// @ts-check
/**
 * The board as this window shows it: what the room has confirmed, with what this person said and the room has
 * not answered yet carried out on top. Pure: no socket, no clock.
 */

import { isOfBoard } from "./board.js";

/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("./board.js").BoardOperation} BoardOperation */
/** @typedef {{author: string, time: number, revision: number}} By who speaks, when (seconds since 1970), after how many operations */

/** A claim older than this holds nobody back, as in ui/rooms/board.py. */
export const CLAIM_LASTS_S = 1800;

/**
 * @param {Board} confirmed not changed
 * @param {readonly {operation: import("./messages.js").Operation}[]} waiting sent or still to be sent, the oldest first
 * @param {By} by
 * @returns {Board} `confirmed` itself if nothing that waits is about it
 */
export function boardWithPending(confirmed, waiting, by) {
  return waiting.reduce((board, { operation }) => {
    if (operation.type === "put_review") return { ...board, claims: board.claims.filter(({ image }) => image !== operation.image) };
    return isOfBoard(operation) ? boardAfter(board, operation, by) : board;
  }, confirmed);
}

/**
 * @param {Board} board
 * @param {BoardOperation} operation what the room would refuse changes nothing here
 * @param {By} by
 * @returns {Board}
 */
function boardAfter(board, operation, by) {
  switch (operation.type) {
    case "put_comment":
      return { ...board, comments: withComment(board.comments, operation, by) };
    case "resolve_comment":
      return { ...board, comments: board.comments.map((one) => (one.id === operation.id ? { ...one, is_resolved: operation.is_resolved } : one)) };
    case "remove_comment":
      return { ...board, comments: withoutComment(board.comments, operation.id, by.author) };
    case "put_vote":
      return { ...board, votes: [...withoutVote(board.votes, operation.image, by.author), { image: operation.image, author: by.author, value: operation.value }] };
    case "remove_vote":
      return { ...board, votes: withoutVote(board.votes, operation.image, by.author) };
    case "put_claim":
      return { ...board, claims: withClaims(board.claims, operation.images, by) };
    case "remove_claim":
      return { ...board, claims: board.claims.filter(({ image, author }) => author !== by.author || !operation.images.includes(image)) };
    case "put_snapshot": {
      const { id, name, revision } = operation;
      const snapshot = { id, name, revision: revision ?? by.revision, author: by.author, time: by.time };
      return { ...board, snapshots: replacing(board.snapshots, snapshot, (one) => one.id === id) };
    }
    case "remove_snapshot":
      return { ...board, snapshots: board.snapshots.filter(({ id }) => id !== operation.id) };
  }
}

/**
 * @param {Board["comments"]} comments
 * @param {Extract<BoardOperation, {type: "put_comment"}>} operation
 * @param {By} by
 */
function withComment(comments, operation, { author, time }) {
  const { type: _, ...said } = operation;
  const known = comments.find(({ id }) => id === said.id);
  const about = comments.find(({ id }) => id === said.reply_to);
  if (known) return known.author === author ? replacing(comments, { ...known, place: said.place, text: said.text }, (one) => one === known) : comments;
  if (said.reply_to !== null && (!about || about.reply_to !== null)) return comments;
  const comment = { ...said, author, time, is_resolved: false, name: "" };
  return replacing(comments, comment, (one) => one.id === said.id);
}

/** @param {Board["comments"]} comments @param {string} id @param {string} author */
function withoutComment(comments, id, author) {
  const known = comments.find((one) => one.id === id);
  if (known && known.author !== author) return comments;
  return comments.filter((one) => one.id !== id && one.reply_to !== id);
}

/** @param {Board["votes"]} votes @param {string} image @param {string} author */
function withoutVote(votes, image, author) {
  return votes.filter((one) => one.image !== image || one.author !== author);
}

/** @param {Board["claims"]} claims @param {readonly string[]} images @param {By} by */
function withClaims(claims, images, { author, time }) {
  const taken = new Set(claims.filter((one) => one.author !== author && Math.abs(time - one.time) < CLAIM_LASTS_S).map(({ image }) => image));
  const free = new Set(images.filter((image) => !taken.has(image)));
  return [...claims.filter(({ image }) => !free.has(image)), ...[...free].map((image) => ({ image, author, time, name: "" }))];
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {T} item stands in place of the one that `isIt` knows, or at the end
 * @param {(one: T) => boolean} isIt
 * @returns {readonly T[]}
 */
function replacing(items, item, isIt) {
  const at = items.findIndex(isIt);
  return at < 0 ? [...items, item] : items.with(at, item);
}
