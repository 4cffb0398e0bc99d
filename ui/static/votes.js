// @ts-check
/** Votes on images: how many are for and against each, and which were chosen. Pure. */

/** @typedef {import("./board.js").Vote} Vote */
/** @typedef {{for: number, against: number, own: -1 | 0 | 1}} Tally */

/** @type {Tally} */
export const NO_VOTES = { for: 0, against: 0, own: 0 };

const VOTERS_SHOWN = 5;

/**
 * @param {readonly Vote[]} votes
 * @param {string} me
 * @returns {ReadonlyMap<string, Tally>} by image
 */
export function talliesOf(votes, me) {
  /** @type {Map<string, Tally>} */
  const tallies = new Map();
  for (const { image, author, value } of votes) {
    const known = tallies.get(image) ?? NO_VOTES;
    tallies.set(image, {
      for: known.for + Number(value === 1),
      against: known.against + Number(value === -1),
      own: author === me ? value : known.own,
    });
  }
  return tallies;
}

/**
 * @param {ReadonlyMap<string, Tally>} tallies
 * @returns {readonly string[]} images that somebody is for: most wanted first, as they came where votes are equal
 */
export function shortlistOf(tallies) {
  const wanted = [...tallies].filter(([, tally]) => tally.for > 0);
  const better = (/** @type {Tally} */ one, /** @type {Tally} */ other) => other.for - other.against - (one.for - one.against) || other.for - one.for;
  return wanted.toSorted(([, one], [, other]) => better(one, other)).map(([image]) => image);
}

/**
 * @param {string} image
 * @param {Tally} tally
 * @param {-1 | 1} value what was pressed; pressing one's own vote again takes it back
 * @returns {import("./board.js").BoardOperation}
 */
export function voteOperation(image, { own }, value) {
  return own === value ? { type: "remove_vote", image } : { type: "put_vote", image, value };
}

/**
 * @param {readonly Vote[]} votes on one image
 * @param {-1 | 1} side
 * @param {(author: string) => string} nameOf
 * @returns {string} whose votes those on a side are; "" if there are none
 */
export function votersWords(votes, side, nameOf) {
  const names = votes.filter(({ value }) => value === side).map(({ author }) => nameOf(author));
  const shown = names.length > VOTERS_SHOWN ? [...names.slice(0, VOTERS_SHOWN), `${names.length - VOTERS_SHOWN} more`] : names;
  const last = shown.at(-1) ?? "";
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${last}` : last;
}

/** @param {Tally} tally @returns {string} for a screen reader; "" for none */
export function tallyWords(tally) {
  if (tally.for === 0 && tally.against === 0) return "";
  const own = tally.own === 0 ? "" : `, you ${tally.own > 0 ? "for" : "against"}`;
  return `${tally.for} for, ${tally.against} against${own}`;
}
