// @ts-check
/** The page's side of a room: joins it, follows its messages, sends operations. */

import { EMPTY_BOARD, followBoard } from "./board.js";
import { boardWithPending } from "./boardpending.js";
import { isOver } from "./closing.js";
import { focusAfter, NO_PICKS } from "./clusterrules.js";
import { follow, putEdit, removeEdit, setCluster } from "./messages.js";
import { asOld, isNewer } from "./frame.js";
import { ImageIds } from "./imageids.js";
import { authorId } from "./myself.js";
import { historyAfter, waitingEdits, withPending } from "./pending.js";
import { followPeople, learnNames, onlyMoved, withCalled } from "./peoplerules.js";
import { mayDo } from "./roles.js";
import { RoomFiles } from "./roomfiles.js";
import { newId, RoomSocket, socketUrl } from "./socket.js";
import { clusterOf, editsOf } from "./store.js";

/** @typedef {import("./messages.js").Edit} Edit */
/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Scored} Scored */

export class Room extends RoomFiles {
  /** @type {RoomSocket | null} */
  #socket = null;
  #ids = new ImageIds(
    async (name) => (await this.fetchJson("images", { name })).id,
    () => this.store.update({}),
  );
  /** the room that was entered; "" for none yet */
  #entered = "";
  /** id of the operation up to which that room is known; null: it is to be told whole. @type {string | null} */
  #last = null;
  /** what the room said last that this author can undo and redo */
  #history = { canUndo: false, canRedo: false };
  /** @type {import("./messages.js").Session | null} as the room has it, without what waits */
  #confirmed = null;
  /** as the room has it, without what waits */
  #board = EMPTY_BOARD;
  /** the cluster that the server knows this page to look at */
  #told = "";
  /** the cluster that gets the focus as soon as the room has it */
  #awaited = "";
  /** @type {Map<string, import("./messages.js").Ranking>} the last one of each cluster */
  #rankings = new Map();
  /** @type {(frame: import("./frame.js").Frame) => void} */
  onFrame = () => {};
  /** @type {(modes: import("./messages.js").Modes) => void} */
  onModes = () => {};
  /** @type {() => void} */
  onWelcome = () => {};
  /** @type {(text: string) => void} */
  onError = () => {};
  /** what the role does not allow was tried. @type {() => void} */
  onDenied = () => {};

  /** @param {string} collection "" for the first served */
  join(collection) {
    this.close();
    this.#entered = "";
    this.#last = null;
    this.#history = { canUndo: false, canRedo: false };
    this.#socket = new RoomSocket(() => this.#address(collection), {
      onMessage: (message) => this.#receive(message),
      onFrame: (frame) => this.onFrame(frame),
      onState: (connection, closing) => this.#connection(connection, closing),
    });
  }

  /**
   * @param {import("./store.js").State["connection"]} connection
   * @param {import("./closing.js").Closing | null} closing
   */
  #connection(connection, closing) {
    this.store.update({ connection, closing: closing ?? this.store.state.closing });
    // What would be done from now on would never get there: it is not begun.
    if (isOver(closing)) this.store.update({ role: "viewer", people: [], following: "" });
  }

  /** @param {string} wanted @returns {string} of the socket: a room that was entered is gone on with */
  #address(wanted) {
    const known = this.#last === null ? null : { since: this.store.state.revision, last: this.#last };
    return socketUrl(this.base, this.#entered || wanted, authorId(), known);
  }

  close() {
    this.#socket?.close();
    this.#socket = null;
  }

  /** @returns {readonly import("./delivery.js").Operate[]} operations that the room has not answered yet */
  get waiting() {
    return this.#socket?.waiting ?? [];
  }

  /** Whether closing the tab now loses something that could not be sent for a while; loading it anew loses nothing. */
  get isOverdue() {
    const isToLoadAnew = ["reload", "login"].includes(this.store.state.closing?.remedy ?? "");
    return !isToLoadAnew && (this.#socket?.isOverdue ?? false);
  }

  /** @param {readonly {id: number, name: string}[]} images */
  learn(images) {
    this.#ids.learn(images);
  }

  /**
   * @param {string} image its name
   * @returns {number | null} its id; null if there is no such image, or as long as it is asked for
   */
  idOf(image) {
    return this.#ids.of(image);
  }

  retryNow() {
    this.#socket?.retryNow();
  }

  /** The network is said to be gone, or this page has slept. */
  doubt() {
    this.#socket?.doubt();
  }

  /** @param {Operation} operation seen at once, whenever the room answers; refused at once where the role does not allow it */
  operate(operation) {
    const { state } = this.store;
    if (!this.#entered) return; // what is still shown is of another room
    if (!mayDo(state, operation.type)) {
      this.onDenied();
      return;
    }
    this.store.update({ undoable: null });
    this.#socket?.operate(operation);
    this.#reconcile();
  }

  /**
   * Open a session file in place of everything. It goes over HTTP, as it may have a million points.
   *
   * @param {string} text
   * @throws {Error} with the server's words, if it refuses
   */
  async open(text) {
    const headers = { "content-type": "application/json" };
    await this.fetchJson("session.json", { author: this.store.state.author }, { method: "POST", body: text, headers });
  }

  /** @param {string} cluster is looked at, by this page alone: it goes with nobody any more */
  focus(cluster) {
    this.store.update({ following: "" });
    this.goTo(cluster);
  }

  /** @param {string} cluster is looked at, as somebody who is followed does */
  goTo(cluster) {
    const { session, clusterId } = this.store.state;
    this.#awaited = "";
    if (!session?.clusters.some(({ id }) => id === cluster)) this.#awaited = cluster;
    else if (cluster !== clusterId || this.store.state.showsOutliers) this.#lookAt(cluster);
  }

  /** @param {import("./messages.js").Here} here where I am, for the others */
  here(here) {
    this.#socket?.here(here);
  }

  /** @param {string} cluster of which the sharpening is given up */
  cancel(cluster) {
    this.#socket?.cancel(cluster);
  }

  /** @param {string} cluster that the session has */
  #lookAt(cluster) {
    const { collection } = this.store.state;
    localStorage.setItem(`avex-focus-${collection?.name ?? ""}`, cluster);
    const ranking = this.#rankings.get(cluster) ?? null;
    this.store.update({ clusterId: cluster, ranking, picks: NO_PICKS, showsOutliers: false, selected: null, hovered: null });
    this.#tellFocus();
  }

  /** The server is told of a cluster that it has. */
  #tellFocus() {
    const { clusterId } = this.store.state;
    if (clusterId === this.#told || !this.#confirmed?.clusters.some(({ id }) => id === clusterId)) return;
    this.#told = clusterId;
    this.#socket?.focus(clusterId);
  }

  /** @param {Edit} edit */
  put(edit) {
    this.operate(putEdit(this.store.state.clusterId, edit));
  }

  /** @param {string} editId */
  remove(editId) {
    this.operate(removeEdit(this.store.state.clusterId, editId));
  }

  /** @param {Scored | null} edit */
  preview(edit) {
    this.#socket?.preview(this.store.state.clusterId, edit);
  }

  /**
   * @param {import("./stroke.js").Point} point
   * @param {number} size of the patch, pixels of the collection
   */
  hover(point, size) {
    this.#socket?.hover(this.store.state.clusterId, point, size);
  }

  /** @param {Partial<import("./messages.js").Settings>} change */
  configure(change) {
    const cluster = clusterOf(this.store.state);
    if (cluster) this.operate(setCluster({ ...cluster, ...change }));
  }

  /**
   * Pin or exclude an image; a second time takes it back.
   *
   * @param {string} image its name
   * @param {"pin" | "exclude"} verdict
   */
  judge(image, verdict) {
    const known = editsOf(this.store.state).find((edit) => edit.kind === "image" && edit.image === image);
    if (known?.kind === "image" && known.verdict === verdict) this.remove(known.id);
    else this.put({ kind: "image", id: known?.id ?? newId("i"), image, verdict, enabled: true });
  }

  /**
   * Ask for images like this one; a second time takes it back.
   *
   * @param {string} image its name
   */
  like(image) {
    const known = editsOf(this.store.state).find((edit) => edit.kind === "like" && edit.image === image);
    if (known) this.remove(known.id);
    else this.put({ kind: "like", id: newId("l"), image, strength: 1, enabled: true });
  }

  /** @param {import("./messages.js").ServerMessage} message */
  #receive(message) {
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "history") this.#remember(message.can_undo, message.can_redo);
    else if (message.type === "room") this.#changed(message);
    else if (message.type === "people") this.#people(message);
    else if (message.type === "applied") this.#applied(message);
    else if (message.type === "ranking") this.#ranking(message);
    else if (message.type === "clusters") this.#figures(message);
    else if (message.type === "progress") this.#progress(message);
    else if (message.type === "refused") this.#refused(message);
    else if (message.type === "modes" && message.cluster === this.store.state.clusterId) this.onModes(message);
    else if (message.type === "status") {
      this.store.update({ notice: { text: message.text, level: message.level } });
    }
  }

  /** @param {import("./messages.js").Welcome} message */
  #welcome(message) {
    this.#confirmed = message.session ?? this.#confirmed;
    this.#board = message.board ?? this.#board;
    if (!this.#confirmed) throw new TypeError("a room that was never entered cannot be gone on with");
    const isOther = message.collection.name !== this.store.state.collection?.name;
    if (isOther) this.#ids.clear();
    const old = isOther ? [] : [...this.#rankings].map(([cluster, ranking]) => /** @type {const} */ ([cluster, asOld(ranking)]));
    this.#rankings = new Map(old);
    this.#entered = message.collection.name;
    this.#last = message.last;
    const [first] = this.#confirmed.clusters;
    this.#told = first?.id ?? "main";
    const remembered = localStorage.getItem(`avex-focus-${message.collection.name}`);
    const entered = this.#confirmed.clusters.find(({ id }) => id === remembered)?.id ?? this.#told;
    this.store.update({
      author: message.author,
      collection: message.collection,
      collections: message.collections,
      ...(isOther ? { clusterId: entered, session: null, figures: new Map(), outliers: null, picks: NO_PICKS, showsOutliers: false, following: "", people: [] } : {}),
      closing: null,
      progress: new Map(),
      revision: message.revision,
      person: message.person,
      role: message.role,
      room: message.room,
      names: withCalled(this.store.state.names, message.names),
      ranking: this.#rankings.get(this.store.state.clusterId) ?? null,
      notice: null,
    });
    this.#reconcile();
    this.#tellFocus();
    this.onWelcome();
  }

  /** @param {import("./messages.js").Applied} message */
  #applied(message) {
    const { revision } = this.store.state;
    if (message.revision > revision + 1) {
      this.#startAnew();
      return;
    }
    if (this.#confirmed && message.revision > revision) {
      this.#last = message.op_id;
      this.#confirmed = follow(this.#confirmed, message.changes);
      this.#board = followBoard(this.#board, message.changes.board);
      this.store.update({ revision: message.revision, notice: null });
    }
    this.#reconcile();
  }

  /** @param {import("./messages.js").People} message */
  #people(message) {
    const { people, names } = this.store.state;
    const now = followPeople(people, message);
    if (onlyMoved(people, now)) this.store.move(now);
    else this.store.update({ people: now, names: learnNames(names, message.people) });
  }

  /** @param {import("./messages.js").RoomChanged} message */
  #changed({ room, is_archived }) {
    const { notice } = this.store.state;
    const text = "This room was archived: it stands in the list no more, and what is done here is kept.";
    this.store.update({ room, notice: is_archived ? { text, level: "info" } : notice });
  }

  /** Something was missed: the whole state is asked for, and what waits is kept. */
  #startAnew() {
    this.#last = null;
    this.#socket?.rejoin();
  }

  /** @param {boolean} canUndo @param {boolean} canRedo */
  #remember(canUndo, canRedo) {
    this.#history = { canUndo, canRedo };
    this.store.update(historyAfter(this.#history, this.waiting));
  }

  /** @param {import("./messages.js").Refused} message */
  #refused(message) {
    if (!message.code.startsWith("nothing_to")) this.onError(message.text);
    this.#reconcile();
  }

  /** @param {import("./messages.js").Ranking} message */
  #ranking(message) {
    const { ranking, clusterId } = this.store.state;
    this.#rankings.set(message.cluster, message);
    if (message.cluster !== clusterId || (ranking && !isNewer(ranking, message))) return;
    this.learn(message.top);
    this.store.update({ ranking: message });
  }

  /** @param {import("./messages.js").Clusters} message */
  #figures({ clusters, outliers }) {
    const { state } = this.store;
    const figures = new Map([...state.figures, ...clusters.map((one) => /** @type {const} */ ([one.id, one]))]);
    this.store.update({ figures, outliers: outliers ?? state.outliers });
  }

  /** @param {import("./messages.js").Progress} message */
  #progress(message) {
    const progress = new Map(this.store.state.progress);
    if (message.state === "running") progress.set(message.cluster, message);
    else progress.delete(message.cluster);
    this.store.update({ progress });
    if (message.state === "failed") this.onError(`${message.label} failed; the server's log says why`);
  }

  /** Show what the room has confirmed and, on it, what it has not answered yet. */
  #reconcile() {
    const waiting = this.#socket?.waiting ?? [];
    const { author, revision } = this.store.state;
    const by = { author, time: Date.now() / 1000 };
    const session = this.#confirmed && withPending(this.#confirmed, waiting, by);
    const before = this.store.state.session?.clusters.map(({ id }) => id) ?? [];
    const board = boardWithPending(this.#board, waiting, { ...by, revision });
    this.store.update({ session, board, unsent: waiting.length, waiting: waitingEdits(waiting), ...historyAfter(this.#history, waiting) });
    const after = session?.clusters.map(({ id }) => id) ?? [];
    const { clusterId } = this.store.state;
    const wanted = after.includes(this.#awaited) ? this.#awaited : focusAfter(before, after, clusterId);
    if (wanted === this.#awaited) this.#awaited = "";
    if (wanted && wanted !== clusterId) this.#lookAt(wanted);
    else this.#tellFocus();
  }
}
