// @ts-check
/** Who did a step: a name and a color also for those who have left. Pure. */

import { nameOfAuthor } from "./peoplerules.js";

/** After Okabe and Ito: told apart whatever one's color vision. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a600", "#7a5195"];
const NOBODY = "#808080";

/** @typedef {{author: string, names: import("./peoplerules.js").Names}} Cast who this page is, and who was heard of */

/**
 * @param {string} author
 * @param {Cast} cast
 * @returns {string} "avex" for what nobody did, such as a session that was opened with the server
 */
export function doerOf(author, cast) {
  return author === "" ? "avex" : nameOfAuthor(cast, author);
}

/**
 * @param {string} author
 * @param {Cast} cast
 * @returns {string} the color that the person has or had in the room; one that stays the same for those never seen
 */
export function colorOfAuthor(author, { names }) {
  const known = names.get(author)?.color;
  if (known) return known;
  if (author === "") return NOBODY;
  let sum = 0;
  for (const letter of author) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[sum % COLORS.length] ?? NOBODY;
}
