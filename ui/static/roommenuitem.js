// @ts-check
/** One room in the list of rooms: entering it, and what can be done with it from outside. */

import { isMain, titleOf, whoIsThere } from "./branches.js";
import { h, icon, iconButton } from "./dom.js";
import { isAtLeast } from "./roles.js";
import { ago } from "./scale.js";

/** @typedef {import("./branches.js").RoomItem} RoomItem */
/**
 * @typedef {object} ItemActions
 * @property {(room: RoomItem) => void} enter
 * @property {(room: RoomItem) => void} toggle shows or hides what else can be done with it
 * @property {(room: RoomItem) => void} save
 * @property {(room: RoomItem) => void} branch
 * @property {(room: RoomItem) => void} archive takes it off the list, or puts it there again
 */

/**
 * @param {RoomItem} room
 * @param {{depth: number, isHere: boolean, isOpen: boolean, me: string}} shown `isOpen`: with what else can be done with it; `me`: one's own name
 * @param {ItemActions} actions
 */
export function roomItem(room, { depth, isHere, isOpen, me }, actions) {
  const item = h(
    "button",
    { type: "button", class: "ax-menu-item ax-room-item", "aria-current": String(isHere) },
    icon(room.is_private ? "lock" : "branch"), h("b", {}, titleOf(room)), h("small", {}, itemWords(room, Date.now() / 1000, isHere ? me : "")),
  );
  item.onclick = () => actions.enter(room);
  const row = h("li", { class: "ax-room-row", "data-room": room.name }, item);
  row.style.setProperty("--depth", String(depth));
  if (isHere) return row; // what can be done with this one stands below the list
  const more = iconButton("more", `More about “${titleOf(room)}”`, () => actions.toggle(room));
  more.classList.add("ax-room-more");
  more.setAttribute("aria-expanded", String(isOpen));
  row.append(more);
  if (isOpen) row.append(h("div", { class: "ax-room-acts" }, ...actsOf(room, actions)));
  return row;
}

/**
 * @param {RoomItem} room
 * @param {number} nowS
 * @param {string} [me] one's own name, if one is there
 * @returns {string} what is known of it, in a few words
 */
export function itemWords(room, nowS, me) {
  const when = ago(room.updated, nowS);
  const words = [
    room.is_archived ? "archived" : "",
    room.is_private ? "private" : "",
    whoIsThere(room.people, me),
    room.revision === 0 ? "nothing done yet" : when && when !== "now" ? `${when} ago` : when,
  ];
  return words.filter((one) => one !== "").join(" · ");
}

/** @param {RoomItem} room @param {ItemActions} actions */
function actsOf(room, actions) {
  const act = (/** @type {string} */ label, /** @type {() => void} */ run) => h("button", { type: "button", class: "ax-button ax-chip", onclick: run }, label);
  return [
    act("Save a copy", () => actions.save(room)),
    isAtLeast(room.role, "editor") ? act("Branch …", () => actions.branch(room)) : null,
    isAtLeast(room.role, "owner") && !isMain(room) ? act(room.is_archived ? "Out of the archive" : "Archive …", () => actions.archive(room)) : null,
  ];
}
