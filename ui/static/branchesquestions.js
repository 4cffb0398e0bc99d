// @ts-check
/** What is asked before a room is branched, renamed, published or archived. */

import { changesBetween, clashesBetween, counted, freeTitle, isMain, TITLE_LIMIT, titleOf } from "./branches.js";
import { h } from "./dom.js";
import { newId } from "./socket.js";

const SHOWN = 8;
const NOT_SENT = "What you did last is not sent yet: try again when the connection is back.";

/** @typedef {import("./branches.js").RoomItem} RoomItem */
/** @typedef {import("./branchesapi.js").RoomApi} RoomApi */
/** @typedef {import("./branchesdialog.js").Question} Question */
/** @typedef {import("./messages.js").RoomInfo} RoomInfo */

/**
 * @param {RoomApi} api
 * @param {{title: string, revision: number | null, words: string}} from
 * @param {(room: RoomInfo) => void} enter
 * @returns {Question}
 */
export function branchQuestion(api, { title, revision, words }, enter) {
  return {
    title: revision === null ? "New branch" : "Restore as a new branch",
    words: [words],
    fields: [
      { name: "title", kind: "text", label: "Title", value: title, limit: TITLE_LIMIT },
      { name: "isPrivate", kind: "switch", label: "Private", note: "Only you see it and what you do in it. You can change that later.", value: false },
    ],
    action: revision === null ? "Make the branch" : "Restore",
    run: async (values) => enter(await api.branch({ title: String(values["title"]), revision, isPrivate: values["isPrivate"] === true })),
  };
}

/**
 * @param {RoomApi} api
 * @param {RoomInfo} room
 * @param {readonly RoomItem[]} rooms
 * @param {(room: RoomInfo) => void} enter
 */
export function newBranchQuestion(api, room, rooms, enter) {
  const titles = rooms.map(titleOf);
  const words = `It begins as “${titleOf(room)}” is now and goes its own way: what you do there leaves this room as it is, until you publish it back.`;
  return branchQuestion(api, { title: freeTitle(titles, "Branch"), revision: null, words }, enter);
}

/**
 * @param {RoomApi} api
 * @param {RoomInfo} room
 * @param {(room: RoomInfo) => void} done
 * @returns {Question}
 */
export function renameQuestion(api, room, done) {
  const isBranch = !isMain(room);
  const shared = { name: "isPrivate", kind: /** @type {const} */ ("switch"), label: "Private", note: "Only you see it.", value: room.is_private };
  return {
    title: isBranch ? "Title and privacy" : "Rename this room",
    fields: [{ name: "title", kind: "text", label: "Title", value: titleOf(room), limit: TITLE_LIMIT }, ...(isBranch ? [shared] : [])],
    action: "Save",
    run: async (values) => {
      const change = { title: String(values["title"]), ...(isBranch ? { is_private: values["isPrivate"] === true } : {}) };
      await api.describe(change);
      done({ ...room, ...change });
    },
  };
}

/**
 * @param {RoomApi} api
 * @param {RoomInfo} room
 * @param {RoomInfo | undefined} parent
 * @param {() => number} waiting how many operations the server has not answered yet
 * @param {() => void} done
 * @returns {Question}
 */
export function publishQuestion(api, room, parent, waiting, done) {
  const to = parent ? titleOf(parent) : "the room it came from";
  return {
    title: `Publish to “${to}”`,
    words: [
      `What you changed in “${titleOf(room)}” is carried into “${to}”, for everybody there, as one step of yours. What others changed there meanwhile stays.`,
      h("p", { class: "ax-muted" }, "Looking what is changed …"),
    ],
    action: "Publish",
    run: async () => {
      if (waiting() > 0) throw new Error(NOT_SENT);
      const { changed } = await api.publish();
      if (!changed) throw new Error(`“${to}” has all of it already: there is nothing to publish.`);
      done();
    },
  };
}

/**
 * @param {RoomApi} api
 * @param {number} revision
 * @param {() => number} waiting how many operations the server has not answered yet
 * @param {() => void} done
 * @returns {Question}
 */
export function restoreQuestion(api, revision, waiting, done) {
  const id = newId("o");
  return {
    title: `Restore step ${revision} here?`,
    words: [
      `All averages and keypoints become what they were after step ${revision}, for everybody in this room. It is one step of yours: one undo takes it back, and nothing of the history is lost.`,
      "Comments, votes, claims and names of moments stay as they are.",
    ],
    action: "Restore here",
    isGrave: true,
    run: async () => {
      if (waiting() > 0) throw new Error(NOT_SENT);
      const { changed } = await api.restore(revision, id);
      if (!changed) throw new Error(`The room is as it was after step ${revision}: there is nothing to restore.`);
      done();
    },
  };
}

/**
 * What a branch has changed, as a list.
 *
 * @param {RoomApi} api
 * @param {RoomInfo} room
 * @param {import("./messages.js").Session} session as it is now
 * @returns {Promise<HTMLElement>}
 */
export async function listOfChanges(api, room, session) {
  const [base, there] = await Promise.all([api.at(room.base ?? 0), api.sessionOf(room.parent ?? room.name)]);
  const lines = changesBetween(base.session, session);
  if (lines.length === 0) return h("p", { class: "ax-muted" }, "Nothing is changed here since it branched off or was published.");
  const more = lines.length > SHOWN ? [h("li", { class: "ax-muted" }, `and ${counted(lines.length - SHOWN, "more change")}`)] : [];
  const clash = clashWords(clashesBetween(base.session, session, there));
  const last = clash ? [h("li", { class: "ax-muted" }, clash)] : [];
  return h("ul", { class: "ax-ask-list" }, ...lines.slice(0, SHOWN).map((line) => h("li", {}, line)), ...more, ...last);
}

/** @param {number} count of what was changed on both sides */
function clashWords(count) {
  if (count === 0) return "";
  return count === 1 ? "One of these was changed there too meanwhile, and stays as it is there." : `${count} of these were changed there too meanwhile, and stay as they are there.`;
}

/**
 * @param {RoomApi} api
 * @param {RoomInfo} room
 * @param {() => void} done
 * @returns {Question}
 */
export function archiveQuestion(api, room, done) {
  return {
    title: `Archive “${titleOf(room)}”?`,
    words: ["It stands in the list no more, only among the archived rooms at its end. Nothing is deleted, and it can be taken out of the archive again."],
    action: "Archive",
    isGrave: true,
    run: async () => {
      await api.archive();
      done();
    },
  };
}
