// @ts-check
/** All that the page has about rooms: the menu, the timeline, links, and the questions before something is done. */

import { collectionOf, pageTitle, titleOf } from "./branches.js";
import { RoomApi } from "./branchesapi.js";
import { AskDialog } from "./branchesdialog.js";
import { archiveQuestion, branchQuestion, listOfChanges, newBranchQuestion, publishQuestion, renameQuestion, restoreQuestion } from "./branchesquestions.js";
import { h } from "./dom.js";
import { RoomMenu } from "./roommenulist.js";
import { ShareDialog } from "./share.js";
import { TimelineDialog } from "./timeline.js";

/** @typedef {import("./messages.js").RoomInfo} RoomInfo */

export class Rooms {
  #ask = new AskDialog();
  #file = h("input", { type: "file", accept: ".zip,application/zip", hidden: true, "aria-label": "Copy of a room" });
  /** @type {{room: string, tell: () => void} | null} told as soon as the page is in that room */
  #arriving = null;
  /** the averages are to be gone on with */
  onRestored = () => {};

  /**
   * @param {import("./room.js").Room} room
   * @param {(address: string) => void} go enters another room
   */
  constructor(room, go) {
    this.room = room;
    this.store = room.store;
    this.go = go;
    this.api = new RoomApi(room);
    this.timeline = new TimelineDialog(room, this.api, {
      branch: (from) => this.#ask.open(branchQuestion(this.api, from, (made) => this.#enter(made))),
      here: (revision) => this.#restore(revision),
    });
    this.share = new ShareDialog(room, this.api);
    this.menu = new RoomMenu(this.api, this.store, {
      go,
      branch: () => this.#withRoom((here) => this.#ask.open(newBranchQuestion(this.api, here, this.menu.rooms, (made) => this.#enter(made)))),
      rename: () => this.#withRoom((here) => this.#ask.open(renameQuestion(this.api, here, (now) => this.store.update({ room: now })))),
      publish: () => this.#withRoom((here) => this.#publish(here)),
      archive: () => this.#withRoom((here) => this.#ask.open(archiveQuestion(this.api, here, () => go(here.parent ?? collectionOf(here.name))))),
      unarchive: () => this.#withRoom((here) => this.#unarchive(this.api, here)),
      openTimeline: () => this.timeline.open(),
      openShare: () => this.share.open(),
      saveCopy: () => this.#save(this.api),
      openCopy: () => this.#file.click(),
      saveOther: ({ name }) => this.#save(this.api.of(name)),
      branchOther: (other) => this.#ask.open(newBranchQuestion(this.api.of(other.name), other, this.menu.rooms, (made) => this.#enter(made))),
      archiveOther: (other) => this.#archiveOther(other),
    });
    this.#file.onchange = () => this.#open();
    this.elements = [this.menu.element, this.timeline.element, this.share.element, this.#ask.element, this.#file];
    this.store.watch((state) => {
      document.title = pageTitle(state.room);
      this.#arrive(state);
    });
  }

  get isOpen() {
    return [this.timeline, this.share, this.#ask].some(({ element }) => element.open);
  }

  close() {
    this.timeline.close();
  }

  /** @param {(room: RoomInfo) => void} run */
  #withRoom(run) {
    const { room } = this.store.state;
    if (room) run(room);
  }

  /** @param {RoomInfo} made */
  #enter(made) {
    this.timeline.close();
    this.go(made.name);
  }

  /** @param {number} revision */
  #restore(revision) {
    const done = () => {
      this.timeline.close();
      this.store.update({ undoable: { text: `Restored step ${revision}`, back: "" } });
      // The question gives the focus back to a button that is no longer to be seen.
      setTimeout(() => this.onRestored());
    };
    this.#ask.open(restoreQuestion(this.api, revision, () => this.room.waiting.length, done));
  }

  /** @param {RoomInfo} here */
  async #publish(here) {
    const parent = this.menu.rooms.find(({ name }) => name === here.parent);
    const question = publishQuestion(this.api, here, parent, () => this.room.waiting.length, () => {
      const undoable = { text: `Published “${titleOf(here)}”`, back: "" };
      this.#arriving = { room: here.parent ?? "", tell: () => this.store.update({ undoable }) };
      this.go(here.parent ?? "");
    });
    this.#ask.open(question);
    const { session } = this.store.state;
    if (!session) return;
    const told = await listOfChanges(this.api, here, session).catch((error) => h("p", { class: "ax-muted" }, `What is changed cannot be listed: ${error.message}`));
    this.#ask.say(question, [...(question.words?.slice(0, 1) ?? []), told]);
  }

  /** @param {import("./store.js").State} state */
  #arrive({ room, connection }) {
    if (!this.#arriving || connection !== "open" || room?.name !== this.#arriving.room) return;
    const { tell } = this.#arriving;
    this.#arriving = null;
    tell();
  }

  /** @param {import("./branches.js").RoomItem} other */
  #archiveOther(other) {
    const api = this.api.of(other.name);
    if (other.is_archived) this.#unarchive(api, other);
    else this.#ask.open(archiveQuestion(api, other, () => this.#tell(`“${titleOf(other)}” is in the archive`)));
  }

  /** @param {RoomApi} api @param {RoomInfo} room */
  async #unarchive(api, room) {
    try {
      await api.describe({ is_archived: false });
      this.#tell(`“${titleOf(room)}” is in the list again`);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error), "error");
    }
  }

  /** @param {string} text @param {"info" | "error"} [level] */
  #tell(text, level = "info") {
    this.store.update({ notice: { text, level } });
  }

  /** @param {RoomApi} api */
  #save(api) {
    const link = h("a", { href: api.copyUrl, download: "" });
    document.body.append(link);
    link.click();
    link.remove();
  }

  async #open() {
    const file = this.#file.files?.[0];
    this.#file.value = "";
    if (!file) return;
    this.store.update({ notice: { text: `Opening ${file.name} …`, level: "info" } });
    try {
      const made = await this.api.openCopy(file);
      const text = made.warnings.join(" ");
      this.#arriving = { room: made.name, tell: () => this.store.update({ notice: text ? { text, level: "info" } : null }) };
      this.go(made.name);
    } catch (error) {
      this.store.update({ notice: { text: `${file.name} was not opened: ${error instanceof Error ? error.message : error}`, level: "error" } });
    }
  }
}
