// @ts-check
/** Comments as threads: which are open, which are new to this browser, how they are told. Pure: no DOM, no clock. */

/** @typedef {import("./board.js").Comment} Comment */
/** @typedef {import("./board.js").CommentPlace} CommentPlace */
/** @typedef {{root: Comment, answers: readonly Comment[], newest: number}} Thread `newest`: when something was last said in it */
/** @typedef {Readonly<Record<string, number>>} ReadMarks by the thread's id, up to when it was read */

const BEGINNING = 90;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86400;

/**
 * @param {readonly Comment[]} comments in the order in which they came
 * @returns {readonly Thread[]} the one first in which something was said last
 */
export function threadsOf(comments) {
  /** @type {Map<string, Comment[]>} */
  const answers = new Map();
  for (const comment of comments) {
    if (comment.reply_to === null) continue;
    const known = answers.get(comment.reply_to);
    if (known) known.push(comment);
    else answers.set(comment.reply_to, [comment]);
  }
  const roots = comments.filter((comment) => comment.reply_to === null);
  const threads = roots.map((root) => {
    const said = answers.get(root.id) ?? [];
    return { root, answers: said, newest: Math.max(root.time, ...said.map(({ time }) => time)) };
  });
  return threads.sort((one, other) => other.newest - one.newest);
}

/**
 * @param {readonly Thread[]} threads
 * @param {string} cluster
 * @param {boolean} showsResolved
 * @returns {readonly Thread[]} those pinned to its average, the oldest first, so that a new pin lies above the others
 */
export function pinsOf(threads, cluster, showsResolved) {
  const pinned = threads.filter(({ root: { place, is_resolved } }) => place.kind === "average" && place.cluster === cluster && (showsResolved || !is_resolved));
  return pinned.toSorted((one, other) => one.root.time - other.root.time);
}

/**
 * @param {readonly Thread[]} threads
 * @param {boolean} showsResolved
 * @param {(thread: Thread) => boolean} isNew
 * @returns {readonly Thread[]} those that stand in the list: what is counted as new can be found there
 */
export function listedOf(threads, showsResolved, isNew) {
  return threads.filter((thread) => showsResolved || !thread.root.is_resolved || isNew(thread));
}

/**
 * @param {readonly Thread[]} threads
 * @param {string} image its name
 * @returns {readonly Thread[]} those about an image, the oldest first
 */
export function aboutImage(threads, image) {
  const about = threads.filter(({ root: { place } }) => place.kind === "image" && place.image === image);
  return about.toSorted((one, other) => one.root.time - other.root.time);
}

/**
 * @param {Thread} thread
 * @param {string} me
 * @param {ReadMarks} marks
 * @returns {boolean} whether somebody else said something that was not read here
 */
export function isUnread({ root, answers }, me, marks) {
  const read = marks[root.id] ?? 0;
  return [root, ...answers].some(({ author, time }) => author !== me && time > read);
}

/**
 * @param {ReadMarks} marks
 * @param {Thread} thread
 * @returns {ReadMarks} `marks` itself if nothing is new
 */
export function afterReading(marks, { root, newest }) {
  return (marks[root.id] ?? 0) >= newest ? marks : { ...marks, [root.id]: newest };
}

/**
 * @param {CommentPlace} place
 * @param {readonly {id: string, name: string}[]} clusters
 * @returns {string}
 */
export function placeWords(place, clusters) {
  if (place.kind === "image") return place.image.split("/").at(-1) ?? place.image;
  return clusters.find(({ id }) => id === place.cluster)?.name ?? "an average that was removed";
}

/** @param {CommentPlace} place @param {readonly {id: string}[]} clusters */
export function isRemoved(place, clusters) {
  return place.kind === "average" && !clusters.some(({ id }) => id === place.cluster);
}

/**
 * @param {string} text
 * @param {number} [length]
 */
export function beginning(text, length = BEGINNING) {
  const line = text.replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length <= length ? line : `${letters.slice(0, length - 1).join("").trimEnd()}…`;
}

/**
 * @param {number} time seconds since 1970
 * @param {number} now
 */
export function agoWords(time, now) {
  const ago = now - time;
  if (ago < MINUTE_S) return "just now";
  if (ago < HOUR_S) return `${Math.floor(ago / MINUTE_S)} min ago`;
  if (ago < DAY_S) return `${Math.floor(ago / HOUR_S)} h ago`;
  if (ago < 7 * DAY_S) return `${Math.floor(ago / DAY_S)} d ago`;
  return new Date(1000 * time).toISOString().slice(0, 10);
}

/**
 * @param {readonly Thread[]} threads
 * @param {string} me
 * @param {ReadMarks} marks
 * @returns {{open: number, unread: number}}
 */
export function countThreads(threads, me, marks) {
  return {
    open: threads.filter(({ root }) => !root.is_resolved).length,
    unread: threads.filter((thread) => isUnread(thread, me, marks)).length,
  };
}
