// @ts-check
/** What can be done with clusters: each a call, whether it comes from a card, a menu, a key or a toast. */

import { freeName, mergedName, shortName, stepFrom } from "./clusterrules.js";
import { exampleTitle } from "./examples.js";
import { addCluster, mergeClusters, moveCluster, setCluster } from "./messages.js";
import { highlighted, pickOf } from "./modes.js";
import { newId } from "./socket.js";
import { clusterOf } from "./store.js";

/** @typedef {import("./messages.js").Cluster} Cluster */
/** @typedef {import("./messages.js").Source} Source */

const ROUNDS = 5;

export class ClusterActions {
  /** @type {import("./messages.js").Alignment} what lining up is switched on to */
  #lined = "similarity";

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    this.store = room.store;
  }

  /** @returns {readonly Cluster[]} */
  get clusters() {
    return this.store.state.session?.clusters ?? [];
  }

  /** @returns {readonly string[]} */
  get ids() {
    return this.clusters.map(({ id }) => id);
  }

  /** @param {string} id @returns {Cluster | null} */
  find(id) {
    return this.clusters.find((cluster) => cluster.id === id) ?? null;
  }

  /** @param {number} step */
  focusStep(step) {
    const next = stepFrom(this.ids, clusterOf(this.store.state)?.id ?? "", step);
    if (next !== null) this.room.focus(next);
  }

  /** @param {number} place from 0 */
  focusPlace(place) {
    const id = this.ids[place];
    if (id !== undefined) this.room.focus(id);
  }

  /**
   * Make a cluster and look at it.
   *
   * @param {Source} source
   * @param {string} base its name, numbered where there is one
   * @param {number | null} [place]
   */
  spawn(source, base, place = null) {
    const id = newId("c");
    const name = freeName(this.clusters.map((cluster) => cluster.name), base);
    this.room.operate(addCluster(id, name, source, place));
    this.room.focus(id);
  }

  spawnEmpty() {
    this.spawn({ kind: "empty" }, "Average");
  }

  /** @param {string} [id] a copy of this one, the one in focus if none is given, beside it */
  duplicate(id = clusterOf(this.store.state)?.id ?? "") {
    const cluster = this.find(id);
    if (cluster) this.spawn({ kind: "cluster", cluster: id }, `${cluster.name} copy`, this.ids.indexOf(id) + 1);
  }

  /** @param {readonly string[]} images names */
  spawnFromImages(images) {
    const [first = ""] = images;
    const base = images.length === 1 ? `Like ${first.split("/").at(-1)}` : `Like ${images.length} images`;
    if (images.length > 0) this.spawn({ kind: "images", images }, base);
  }

  /** @returns {boolean} whether a mode was highlighted, of which there is a cluster now */
  spawnFromMode() {
    const mode = highlighted(this.store.state.explore);
    if (!mode) return false;
    const edit = pickOf(mode, newId("m"));
    this.spawn({ kind: "edits", edits: [edit] }, exampleTitle(edit));
    return true;
  }

  /**
   * @param {string} id
   * @param {Partial<import("./messages.js").Settings>} change
   */
  configure(id, change) {
    const cluster = this.find(id);
    if (cluster) this.room.operate(setCluster({ ...cluster, ...change }));
  }

  /** @param {string} id @param {string} typed */
  rename(id, typed) {
    const name = shortName(typed.trim());
    if (typed.trim() && name !== this.find(id)?.name) this.configure(id, { name });
  }

  /** @param {string} id @param {number} place counted without it */
  move(id, place) {
    const at = Math.min(this.ids.length - 1, Math.max(0, place));
    if (at !== this.ids.indexOf(id)) this.room.operate(moveCluster(id, at));
  }

  /** @param {string} id @param {string} into */
  merge(id, into) {
    const [one, other] = [this.find(into), this.find(id)];
    if (!one || !other) return;
    const merged = newId("c");
    this.room.operate(mergeClusters([into, id], merged, mergedName([one.name, other.name])));
    this.room.focus(merged);
    this.store.update({ undoable: { text: `Merged “${other.name}” into “${one.name}”`, back: into } });
  }

  /** @param {string} id */
  remove(id) {
    const cluster = this.find(id);
    if (!cluster || this.ids.length < 2) return;
    this.room.operate({ type: "remove_cluster", cluster: id });
    this.store.update({ undoable: { text: `Deleted “${cluster.name}”`, back: id } });
  }

  /** Take back what the toast tells of. */
  undo() {
    const { back, steps = 1 } = this.store.state.undoable ?? {};
    for (let step = 0; step < steps; step++) this.room.operate({ type: "undo" });
    if (back) this.room.focus(back);
  }

  toggleAlignment() {
    const cluster = clusterOf(this.store.state);
    if (!cluster) return;
    if (cluster.alignment !== "none") this.#lined = cluster.alignment;
    this.configure(cluster.id, { alignment: cluster.alignment === "none" ? this.#lined : "none" });
  }

  /** Line the images of the cluster in focus up with their own average. */
  sharpen() {
    const cluster = clusterOf(this.store.state);
    const known = cluster?.edits.map(({ edit }) => edit).findLast((edit) => edit.kind === "sharpen");
    if (known?.enabled) this.store.update({ notice: { text: "This average is sharpened already: see the list of edits", level: "info" } });
    else this.room.put({ kind: "sharpen", id: known?.id ?? newId("z"), rounds: ROUNDS, enabled: true });
  }

  /**
   * Give up the sharpening: its edit goes where it is the newest, else it is switched off.
   *
   * @param {string} id of the cluster
   */
  cancelSharpen(id) {
    this.room.cancel(id);
    const edits = this.find(id)?.edits.map(({ edit }) => edit) ?? [];
    const last = edits.findLast((edit) => edit.kind === "sharpen");
    if (!last) return;
    if (last === edits.at(-1)) this.room.operate({ type: "remove_edit", cluster: id, edit_id: last.id });
    else this.room.operate({ type: "put_edit", cluster: id, edit: { ...last, enabled: false } });
  }
}
