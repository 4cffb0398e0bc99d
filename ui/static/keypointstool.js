// @ts-check
/**
 * The keypoint tool: what is placed on the average in focus, and everything that a hand, a key or a button does with it.
 * What a hand still holds is shown at once and told to the room when it lets go; steps of the arrow keys are told
 * together as soon as they have come to rest, so that one undo takes them back.
 */

import { putMark, removeMark, setSchema } from "./annotation.js";
import {
  afterPlacing, beside, choose, countPlaced, IDLE, markedKeypoints, marksOn, nextToPlace, nextUnmarked, nudged, schemaOf, skip,
} from "./keypoints.js";
import { draftsOf } from "./keypointsdraft.js";
import { drawKeypoints } from "./keypointsink.js";
import { addKeypoint, nameOfKeypoint, replaceSchema, toggleEdge } from "./schema.js";
import { aspectOf, clusterOf } from "./store.js";
import { FIT, panBy, showing, zoomAt } from "./zoom.js";

/** @typedef {import("./stroke.js").Point} Point */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {import("./keypoints.js").Placing} Placing */

const GESTURE_MS = 400;

export class KeypointTool {
  /** @type {{keypoint: string, at: Point, isNew: boolean} | null} the point in the hand */
  held = null;
  /** id of the point under the pointer */
  hovered = "";
  /** whether the points are not drawn, to look at what is under them */
  isHidden = false;
  /** whether a finger hides what it points at */
  isTouch = false;
  /** @type {{cluster: string, keypoint: string, at: Point} | null} moved by arrows and not told yet */
  #nudge = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** @type {Map<string, Placing>} of the clusters that are not in focus */
  #others = new Map();
  #seen = { cluster: "", collection: "", isOn: false };
  /** the view that is come back to */
  #view = FIT;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   * @param {(text: string) => void} announce to people who hear the page
   */
  constructor(room, canvas, announce) {
    this.room = room;
    this.store = room.store;
    this.canvas = canvas;
    this.announce = announce;
    canvas.drawMore = (sheet) => this.isOn && drawKeypoints(this, sheet);
    this.store.watch((state) => this.#follow(state));
  }

  get isOn() {
    return this.store.state.tool === "keypoints";
  }

  /** @returns {Schema} */
  get schema() {
    return schemaOf(this.store.state.session);
  }

  get cluster() {
    return clusterOf(this.store.state)?.id ?? "";
  }

  /** @returns {ReadonlyMap<string, import("./keypoints.js").Mark>} the newest marks, and what the hand and the arrows have moved */
  get placed() {
    const { session, author, onlyMine } = this.store.state;
    const marks = new Map(marksOn(session, this.cluster, onlyMine ? author : null));
    const moved = [this.#nudge, this.held?.isNew ? null : this.held];
    for (const one of moved) {
      const isHere = one && (!("cluster" in one) || one.cluster === this.cluster);
      if (isHere) marks.set(one.keypoint, { cluster: this.cluster, keypoint: one.keypoint, at: one.at, author, time: 0 });
    }
    return marks;
  }

  /** @returns {ReadonlyMap<string, Point>} the points of the schema's keypoints */
  get points() {
    const { placed } = this;
    return new Map(this.schema.keypoints.flatMap(({ id }) => {
      const mark = placed.get(id);
      return mark ? [/** @type {const} */ ([id, mark.at])] : [];
    }));
  }

  /** @returns {ReadonlyMap<string, Point>} copied points that have no place here yet */
  get drafts() {
    const { copied } = this.placing;
    if (copied.size === 0) return copied;
    const known = new Map([...copied].filter(([id]) => this.schema.keypoints.some((keypoint) => keypoint.id === id)));
    return draftsOf(known, this.placed, aspectOf(this.store.state));
  }

  /** @returns {Placing} */
  get placing() {
    return this.store.state.placing;
  }

  /** @returns {string | null} id of the keypoint that a press places */
  get next() {
    return nextToPlace(this.schema, this.placed, this.placing);
  }

  /** @returns {string} id of the point that arrows move; "" for none */
  get selected() {
    const { selected } = this.placing;
    return this.placed.has(selected) && this.schema.keypoints.some(({ id }) => id === selected) ? selected : "";
  }

  get size() {
    const { width = 200, height = 200 } = this.store.state.collection ?? {};
    return { width, height };
  }

  /** @param {string} id */
  nameOf(id) {
    return nameOfKeypoint(this.schema, id);
  }

  /**
   * A point is in the hand.
   *
   * @param {string} keypoint
   * @param {Point} at
   */
  hold(keypoint, at) {
    this.flush();
    this.isHidden = false;
    const isNew = this.held?.keypoint === keypoint ? this.held.isNew : !this.placed.has(keypoint);
    this.held = { keypoint, at, isNew };
    this.canvas.redraw();
    this.store.update({});
  }

  /** The hand gives up what it holds. */
  letGo() {
    this.held = null;
    this.canvas.redraw();
    this.store.update({});
  }

  /** The hand puts down what it holds. */
  putDown() {
    const held = this.held;
    this.held = null;
    if (held) this.place(held.keypoint, held.at);
  }

  /**
   * @param {string} keypoint
   * @param {Point} at
   */
  place(keypoint, at) {
    const isNew = !this.placed.has(keypoint);
    this.flush();
    this.#put(this.cluster, keypoint, at);
    if (!isNew) {
      this.#set({ ...this.placing, selected: keypoint });
      return;
    }
    this.#set(afterPlacing(this.placing, keypoint));
    this.announce(`${this.nameOf(keypoint)} placed. ${this.#nextWords()}`);
  }

  /** @param {string} keypoint goes where arrows move it, or is asked for if it has no place */
  choose(keypoint) {
    this.flush();
    this.#set(choose(this.placed, this.placing, keypoint));
    const at = this.points.get(keypoint);
    if (at) this.canvas.look(showing(this.canvas.view, at));
    this.announce(at ? `${this.nameOf(keypoint)}: arrows move it` : `${this.nameOf(keypoint)} is asked for`);
  }

  /** @returns {boolean} false at the ends of the list */
  walk(/** @type {1 | -1} */ step) {
    const id = beside(this.schema, this.placed, this.placing, step);
    if (id !== null) this.choose(id);
    return id !== null;
  }

  /** @param {readonly [number, number]} by pixels of the average @returns {boolean} whether there was a point to move */
  nudge(by) {
    const keypoint = this.selected;
    const mark = this.placed.get(keypoint);
    if (!mark) return false;
    if (this.#nudge?.keypoint !== keypoint) this.flush();
    this.#nudge = { cluster: this.cluster, keypoint, at: nudged(mark.at, by, this.size) };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.flush(), GESTURE_MS);
    this.canvas.look(showing(this.canvas.view, this.#nudge.at));
    this.canvas.redraw();
    this.store.update({});
    return true;
  }

  /** Tell the room what arrows have moved. */
  flush() {
    clearTimeout(this.#rest);
    const moved = this.#nudge;
    this.#nudge = null;
    if (moved) this.#put(moved.cluster, moved.keypoint, moved.at);
  }

  /** @param {string} [keypoint] the selected one if none is given */
  remove(keypoint = this.selected) {
    const mark = this.placed.get(keypoint);
    if (!mark) return;
    this.flush();
    const { author, session } = this.store.state;
    const mine = session?.annotation?.marks.some((one) => one.cluster === this.cluster && one.keypoint === keypoint && one.author === author);
    if (!mine) {
      this.store.update({ notice: { text: `Somebody else placed ${this.nameOf(keypoint)}: only they can delete it, but you can drag it to your own place`, level: "info" } });
      return;
    }
    this.room.operate(removeMark(this.cluster, keypoint));
    const { copied } = this.placing;
    this.#set({ ...this.placing, copied: new Map([...copied].filter(([id]) => id !== keypoint)), selected: "", wanted: keypoint });
    this.announce(`${this.nameOf(keypoint)} deleted`);
  }

  skip() {
    this.flush();
    const before = this.next;
    this.#set(skip(this.schema, this.placed, this.placing));
    if (before !== null) this.announce(`${this.nameOf(before)} skipped. ${this.#nextWords()}`);
  }

  undo() {
    this.flush();
    this.room.operate({ type: "undo" });
  }

  /** Give up, one thing after the other: what is in the hand, the selection, the keyboard's cursor. */
  giveUp() {
    if (this.held) this.letGo();
    else if (this.selected) this.#set({ ...this.placing, selected: "" });
    else if (this.canvas.cursor) this.canvas.useKeys(null);
  }

  /** Without a selection arrows move the keyboard's cursor. */
  deselect() {
    this.flush();
    this.#set({ ...this.placing, selected: "" });
  }

  /** @param {string} cluster whose points are to start from here */
  copyFrom(cluster) {
    const marks = marksOn(this.store.state.session, cluster);
    const copied = new Map([...marks].map(([id, { at }]) => [id, at]));
    this.#set({ ...this.placing, copied, selected: "" });
    this.announce(`${this.drafts.size} points start from another average: drag each to its place`);
  }

  /** Place every copied point where it is. */
  takeDrafts() {
    this.flush();
    const { drafts } = this;
    for (const [keypoint, at] of drafts) this.#put(this.cluster, keypoint, at);
    this.#set({ ...this.placing, copied: new Map() });
    const text = `Placed ${drafts.size} ${drafts.size === 1 ? "keypoint" : "keypoints"} as on another average`;
    this.store.update({ undoable: { text, back: "", steps: drafts.size } });
  }

  dropDrafts() {
    this.#set({ ...this.placing, copied: new Map() });
  }

  /** Look at the next cluster that has no marks yet. */
  nextCluster() {
    const { session } = this.store.state;
    const ids = session?.clusters.map(({ id }) => id) ?? [];
    const next = nextUnmarked(ids, this.cluster, (id) => countPlaced(this.schema, marksOn(session, id)));
    if (next !== null) this.room.focus(next);
    else this.store.update({ notice: { text: "Every average has keypoints now", level: "info" } });
  }

  /** @param {string} keypoint @returns {boolean} whether it was joined to the selected one, or the edge taken away */
  join(keypoint) {
    const { selected, schema } = this;
    if (selected === "" || selected === keypoint) return false;
    this.setSchema(toggleEdge(schema, selected, keypoint));
    return true;
  }

  /** @param {string} name of a keypoint that comes last, and next */
  add(name) {
    const schema = addKeypoint(this.schema, name, markedKeypoints(this.store.state.session));
    this.setSchema(schema);
    this.choose(schema.keypoints.at(-1)?.id ?? "");
  }

  /** @param {Schema} schema @param {{replaces?: boolean}} [how] replaces: points that it lacks stay in it */
  setSchema(schema, { replaces = false } = {}) {
    this.flush();
    const wanted = replaces ? replaceSchema(this.schema, schema, markedKeypoints(this.store.state.session)) : schema;
    this.room.operate(setSchema(wanted));
  }

  toggleHidden() {
    this.isHidden = !this.isHidden;
    this.canvas.redraw();
  }

  /** @param {number} factor @param {Point} [seen] place of the frame that stays */
  zoom(factor, seen = [0.5, 0.5]) {
    this.look(zoomAt(this.canvas.view, seen, factor));
  }

  /** @param {number} across in widths of the frame @param {number} down in heights */
  pan(across, down) {
    this.look(panBy(this.canvas.view, across, down));
  }

  /** @param {import("./zoom.js").View} view */
  look(view) {
    this.canvas.look(view);
    this.store.update({});
  }

  #nextWords() {
    const { next } = this;
    return next === null ? "Nothing is left to place" : `Next: ${this.nameOf(next)}`;
  }

  /** @param {Placing} placing */
  #set(placing) {
    this.store.update({ placing });
    this.canvas.redraw();
  }

  /** @param {string} cluster @param {string} keypoint @param {Point} at */
  #put(cluster, keypoint, at) {
    this.room.operate(putMark(cluster, keypoint, at));
  }

  /** @param {import("./store.js").State} state */
  #follow(state) {
    const before = this.#seen;
    const { cluster, isOn } = this;
    const collection = state.collection?.name ?? "";
    this.#seen = { cluster, collection, isOn };
    if (before.isOn && !isOn) {
      this.flush();
      this.held = null;
      this.#view = this.canvas.view;
      this.canvas.look(FIT);
    } else if (!before.isOn && isOn) {
      this.canvas.look(this.#view);
      this.store.update({ starting: false });
    }
    if (before.isOn !== isOn) this.canvas.repaint();
    if (before.collection !== collection) this.#others.clear();
    if (before.cluster === cluster && before.collection === collection) return;
    this.flush();
    this.held = null;
    this.#others.set(before.cluster, this.placing);
    if (before.collection !== collection) this.#view = FIT;
    if (isOn) this.canvas.look(FIT);
    this.#set(this.#others.get(cluster) ?? IDLE);
  }
}
