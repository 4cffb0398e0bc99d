// @ts-check
/** Who did a step: a name and a color also for those who have left. Pure. */

/** After Okabe and Ito: told apart whatever one's color vision. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a600", "#7a5195"];

/**
 * @typedef {object} Cast
 * @property {string} author this page's
 * @property {readonly {author: string, name: string, color: string}[]} people who are here
 */

/**
 * @param {string} author
 * @param {Cast} cast
 * @returns {string}
 */
export function nameOfAuthor(author, { author: own, people }) {
  if (author === "") return "avex";
  if (author === own) return "you";
  return people.find((one) => one.author === author)?.name || "somebody";
}

/**
 * @param {string} author
 * @param {Cast} cast
 * @returns {string} the color that the person has in the room; one that stays the same for those who left
 */
export function colorOfAuthor(author, { people }) {
  const here = people.find((one) => one.author === author);
  if (here?.color) return here.color;
  if (author === "") return "#808080";
  let sum = 0;
  for (const letter of author) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[sum % COLORS.length] ?? "#808080";
}
