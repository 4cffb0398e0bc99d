// @ts-check
/** Rooms of a collection as a list, and what a branch has changed, in words. Pure. */

/** @typedef {import("./messages.js").RoomInfo & {revision: number, members: number, people: readonly string[], updated: number, is_archived: boolean, role: import("./messages.js").Role}} RoomItem `members`: how many are there, `people`: their names, `role`: what this page may do there */
/** @typedef {import("./messages.js").Session} Session */
/** @typedef {import("./messages.js").Cluster} Cluster */

export const TITLE_LIMIT = 60;
/** Between a collection's name and a branch's in the address of a room. */
const BRANCH = "~";

/**
 * @param {string} address of a room
 * @returns {string} the collection, which is the address of its main room
 */
export function collectionOf(address) {
  return address.split(BRANCH)[0] ?? "";
}

/** @param {import("./messages.js").RoomInfo} room @returns {boolean} whether it is the one that the collection has anyway */
export function isMain({ name }) {
  return name === collectionOf(name);
}

/**
 * @param {readonly RoomItem[]} rooms
 * @returns {readonly {room: RoomItem, depth: number}[]} each under the one that it branched from, the newest first
 */
export function asTree(rooms) {
  return under(rooms, null, 0);
}

/**
 * @param {readonly RoomItem[]} rooms
 * @param {string | null} parent null: those that came from none of these
 * @param {number} depth
 * @returns {readonly {room: RoomItem, depth: number}[]}
 */
function under(rooms, parent, depth) {
  const isKnown = (/** @type {string | null} */ name) => rooms.some((room) => room.name === name);
  return rooms
    .filter((room) => (isKnown(room.parent) ? room.parent : null) === parent)
    .sort((one, other) => other.updated - one.updated)
    .flatMap((room) => [{ room, depth }, ...under(rooms, room.name, depth + 1)]);
}

/**
 * @param {import("./messages.js").RoomInfo} room
 * @returns {string} what it is called: the main room, if nobody named it, simply that
 */
export function titleOf(room) {
  return isMain(room) && (room.title === room.name || room.title === "") ? "Main room" : room.title;
}

/** @param {import("./messages.js").RoomInfo | null} room @returns {string} of the browser's tab */
export function pageTitle(room) {
  if (!room) return "Average Explorer";
  const branch = isMain(room) ? "" : `${titleOf(room)} · `;
  return `${branch}${collectionOf(room.name)} · Average Explorer`;
}

/**
 * @param {readonly string[]} titles that are taken
 * @param {string} base
 * @returns {string} the base, numbered where it is taken
 */
export function freeTitle(titles, base) {
  const short = base.slice(0, TITLE_LIMIT - 4);
  for (let number = 1; ; number++) {
    const title = number === 1 ? short : `${short} ${number}`;
    if (!titles.includes(title)) return title;
  }
}

/**
 * @param {Session} base
 * @param {Session} now
 * @returns {readonly string[]} a line for each thing that differs
 */
export function changesBetween(base, now) {
  const before = new Map(base.clusters.map((cluster) => [cluster.id, cluster]));
  const after = new Set(now.clusters.map(({ id }) => id));
  const lines = now.clusters.flatMap((cluster) => {
    const known = before.get(cluster.id);
    return known ? changesOf(known, cluster) : [`“${cluster.name}” is new, with ${counted(cluster.edits.length, "edit")}`];
  });
  const gone = base.clusters.filter(({ id }) => !after.has(id)).map(({ name }) => `“${name}” is deleted`);
  const isMoved = orderOf(base, now) !== orderOf(now, base);
  const hasPoints = JSON.stringify(base.annotation) !== JSON.stringify(now.annotation);
  return [...lines, ...gone, ...(isMoved ? ["The averages are in another order"] : []), ...(hasPoints ? ["Keypoints are changed"] : [])];
}

/**
 * @param {Session} base
 * @param {Session} here
 * @param {Session} there
 * @returns {number} how many edits and settings of averages were changed on both sides, and not to the same
 */
export function clashesBetween(base, here, there) {
  const [mine, theirs] = [partsOf(here), partsOf(there)];
  return [...partsOf(base)].filter(([key, was]) => new Set([was, mine.get(key), theirs.get(key)]).size === 3).length;
}

/** @param {Session} session @returns {Map<string, string>} each edit and the settings of each average, as text */
function partsOf({ clusters }) {
  return new Map(clusters.flatMap((cluster) => [
    [cluster.id, cluster.name + settingsOf(cluster)],
    ...cluster.edits.map(({ edit }) => /** @type {[string, string]} */ ([`${cluster.id} ${edit.id}`, JSON.stringify(edit)])),
  ]));
}

/** @param {Cluster} cluster */
function settingsOf({ weighting, count, alignment, mirror, color }) {
  return JSON.stringify([weighting, count, alignment, mirror, color]);
}

/** @param {Cluster} known @param {Cluster} cluster @returns {readonly string[]} */
function changesOf(known, cluster) {
  const [old, edits] = [known, cluster].map((one) => new Map(one.edits.map(({ edit }) => [edit.id, JSON.stringify(edit)])));
  if (!old || !edits) return [];
  const parts = [
    [[...edits.keys()].filter((id) => !old.has(id)).length, "new"],
    [[...edits].filter(([id, edit]) => old.has(id) && old.get(id) !== edit).length, "changed"],
    [[...old.keys()].filter((id) => !edits.has(id)).length, "removed"],
  ].flatMap(([count, word]) => (count ? [`${counted(Number(count), "edit")} ${word}`] : []));
  if (known.name !== cluster.name) parts.unshift(`was “${known.name}”`);
  if (settingsOf(known) !== settingsOf(cluster)) parts.push("other settings");
  return parts.length > 0 ? [`“${cluster.name}”: ${parts.join(", ")}`] : [];
}

/** @param {Session} session @param {Session} other @returns {string} the order of those clusters that both have */
function orderOf(session, other) {
  const shared = new Set(other.clusters.map(({ id }) => id));
  return session.clusters.map(({ id }) => id).filter((id) => shared.has(id)).join(" ");
}

const NAMES_SHOWN = 3;

/**
 * @param {readonly string[]} all names of those who are in a room
 * @param {string} me the name among them that is one's own; empty: one is elsewhere
 * @returns {string}
 */
export function whoIsThere(all, me = "") {
  if (all.length === 0) return "nobody there";
  const at = me === "" ? -1 : all.indexOf(me);
  if (at >= 0 && all.length === 1) return "only you there";
  const people = at < 0 ? all : ["you", ...all.toSpliced(at, 1)];
  const left = people.length - NAMES_SHOWN;
  const names = left > 0 ? [...people.slice(0, NAMES_SHOWN), `${left} more`] : people;
  const last = names.at(-1) ?? "";
  return `${names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last} there`;
}

/**
 * @param {number} count
 * @param {string} what one of them
 */
export function counted(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
