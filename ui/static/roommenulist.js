// @ts-check
/** The menu under the room's title: the rooms of the collection, and what can be done with the one that is open. */

import { asTree, collectionOf, counted, isMain, titleOf, whoIsThere } from "./branches.js";
import { placeAt } from "./colors.js";
import { h, icon, moveFocus } from "./dom.js";
import { isAtLeast } from "./roles.js";
import { ago } from "./scale.js";

/** @typedef {import("./branches.js").RoomItem} RoomItem */
/**
 * @typedef {object} MenuActions
 * @property {(room: string) => void} go
 * @property {() => void} branch
 * @property {() => void} rename
 * @property {() => void} publish
 * @property {() => void} archive
 * @property {() => void} unarchive
 * @property {() => void} openTimeline
 * @property {() => void} openShare
 * @property {() => void} saveCopy
 * @property {() => void} openCopy
 */

export class RoomMenu {
  #title = h("span", { class: "ax-room-title" }, "Room");
  #kind = h("span", { class: "ax-room-kind" }, icon("branch"));
  button = h("button", { type: "button", class: "ax-button ax-room-button", "aria-haspopup": "dialog", "aria-label": "Room" });
  #list = h("ul", { class: "ax-room-list", "aria-label": "Rooms of this collection" });
  #archived = h("button", { type: "button", class: "ax-menu-item ax-muted", hidden: true, disabled: true });
  #showsArchived = false;
  #tools = h("div", {});
  element = h("div", { class: "ax-popover ax-menu ax-room-menu", popover: "auto", role: "dialog", "aria-label": "Rooms" });
  #asked = 0;
  /** @type {readonly RoomItem[]} as they were heard of last */
  rooms = [];

  /**
   * @param {import("./branchesapi.js").RoomApi} api
   * @param {import("./store.js").Store} store
   * @param {MenuActions} actions
   */
  constructor(api, store, actions) {
    this.api = api;
    this.store = store;
    this.actions = actions;
    this.button.append(this.#kind, this.#title, icon("down"));
    this.button.onclick = () => this.open();
    this.element.append(h("h3", {}, "Rooms"), this.#list, this.#archived, h("hr"), this.#tools);
    this.#archived.onclick = () => {
      this.#showsArchived = !this.#showsArchived;
      this.#showRooms();
    };
    this.element.addEventListener("keydown", (event) => moveFocus(this.element, event));
    let drawn = "";
    store.watch(({ room }) => {
      const now = JSON.stringify(room);
      if (!room || now === drawn) return;
      drawn = now;
      this.#title.textContent = titleOf(room);
      this.#kind.replaceChildren(icon(room.is_private ? "lock" : "branch"));
      this.button.title = isMain(room) ? "The room that everybody enters first; the other rooms" : `${room.is_private ? "A private room" : "A room"} of ${collectionOf(room.name)}; the other rooms`;
      this.button.setAttribute("aria-label", `Room: ${titleOf(room)}`);
    });
  }

  open() {
    this.#showRooms();
    this.#showTools();
    this.element.showPopover();
    const box = this.button.getBoundingClientRect();
    placeAt(this.element, { x: box.left - 28, y: box.bottom - 4 });
    this.#focusFirst();
    this.#load();
  }

  async #load() {
    const asked = ++this.#asked;
    this.#list.setAttribute("aria-busy", "true");
    try {
      const rooms = await this.api.list();
      if (asked !== this.#asked) return;
      this.rooms = rooms;
      this.#learn(rooms);
      this.#showRooms();
      this.#showTools();
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#list.replaceChildren(h("li", { class: "ax-wrong", role: "alert" }, error instanceof Error ? error.message : String(error)));
    }
    this.#list.setAttribute("aria-busy", "false");
    this.#focusFirst();
  }

  /** Somebody else may have renamed the room. @param {readonly RoomItem[]} rooms */
  #learn(rooms) {
    const { room } = this.store.state;
    const heard = rooms.find(({ name }) => name === room?.name);
    if (!room || !heard || (heard.title === room.title && heard.is_private === room.is_private)) return;
    this.store.update({ room: { ...room, title: heard.title, is_private: heard.is_private } });
  }

  #focusFirst() {
    if (this.element.contains(document.activeElement) && document.activeElement !== this.element) return;
    /** @type {HTMLElement | null} */ (this.element.querySelector("[aria-current=true]") ?? this.element.querySelector("button:not(:disabled)"))?.focus();
  }

  #showRooms() {
    const { room } = this.store.state;
    const known = this.rooms.length > 0 ? this.rooms : room ? [{ ...room, revision: this.store.state.revision, members: 0, people: [], updated: 0, is_archived: false }] : [];
    const hadFocus = this.#list.contains(document.activeElement);
    const shown = known.filter((one) => !one.is_archived || this.#showsArchived || one.name === room?.name);
    this.#list.replaceChildren(...asTree(shown).map(({ room: one, depth }) => this.#item(one, depth, one.name === room?.name)));
    if (hadFocus) this.#focusFirst();
    const archived = known.filter(({ is_archived }) => is_archived).length;
    // What is not to be seen cannot get the focus, and arrows would stay before it.
    this.#archived.hidden = this.#archived.disabled = archived === 0;
    this.#archived.textContent = `${this.#showsArchived ? "Hide" : "Show"} ${counted(archived, "archived room")}`;
  }

  /** @param {RoomItem} room @param {number} depth @param {boolean} isHere */
  #item(room, depth, isHere) {
    const when = ago(room.updated, Date.now() / 1000);
    const words = [
      room.is_archived ? "archived" : "",
      room.is_private ? "private" : "",
      whoIsThere(room.people),
      room.revision === 0 ? "nothing done yet" : when && when !== "now" ? `${when} ago` : when,
    ].filter((one) => one !== "");
    const item = h(
      "button",
      { type: "button", class: "ax-menu-item ax-room-item", "aria-current": String(isHere) },
      icon(room.is_private ? "lock" : "branch"), h("b", {}, titleOf(room)), h("small", {}, words.join(" · ")),
    );
    item.style.setProperty("--depth", String(depth));
    item.onclick = () => {
      this.element.hidePopover();
      if (!isHere) this.actions.go(room.name);
    };
    return h("li", {}, item);
  }

  /** What can be done; it is made anew only where that has changed, as the focus may be in it. */
  #showTools() {
    const { room, role } = this.store.state;
    const [here, parent] = [room?.name, room?.parent].map((wanted) => this.rooms.find(({ name }) => name === wanted));
    const key = JSON.stringify([room, role, parent?.title, here?.is_archived]);
    if (key === this.#tools.dataset["key"]) return;
    this.#tools.dataset["key"] = key;
    this.#tools.replaceChildren(...this.#items());
  }

  #items() {
    const { room, role } = this.store.state;
    const [isEditor, isOwner] = [isAtLeast(role, "editor"), isAtLeast(role, "owner")];
    const isArchived = this.rooms.some(({ name, is_archived }) => is_archived && name === room?.name);
    const parent = this.rooms.find(({ name }) => name === room?.parent);
    const item = (/** @type {string} */ title, /** @type {string} */ text, /** @type {() => void} */ run, isOn = true, key = "") => {
      const entry = h("button", { type: "button", class: "ax-menu-item", disabled: !isOn }, h("b", {}, title), key ? h("kbd", { class: "ax-menu-key" }, key) : null, text ? h("small", {}, text) : null);
      entry.onclick = () => {
        this.element.hidePopover();
        run();
      };
      return entry;
    };
    const isOther = room !== null && !isMain(room);
    const ofBranch = room?.parent == null ? [] : [
      item(`Publish to “${parent ? titleOf(parent) : "Main room"}” …`, "carry what is changed here back", this.actions.publish, isEditor),
    ];
    return [
      item("New branch …", "go another way from here; this room stays", this.actions.branch, isEditor),
      item(isOther ? "Title and privacy …" : "Rename …", "", this.actions.rename, isOwner),
      ...ofBranch,
      ...(isOther ? [isArchived ? item("Take out of the archive", "", this.actions.unarchive, isOwner) : item("Archive …", "take it off the list", this.actions.archive, isOwner)] : []),
      h("hr"),
      item("History …", "every step, with the average it gave", this.actions.openTimeline, true, "H"),
      item("Share …", "links for others, each with a role", this.actions.openShare),
      h("hr"),
      item("Save a copy", "the whole room as a zip, without photographs", this.actions.saveCopy),
      item("Open a copy …", "as a new room of this collection", this.actions.openCopy, isEditor),
    ];
  }
}
