// @ts-check
/** The menu under the room's title: the rooms of the collection, and what can be done with the one that is open. */

import { asTree, collectionOf, counted, isMain, titleOf } from "./branches.js";
import { placeAt } from "./colors.js";
import { h, icon, moveFocus } from "./dom.js";
import { nameHere } from "./myself.js";
import { isAtLeast } from "./roles.js";
import { roomItem } from "./roommenuitem.js";

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
 * @property {(room: RoomItem) => void} saveOther a copy of a room that is not open
 * @property {(room: RoomItem) => void} branchOther
 * @property {(room: RoomItem) => void} archiveOther or out of the archive
 */

export class RoomMenu {
  #title = h("span", { class: "ax-room-title" }, "Room");
  #kind = h("span", { class: "ax-room-kind" }, icon("branch"));
  button = h("button", { type: "button", class: "ax-button ax-room-button", "aria-haspopup": "dialog", "aria-label": "Room" });
  #list = h("ul", { class: "ax-room-list", "aria-label": "Rooms of this collection" });
  #archived = h("button", { type: "button", class: "ax-menu-item ax-muted", hidden: true, disabled: true });
  #showsArchived = false;
  /** address of the room of which it is shown what else can be done with it */
  #opened = "";
  #tools = h("div", {});
  #items;
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
    const closed = (/** @type {(room: RoomItem) => void} */ run) => (/** @type {RoomItem} */ room) => {
      this.element.hidePopover();
      run(room);
    };
    this.#items = {
      enter: closed(({ name }) => name !== store.state.room?.name && actions.go(name)),
      toggle: (/** @type {RoomItem} */ room) => this.#toggle(room),
      save: closed(actions.saveOther),
      branch: closed(actions.branchOther),
      archive: closed(actions.archiveOther),
    };
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
    this.#opened = "";
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
    const me = nameHere(this.store.state);
    const known = this.rooms.length > 0 ? this.rooms : room ? [{ ...room, revision: this.store.state.revision, members: 0, people: [], updated: 0, is_archived: false, role: this.store.state.role }] : [];
    const hadFocus = this.#list.contains(document.activeElement);
    const shown = known.filter((one) => !one.is_archived || this.#showsArchived || one.name === room?.name);
    this.#list.replaceChildren(...asTree(shown).map(({ room: one, depth }) => roomItem(one, { depth, isHere: one.name === room?.name, isOpen: one.name === this.#opened, me }, this.#items)));
    if (hadFocus) this.#focusFirst();
    const archived = known.filter(({ is_archived }) => is_archived).length;
    // What is not to be seen cannot get the focus, and arrows would stay before it.
    this.#archived.hidden = this.#archived.disabled = archived === 0;
    this.#archived.textContent = `${this.#showsArchived ? "Hide" : "Show"} ${counted(archived, "archived room")}`;
  }

  /** @param {RoomItem} room */
  #toggle(room) {
    this.#opened = this.#opened === room.name ? "" : room.name;
    this.#showRooms();
    const place = this.#opened ? ".ax-room-acts button" : `[data-room="${CSS.escape(room.name)}"] .ax-room-more`;
    /** @type {HTMLElement | null} */ (this.#list.querySelector(place))?.focus();
  }

  /** What can be done; it is made anew only where that has changed, as the focus may be in it. */
  #showTools() {
    const { room, role } = this.store.state;
    const [here, parent] = [room?.name, room?.parent].map((wanted) => this.rooms.find(({ name }) => name === wanted));
    const key = JSON.stringify([room, role, parent?.title, here?.is_archived]);
    if (key === this.#tools.dataset["key"]) return;
    this.#tools.dataset["key"] = key;
    this.#tools.replaceChildren(...this.#toolItems());
  }

  #toolItems() {
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
