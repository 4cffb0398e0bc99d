// @ts-check
/** What people may do in a room, as `ui/wire/roles.py` says it: four roles, each may do what the one before may. Pure. */

/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Role} Role */

/** @type {readonly Role[]} */
export const ROLES = ["viewer", "annotator", "editor", "owner"];

/** What annotators may do; all else is for editors. */
export const OF_ANNOTATORS = [
  "put_mark", "remove_mark", "put_layer", "remove_layer", "put_review", "remove_review",
  "put_comment", "resolve_comment", "remove_comment", "put_vote", "remove_vote", "put_claim", "remove_claim",
  "undo", "redo",
];

/** Operations that a tool makes. @type {Partial<Record<import("./store.js").Tool, Operation["type"]>>} */
const NEEDED = { color: "put_edit", sketch: "put_edit", eraser: "put_edit", select: "put_edit", keypoints: "put_mark", comment: "put_comment" };

/**
 * @param {Role} role
 * @param {Role} least
 */
export function isAtLeast(role, least) {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/**
 * @param {string} operationType
 * @returns {Role}
 */
export function leastRole(operationType) {
  return OF_ANNOTATORS.includes(operationType) ? "annotator" : "editor";
}

/**
 * @param {{role: Role}} state
 * @param {string} operationType
 */
export function mayDo({ role }, operationType) {
  return isAtLeast(role, leastRole(operationType));
}

/**
 * @param {{role: Role}} state
 * @param {import("./store.js").Tool} tool
 */
export function mayUse(state, tool) {
  const needed = NEEDED[tool];
  return needed === undefined || mayDo(state, needed);
}

/**
 * Why something cannot be done, in words for the person who tried.
 *
 * @param {Role} role
 * @returns {string}
 */
export function reasonFor(role) {
  if (role === "viewer") return "You may look here, not change anything: ask an owner of the room for another link";
  return "You may place keypoints, comment and vote here, not paint or change clusters: ask an owner of the room for another link";
}

/** What each role may do, in a line. @type {Record<Role, string>} */
export const ROLE_WORDS = {
  viewer: "looks on",
  annotator: "places keypoints, comments, votes",
  editor: "paints and edits",
  owner: "owns the room",
};
